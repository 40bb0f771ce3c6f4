"""What tests drive and a machine may lack. Nothing else is skipped for want of something."""

import os

import pytest


def lacks(what, package):
    """End the test: CI installs the package (`.ci/run`) and fails without; a person's machine may do without."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {what}: apt-get install {package}")
    pytest.skip(f"there is no {what} on this machine: apt-get install {package}")


def cannot(what):
    """Skip the test, in CI too: a right that a container may withhold, which nothing that is installed can give."""
    pytest.skip(f"{what}: the system withholds it")
