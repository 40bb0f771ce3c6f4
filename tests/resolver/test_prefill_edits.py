"""Changing a prefilled call by hand, cells of the coverage table as gaps, and the question of a picture."""

import copy

import pytest

from ontology.loader import builtin_ontology
from ontology.terms import Ontology, Term
from resolver import (
    coverage,
    gap_of_cell,
    prefill_edits,
    prefill_operation,
    request_about,
    resolve_assets_for_action,
)
from resolver.errors import OperationError
from resolver.prefill_edits import inputs_of

ASSETS = [
    {"id": "g1", "tags": ["loc:gate", "role:bg"], "url": "g1"},
    {"id": "g2", "tags": ["loc:gate", "role:bg"], "url": "g2"},
    {"id": "x1", "tags": ["npc:alex", "role:char:hero"], "url": "x1"},
    {"id": "x2", "tags": ["npc:alex", "role:char:hero"], "url": "x2"},
]
RESULT = resolve_assets_for_action({"location_id": "loc:gate", "hero_id": "npc:alex", "max_results": 5}, ASSETS)
FUSION = prefill_operation("fusion", RESULT, prompt="a duel")
TRANSITION = prefill_operation("video_transition", RESULT, prompt="a duel")


@pytest.mark.parametrize(
    "operation", ["text_to_image", "image_to_image", "image_to_video", "video_transition", "fusion"]
)
def test_edits_leave_what_they_were_given_as_it_was(operation):
    given_call = prefill_operation(operation, RESULT, prompt="a duel")
    before = copy.deepcopy(given_call)
    changed = prefill_edits.with_prompt(given_call, "another")
    assert changed["params"]["prompt"] == "another"
    if len(inputs_of(given_call)) > 1:
        prefill_edits.moved(given_call, 0, 1)
    assert given_call == before


def test_a_picture_moves_in_the_order_and_keeps_its_layer():
    moved = prefill_edits.moved(FUSION, 0, 1)
    assert [(one["asset_id"], one["layer"]) for one in inputs_of(moved)] == [("x1", 1), ("g1", 0)]
    assert inputs_of(prefill_edits.moved(FUSION, 0, -3)) == inputs_of(FUSION)


def test_the_prompts_of_a_transition_follow_prompt_and_number_of_pictures():
    changed = prefill_edits.with_prompt(TRANSITION, "dusk")
    assert changed["params"]["prompts"] == ["dusk"]
    moved = prefill_edits.moved(changed, 1, -1)
    assert moved["params"]["image_urls"] == ["x1", "g1"]
    assert moved["params"]["asset_ids"] == ["x1", "g1"]


def test_type_and_layer_belong_to_fusions_and_wrong_words_are_refused():
    changed = prefill_edits.with_layer(prefill_edits.with_fusion_type(FUSION, 1, "image"), 1, -4)
    assert (inputs_of(changed)[1]["fusion_type"], inputs_of(changed)[1]["layer"]) == ("image", 0)
    with pytest.raises(OperationError, match="have no fusion_type"):
        prefill_edits.with_fusion_type(TRANSITION, 0, "image")
    with pytest.raises(OperationError, match="no fusion type"):
        prefill_edits.with_fusion_type(FUSION, 0, "nothing")


def test_a_picture_is_left_out_and_its_slot_is_unfilled_unless_the_operation_needs_it():
    three = resolve_assets_for_action(
        {"location_id": "loc:gate", "hero_id": "npc:alex", "enemy_ids": ["npc:boss"]},
        [*ASSETS, {"id": "b", "tags": ["npc:boss", "role:char:monster"], "url": "b"}],
    )
    left = prefill_edits.without(prefill_operation("fusion", three), 2)
    assert [one["asset_id"] for one in inputs_of(left)] == ["g1", "x1"]
    assert left["unfilled"] == [{"slot": "enemy", "identity": "npc:boss", "asset_id": "b"}]
    with pytest.raises(OperationError, match="fusion needs 2 pictures"):
        prefill_edits.without(left, 0)


ONTOLOGY = Ontology(
    [
        *builtin_ontology().terms.values(),
        Term("npc:alex", "Alex", "hero"),
        Term("npc:boss", "Boss", "monster"),
        Term("npc:pip", "Pip"),
        Term("loc:gate", "Gate"),
    ],
    builtin_ontology().namespaces.values(),
)


def test_every_gap_of_the_coverage_is_the_gap_of_its_cell():
    gaps = coverage([], ONTOLOGY)["gaps"]
    assert len(gaps) == 5
    assert [gap_of_cell(gap["identity"], gap["wanted_role"], ONTOLOGY) for gap in gaps] == gaps


@pytest.mark.parametrize(
    ("identity", "role", "slot"),
    [
        ("npc:alex", "role:char:hero", "hero"),
        ("npc:boss", "role:char:monster", "enemy"),
        ("npc:pip", "role:char:npc", "other"),
        ("loc:gate", "role:bg", "background"),
        ("player", "role:pov:player", "hero"),
    ],
)
def test_a_missing_view_is_wanted_in_the_likeliest_role(identity, role, slot):
    gap = gap_of_cell(identity, "camera:view:front", ONTOLOGY)
    assert gap == {"slot": slot, "identity": identity, "wanted_role": role, "camera": "camera:view:front"}


def test_the_question_about_a_picture_names_place_and_cast_and_lets_fields_win():
    asset = {"id": 1, "tags": ["npc:boss", "npc:alex", "loc:gate", "npc:pip"]}
    request = request_about(asset, ontology=ONTOLOGY, max_results=3)
    assert (request.location_id, request.hero_id) == ("loc:gate", "npc:alex")
    assert (request.enemy_ids, request.other_character_ids) == (("npc:boss",), ("npc:pip",))
    assert (request.need_background, request.max_results) == (True, 3)
