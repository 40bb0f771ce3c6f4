from types import SimpleNamespace

import pytest

from resolver import (
    OPERATIONS,
    ActionBlockError,
    AssetResolutionRequest,
    CandidateError,
    OperationError,
    prefill_operation,
    resolve_assets_for_action,
)

PLATE = {"id": 1, "tags": ["loc:dungeon", "role:bg"], "url": "file:///plate.png"}
ALEX = {"id": 2, "tags": ["npc:alex", "role:char:hero"], "url": "file:///alex.png"}
BOSS = {"id": 3, "tags": ["npc:boss"], "url": "file:///boss.png"}
MIRA = {"id": 4, "tags": ["npc:mira", "role:char:npc"], "url": "file:///mira.mp4", "media_type": "video"}
SECOND_PLATE = {"id": 5, "tags": ["loc:dungeon", "role:bg"], "url": "file:///plate2.png"}
EVERYBODY = {
    "location_id": "loc:dungeon",
    "hero_id": "npc:alex",
    "enemy_ids": ["npc:boss"],
    "other_character_ids": ["npc:mira"],
    "media_types": ["image", "video"],
}


def found(*assets, **request):
    return resolve_assets_for_action(AssetResolutionRequest(**(request or EVERYBODY)), assets)


def codes(prefill):
    return [warning["code"] for warning in prefill["warnings"]]


@pytest.fixture
def everybody():
    return found(PLATE, ALEX, BOSS, MIRA, SECOND_PLATE)


def test_a_fusion_stacks_background_hero_enemies_and_others(everybody):
    prefill = prefill_operation("fusion", everybody, prompt="They meet")
    assert prefill["operation"] == prefill["asked"] == "fusion"
    assert prefill["params"]["prompt"] == "They meet"
    assert prefill["params"]["fusion_assets"] == [
        {
            "asset_id": 1,
            "url": "file:///plate.png",
            "media_type": "image",
            "role": "role:bg",
            "fusion_type": "background",
            "layer": 0,
            "tier": "exact",
        },
        {
            "asset_id": 2,
            "url": "file:///alex.png",
            "media_type": "image",
            "role": "role:char:hero",
            "fusion_type": "character",
            "layer": 1,
            "tier": "exact",
        },
        {
            "asset_id": 3,
            "url": "file:///boss.png",
            "media_type": "image",
            "role": None,
            "fusion_type": "character",
            "layer": 2,
            "tier": "identity",
        },
        {
            "asset_id": 4,
            "url": "file:///mira.mp4",
            "media_type": "video",
            "role": "role:char:npc",
            "fusion_type": "video",
            "layer": 3,
            "tier": "exact",
        },
    ]
    assert prefill["slots"] == [
        {"slot": "background", "identity": "loc:dungeon", "asset_id": 1},
        {"slot": "hero", "identity": "npc:alex", "asset_id": 2},
        {"slot": "enemy", "identity": "npc:boss", "asset_id": 3},
        {"slot": "other", "identity": "npc:mira", "asset_id": 4},
    ]
    assert (prefill["warnings"], prefill["unfilled"]) == ([], [])


def test_a_prefill_has_these_six_parts(everybody):
    for operation in OPERATIONS:
        prefill = prefill_operation(operation, everybody)
        assert list(prefill) == ["operation", "asked", "params", "slots", "warnings", "unfilled"]


def test_an_asset_of_two_slots_goes_in_once_under_its_first_slot():
    both = {"id": 9, "tags": ["npc:alex", "npc:boss", "role:char:monster", "role:char:hero"]}
    prefill = prefill_operation("fusion", found(PLATE, both))
    assert [(item["asset_id"], item["layer"], item["role"]) for item in prefill["params"]["fusion_assets"]] == [
        (1, 0, "role:bg"),
        (9, 1, "role:char:hero"),
    ]
    assert [(slot["slot"], slot["asset_id"]) for slot in prefill["slots"]] == [
        ("background", 1),
        ("hero", 9),
        ("enemy", 9),
    ]
    assert prefill["unfilled"] == [{"slot": "other", "identity": "npc:mira", "asset_id": None}]


