"""Resolve: the question, the candidates, pins and exclusions, why not, and the prefilled call."""

import json

import pytest

from tui.screens.chooser import ChooserScreen
from tui.screens.prefill import PrefillScreen
from tui.screens.resolve import ResolveScreen
from tui.subject import Subject

SIZES = ((60, 20), (80, 24), (120, 40), (200, 60))

pytestmark = pytest.mark.anyio


async def ask_block(ui, name="alex_faces_gravelord"):
    """Ask an action block, as somebody who knows its place in the list."""
    place = list(ui.app.context.services.block_files.blocks).index(name)
    await ui.press("R", "b", *["down"] * place, "enter")


def first_of(ui, slot):
    return next(one for one in ui.screen.candidates.slots if one.key[0] == slot).matches[0].asset.id


async def test_who_where_and_against_whom_are_picked_and_answered(running, workspace):
    async with running() as ui:
        await ui.press("R", "l")
        await ui.type("dungeon_entrance")
        await ui.press("enter", "n")
        await ui.type("alex")
        await ui.press("enter", "e")
        await ui.type("boss_01")
        await ui.press("enter")
        wanted = workspace.resolve(
            location_id="loc:dungeon_entrance", hero_id="npc:alex", enemy_ids=["npc:boss_01"]
        ).matches
        shown = [match.asset.id for slot in ui.screen.candidates.slots for match in slot.matches]
        assert shown == [match.asset.id for match in wanted]
        assert "background loc:dungeon_entrance" in ui.text
        assert "hero npc:alex" in ui.text
        assert "is made as role:bg" in ui.text


async def test_picking_an_enemy_again_takes_it_out_and_minus_takes_any_part_out(running):
    async with running() as ui:
        await ui.press("R", "e")
        await ui.type("boss_01")
        await ui.press("enter")
        assert ui.screen.question.enemies == ("npc:boss_01",)
        await ui.press("e")
        await ui.type("boss_01")
        await ui.press("enter")
        assert ui.screen.question.enemies == ()
        await ui.press("l")
        await ui.type("marsh")
        await ui.press("enter", "minus", "enter")
        assert ui.screen.question.is_empty
        assert "nothing is asked yet" in ui.text


async def test_a_block_a_shot_and_a_prompt_ask_too(running):
    async with running() as ui:
        await ask_block(ui)
        assert ui.screen.question.block == "alex_faces_gravelord"
        assert ui.screen.answer.result.matches
        await ui.press("s", "enter")
        assert ui.screen.question.scene == "duel_at_the_gate/wide"
        assert ui.screen.question.block is None
        assert "loc:dungeon_entrance" in ui.lines[0]
        await ui.press("t")
        await ui.type("Alex at the marsh")
        await ui.press("ctrl+s")
        assert ui.screen.question.prompt == "Alex at the marsh"
        assert ui.screen.answer.result.request.location_id == "loc:marsh"


async def test_a_pin_puts_another_candidate_first_and_the_prefill_takes_it(running):
    async with running() as ui:
        await ask_block(ui)
        await ui.press("right")
        match = ui.screen.candidates.current
        assert first_of(ui, match.slot) != match.asset.id
        await ui.press("enter")
        assert first_of(ui, match.slot) == match.asset.id
        assert "pinned" in ui.text
        await ui.press("f")
        assert isinstance(ui.screen, PrefillScreen)
        assert match.asset.id in [slot["asset_id"] for slot in ui.screen.prefill["slots"]]
        await ui.press("escape", "enter")
        assert first_of(ui, match.slot) != match.asset.id


async def test_an_excluded_picture_is_gone_until_it_is_allowed_again(running):
    async with running() as ui:
        await ask_block(ui)
        gone = ui.screen.candidates.current.asset.id
        await ui.press("x")
        assert gone not in [match.asset.id for match in ui.screen.answer.result.matches]
        assert "1 excluded" in ui.text
        await ui.press("X")
        assert gone in [match.asset.id for match in ui.screen.answer.result.matches]


