"""What holds for every test of the house."""

import ipaddress
import os
import socket

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # a slow machine is no fault of the code
settings.load_profile("house")

_connect = socket.socket.connect


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a path of a Unix socket
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch):
    """No test talks to the outside: a socket that tries fails at once, and names where it wanted to go."""

    def connect(self, address):
        if not _is_local(address):
            raise AssertionError(f"a test tried to reach {address!r}; only loopback is allowed")
        return _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch):
    """No test knows the keys and addresses of whoever runs it."""
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_API_TOKEN", "_BASE_URL", "_API_KEY_FILE")):
            monkeypatch.delenv(name)
