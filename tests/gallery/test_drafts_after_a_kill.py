"""A program that is killed while files and database change together leaves the old state or the new one, never both."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from vocabulary_projects import files_of, fill, make_project, rows_of

from callsheet import Workspace
from gallery.store.files import DRAFTS_NAME
from ontology.errors import ConflictError, IntegrityError

ROOT = Path(__file__).parents[2]
PROGRAM = """
import os, sys
from callsheet import Workspace
from gallery.store import drafts
from gallery.store import database

moment = sys.argv[2]
put, written, carry_out = drafts._put, [], drafts.Drafts.carry_out

def counted(path, text):
    if moment == f"before file {len(written)}":
        os._exit(9)
    put(path, text)
    written.append(path)

def then_die(self, connection):
    carry_out(self, connection)
    if moment == "before the commit":
        os._exit(9)

drafts._put = counted
drafts.Drafts.carry_out = then_die
if moment == "after the commit":
    drafts.Drafts.settle = lambda self: os._exit(9)
with Workspace.open(sys.argv[1]) as ws:
    ws.vocabulary.rename("npc:alex", "npc:alexis")
"""
MOMENTS = ["before file 0", "before file 2", "before the commit", "after the commit"]


def killed(root, moment):
    program = [sys.executable, "-c", PROGRAM, str(root), moment]
    assert subprocess.run(program, cwd=ROOT, check=False).returncode == 9


@pytest.fixture
def states(tmp_path):
    """The project, and its two whole states: files and rows before a rename, and after it."""
    root = make_project(tmp_path / "project")
    with Workspace.open(root) as ws:
        fill(ws)
        before = files_of(root), rows_of(ws)
        ws.vocabulary.rename("npc:alex", "npc:alexis")
        after = files_of(root), rows_of(ws)
        ws.gallery.undo()
    return root, before, after


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_opening_the_project_settles_what_was_left(states, moment):
    root, before, after = states
    killed(root, moment)
    assert (root / ".callsheet" / DRAFTS_NAME).exists()
    with Workspace.open(root) as ws:
        assert (files_of(root), rows_of(ws)) == (after if moment == "after the commit" else before)
        assert not ws.project.drafts_file.exists()
        assert ws.vocabulary.rename("npc:alex" if moment != MOMENTS[-1] else "npc:alexis", "npc:axel").assets == 3


@pytest.mark.slow
def test_whoever_writes_next_settles_it_too_and_leaves_alone_what_somebody_changed_since(states):
    root, before, _ = states
    with Workspace.open(root) as ws:
        killed(root, "before the commit")
        (root / "scenes.yaml").write_text("scenes: {}\n")
        ws.gallery.tag(ws.gallery.search().assets[0].id, add=["draft"])
        assert files_of(root) == before[0] | {"scenes.yaml": b"scenes: {}\n"}


def test_a_note_that_is_damaged_stops_writers_and_says_which_file_it_is(tmp_path):
    root = make_project(tmp_path / "project")
    with Workspace.open(root) as ws:
        fill(ws)
        ws.project.drafts_file.write_text("{}")
        with pytest.raises(IntegrityError, match=DRAFTS_NAME):
            ws.gallery.undo()
    with Workspace.open(root) as ws:
        assert ws.gallery.count() == 3


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "ontology/../../outside.txt", "link/outside.txt"])
def test_a_note_that_came_with_a_foreign_project_writes_nothing_outside_of_it(tmp_path, name):
    root = make_project(tmp_path / "project")
    (root / "link").symlink_to(tmp_path)
    wanted = str(tmp_path / "outside.txt") if name.startswith("/") else name
    (root / ".callsheet").mkdir()
    (root / ".callsheet" / DRAFTS_NAME).write_text(json.dumps({"batch": 7, "files": [[wanted, "evil", None]]}))
    with Workspace.open(root) as ws:
        with pytest.raises(IntegrityError):
            ws.vocabulary.add("npc:new")
        assert ws.ontology.terms["npc:alex"]
    assert not (tmp_path / "outside.txt").exists()


def test_a_change_that_ends_well_or_is_refused_leaves_no_note(tmp_path):
    with Workspace.open(make_project(tmp_path / "project")) as ws:
        ws.vocabulary.add("npc:new")
        assert not ws.project.drafts_file.exists()
        with pytest.raises(ConflictError):
            ws.vocabulary.add("npc:new")
        assert not ws.project.drafts_file.exists()