async def test_why_not_tells_rule_and_winner_and_applies_the_smallest_change(running, workspace):
    async with running() as ui:
        await ui.press("R", "n")
        await ui.type("mara")
        await ui.press("enter", "right")
        match = ui.screen.candidates.current
        (explained,) = workspace.explain(ui.screen.answer.result.request, match.asset.id)
        await ui.press("w")
        assert isinstance(ui.screen, ChooserScreen)
        assert explained["message"] in ui.text
        assert "Enter applies it" in ui.text
        await ui.press("enter")
        assert first_of(ui, "hero") == match.asset.id
        assert set(explained["change"]["add"]) <= set(workspace.gallery.get(match.asset.id).asset.tags)
        await ui.press("z")
        assert first_of(ui, "hero") != match.asset.id


async def test_a_picture_that_is_no_candidate_can_be_asked_about(running):
    async with running() as ui:
        await ask_block(ui)
        await ui.press("W")
        await ui.type('"forest_autumn"')
        await ui.press("enter")
        assert "Why not forest_autumn.jpg?" in ui.text
        assert "is not among them" in ui.text


async def test_u_in_browse_opens_resolve_filled_in_with_the_picture_first(running):
    async with running('"alex_full"') as ui:
        current = ui.screen.finds.current
        await ui.press("u")
        assert isinstance(ui.screen, ResolveScreen)
        assert first_of(ui, "hero") == current
        assert "npc:alex" in ui.lines[0]
        await ui.press("f")
        assert ui.screen.prefill["operation"] == "fusion"
        assert current in [one["asset_id"] for one in ui.screen.prefill["params"]["fusion_assets"]]


async def test_the_question_survives_a_restart_and_damaged_memory_is_harmless(running, demo):
    async with running() as ui:
        await ask_block(ui)
        first = first_of(ui, "background")
    async with running() as ui:
        await ui.press("R")
        assert first_of(ui, "background") == first
    kept = {"version": 1, "screens": {"resolve": {"question": {"location": 3, "enemies": [1, "npc:alex"], "x": 1}}}}
    (demo / ".callsheet/tui.json").write_text(json.dumps(kept), encoding="utf-8")
    async with running() as ui:
        await ui.press("R")
        assert ui.screen.question.enemies == ("npc:alex",)


async def test_a_question_whose_block_is_gone_says_so_and_the_screen_goes_on(running, demo):
    kept = {"version": 1, "screens": {"resolve": {"question": {"block": "no_such_block"}}}}
    (demo / ".callsheet/tui.json").write_text(json.dumps(kept), encoding="utf-8")
    async with running() as ui:
        await ui.press("R")
        assert "no_such_block" in ui.notices()[0]
        await ask_block(ui)
        assert ui.screen.answer is not None


async def test_changes_from_elsewhere_are_asked_again(running, workspace):
    async with running() as ui:
        await ask_block(ui)
        first = first_of(ui, "background")
        workspace.gallery.trash([first])
        ui.app.look_for_changes()
        await ui.settle()
        assert first not in [match.asset.id for match in ui.screen.answer.result.matches]


async def test_the_gap_of_a_slot_becomes_a_spec(running, demo):
    async with running() as ui:
        await ui.press("R", "n")
        await ui.type("mara")
        await ui.press("enter")
        assert "gap: no role:char:hero" in ui.text
        await ui.press("G")
        assert (demo / "specs/mara-hero.yaml").exists()
        assert any("specs/mara-hero.yaml" in notice for notice in ui.notices())


async def test_a_call_is_edited_copied_and_saved_as_a_spec(running, demo, workspace):
    async with running() as ui:
        await ask_block(ui)
        await ui.press("f", "down")
        before = ui.screen.prefill["params"]["fusion_assets"]
        await ui.press("J")
        after = ui.screen.prefill["params"]["fusion_assets"]
        assert [one["asset_id"] for one in after[:2]] == [one["asset_id"] for one in reversed(before[:2])]
        assert ui.screen.place == 1
        await ui.press("plus", "t", "down", "down", "enter")
        assert ui.screen.prefill["params"]["fusion_assets"][1]["layer"] == 1
        assert ui.screen.prefill["params"]["fusion_assets"][1]["fusion_type"] == "image"
        await ui.press("e", "f7", "delete")
        await ui.type("A duel")
        await ui.press("ctrl+s", "y")
        assert json.loads(ui.app.clipboard) == json.loads(json.dumps(ui.screen.prefill))
        assert json.loads(ui.app.clipboard)["params"]["prompt"] == "A duel"
        await ui.press("S")
        saved = next(notice for notice in ui.notices() if "drafted specs/" in notice)
        name = saved.split("specs/")[1].split(".yaml")[0]
        spec = workspace.specs.select(f"specs/{name}.yaml")[0]
        assert (spec.operation, spec.prompt) == ("fusion", "A duel")
        assert {one.asset_id for one in spec.inputs} == {one["asset_id"] for one in after}


