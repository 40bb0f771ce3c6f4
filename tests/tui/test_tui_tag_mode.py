"""Tag mode: few keys for a picture, suggestions, tag sets, going on and back, what is left and how fast it goes."""

from array import array

import pytest
from textual import events

from ontology.errors import ConflictError
from tui.choices import choices
from tui.facets import FACETS, OTHER, of_facet
from tui.queue import Pace, TagQueue
from tui.screens.picker import PickerScreen
from tui.screens.tag import TagScreen

pytestmark = pytest.mark.anyio


def id_of(workspace, name):
    (found,) = workspace.gallery.search(f'"{name}"').assets
    return found.id


def tags_of(workspace, asset_id):
    return workspace.gallery.get(asset_id).asset.tags


def is_full(tags):
    return all(of_facet(tags, facet) for facet in FACETS)


async def start(ui):
    await ui.press("T")
    assert isinstance(ui.screen, TagScreen)
    ui.pressed = 0


@pytest.fixture
def suggested(workspace, demo):
    """Two pictures for which all four facets are suggested: their folder and name say who and where."""
    folder = demo / "assets/alex_in_the_dungeon"
    folder.mkdir()
    for number, name in enumerate(("alex_dungeon_hero_pov_1.png", "alex_dungeon_hero_pov_2.png")):
        content = (demo / "assets/sword.png").read_bytes()
        (folder / name).write_bytes(content + bytes([number]))
    added = workspace.gallery.add(folder)
    return [item.id for item in added.results]


async def test_a_picture_is_fully_tagged_with_at_most_six_keys_when_suggestions_fit(running, workspace, suggested):
    async with running('"alex_in_the_dungeon"') as ui:
        await start(ui)
        first = ui.screen.queue.current
        assert set(ui.screen.proposals) == {facet.name for facet in FACETS}, ui.text
        await ui.press("a")
        assert is_full(tags_of(workspace, first))
        assert ui.screen.queue.current != first
        assert ui.pressed <= 6


async def test_a_picture_is_fully_tagged_with_at_most_fourteen_keys_when_nothing_is_suggested(running, workspace):
    async with running('"night_owl"') as ui:
        await start(ui)
        owl = ui.screen.queue.current
        assert ui.screen.proposals == {}
        await ui.press("n")
        for text, key in (("al", "tab"), ("sc", "tab"), ("bg", "tab"), ("po", "enter")):
            ui.pressed += len(text) + 1
            await ui.pilot.press(*text, key)
            await ui.settle()
        assert is_full(tags_of(workspace, owl)), tags_of(workspace, owl)
        assert "npc:alex" in tags_of(workspace, owl)
        assert ui.pressed <= 14


async def test_what_was_picked_last_comes_first_so_that_the_next_picture_takes_fewer_keys(running, workspace):
    workspace.gallery.tag(id_of(workspace, "sword"), remove=[])
    async with running('"night_owl" or "sword"') as ui:
        await start(ui)
        await ui.press("n", "r", "u", "enter")
        await ui.press("space")
        second = ui.screen.queue.current
        await ui.press("n", "enter")
        assert tags_of(workspace, second) == ("npc:ruby",)


async def test_the_picker_finds_by_label_and_alias_and_forgives_a_slip(running, workspace):
    async with running('"sword"') as ui:
        await start(ui)
        for typed in ("gravelord", "gravelrod"):
            await ui.press("n")
            await ui.type(typed)
            assert "npc:boss_01" in ui.text
            await ui.press("escape")
        await ui.press("m")
        await ui.type("first person")
        assert "camera:view:pov" in ui.text
        await ui.press("enter")
        assert tags_of(workspace, id_of(workspace, "sword")) == ("camera:view:pov",)


async def test_tab_in_an_untouched_picker_goes_on_without_taking_anything(running, workspace):
    async with running('"sword"') as ui:
        await start(ui)
        await ui.press("n", "tab")
        assert isinstance(ui.screen, PickerScreen)
        assert "Location" in ui.text
        await ui.press("escape")
        assert tags_of(workspace, id_of(workspace, "sword")) == ()


async def test_keys_that_come_faster_than_the_screens_are_carried_out_in_their_order(running, workspace):
    async with running('"sword"') as ui:
        await start(ui)
        for key in ("n", "a", "l", "tab", "m", "a", "r", "s", "tab", "tab", "p", "o", "enter", "t", "d", "d", "enter"):
            ui.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await ui.settle()
        sword = workspace.gallery.get(id_of(workspace, "sword"))
        assert sword.asset.tags == ("npc:alex", "loc:marsh", "camera:view:pov", "dd")
        assert sword.trashed is None


