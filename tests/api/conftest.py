"""The application over a fresh copy of the demo project, asked within this process."""

import json

import pytest
import structlog
from starlette.testclient import TestClient

from api.app import create_app
from callsheet.cli.app import run
from callsheet.serving import build_api_context, open_for_serving

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def workspace(demo):
    with open_for_serving(demo) as opened:
        yield opened


@pytest.fixture
def logged():
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
def context(workspace):
    return build_api_context(workspace)


@pytest.fixture
def client(context, logged):
    with TestClient(create_app(context), base_url=BASE, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def assets(client):
    """The assets of the demo, newest first."""
    return client.get("/v1/assets?limit=500").json()["assets"]


@pytest.fixture
def cli(demo, capfd):
    """What a command prints with --json, or the error."""

    def call(*arguments):
        capfd.readouterr()
        code = run(["--project", str(demo), *map(str, arguments), *([] if arguments[0] == "serve" else ["--json"])])
        out, err = capfd.readouterr()
        return json.loads(out) if out else _error(err) | {"exit": int(code)}

    return call


def _error(err):
    """The error of a command; `serve` has no --json."""
    if err.lstrip().startswith("{"):
        return json.loads(err)["error"]
    return {"code": "no_token" if "no token" in err else "other"}
