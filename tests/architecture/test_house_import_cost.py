"""Importing a room is cheap: what is heavy loads when it is used."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "PIL",
    "alembic",
    "fastapi",
    "pydantic",
    "pysqlite3",
    "rapidfuzz",
    "rich",
    "sqlalchemy",
    "sqlmodel",
    "textual",
    "typer",
    "watchfiles",
    "yaml",
}


def loaded_by(statement: str, root) -> set[str]:
    """Top-level names of the modules that a fresh interpreter has loaded after the statement."""
    program = (
        f"import sys; sys.path.insert(0, {str(root)!r}); {statement}; import json; print(json.dumps(list(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in json.loads(run.stdout)}


@pytest.mark.parametrize("room", ["ontology", "resolver", "gallery", "generation", "api", "tui", "callsheet"])
def test_importing_a_room_loads_nothing_heavy(room, root):
    loaded = loaded_by(f"import {room}", root)
    assert room in loaded
    assert loaded & HEAVY == set()


def test_the_resolver_loads_no_room_but_the_ontology(root, packages):
    assert loaded_by("import resolver", root) & set(packages) == {"ontology", "resolver"}


def test_resolving_a_plain_request_loads_nothing_heavy(root):
    request = "AssetResolutionRequest(location_id='loc:a', hero_id='npc:b')"
    assets = "[{'id': 1, 'tags': ['loc:a', 'role:bg'], 'created_at': '2026-11-21T09:00:00Z'}]"
    statement = f"from resolver import *; assert resolve_assets_for_action({request}, {assets}).background_asset"
    assert loaded_by(statement, root) & HEAVY == set()


def test_a_heavy_module_is_noticed(root):
    assert "yaml" in loaded_by("import ontology.yaml_source", root)
