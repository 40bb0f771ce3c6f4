"""What holds for every test of the house."""

import hashlib
import ipaddress
import os
import shutil
import socket

import pytest
from hypothesis import settings

pytest.register_assert_rewrite(
    "embedded_builders", "error_tables", "index_agreement", "pages", "provider_tables", "sound_tables"
)
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
        if name.endswith(("_API_KEY", "_API_TOKEN", "_BASE_URL", "_API_KEY_FILE", "_CLIENT_ID", "_CLIENT_SECRET")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _own_home(monkeypatch, request, tmp_path_factory):
    """No test sees the settings of the person who runs it. The folders are made by whoever writes into them."""
    home = tmp_path_factory.getbasetemp() / "homes" / hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home / name))
    for name in ("CALLSHEET_PROJECT", "CALLSHEET_PROGRAM", "CALLSHEET_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def _demo_once(tmp_path_factory):
    from callsheet.demo import demo_project  # most tests load no gallery

    root, _ = demo_project(tmp_path_factory.mktemp("demo") / "dungeon-school")
    return root


@pytest.fixture
def demo(_demo_once, tmp_path):
    """A fresh copy of the demo project."""
    root = tmp_path / "dungeon-school"
    shutil.copytree(_demo_once, root)
    return root
