"""The description of the API is what it is, and every example of its page runs against a real server."""

import json
import os
import re
import subprocess
from pathlib import Path

import httpx2
import pytest
from served import serving

from api.app import create_app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/api.md").read_text(encoding="utf-8")
SNAPSHOT = ROOT / "docs/openapi.json"


@pytest.fixture
def description(context):
    return create_app(context).openapi()


def operations(description):
    """(operation id, method, path) of every operation."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], method.upper(), path


def test_the_description_is_the_one_that_was_published(description, tmp_path):
    made = tmp_path / "openapi.json"
    made.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == description, f"if this is meant: cp {made} {SNAPSHOT}"


def test_every_operation_has_a_name_of_its_own_and_a_sentence(description):
    names = [name for name, _, _ in operations(description)]
    assert sorted(names) == sorted(set(names))
    assert not [name for name in names if not re.fullmatch(r"[a-z_]+", name)]
    described = [item["description"] for methods in description["paths"].values() for item in methods.values()]
    assert all(described)


def test_every_operation_stands_on_the_page(description):
    assert [name for name, method, path in operations(description) if f"`{method} {path}`" not in PAGE] == []


@pytest.mark.slow
def test_every_example_runs(demo):
    shell, python = (re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL) for kind in ("sh", "python"))
    assert min(len(shell), len(python)) > 12
    with serving(demo) as (_, address), httpx2.Client(base_url=address, timeout=20) as api:
        asset_id = api.get("/v1/assets").json()["assets"][0]["id"]
        environment = os.environ | {"API": address, "ID": asset_id, "NO_PROXY": "*"}
        for example in shell:
            run = subprocess.run(
                ["/bin/sh", "-e", "-c", example], cwd=demo, env=environment, capture_output=True, check=False
            )
            assert run.returncode == 0, example + run.stderr.decode()
        for example in python:
            code = example.replace('open("assets', f'open("{demo}/assets')
            exec(compile(code, "docs/api.md", "exec"), {"api": api, "asset_id": asset_id})
