"""What the tests of every vendor's wire begin with. A module says `VENDOR`, or has a fixture `vendor` of its own."""

import socket

import pytest
from vendor_cases import context

from generation.providers import http


@pytest.fixture
def vendor(request):
    return request.module.VENDOR


@pytest.fixture
def root(tmp_path):
    """An empty project."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def fake(vendor, tmp_path):
    with vendor.fake(tmp_path / "charges") as server:
        yield server


@pytest.fixture
def provider(vendor, fake):
    made = vendor.provider(fake)
    yield made
    made.close()


@pytest.fixture
def sent(vendor, fake, provider):
    """Ask for something: what arrived at the vendor."""

    def ask(**fields):
        provider.submit(vendor.request(**fields), context())
        return fake.submissions[-1]

    return ask


@pytest.fixture
def elsewhere(monkeypatch, fake):
    """Every name leads to the fake: its port, and the names that were asked for."""
    port = int(fake.address.rpartition(":")[2])
    asked = []

    def lookup(host, *_, **__):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(http, "getaddrinfo", lookup)
    return port, asked
