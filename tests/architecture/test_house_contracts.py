"""The import contracts of `pyproject.toml` hold, and each of them bites when a wrong import is planted in a copy."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
IDS = [contract["id"] for contract in CONTRACTS]
READS_FILES = {"ontology.loader"}
PARSES_YAML = {"ontology.amending", "ontology.importing", "ontology.spans", "ontology.splicing", "ontology.yaml_source"}

# Contract → what is planted: {file: text}. New modules are planted so that no other contract can be touched.
PLANTS = [
    pytest.param("layers", {importer: f"import {imported}"}, id=f"{importer} into {imported}")
    for importer, imported in [
        ("ontology/planted.py", "resolver.planted_target"),
        ("resolver/planted.py", "gallery.planted_target"),
        ("gallery/planted.py", "generation.planted_target"),
        ("gallery/planted.py", "callsheet.planted_target"),
        ("generation/planted.py", "api.planted_target"),
        ("generation/planted.py", "callsheet.planted_target"),
        ("api/planted.py", "tui.planted_target"),
        ("tui/planted.py", "api.planted_target"),
        ("api/planted.py", "callsheet.planted_target"),
        ("tui/planted.py", "callsheet.planted_target"),
    ]
] + [
    pytest.param("pure-core", {"resolver/planted.py": "def late():\n    import sqlalchemy"}, id="inside a function"),
    pytest.param("pure-core", {"resolver/planted.py": "import ontology.loader"}, id="the loader into the resolver"),
    pytest.param(
        "pure-core",
        {"resolver/planted.py": "import ontology.planted", "ontology/planted.py": "from pathlib import Path"},
        id="by way of another module",
    ),
    pytest.param(
        "no-cycles",
        {"gallery/planted_a.py": "import gallery.planted_b", "gallery/planted_b.py": "import gallery.planted_a"},
        id="two modules of a package",
    ),
    pytest.param(
        "no-cycles",
        {
            "callsheet/planted/__init__.py": "",
            "callsheet/planted/a.py": "import callsheet.planted.b",
            "callsheet/planted/b.py": "def late():\n    from callsheet.planted import a",
        },
        id="two modules of an inner package, one inside a function",
    ),
    pytest.param(
        "no-cycles",
        {
            "gallery/planted/__init__.py": "",
            "gallery/planted/a.py": "import gallery.planted_b",
            "gallery/planted/c.py": "",
            "gallery/planted_b.py": "import gallery.planted.c",
        },
        id="a module and an inner package",
    ),
    pytest.param("front-door", {"gallery/planted.py": "import pydantic_settings"}, id="settings in the gallery"),
    pytest.param("front-door", {"generation/planted.py": "import platformdirs"}, id="user folders in the generation"),
    pytest.param("front-door", {"tui/planted.py": "import typer"}, id="the command line in the terminal UI"),
    pytest.param("front-door", {"gallery/planted.py": "import alembic"}, id="the migration tool in the gallery"),
    pytest.param("tables", {"callsheet/planted.py": "import gallery.store.tables"}, id="tables in the front door"),
    pytest.param("tables", {"api/planted.py": "import gallery.store.tables"}, id="tables in the HTTP face"),
    pytest.param(
        "ledger-tables", {"generation/engine/planted.py": "import generation.ledger.tables"}, id="tables in the engine"
    ),
    pytest.param("money-rules", {"generation/ledger/budgets.py": "import time"}, id="a clock in the budgets"),
    pytest.param(
        "spec-text", {"generation/specs/naming.py": "import os"}, id="the environment in the reading of specs"
    ),
    pytest.param(
        "provider-text", {"generation/providers/wording.py": "import random"}, id="chance in the words of requests"
    ),
    pytest.param("one-client", {"generation/providers/vendor.py": "import httpx2"}, id="a second HTTP client"),
    pytest.param("one-client", {"api/planted.py": "import requests"}, id="an HTTP client in the HTTP face"),
    pytest.param("yaml-text", {"ontology/yaml_source.py": "import os"}, id="a file access in the YAML reader"),
]


BUILT_ON = {"yaml-text": ["spec-text"]}
"""Contracts that cannot hold without this one: specs are read by the YAML reader."""


def _copy(target: Path) -> Path:
    """The modules of the seven packages and the contracts, without data and caches."""
    for name in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "root_packages"
    ]:
        for path in (ROOT / name).rglob("*.py"):
            copied = target / path.relative_to(ROOT)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)
        (target / name / "planted_target.py").write_text('"""Something to import wrongly."""\n', encoding="utf-8")
    shutil.copyfile(ROOT / "pyproject.toml", target / "pyproject.toml")
    return target


def _plant(tree: Path, wrong: dict[str, str]) -> None:
    for name, text in wrong.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")


def _lint(tree: Path) -> tuple[dict[str, bool], str]:
    """Contract id → whether it is kept; and all that was printed."""
    environment = os.environ | {"COLUMNS": "400", "NO_COLOR": "1"}
    program = [str(Path(sys.executable).with_name("lint-imports")), "--cache-dir", str(tree / "cache")]
    run = subprocess.run(program, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    kept = {
        contract["id"]: found[1] == "KEPT"
        for contract in CONTRACTS
        if (found := re.search(re.escape(contract["name"]) + r"\s+(KEPT|BROKEN)", run.stdout))
    }
    assert set(kept) == set(IDS), run.stdout + run.stderr
    assert (run.returncode == 0) == all(kept.values())
    return kept, run.stdout


def _broken(tree: Path) -> set[str]:
    return {name for name, kept in _lint(tree)[0].items() if not kept}


def test_every_import_contract_holds(tmp_path):
    kept, printed = _lint(_copy(tmp_path))
    assert all(kept.values()), printed


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "wrong"), PLANTS)
def test_a_planted_import_breaks_the_contract_meant_for_it_and_no_other(tmp_path, contract, wrong):
    tree = _copy(tmp_path)
    _plant(tree, wrong)
    assert _broken(tree) == {contract, *BUILT_ON.get(contract, ())}


def test_every_contract_is_shown_to_bite():
    assert {plant.values[0] for plant in PLANTS} == set(IDS)


@pytest.mark.slow
def test_every_module_that_the_pure_core_may_not_reach_is_noticed(tmp_path):
    tree = _copy(tmp_path)
    pure = next(contract for contract in CONTRACTS if contract["id"] == "pure-core")
    for number, module in enumerate(pure["forbidden_modules"]):
        _plant(tree, {f"resolver/planted_{number}.py": f"import {module}"})
    _, printed = _lint(tree)
    assert [
        module
        for number, module in enumerate(pure["forbidden_modules"])
        if f"resolver.planted_{number} -> {module} " not in printed
    ] == []


@pytest.mark.slow
def test_every_pure_module_of_the_ontology_is_watched_by_itself(tmp_path):
    tree = _copy(tmp_path)
    pure = next(contract for contract in CONTRACTS if contract["id"] == "pure-core")
    modules = [name for name in pure["source_modules"] if name.startswith("ontology.")]
    for module in modules:
        _plant(tree, {module.replace(".", "/") + ".py": "import socket"})
    _, printed = _lint(tree)
    assert [module for module in modules if f"{module} -> socket " not in printed] == []


def test_the_pure_core_contract_lists_every_module_of_the_ontology_but_the_two_that_read_files():
    pure = next(contract for contract in CONTRACTS if contract["id"] == "pure-core")
    modules = {f"ontology.{path.stem}" for path in (ROOT / "ontology").glob("*.py") if path.stem != "__init__"}
    listed = {name for name in pure["source_modules"] if name.startswith("ontology.")}
    assert listed == modules - READS_FILES - PARSES_YAML


def test_the_pure_core_may_not_reach_the_modules_of_the_ontology_that_read_files():
    pure = next(contract for contract in CONTRACTS if contract["id"] == "pure-core")
    assert set(pure["forbidden_modules"]) >= READS_FILES | PARSES_YAML


def test_the_query_language_of_the_gallery_is_pure_but_for_its_sql():
    pure = next(contract for contract in CONTRACTS if contract["id"] == "pure-core")
    modules = {
        f"gallery.query.{path.stem}" for path in (ROOT / "gallery/query").glob("*.py") if path.stem != "__init__"
    }
    of_database = {name for name in modules if name.startswith("gallery.query.sql")}
    assert len(of_database) == 4
    assert {name for name in pure["source_modules"] if name.startswith("gallery.query.")} == modules - of_database


def test_the_list_of_packages_is_the_same_for_every_tool(settings, packages, root):
    tools = settings["tool"]
    run = (root / "run").read_text(encoding="utf-8")
    layers = next(contract for contract in CONTRACTS if contract["id"] == "layers")["layers"]
    lists = {
        "import-linter": tools["importlinter"]["root_packages"],
        "mypy": tools["mypy"]["packages"],
        "coverage": tools["coverage"]["run"]["source_pkgs"],
        "deptry": tools["deptry"]["known_first_party"],
        "no-cycles": next(contract for contract in CONTRACTS if contract["id"] == "no-cycles")["ancestors"],
        "bytecode": re.search(r"compileall -q (.+)", run)[1].split(),
    }
    assert {tool: listed for tool, listed in lists.items() if listed != packages} == {}
    assert sorted(re.findall(r"\w+", " ".join(layers))) == sorted(packages)
