import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolver_strategies import CAMERAS, PEOPLE, PLACES, VOCABULARY, assets

from resolver import ActionBlockError, CandidateError, compatible_action_blocks

PLATE = {"id": 1, "tags": ["loc:dungeon", "role:bg"]}
ALEX = {"id": 2, "tags": ["npc:alex", "role:char:hero", "camera:view:pov"]}
HERO = {"id": 3, "tags": ["role:char:hero"]}
BOB = {"id": 4, "tags": ["npc:bob", "role:char:hero"]}


def listed(asset, blocks, ontology):
    return [found["block_id"] for found in compatible_action_blocks(asset, blocks, ontology=ontology)]


def test_a_fit_names_the_slot_the_tier_and_the_reasons(story):
    blocks = {"duel": {"tags": ["loc:dungeon", "npc:alex", "npc:boss", "camera:view:pov"]}}
    assert compatible_action_blocks(ALEX, blocks, ontology=story) == [
        {
            "block_id": "duel",
            "fits": [{"slot": "hero", "identity": "npc:alex", "tier": "exact"}],
            "reasons": [
                {"code": "identity", "message": "shows npc:alex", "tags": ["npc:alex"]},
                {"code": "role", "message": "is made as role:char:hero", "tags": ["role:char:hero"]},
                {"code": "preferred", "message": "has the preferred camera:view:pov", "tags": ["camera:view:pov"]},
            ],
        }
    ]


ORDERS = [
    (
        "tiers decide, then preferred tags, then how much of the block is left open, then the id",
        {"id": 1, "tags": ["npc:alex", "role:char:hero", "camera:view:pov"]},
        {
            "wish": {"tags": ["camera:view:pov"]},
            "z_alone": {"tags": ["npc:alex"]},
            "a_crowd": {"tags": ["npc:alex", "npc:bob", "npc:mira"]},
            "b_wish": {"tags": ["npc:alex", "npc:bob", "camera:view:pov"]},
            "a_alone": {"tags": ["npc:alex"]},
            "some_hero": {"operation_type": "fusion", "tags": ["loc:beach"]},
            "elsewhere": {"tags": ["loc:beach"]},
            "bob": {"tags": ["npc:bob"]},
        },
        ["b_wish", "a_alone", "z_alone", "a_crowd", "some_hero", "wish"],
    ),
    (
        "the picture of a wider place fits, some other place does not",
        PLATE,
        {"gate": {"tags": ["loc:gate"]}, "beach": {"tags": ["loc:beach"]}, "dungeon": {"tags": ["loc:dungeon"]}},
        ["dungeon", "gate"],
    ),
    ("somebody's picture is no stand-in for another", BOB, {"alex": {"tags": ["npc:alex"]}}, []),
    ("nobody's picture is one", HERO, {"alex": {"tags": ["npc:alex"]}}, ["alex"]),
    (
        "the block that starts from the picture is first",
        BOB,
        {"bob": {"tags": ["npc:bob"]}, "start": {"base_image_asset_id": 4, "tags": ["npc:alex"]}},
        ["start", "bob"],
    ),
    ("a video fits no block", {**BOB, "media_type": "video"}, {"bob": {"tags": ["npc:bob"]}}, []),
    ("an empty block fits nothing", BOB, {"empty": {}}, []),
]


@pytest.mark.parametrize(
    ("asset", "blocks", "expected"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS]
)
def test_the_blocks_stand_best_first(asset, blocks, expected, story):
    assert listed(asset, blocks, story) == expected


def test_the_first_reason_of_a_base_image_says_so(story):
    (found,) = compatible_action_blocks(BOB, [{"id": "start", "baseImageAssetId": 4}], ontology=story)
    assert (found["fits"], [reason["code"] for reason in found["reasons"]]) == ([], ["base_image"])


def test_blocks_may_be_any_iterable_and_need_no_vocabulary():
    blocks = ({"id": number, "tags": ["npc:bob"]} for number in (2, 10))
    assert listed(BOB, blocks, None) == ["10", "2"]


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([{"tags": []}], "block number 1 has no id"),
        ([{"id": "a"}, {"id": ""}], "block number 2 has no id"),
        ([{"id": "a"}, {"id": "a"}], "two blocks have the id 'a'"),
        (["a"], "an action block is a mapping, not a str"),
        ({"a": None}, "an action block is a mapping, not a NoneType"),
        ({"a": {"id": "a", "tags": 3}}, "block a: tags holds 3"),
    ],
)
def test_a_block_of_the_wrong_shape_is_refused(blocks, message):
    with pytest.raises(ActionBlockError) as error:
        compatible_action_blocks(BOB, blocks)
    assert message in error.value.message
    assert error.value.hint


def test_a_picture_that_cannot_be_read_is_refused():
    with pytest.raises(CandidateError):
        compatible_action_blocks({"tags": []}, {"a": {}})


blocks = st.lists(
    st.fixed_dictionaries(
        {"tags": st.lists(st.sampled_from([*PEOPLE, *PLACES, *CAMERAS]), max_size=4)},
        optional={"operation_type": st.just("fusion"), "base_image_asset_id": st.integers(0, 3)},
    ),
    max_size=6,
).map(lambda found: {f"b{number}": block for number, block in enumerate(found)})


@settings(max_examples=150, deadline=None)
@given(blocks, assets, st.randoms(use_true_random=False))
def test_the_order_of_the_blocks_never_matters_and_every_entry_has_a_reason(given_blocks, candidates, chance):
    shuffled = list(given_blocks.items())
    chance.shuffle(shuffled)
    for asset in candidates:
        found = compatible_action_blocks(asset, given_blocks, ontology=VOCABULARY)
        assert found == compatible_action_blocks(asset, dict(shuffled), ontology=VOCABULARY)
        assert all(entry["reasons"] for entry in found)
        assert len({entry["block_id"] for entry in found}) == len(found)
