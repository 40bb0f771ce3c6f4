"""One project, its context and its gallery, for each test."""

from pathlib import Path

import pytest
from gallery_builders import open_context

from gallery import Gallery


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def context(root: Path):
    with open_context(root) as opened:
        yield opened


@pytest.fixture
def gallery(context):
    return Gallery(context)
