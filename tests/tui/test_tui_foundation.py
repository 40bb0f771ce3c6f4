"""What all screens of the terminal UI share: commands, keys, memory, notices, jobs, changes from elsewhere."""

import json
import threading
from importlib import import_module
from pathlib import Path

import pytest

from ontology.errors import CallsheetError, ConflictError, InvalidInputError
from tui import documentation
from tui.commands.gathered import COMMANDS
from tui.commands.registry import checked_keymap, shown_key
from tui.entries import SCREENS
from tui.screens.base import CallsheetScreen
from tui.screens.keys import TextWindow
from tui.state import TuiState

pytestmark = pytest.mark.anyio

PAGE = Path(__file__).parents[2] / "docs/tui.md"


def screen_classes():
    return {
        entry.name: getattr(import_module(entry.home.partition(":")[0]), entry.home.partition(":")[2])
        for entry in SCREENS
    }


def test_every_command_has_an_id_of_its_own_and_a_title():
    ids = [command.id for command in COMMANDS]
    assert sorted(ids) == sorted(set(ids))
    assert all(command.title for command in COMMANDS)


def test_every_command_of_a_screen_is_carried_out_by_it():
    classes = screen_classes()
    missing = [
        command.id
        for command in COMMANDS
        for screen in command.screens
        if not hasattr(classes[screen], command.method) or command not in classes[screen].OWN
    ]
    assert missing == []


def test_every_screen_is_called_what_its_entry_says():
    assert {name: screen.NAME for name, screen in screen_classes().items()} == {name: name for name in screen_classes()}
    assert all(issubclass(screen, CallsheetScreen) for screen in screen_classes().values())


@pytest.mark.parametrize("screen", [entry.name for entry in SCREENS])
def test_no_key_means_two_things_on_one_screen(screen):
    meanings = {}
    for command in COMMANDS:
        if command.works_on(screen):
            for key in command.keys.split(","):
                meanings.setdefault(key, []).append(command.id)
    assert {key: ids for key, ids in meanings.items() if key and len(ids) > 1} == {}


@pytest.mark.parametrize("screen", [entry.name for entry in SCREENS])
def test_the_footer_has_at_most_six_keys(screen):
    assert 0 < sum(bool(command.footer) for command in COMMANDS if command.works_on(screen)) <= 6


def test_the_keys_in_the_docs_are_those_of_the_commands():
    text = PAGE.read_text(encoding="utf-8")
    assert documentation.rewritten(text) == text, "run ./run docs"


@pytest.mark.parametrize(
    ("key", "shown"),
    [("ctrl+p", "Ctrl+P"), ("slash", "/"), ("Z", "Z"), ("f1", "F1"), ("shift+down", "Shift+↓"), ("escape", "Esc")],
)
def test_keys_are_shown_as_people_read_them(key, shown):
    assert shown_key(key) == shown


def test_a_key_for_a_command_that_there_is_not_names_the_nearest():
    with pytest.raises(InvalidInputError) as caught:
        checked_keymap({"browse.trsh": "x"}, COMMANDS)
    assert "browse.trsh" in caught.value.message
    assert caught.value.hint == "did you mean browse.trash?"


async def test_a_command_gets_other_keys_by_its_id(running):
    async with running(keys={"browse.filter": "f5", "app.stop": "f6"}) as ui:
        await ui.press("slash")
        assert ui.app.focused.id == "list"
        await ui.press("f5")
        assert ui.app.focused.id == "query"
        await ui.press("f6")
        assert ui.notices() == ["nothing is running"]


async def test_a_question_mark_shows_the_keys_of_the_screen_and_esc_closes_them(running):
    async with running() as ui:
        await ui.press("question_mark")
        assert isinstance(ui.screen, TextWindow)
        assert "Select all that match" in ui.text
        await ui.press("escape")
        assert isinstance(ui.screen, CallsheetScreen)


async def test_f1_tells_what_the_focused_widget_is_for(running):
    async with running() as ui:
        await ui.press("slash", "f1")
        assert "It is tried while you type" in ui.text


async def test_the_palette_offers_every_listed_command_of_the_screen(running):
    async with running() as ui:
        offered = {command.title for command in ui.app.get_system_commands(ui.screen)}
        for command in COMMANDS:
            if command.works_on("browse") and command.listed and command.id != "app.palette":
                assert any(title.startswith(command.title) for title in offered), command.id
        await ui.press("ctrl+p")
        await ui.type("trash")
        assert "Move to the trash" in ui.text


def test_what_is_kept_is_there_at_the_next_start(tmp_path):
    state = TuiState(tmp_path / "new" / "tui.json")
    state.keep("browse", query="npc:alex", at="a" * 17)
    state.save()
    assert dict(TuiState(tmp_path / "new" / "tui.json").of("browse")) == {"query": "npc:alex", "at": "a" * 17}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": 99, "screens": {}}', '{"version": 1, "screens": [1]}'])