async def test_letters_behind_the_slash_are_never_commands(running, workspace):
    async with running() as ui:
        for key in ("slash", "d", "o", "d", "enter"):
            ui.app.post_message(events.Key(key, {"slash": "/"}.get(key, key if len(key) == 1 else None)))
        await ui.settle()
        assert ui.screen.query_now == "dod"
        assert workspace.gallery.count() == 47


async def test_a_facet_that_is_filled_is_passed_over_by_tab(running, workspace):
    workspace.gallery.tag(id_of(workspace, "sword"), add=["loc:dungeon"])
    async with running('"sword"') as ui:
        await start(ui)
        await ui.press("n", "a", "l", "tab")
        assert "Role" in ui.lines[0] + ui.text
        assert ui.screen.facet.name == "role"


async def test_a_new_free_word_can_be_given_and_a_wrong_one_says_why(running, workspace):
    async with running('"sword"') as ui:
        await start(ui)
        await ui.press("t")
        await ui.type("rusty")
        await ui.press("enter")
        assert tags_of(workspace, id_of(workspace, "sword")) == ("rusty",)
        await ui.press("t")
        await ui.type("npx:rusty")
        await ui.press("enter")
        assert tags_of(workspace, id_of(workspace, "sword")) == ("rusty",)
        assert any("npx" in notice and "→" in notice for notice in ui.notices())


async def test_a_tag_is_taken_away(running, workspace):
    sword = id_of(workspace, "sword")
    workspace.gallery.tag(sword, add=["mood:tense", "loc:dungeon"])
    async with running('"sword"') as ui:
        await start(ui)
        await ui.press("minus", "m", "enter")
        assert tags_of(workspace, sword) == ("loc:dungeon",)


async def test_a_saved_set_is_applied_with_one_key_and_survives_a_restart(running, workspace):
    sword, owl = id_of(workspace, "sword"), id_of(workspace, "night_owl")
    workspace.gallery.tag(sword, add=["mood:tense", "loc:dungeon"])
    async with running('"sword"') as ui:
        await start(ui)
        await ui.press("S", "3")
        assert "3  mood:tense loc:dungeon" in ui.text
    async with running('"night_owl"') as ui:
        await start(ui)
        await ui.press("4", "3")
        assert tags_of(workspace, owl) == ("mood:tense", "loc:dungeon")
        assert any("set 4 is empty" in notice for notice in ui.notices())


async def test_a_dot_repeats_what_the_last_picture_was_given(running, workspace):
    async with running('"sword" or "night_owl"') as ui:
        await start(ui)
        await ui.press("n", "a", "l", "enter", "r", "h", "e", "r", "o", "enter", "space", "full_stop")
        assert tags_of(workspace, id_of(workspace, "sword")) == tags_of(workspace, id_of(workspace, "night_owl"))
        assert tags_of(workspace, id_of(workspace, "sword")) == ("npc:alex", "role:char:hero")


async def test_sticky_offers_what_was_given_last_and_a_takes_it(running, workspace):
    async with running('"sword" or "night_owl" or "storm_lantern"') as ui:
        await start(ui)
        await ui.press("l", "m", "a", "r", "enter", "s")
        await ui.press("space")
        second = ui.screen.queue.current
        assert "= loc:marsh" in ui.text
        assert tags_of(workspace, second) == ()
        await ui.press("a")
        assert tags_of(workspace, second) == ("loc:marsh",)


async def test_suggestions_that_were_turned_down_stay_away(running, workspace, suggested):
    async with running('"alex_in_the_dungeon"') as ui:
        await start(ui)
        current = ui.screen.queue.current
        turned_down = {one.tag for one in ui.screen.proposals.values()}
        await ui.press("x")
        assert not turned_down & {one.tag for one in ui.screen.proposals.values()}
        assert set(workspace.gallery.get(current).rejected) == turned_down


async def test_accepting_before_the_suggestions_are_known_is_not_lost(running, workspace, suggested):
    async with running('"alex_in_the_dungeon"') as ui:
        await ui.pilot.press("T")
        while not (isinstance(ui.screen, TagScreen) and ui.screen.queue.current):
            await ui.pilot.pause(0.005)
        first = ui.screen.queue.current
        ui.screen.suggested = None
        ui.screen.do_accept()
        ui.screen.look_for_suggestions(first)
        await ui.settle()
        assert is_full(tags_of(workspace, first))