def test_the_role_of_an_input_is_the_one_it_was_matched_by():
    hands = {"id": 9, "tags": ["npc:alex", "role:pov:player", "role:char:npc"]}
    assert prefill_operation("fusion", found(PLATE, hands))["params"]["fusion_assets"][1]["role"] == "role:char:npc"
    player = {"id": 9, "tags": ["player", "role:pov:player", "role:char:npc"]}
    prefill = prefill_operation("fusion", found(PLATE, player, hero_id="player", location_id="loc:dungeon"))
    assert prefill["params"]["fusion_assets"][1]["role"] == "role:pov:player"


def test_the_role_of_an_input_follows_aliases(story):
    aliased = {"id": 9, "tags": ["loc:dungeon", "role:background"]}
    request = AssetResolutionRequest(location_id="loc:dungeon", hero_id="npc:alex")
    result = resolve_assets_for_action(request, [aliased, ALEX], ontology=story)
    assert prefill_operation("fusion", result)["params"]["fusion_assets"][0]["role"] == "role:bg"


@pytest.mark.parametrize(
    ("source", "role", "fusion_type"),
    [
        ({"tags": []}, None, "image"),
        ({"tags": ["role:comic_frame", "npc:zoe"]}, None, "image"),
        ({"tags": ["role:bg"]}, "role:bg", "background"),
        ({"tags": ["role:comic_frame", "role:char:npc"]}, "role:char:npc", "character"),
        ({"tags": ["role:pov:player"]}, "role:pov:player", "character"),
        ({"tags": ["role:bg"], "media_type": "video"}, "role:bg", "video"),
        ({"tags": [], "media_type": "video"}, None, "video"),
    ],
)
def test_a_source_asset_closes_a_fusion_with_the_type_of_its_role(source, role, fusion_type):
    source = {"id": "s", "url": "file:///s.png"} | source
    last = prefill_operation("fusion", found(PLATE, ALEX), source_asset=source)["params"]["fusion_assets"][-1]
    assert (last["asset_id"], last["layer"], last["tier"]) == ("s", 2, None)
    assert (last["role"], last["fusion_type"]) == (role, fusion_type)


def test_a_source_asset_that_answers_a_slot_keeps_its_place():
    prefill = prefill_operation("fusion", found(PLATE, ALEX), source_asset=dict(PLATE))
    assert [item["asset_id"] for item in prefill["params"]["fusion_assets"]] == [1, 2]


def test_a_source_asset_may_be_an_object():
    source = SimpleNamespace(id="s", tags=[], url="file:///s.png")
    assert prefill_operation("image_to_image", found(), source_asset=source)["params"]["image_url"] == "file:///s.png"


def test_max_inputs_keeps_the_first_and_names_the_dropped(everybody):
    prefill = prefill_operation("fusion", everybody, max_inputs=2)
    assert [item["asset_id"] for item in prefill["params"]["fusion_assets"]] == [1, 2]
    assert codes(prefill) == ["inputs_dropped"]
    warning = prefill["warnings"][0]
    assert "enemy npc:boss (3), other npc:mira (4)" in warning["message"]
    assert warning["tags"] == ["npc:boss", "npc:mira"]
    assert [slot["slot"] for slot in prefill["slots"]] == ["background", "hero"]
    assert prefill["unfilled"] == [
        {"slot": "enemy", "identity": "npc:boss", "asset_id": 3},
        {"slot": "other", "identity": "npc:mira", "asset_id": 4},
    ]


def test_max_inputs_names_a_dropped_source_as_such():
    prefill = prefill_operation("fusion", found(PLATE, ALEX), source_asset={"id": "s", "tags": []}, max_inputs=2)
    assert "source (s)" in prefill["warnings"][0]["message"]
    assert prefill["warnings"][0]["tags"] == []


def test_enough_max_inputs_drop_nothing(everybody):
    assert codes(prefill_operation("fusion", everybody, max_inputs=4)) == []


@pytest.mark.parametrize("most", [0, -1, True, "2", 2.0])
def test_max_inputs_is_a_positive_whole_number(everybody, most):
    with pytest.raises(OperationError, match="max_inputs is") as error:
        prefill_operation("fusion", everybody, max_inputs=most)
    assert error.value.hint


@pytest.mark.parametrize("operation", ["image_to_image", "image_to_video"])
def test_a_picture_call_starts_from_the_background(everybody, operation):
    prefill = prefill_operation(operation, everybody, prompt="Rain")
    assert prefill["operation"] == operation
    assert prefill["params"] == {
        "prompt": "Rain",
        "image_url": "file:///plate.png",
        "asset_id": 1,
        "strength": 0.6,
        "parent_asset_id": 1,
    }
    assert prefill["warnings"] == []


