"""Who types faster than screens are drawn loses no letter, and none is taken for a command."""

import pytest
from textual import events
from textual.widgets import Input

from resolver import OPERATIONS
from tui.screens.browse import BrowseScreen
from tui.screens.entry import ConfirmScreen, Field, FormScreen, TextScreen
from tui.screens.picker import PickerScreen
from tui.screens.prefill import PrefillScreen
from tui.subject import Subject

pytestmark = pytest.mark.anyio

NAMES = {" ": "space", "-": "minus", ".": "full_stop", "/": "slash", "?": "question_mark"}
CALL = {
    "operation": "text_to_image", "asked": "text_to_image", "params": {"prompt": None}, "slots": [], "warnings": [],
    "unfilled": [],
}  # fmt: skip


def typed(ui, *keys):
    """Send keys as the terminal does: all at once. A text of several letters is a key by its name, or typed."""
    for key in keys:
        for name in [key] if len(key) == 1 or key in NAMED else key:
            ui.app.post_message(events.Key(NAMES.get(name, name), name if len(name) == 1 else None))


NAMED = {"ctrl+s", "ctrl+p", "enter", "tab", "escape", "down", "left", "backspace", "f2"}


async def asked(ui, screen):
    """Put a window on top; the answers it gives."""
    answers = []
    ui.app.push_screen(screen, answers.append)
    return answers


async def test_a_text_is_taken_with_every_letter_that_was_typed_before_the_key_that_takes_it(running):
    async with running() as ui:
        for take in ("ctrl+s", "f2"):
            answers = await asked(ui, TextScreen("Prompt", ""))
            await ui.settle()
            typed(ui, "Duel at dawn", "left", "left", "enter", "x", "backspace", take)
            await ui.settle()
            assert answers == ["Duel at da\nwn"]


@pytest.mark.parametrize("take", ["ctrl+s", "f2"])
async def test_letters_typed_before_a_window_is_there_stand_in_it(running, take):
    async with running() as ui:
        answers = await asked(ui, TextScreen("Prompt", ""))
        typed(ui, "Duel", take)
        await ui.settle()
        assert answers == ["Duel"]


async def test_the_prompt_of_a_call_is_written_and_kept_in_one_go(running):
    async with running() as ui:
        ui.app.push_screen(PrefillScreen(Subject(), given=CALL))
        await ui.settle()
        typed(ui, "e", "Duel. dDq", "ctrl+s", "i")
        await ui.settle()
        assert ui.screen.prefill["params"]["prompt"] == "Duel. dDq"
        assert ui.screen.has_class("-told")


async def test_what_comes_behind_the_last_enter_of_a_form_is_no_part_of_it(running):
    async with running() as ui:
        answers = await asked(ui, FormScreen("Two", [Field("one", "One"), Field("two", "Two")]))
        typed(ui, "ab", "enter", "cd", "enter", "x")
        await ui.settle()
        assert answers == [{"one": "ab", "two": "cd"}]
        assert ui.screen.shows_grid


async def test_a_line_chosen_in_haste_is_the_line_that_was_meant(running):
    async with running() as ui:
        ui.app.push_screen(PrefillScreen(Subject(), again=lambda operation: {**CALL, "operation": operation}))
        await ui.settle()
        typed(ui, "o", "j", "j", "k", "down", "enter", "i")
        await ui.settle()
        assert ui.screen.prefill["operation"] == OPERATIONS[2]
        assert ui.screen.has_class("-told")


async def test_a_question_is_answered_by_one_key_and_the_next_goes_to_the_screen_below(running):
    async with running() as ui:
        answers = await asked(ui, ConfirmScreen("Really?", "…"))
        typed(ui, "y", "x")
        await ui.settle()
        assert answers == [True]
        assert ui.screen.shows_grid


async def test_a_command_is_found_by_its_name_however_fast_it_is_typed(running):
    async with running() as ui:
        typed(ui, "ctrl+p", "doctor")
        await ui.settle()
        assert ui.app.focused.value == "doctor"


async def test_what_is_pasted_keeps_its_place_among_the_keys(running):
    async with running() as ui:
        answers = await asked(ui, TextScreen("Prompt", ""))
        typed(ui, "a")
        ui.app.post_message(events.Paste("b\nc"))
        typed(ui, "d", "ctrl+s")
        await ui.settle()
        assert answers == ["ab\ncd"]

        typed(ui, "/", "role")
        ui.app.post_message(events.Paste("-no\nmore"))
        typed(ui, "x", "enter")
        await ui.settle()
        assert ui.screen.query_one("#query", Input).value == "role-nox"

        typed(ui, "escape", "n")
        ui.app.post_message(events.Paste("al"))
        typed(ui, "e")
        await ui.settle()
        assert isinstance(ui.screen, PickerScreen)
        assert "ale" in ui.text


async def test_keys_pressed_before_browse_is_there_are_commands_and_no_filter(running):
    async with running() as ui:
        screen = BrowseScreen(Subject())
        ui.app.push_screen(screen)
        typed(ui, "x", "j")
        await ui.settle()
        assert ui.app.screen.query_one("#query", Input).value == ""
        assert screen.shows_grid
