import pytest

from resolver import (
    AssetResolutionRequest,
    OperationError,
    Part,
    arranged,
    prefill_operation,
    resolve_assets_for_action,
)

GALLERY = [
    {"id": "a1", "tags": ["loc:gate", "role:bg"]},
    {"id": "a2", "tags": ["npc:alex", "role:char:hero"]},
    {"id": "a3", "tags": ["npc:boss", "role:char:monster"]},
]


def prefilled(operation="fusion"):
    request = AssetResolutionRequest(location_id="loc:gate", hero_id="npc:alex", enemy_ids=["npc:boss"])
    return prefill_operation(operation, resolve_assets_for_action(request, GALLERY), prompt="They meet")


def told(prefill):
    return [(entry["asset_id"], entry["fusion_type"], entry["layer"]) for entry in prefill["params"]["fusion_assets"]]


def test_the_parts_say_order_type_and_layer():
    changed = arranged(prefilled(), [Part("a3", "image", 0), Part("a1", "background", 1), Part("a2", "character", 2)])
    assert told(changed) == [("a3", "image", 0), ("a1", "background", 1), ("a2", "character", 2)]
    assert changed["params"]["prompt"] == "They meet"
    assert {**changed, "params": None} == {**prefilled(), "params": None}


def test_what_no_part_names_keeps_its_own_and_comes_last():
    assert told(arranged(prefilled(), [Part("a3", "image", 7)])) == [
        ("a3", "image", 7),
        ("a1", "background", 0),
        ("a2", "character", 1),
    ]


def test_parts_of_pictures_that_are_not_in_the_call_mean_nothing():
    assert arranged(prefilled(), [Part("a9", "image", 0)]) == prefilled()


def test_no_operation_but_a_fusion_is_arranged():
    assert arranged(prefilled("image_to_image"), [Part("a1", "image", 0)]) == prefilled("image_to_image")


def test_the_prefill_that_is_given_stays_as_it_was():
    given = prefilled()
    arranged(given, [Part("a1", "image", 5)])
    assert given == prefilled()


@pytest.mark.parametrize(("fusion_type", "layer"), [("sticker", 0), ("image", -1), ("image", 1000)])
def test_what_no_call_takes_is_refused(fusion_type, layer):
    with pytest.raises(OperationError) as error:
        arranged(prefilled(), [Part("a1", fusion_type, layer)])
    assert error.value.hint