def test_the_base_is_the_source_then_the_blocks_image_then_the_background_then_the_hero(everybody):
    block = {"base_image_asset_id": 4}

    def base(result, **given):
        return prefill_operation("image_to_image", result, **given)["params"]["asset_id"]

    assert base(everybody, source_asset=BOSS, action_block=block) == 3
    assert base(everybody, action_block=block) == 4
    assert base(everybody) == 1
    assert base(found(ALEX, BOSS)) == 2


def test_the_blocks_base_may_be_any_match_and_not_only_the_first(everybody):
    prefill = prefill_operation("image_to_image", everybody, action_block={"baseImageAssetId": 5})
    assert prefill["params"]["image_url"] == "file:///plate2.png"
    assert codes(prefill) == []


def test_the_blocks_base_that_was_not_resolved_is_given_by_its_id_with_a_warning(everybody):
    prefill = prefill_operation("image_to_image", everybody, action_block={"base_image_asset_id": "elsewhere"})
    assert (prefill["params"]["asset_id"], prefill["params"]["image_url"]) == ("elsewhere", None)
    assert codes(prefill) == ["base_url_unknown"]


@pytest.mark.parametrize("operation", ["fusion", "image_to_image", "image_to_video", "video_transition"])
def test_a_sound_is_no_input_of_any_operation(operation):
    hum = {"id": 1, "tags": ["npc:mira", "role:char:hero"], "media_type": "audio", "url": "file:///hum.wav"}
    request = AssetResolutionRequest(hero_id="npc:mira", media_types=["audio"])
    result = resolve_assets_for_action(request, [hum])
    assert [match.asset["id"] for match in result.matches] == [1]
    prefill = prefill_operation(operation, result, source_asset=hum)
    assert prefill["operation"] == "text_to_image"
    assert "hum.wav" not in str(prefill["params"])
    assert codes(prefill)[0] == "source_is_sound"


def test_a_video_as_a_base_is_said_to_be_one(everybody):
    assert codes(prefill_operation("image_to_image", everybody, source_asset=MIRA)) == ["base_is_video"]


@pytest.mark.parametrize(
    ("block", "strength"), [(None, 0.6), ({}, 0.6), ({"default_strength": 0}, 0), ({"defaultStrength": 0.9}, 0.9)]
)
def test_the_strength_is_the_blocks_else_0_6(everybody, block, strength):
    assert prefill_operation("image_to_image", everybody, action_block=block)["params"]["strength"] == strength


@pytest.mark.parametrize("strength", [-0.1, 1.1, True, "0.5", float("nan")])
def test_a_strength_is_a_number_from_0_to_1(everybody, strength):
    with pytest.raises(ActionBlockError, match="block b: default_strength is") as error:
        prefill_operation("image_to_image", everybody, action_block={"id": "b", "default_strength": strength})
    assert error.value.hint


def test_a_transition_goes_through_the_pictures_in_slot_order(everybody):
    prefill = prefill_operation("video_transition", everybody, prompt="Night falls", max_inputs=3)
    assert prefill["params"] == {
        "prompt": "Night falls",
        "image_urls": ["file:///plate.png", "file:///alex.png", "file:///boss.png"],
        "asset_ids": [1, 2, 3],
        "prompts": ["Night falls", "Night falls"],
    }
    assert codes(prefill) == ["inputs_dropped"]


def test_a_transition_starts_at_the_source_asset():
    source = {"id": "s", "url": "file:///s.png", "tags": []}
    prefill = prefill_operation("video_transition", found(PLATE), source_asset=source)
    assert prefill["params"]["image_urls"] == ["file:///s.png", "file:///plate.png"]


