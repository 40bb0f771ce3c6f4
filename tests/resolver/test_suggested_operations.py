import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolver_strategies import VOCABULARY, assets

from resolver import ActionBlockError, CandidateError, CandidateIndex, suggest_operations

PLATE = {"id": 1, "url": "u1", "tags": ["loc:dungeon", "role:bg"]}
ALEX = {"id": 2, "url": "u2", "tags": ["npc:alex", "role:char:hero"]}
BOSS = {"id": 3, "url": "u3", "tags": ["npc:boss", "role:char:monster"]}
FRAME = {"id": 4, "url": "u4", "tags": ["npc:alexander", "loc:dungeon", "role:char:hero"]}
STRANGER = {"id": 5, "url": "u5", "tags": ["npc:wolf", "role:char:monster"]}
GALLERY = [PLATE, ALEX, BOSS, FRAME]

FUSE, VARY, MOVE = "Use related background and characters", "Make a variation", "Animate"


def labels(asset, candidates=GALLERY, **more):
    return [found["label"] for found in suggest_operations(asset, candidates, **more)]


def fused(asset, candidates=GALLERY, **more):
    """Slot order, asset ids of the fusion that is suggested first."""
    first = suggest_operations(asset, candidates, **more)[0]
    assert first["operation"] == "fusion"
    return [item["asset_id"] for item in first["prefill"]["params"]["fusion_assets"]]


def test_a_suggestion_is_a_call_ready_to_be_looked_at(story):
    first = suggest_operations(FRAME, GALLERY, ontology=story)[0]
    assert first.keys() == {"operation", "label", "priority", "reason", "prefill"}
    assert (first["operation"], first["label"], first["priority"]) == ("fusion", FUSE, 1)
    assert first["reason"] == "there are pictures that go with it: loc:dungeon"
    assert first["prefill"].keys() == {"operation", "asked", "params", "slots", "warnings", "unfilled"}
    assert [(item["asset_id"], item["layer"]) for item in first["prefill"]["params"]["fusion_assets"]] == [
        (1, 0),
        (4, 1),
    ]


def test_the_picture_takes_the_slot_that_it_answers(story):
    assert fused(PLATE, ontology=story) == [1, 2]
    assert fused(ALEX, ontology=story) == [1, 2]
    assert fused(BOSS, ontology=story) == [1, 2, 3]


def test_nobody_stands_in_for_somebody_who_is_missing(story):
    scene = {"id": 9, "tags": ["loc:dungeon", "npc:boss", "npc:alex"]}
    first = suggest_operations(scene, [PLATE, STRANGER], ontology=story)[0]
    assert [item["asset_id"] for item in first["prefill"]["params"]["fusion_assets"]] == [1, 9]


def test_operations_stand_in_their_order(story):
    blocks = {f"b{number}": {"operation_type": "fusion", "tags": ["npc:alex", "loc:dungeon"]} for number in range(5)}
    assert labels(FRAME, ontology=story, blocks=blocks) == [
        FUSE,
        *(f"Use the block b{number}" for number in range(3)),
        VARY,
        MOVE,
        "Transition to another picture of The dungeon",
        "Transition to another picture of Alex",
    ]
    found = suggest_operations(ALEX, GALLERY, ontology=story, blocks=blocks)
    assert [entry["priority"] for entry in found] == list(range(1, 9))
    assert [entry["label"] for entry in found][-2:] == [
        "Transition to another picture of Alex",
        "Use the block b3",
    ]


def test_a_transition_begins_with_the_picture(story):
    found = suggest_operations(ALEX, GALLERY, ontology=story)[-1]
    assert (found["operation"], found["reason"]) == ("video_transition", "both show npc:alex")
    assert found["prefill"]["params"]["image_urls"] == ["u2", "u4"]


def test_without_a_vocabulary_a_transition_names_the_id():
    assert labels(ALEX, [ALEX, {"id": 8, "tags": ["npc:alex"]}])[-1] == "Transition to another picture of npc:alex"


BLOCKS = [
    ({"operation_type": "image_to_video", "tags": ["npc:alex"]}, "image_to_video"),
    ({"operation_type": "video_transition", "tags": ["npc:alex", "loc:dungeon"]}, "video_transition"),
    ({"tags": ["npc:alex", "loc:dungeon"]}, "fusion"),
    ({"tags": ["npc:alex"]}, "image_to_image"),
    ({"base_image_asset_id": 2}, "image_to_image"),
    ({"operation_type": "fusion", "tags": ["npc:alex", "loc:beach"], "need": 1}, None),
    ({"operation_type": "npc_response", "tags": ["npc:alex"]}, None),
    ({"tags": ["camera:view:pov"]}, None),
]


@pytest.mark.parametrize(("block", "operation"), BLOCKS)
def test_a_block_is_suggested_with_its_operation_at_full_strength_or_not_at_all(block, operation, story):
    shown = {**ALEX, "tags": [*ALEX["tags"], "camera:view:pov"]}
    candidates = [PLATE, shown] if "loc:beach" not in block.get("tags", ()) else [shown]
    found = suggest_operations(shown, candidates, blocks={"b": block | {"label": "Duel"}}, ontology=story)
    of_block = [entry for entry in found if entry["label"] == "Use the block Duel"]
    assert [entry["operation"] for entry in of_block] == ([operation] if operation else [])


def test_a_picture_alone_can_be_varied_and_set_in_motion(story):
    assert labels(ALEX, [], ontology=story) == [VARY, MOVE]
    assert labels(ALEX, [ALEX], ontology=story) == [VARY, MOVE]


def test_a_video_can_only_be_fused_and_a_sound_nothing(story):
    assert labels({**ALEX, "media_type": "video"}, GALLERY, ontology=story) == [FUSE]
    assert labels({**ALEX, "media_type": "audio"}, GALLERY, ontology=story) == []


def test_an_index_gives_the_same_suggestions(story):
    plain = suggest_operations(FRAME, iter(GALLERY), ontology=story)
    assert suggest_operations(FRAME, CandidateIndex(GALLERY), ontology=story) == plain


def test_what_cannot_be_read_is_refused():
    with pytest.raises(CandidateError):
        suggest_operations({"tags": []}, [])
    with pytest.raises(ActionBlockError):
        suggest_operations(ALEX, [], blocks=[3])


@settings(max_examples=100, deadline=None)
@given(assets, st.randoms(use_true_random=False))
def test_suggestions_are_few_at_full_strength_and_do_not_depend_on_order(candidates, chance):
    blocks = {"a": {"tags": ["npc:ann", "loc:gate"]}, "b": {"operation_type": "fusion", "tags": ["npc:cat"]}}
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    for asset in candidates:
        found = suggest_operations(asset, candidates, blocks=blocks, ontology=VOCABULARY)
        assert suggest_operations(asset, shuffled, blocks=blocks, ontology=VOCABULARY) == found
        assert len(found) <= 8
        for entry in found:
            assert entry["prefill"]["operation"] == entry["prefill"]["asked"] == entry["operation"]
            params = entry["prefill"]["params"]
            used = params.get("asset_ids") or [item["asset_id"] for item in params.get("fusion_assets", [])]
            assert asset["id"] in (used or [params["asset_id"]])