async def test_backspace_goes_back_to_the_picture_before(running):
    async with running() as ui:
        await start(ui)
        first = ui.screen.queue.current
        await ui.press("space", "space")
        assert ui.screen.queue.current != first
        await ui.press("backspace", "backspace")
        assert ui.screen.queue.current == first


async def test_the_remaining_count_falls_with_each_picture_and_undo_raises_it_again(running, workspace):
    async with running() as ui:
        await start(ui)
        before = ui.screen.queue.remaining
        assert before == workspace.gallery.count(ui.app.context.untagged)
        assert f"{before} untagged of 47" in ui.text
        await ui.press("n", "a", "l", "enter")
        assert f"{before - 1} untagged of 47" in ui.text
        await ui.press("z")
        assert f"{before} untagged of 47" in ui.text


async def test_a_change_that_fails_says_why_and_the_picture_still_needs_tags(running, workspace, monkeypatch):
    def locked(*_, **__):
        raise ConflictError("the database is locked", hint="try again")

    async with running('"sword" or "night_owl"') as ui:
        await start(ui)
        monkeypatch.setattr(type(workspace.gallery), "tag", locked)
        await ui.press("n", "a", "l", "enter", "l", "m", "a", "r", "enter")
        assert ui.notices() == ["the database is locked\n→ try again"] * 2
        assert ui.screen.pending == []
        assert "2 untagged of 2" in ui.text


async def test_tags_of_another_process_appear_on_the_picture_that_is_shown(running, workspace):
    async with running('"sword"') as ui:
        await start(ui)
        workspace.gallery.tag(ui.screen.queue.current, add=["mood:calm"])
        ui.app.look_for_changes()
        await ui.settle()
        assert "mood:calm" in ui.text


async def test_a_second_value_of_a_facet_that_takes_one_replaces_the_first(running, workspace):
    sword = id_of(workspace, "sword")
    async with running('"sword"') as ui:
        await start(ui)
        await ui.press("m", "f", "r", "o", "n", "t", "enter")
        await ui.press("m", "b", "a", "c", "k", "enter")
        expected = workspace.gallery.tag(sword, add=["camera:view:back"], dry_run=True)
        assert expected.results[0].outcome == "unchanged"


async def test_trash_goes_on_to_the_next_and_undo_brings_it_back(running, workspace):
    async with running() as ui:
        await start(ui)
        first = ui.screen.queue.current
        await ui.press("d")
        assert workspace.gallery.get(first).trashed is not None
        assert ui.screen.queue.current != first
        await ui.press("z")
        assert workspace.gallery.get(first).trashed is None


async def test_tag_mode_is_about_what_was_selected(running):
    async with running() as ui:
        await ui.press("down", "space", "space")
        await ui.press("T")
        assert len(ui.screen.queue) == 2


def test_the_next_untagged_is_looked_for_round_the_end():
    queue = TagQueue(array("Q", [1, 2, 3, 4]), [2])
    queue.place = 3
    assert queue.next_untagged()
    assert queue.place == 1
    assert not queue.next_untagged()
    assert queue.next_untagged(from_here=True)


def test_an_empty_queue_stands_nowhere():
    queue = TagQueue(array("Q"), ())
    assert queue.current is None
    assert not queue.next_untagged(from_here=True)
    assert not queue.step(1)


def test_the_pace_is_that_of_the_last_two_minutes():
    pace = Pace()
    assert pace.per_minute(0) is None
    for number in range(11):
        pace.tagged(f"a{number}", number * 3.0)
        pace.tagged(f"a{number}", number * 3.0 + 1)
    assert pace.per_minute(30.0) == pytest.approx(20)
    assert pace.per_minute(1000.0) is None


def test_values_in_use_of_an_open_namespace_are_offered_and_strays_of_a_closed_one_are_not(workspace):
    uses = {"mood:gleaming": 2, "npc:gleamer": 1, "gleam": 1}
    found = choices("leam", workspace.ontology, OTHER, uses=uses, has=["gleam"])
    assert [(one.tag, one.uses, one.has, one.is_new) for one in found] == [
        ("mood:gleaming", 2, False, False),
        ("gleam", 1, True, False),
        ("leam", 0, False, True),
    ]