@pytest.mark.parametrize(
    ("operation", "assets", "becomes", "degradations"),
    [
        ("fusion", [PLATE, ALEX], "fusion", 0),
        ("fusion", [PLATE], "image_to_image", 1),
        ("fusion", [BOSS], "text_to_image", 2),
        ("fusion", [], "text_to_image", 2),
        ("video_transition", [PLATE, ALEX], "video_transition", 0),
        ("video_transition", [ALEX], "image_to_video", 1),
        ("video_transition", [], "text_to_image", 2),
        ("image_to_image", [], "text_to_image", 1),
        ("image_to_video", [], "text_to_image", 1),
        ("text_to_image", [], "text_to_image", 0),
    ],
)
def test_too_few_pictures_degrade_the_operation_step_by_step(operation, assets, becomes, degradations):
    prefill = prefill_operation(operation, found(*assets), prompt="Rain")
    assert (prefill["asked"], prefill["operation"]) == (operation, becomes)
    assert codes(prefill) == ["degraded"] * degradations
    assert prefill["params"]["prompt"] == "Rain"


def test_a_degradation_says_what_was_missing():
    first, second = prefill_operation("fusion", found())["warnings"]
    assert first["message"] == "fusion lacks at least 2 pictures, so this is image_to_image instead"
    assert second["message"] == "image_to_image lacks a base picture, so this is text_to_image instead"


def test_one_allowed_input_makes_one_picture_call_and_names_the_dropped(everybody):
    prefill = prefill_operation("fusion", everybody, max_inputs=1)
    assert prefill["operation"] == "image_to_image"
    assert prefill["params"]["asset_id"] == 1
    assert codes(prefill) == ["degraded", "inputs_dropped"]
    assert [slot["asset_id"] for slot in prefill["unfilled"]] == [2, 3, 4]


def test_what_the_cap_leaves_out_is_told_once_however_often_the_operation_degrades():
    prefill = prefill_operation("fusion", found(BOSS, MIRA), max_inputs=1)
    assert prefill["operation"] == "text_to_image"
    assert codes(prefill) == ["degraded", "degraded", "inputs_dropped"]
    assert [slot["asset_id"] for slot in prefill["unfilled"]] == [None, None, 3, 4]
    assert prefill["slots"] == []


def test_a_source_asset_that_becomes_the_base_is_not_among_the_dropped():
    source = {"id": "s", "url": "file:///s.png", "tags": []}
    prefill = prefill_operation("fusion", found(PLATE, ALEX), source_asset=source, max_inputs=1)
    assert prefill["params"]["asset_id"] == "s"
    assert codes(prefill) == ["degraded", "inputs_dropped"]
    assert "(s)" not in prefill["warnings"][1]["message"]
    assert [slot["asset_id"] for slot in prefill["unfilled"]] == [None, None, 1, 2]


@pytest.mark.parametrize(("asset", "degradations"), [(PLATE, 1), (BOSS, 2)])
def test_a_cap_that_is_not_passed_drops_nothing_when_the_operation_degrades(asset, degradations):
    prefill = prefill_operation("fusion", found(asset), max_inputs=1)
    assert codes(prefill) == ["degraded"] * degradations


def test_slots_without_a_picture_are_unfilled():
    prefill = prefill_operation("fusion", found(PLATE, ALEX))
    assert prefill["unfilled"] == [
        {"slot": "enemy", "identity": "npc:boss", "asset_id": None},
        {"slot": "other", "identity": "npc:mira", "asset_id": None},
    ]


def test_the_prompt_is_the_callers_else_the_blocks(everybody):
    block = {"prompt": "From the block"}
    assert prefill_operation("text_to_image", everybody, action_block=block)["params"] == {"prompt": "From the block"}
    given = prefill_operation("text_to_image", everybody, action_block=block, prompt="")
    assert given["params"] == {"prompt": ""}
    assert prefill_operation("text_to_image", everybody)["params"] == {"prompt": None}
    assert prefill_operation("text_to_image", everybody, action_block={"prompt": 3})["params"] == {"prompt": None}


@pytest.mark.parametrize("operation", ["", "FUSION", "fuse", None, 3, ["fusion"]])
def test_an_unknown_operation_is_refused_with_those_that_exist(everybody, operation):
    with pytest.raises(OperationError) as error:
        prefill_operation(operation, everybody)
    assert all(known in error.value.hint for known in OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_source_asset_needs_an_id_in_every_operation(everybody, operation):
    with pytest.raises(CandidateError, match="no usable id"):
        prefill_operation(operation, everybody, source_asset={"url": "file:///s.png"})


@pytest.mark.parametrize("block", [[], "b", 3])
def test_a_block_that_is_no_mapping_is_refused(everybody, block):
    with pytest.raises(ActionBlockError, match="an action block is a mapping"):
        prefill_operation("text_to_image", everybody, action_block=block)
