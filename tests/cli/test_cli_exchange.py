"""`export` and `import` at the command line, and every example of `docs/exchange.md`."""

import io
import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from callsheet.exit_codes import ExitCode

PAGE = (Path(__file__).parents[2] / "docs" / "exchange.md").read_text(encoding="utf-8")


def test_a_library_goes_out_and_comes_in_unchanged(cli, gallery, project):
    cli("tag", gallery["red"], "--add", "npc:alex")
    out = cli("export", "game.jsonl")
    assert (out.code, out.out, out.err) == (0, "", "3 assets to game.jsonl\n")
    back = cli("import", "game.jsonl", "--json")
    assert back.code == 0
    assert [item["outcome"] for item in back.body["results"]] == ["unchanged"] * 3
    assert (back.body["batch"], back.body["batches"]) == (None, [])


def test_a_file_that_is_there_is_a_conflict(cli, gallery, project):
    (project / "game.csv").write_text("mine")
    out = cli("export", "game.csv", "--json")
    assert (out.code, out.error["code"]) == (ExitCode.CONFLICT, "exists")
    assert (project / "game.csv").read_text() == "mine"
    assert cli("export", "game.csv", "--force", "--json").body["assets"] == 3


def test_a_stream_goes_to_stdout_and_comes_from_stdin(cli, gallery, project, monkeypatch):
    written = cli("export", "-", "--format", "jsonl")
    assert json.loads(written.out.splitlines()[-1])["assets"] == 3
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(written.out.encode())))
    assert cli("import", "-", "--format", "jsonl").err.endswith("3 unchanged\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("export",), ExitCode.USAGE),
        (("export", "game.png"), ExitCode.USAGE),
        (("export", "game", "--format", "hydrus"), ExitCode.USAGE),
        (("import", "nowhere.jsonl"), ExitCode.NOT_FOUND),
        (("import", "assets"), ExitCode.USAGE),
        (("import", ""), ExitCode.USAGE),
        (("import", "assets", "--format", "hydrus", "--map", "character"), ExitCode.USAGE),
        (("import", "ontology/project.yaml", "--format", "jsonl"), ExitCode.USAGE),
        (("export", "no/game.jsonl"), ExitCode.NOT_FOUND),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_exit_code(cli, gallery, project, arguments, code):
    refused = cli(*arguments)
    assert (refused.code, refused.out) == (code, "")
    assert "  try: " in refused.err


def test_what_cannot_be_held_is_told_and_makes_exit_3(cli, gallery, project):
    (project / "assets" / "red.txt").write_text("character:alex\ncharacter:nobody\nseries:x\n")
    done = cli("import", "assets", "--format", "hydrus", "--map", "character=npc", "--declare", "new.yaml")
    assert done.code == ExitCode.PARTLY
    assert done.out == ""
    assert "left out: assets/red.txt: `npc:nobody` is not a term" in done.err
    assert "dropped, with their tags: series (1)" in done.err
    assert "new terms (1) are in new.yaml" in done.err
    assert "1 changed; batch 2, `callsheet undo` takes it back" in done.err
    assert "npc:nobody" in (project / "new.yaml").read_text()


def test_sidecars_are_written_and_a_conflict_is_told(cli, gallery, project):
    assert cli("export", "--format", "sidecars").err == "3 assets (3 written)\n"
    path = project / "assets" / "red.png.callsheet.json"
    path.write_text(path.read_text().replace('"tags": []', '"tags": ["npc:alex"]'))
    refused = cli("export", "--format", "sidecars")
    assert refused.code == ExitCode.PARTLY
    assert "failed: assets/red.png.callsheet.json: it was edited and not read since" in refused.err
    assert "1 changed, 2 unchanged" in cli("import", ".", "--format", "sidecars").err


@pytest.mark.parametrize("block", re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL))
def test_the_examples_of_the_page_give_what_it_shows(cli, demo, block):
    """Each block begins in a fresh demo project."""
    commands = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    assert commands
    for command in commands:
        line, _, shown = command.partition("\n")
        words = shlex.split(line)
        if words[0] == "cat":
            got = (demo / words[1]).read_text()
        elif words[0] == "printf":
            (demo / words[3]).write_text(words[1].replace("\\n", "\n"))
            got = ""
        else:
            assert words[0] == "callsheet"
            ran = cli(*words[1:])
            got = ran.out + ran.err
        assert got.strip() == shown.strip()