async def test_another_operation_keeps_the_prompt_that_was_typed(running):
    async with running() as ui:
        await ask_block(ui)
        await ui.press("f", "e", "f7", "delete")
        await ui.type("Typed")
        await ui.press("ctrl+s", "o", "down", "enter")
        assert ui.screen.prefill["operation"] == "image_to_image"
        assert ui.screen.prefill["params"]["prompt"] == "Typed"
        assert "strength" in ui.text


async def test_a_picture_that_the_operation_needs_is_not_left_out(running):
    async with running('"alex_full"') as ui:
        await ui.press("R", "n")
        await ui.type("alex")
        await ui.press("enter", "f")
        assert ui.screen.prefill["operation"] == "image_to_image"
        await ui.press("down", "d")
        assert any("needs 1 picture" in notice for notice in ui.notices())


async def test_what_cannot_be_done_says_why(running):
    async with running() as ui:
        await ui.press("R", "enter", "f")
        assert ui.notices()[0] == "there is no candidate here"
        assert ui.notices()[1].startswith("nothing is asked yet")


async def test_the_mouse_chooses_parts_cards_and_keys(running):
    async with running(size=(120, 40)) as ui:
        await ask_block(ui)
        slot = ui.screen.candidates.slots[0]
        assert len(slot.matches) > 1
        await ui.pilot.click("#candidates", offset=(25, 4))
        await ui.settle()
        assert ui.screen.candidates.column == 1
        await ui.pilot.click("#part-hero")
        await ui.settle()
        assert "Enter takes" in ui.text
        await ui.press("escape")
        await ui.pilot.click("#candidates", offset=(25, 4), times=2)
        await ui.settle()
        assert "pinned" in ui.text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("plain", [False, True])
async def test_every_size_shows_question_candidates_status_and_keys(running, size, plain):
    async with running(size=size, plain=plain) as ui:
        await ask_block(ui)
        assert ui.lines[0].startswith(" l Where")
        assert "background loc:dungeon_entrance" in ui.lines[2]
        assert "▀" in ui.text
        assert "candidates" in ui.lines[-2]
        assert ui.lines[-1].startswith(" Enter Pin")
        assert "Keys" in ui.lines[-1]
        assert all(len(line) <= size[0] for line in ui.lines)
        await ui.press("f")
        assert ui.lines[0].startswith(" Prefill · fusion")
        assert "layer 0" in ui.text
        assert "pictures" in ui.lines[-2]


async def test_i_shows_what_is_told_alone_on_a_small_terminal_and_esc_goes_back(running):
    async with running(size=(60, 20)) as ui:
        await ask_block(ui)
        assert "role:bg" not in ui.text
        await ui.press("i")
        assert "role:bg" in ui.text
        assert not ui.screen.candidates.display
        first = ui.screen.candidates.current.asset.path
        assert first in ui.text
        await ui.press("down")
        assert first not in ui.text
        await ui.press("escape")
        assert ui.screen.candidates.display
        assert ui.screen.NAME == "resolve"


async def test_resolve_is_opened_about_a_picture_by_its_subject(running, workspace):
    asset_id = workspace.gallery.search("npc:alex").assets[0].id
    async with running() as ui:
        ui.app.go("resolve", Subject(about=asset_id))
        await ui.settle()
        assert ui.screen.question.about == asset_id


async def test_an_answer_that_comes_when_its_screen_was_left_ends_nothing(running, workspace, hold):
    async with running() as ui:
        await ask_block(ui)
        await ui.press("escape")
        resolving = hold(workspace, "resolve")
        await ui.pilot.press("R")  # asks again what was asked last
        await ui.until(resolving.was_called)
        await ui.until("Resolving …")
        assert "Ask for pictures" not in ui.text
        await ui.leave(ResolveScreen)
        resolving.go_on()
        await ui.settle()
        assert ui.app.is_running
        await ui.press("R")
        assert ui.screen.candidates.slots
