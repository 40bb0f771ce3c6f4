"""A command line run in this process, and projects to run it on."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from callsheet.cli.app import run

ONTOLOGY = """
version: 1
terms:
  npc:alex: {label: Alex, kind: hero, aliases: [npc:alexander]}
  npc:boss_01: {label: Gravelord, kind: monster}
  loc:dungeon: {label: The dungeon}
  loc:dungeon_entrance: {label: Dungeon entrance, broader: [loc:dungeon]}
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def body(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)["error"]


@pytest.fixture
def cli(capfd, monkeypatch):
    """Run a command line: `cli("ls", "--json")`. The words after `in_` are the folder."""

    def call(*arguments: str, in_: Path | None = None) -> Outcome:
        if in_ is not None:
            monkeypatch.chdir(in_)
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Outcome(int(code), captured.out, captured.err)

    return call


def picture(path: Path, colour: str = "red", size: tuple[int, int] = (32, 24)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path)
    return path


@pytest.fixture
def project(cli, tmp_path):
    """A project with a small vocabulary and three pictures that are not added yet; the current folder."""
    root = tmp_path / "game"
    cli("init", root)
    (root / "ontology" / "project.yaml").write_text(ONTOLOGY, encoding="utf-8")
    for colour in ("red", "green", "blue"):
        picture(root / "assets" / f"{colour}.png", colour)
    cli("config", in_=root)
    return root


@pytest.fixture
def gallery(cli, project):
    """The same with the pictures added: name → id."""
    added = cli("add", "assets", "--json").body["results"]
    return {Path(item["path"]).stem: item["id"] for item in added}


@pytest.fixture
def demo(demo, cli):
    """A fresh copy of the demo project; the current folder."""
    cli("config", in_=demo)
    return demo
