import pytest

from resolver import AssetResolutionRequest, Pin, pinned, prefill_operation, resolve_assets_for_action

GATE = {"id": 1, "tags": ["loc:gate", "role:bg"], "rating": 5}
DOOR = {"id": 2, "tags": ["loc:gate", "role:bg"]}
ALEX = {"id": 3, "tags": ["npc:alex", "role:char:hero"], "rating": 5}
SKETCH = {"id": 4, "tags": ["npc:alex"]}
BOSS = {"id": 5, "tags": ["npc:boss", "role:char:monster"]}
GALLERY = [GATE, DOOR, ALEX, SKETCH, BOSS]


@pytest.fixture
def result():
    request = AssetResolutionRequest(location_id="loc:gate", hero_id="npc:alex", enemy_ids=["npc:boss"])
    return resolve_assets_for_action(request, GALLERY)


def of(result, slot):
    return [match.asset["id"] for match in result.matches if match.slot == slot]


def test_a_pinned_picture_stands_first_and_the_others_keep_their_order(result):
    assert of(result, "background") == [1, 2]
    changed = pinned(result, [Pin("background", "loc:gate", DOOR)])
    assert of(changed, "background") == [2, 1]
    assert [of(changed, slot) for slot in ("hero", "enemy")] == [of(result, slot) for slot in ("hero", "enemy")]
    assert changed.gaps == result.gaps


def test_a_picture_that_better_ones_kept_out_is_put_in_front_with_its_own_tier(result):
    assert of(result, "hero") == [3]
    changed = pinned(result, [Pin("hero", "npc:alex", SKETCH)])
    assert [(match.asset["id"], match.tier) for match in changed.matches if match.slot == "hero"] == [
        (4, "identity"),
        (3, "exact"),
    ]


def test_the_prefill_takes_what_is_pinned(result):
    changed = pinned(result, [Pin("background", "loc:gate", DOOR), Pin("hero", "npc:alex", SKETCH)])
    entries = prefill_operation("fusion", changed)["params"]["fusion_assets"]
    assert [entry["asset_id"] for entry in entries] == [2, 4, 5]


def test_the_last_of_two_pins_of_a_slot_counts(result):
    changed = pinned(result, [Pin("background", "loc:gate", GATE), Pin("background", "loc:gate", DOOR)])
    assert of(changed, "background") == [2, 1]


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        (Pin("hero", "npc:mira", SKETCH), "pin_without_slot"),
        (Pin("other", "npc:alex", SKETCH), "pin_without_slot"),
        (Pin("background", "loc:gate", BOSS), "pin_unfit"),
    ],
)
def test_a_pin_that_means_nothing_is_told_and_changes_nothing(result, pin, code):
    changed = pinned(result, [pin])
    assert changed.matches == result.matches
    assert [notice.code for notice in changed.notices] == [*[notice.code for notice in result.notices], code]


def test_a_pin_does_not_lift_what_the_request_excludes():
    request = AssetResolutionRequest(hero_id="npc:alex", excluded_asset_ids=[4])
    changed = pinned(resolve_assets_for_action(request, GALLERY), [Pin("hero", "npc:alex", SKETCH)])
    assert of(changed, "hero") == [3]
    assert [notice.code for notice in changed.notices] == ["pin_unfit"]