def test_a_damaged_memory_is_put_aside_and_nothing_is_remembered(tmp_path, content):
    place = tmp_path / "tui.json"
    place.write_text(content, encoding="utf-8")
    state = TuiState(place)
    assert dict(state.of("browse")) == {}
    assert "put aside" in state.trouble
    assert (tmp_path / "tui.json.damaged").read_text(encoding="utf-8") == content


async def test_filter_and_place_survive_a_restart(running, demo):
    async with running() as ui:
        await ui.press("slash")
        await ui.type("role:bg")
        await ui.press("enter", "down", "down")
        stood_at = ui.screen.finds.current
    kept = json.loads((demo / ".callsheet/tui.json").read_text(encoding="utf-8"))["screens"]["browse"]
    assert kept["query"] == "role:bg"
    async with running() as ui:
        assert ui.screen.query_now == "role:bg"
        assert ui.screen.finds.current == stood_at


async def test_a_query_on_the_command_line_wins_over_the_filter_of_the_last_time(running):
    async with running() as ui:
        await ui.press("slash")
        await ui.type("role:bg")
    async with running("npc:alex") as ui:
        assert ui.screen.query_now == "npc:alex"


async def test_an_error_becomes_a_notice_that_says_what_to_do(running):
    def fail(_):
        raise ConflictError("the database is locked", hint="try again")

    async with running() as ui:
        ui.app.run_job("Failing", fail, lambda _: None)
        await ui.settle()
        assert ui.notices() == ["the database is locked\n→ try again"]


async def test_a_fault_of_ours_becomes_a_notice_too_and_the_screen_goes_on(running):
    async with running() as ui:
        ui.app.run_job("Failing", lambda _: 1 // 0, lambda _: None)
        await ui.settle()
        assert "ZeroDivisionError" in ui.notices()[0]
        await ui.press("down")
        assert ui.screen.finds.cursor == 1


async def test_a_job_shows_how_far_it_is_and_esc_stops_it(running):
    begun, ended = threading.Event(), []

    def work(job):
        job.report(3, 10)
        begun.set()
        try:
            while True:
                job.check()
                threading.Event().wait(0.01)
        finally:
            ended.append(True)

    async with running() as ui:
        ui.app.run_job("Counting", work, ended.append)
        while not begun.is_set():
            await ui.pilot.pause(0.01)
        await ui.until("Counting 3 of 10")
        await ui.press("escape")
        assert ended == [True]
        assert "Counting" not in ui.text


async def test_what_another_process_changes_appears(running, workspace):
    async with running('"sword"') as ui:
        assert "no tags yet" in ui.text
        workspace.gallery.tag(ui.screen.finds.current, add=["mood:tense"])
        ui.app.look_for_changes()
        await ui.settle()
        assert "mood:tense" in ui.lines[1]


async def test_a_term_that_is_written_into_the_vocabulary_meanwhile_can_be_picked(running, demo):
    async with running() as ui:
        (demo / "ontology/more.yaml").write_text(
            "version: 1\nterms:\n  npc:zebulon: {label: Zebulon}\n", encoding="utf-8"
        )
        ui.app.look_for_changes()
        await ui.settle()
        await ui.press("n", "z", "e", "b")
        assert "npc:zebulon" in ui.text


async def test_a_vocabulary_that_was_broken_meanwhile_is_told_and_the_old_one_stays(running, demo):
    async with running() as ui:
        (demo / "ontology/more.yaml").write_text("version: 1\nterms: [", encoding="utf-8")
        ui.app.look_for_changes()
        await ui.settle()
        assert len(ui.notices()) == 1
        assert "→ " in ui.notices()[0]
        await ui.press("n", "a", "l")
        assert "npc:alex" in ui.text


async def test_undo_and_redo_work_everywhere_and_tell_what_they_did(running, workspace):
    async with running('"sword"') as ui:
        workspace.gallery.tag(ui.screen.finds.current, add=["mood:tense"])
        await ui.press("z")
        assert workspace.gallery.get(ui.screen.finds.current).asset.tags == ()
        await ui.press("Z")
        assert workspace.gallery.get(ui.screen.finds.current).asset.tags == ("mood:tense",)
        assert ui.notices() == ["undone: 1 change", "done again: 1 change"]


async def test_that_changes_cannot_be_followed_is_told_once_until_they_can_again(running, workspace, monkeypatch):
    def unreadable():
        raise CallsheetError("the disk is gone", hint="plug it in", code="storage")

    async with running('"sword"') as ui:
        seen = workspace.gallery.last_batch
        for _ in range(2):
            monkeypatch.setattr(workspace.gallery, "last_batch", unreadable)
            for _ in range(3):
                ui.app.look_for_changes()
                await ui.settle()
            monkeypatch.setattr(workspace.gallery, "last_batch", seen)
            ui.app.look_for_changes()
            await ui.settle()
        assert len([notice for notice in ui.notices() if "the disk is gone" in notice]) == 2
