import json
import pickle
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from resolver import AssetResolutionRequest, resolve_assets_for_action

PLATE = {"id": 1, "tags": ["loc:dungeon", "role:bg"]}
ALEX = {"id": 2, "tags": ["npc:alex", "role:char:hero"]}
BOSS = {"id": 3, "tags": ["npc:boss", "role:char:monster"]}
MIRA = {"id": 4, "tags": ["npc:mira"]}


@pytest.fixture
def result():
    request = AssetResolutionRequest(
        location_id="loc:dungeon",
        hero_id="npc:alex",
        enemy_ids=["npc:boss", "npc:wolf"],
        other_character_ids=["npc:mira", "npc:bob"],
    )
    return resolve_assets_for_action(request, [MIRA, BOSS, ALEX, PLATE])


def test_every_list_holds_the_callers_own_objects(result):
    assert result.background_asset is PLATE
    assert result.background_assets == [PLATE]
    assert result.hero_assets == [ALEX]
    assert result.enemy_assets == [BOSS]
    assert result.enemies == {"npc:boss": [BOSS], "npc:wolf": []}
    assert result.other_characters == {"npc:mira": [MIRA], "npc:bob": []}


def test_an_empty_answer_has_empty_lists():
    result = resolve_assets_for_action(AssetResolutionRequest(), [PLATE, ALEX])
    assert result.background_asset is None
    assert (result.background_assets, result.hero_assets, result.enemy_assets) == ([], [], [])
    assert (result.enemies, result.other_characters) == ({}, {})
    assert (result.matches, result.gaps, result.trace, result.notices) == ((), (), (), ())


def test_matches_stand_in_slot_order(result):
    assert [(match.slot, match.identity) for match in result.matches] == [
        ("background", "loc:dungeon"),
        ("hero", "npc:alex"),
        ("enemy", "npc:boss"),
        ("other", "npc:mira"),
    ]


def test_the_flat_list_of_enemies_keeps_the_order_of_their_first_match():
    monsters = [{"id": number, "tags": ["role:char:monster"]} for number in (1, 2, 3)]
    request = AssetResolutionRequest(enemy_ids=["npc:a", "npc:b", "npc:c"])
    flat = resolve_assets_for_action(request, monsters).enemy_assets
    assert [asset["id"] for asset in flat] == [1, 2, 3]


def test_every_match_has_a_reason(result):
    assert [[reason.code for reason in match.reasons] for match in result.matches] == [
        ["identity", "role"],
        ["identity", "role"],
        ["identity", "role"],
        ["identity"],
    ]


def test_reasons_and_warnings_name_their_tags(story):
    request = AssetResolutionRequest(location_id="loc:gate", hero_id="npc:alex", preferred_tags=["mood:sad", "rain"])
    wide = {"id": 1, "tags": ["loc:dungeon", "role:bg", "rain", "mood:sad"]}
    group = {"id": 2, "tags": ["role:char:hero", "npc:mira", "npc:bob"]}
    background, hero = resolve_assets_for_action(request, [wide, group], ontology=story).matches
    assert [reason.to_json() for reason in background.reasons] == [
        {"code": "broader", "message": "shows loc:dungeon, which contains loc:gate", "tags": ["loc:dungeon"]},
        {"code": "role", "message": "is made as role:bg", "tags": ["role:bg"]},
        {"code": "preferred", "message": "has the preferred mood:sad, rain", "tags": ["mood:sad", "rain"]},
    ]
    assert [warning.to_json() for warning in hero.warnings] == [
        {
            "code": "different_identity",
            "message": "shows npc:bob, npc:mira, not npc:alex",
            "tags": ["npc:bob", "npc:mira"],
        }
    ]


def test_a_stand_in_for_nobody_in_particular_says_whom_it_shows():
    (match,) = resolve_assets_for_action(AssetResolutionRequest(need_hero=True), [ALEX]).matches
    assert match.warnings[0].message == "shows npc:alex"


def test_the_result_as_json_has_every_part(result):
    told = json.loads(json.dumps(result.to_json()))
    assert list(told) == [
        "request",
        "background_asset",
        "background_assets",
        "hero_assets",
        "enemy_assets",
        "enemies",
        "other_characters",
        "matches",
        "gaps",
        "trace",
        "notices",
    ]
    assert told["request"] == result.request.to_json()
    assert told["background_asset"] == PLATE
    assert told["enemies"] == {"npc:boss": [BOSS], "npc:wolf": []}
    assert told["other_characters"] == {"npc:mira": [MIRA], "npc:bob": []}
    assert told["matches"][3] == {
        "slot": "other",
        "identity": "npc:mira",
        "tier": "identity",
        "asset": MIRA,
        "reasons": [{"code": "identity", "message": "shows npc:mira", "tags": ["npc:mira"]}],
        "warnings": [],
    }
    assert told["gaps"][0] == {
        "slot": "enemy",
        "identity": "npc:wolf",
        "wanted_role": "role:char:monster",
        "filled_by": None,
    }
    assert told["trace"][0] == {
        "slot": "background",
        "identity": "loc:dungeon",
        "tiers": {
            "exact": {"fit": 1, "taken_elsewhere": 0, "returned": 1},
            "identity": None,
            "broader": None,
            "role": None,
        },
    }


def test_a_notice_as_json_has_its_field_and_its_hint(story):
    result = resolve_assets_for_action({"heroId": "npc:alexx"}, [], ontology=story)
    assert result.to_json()["notices"] == [
        {
            "code": "unknown_id",
            "message": "npc:alexx is not in the ontology",
            "hint": "did you mean npc:alex?",
            "field": "hero_id",
        }
    ]


def test_a_notice_without_a_near_id_says_what_else_to_do(story):
    (notice,) = resolve_assets_for_action({"heroId": "npc:zzzzqqq"}, [], ontology=story).notices
    assert notice.hint == "declare it in the project's ontology, or mend its spelling"


def test_a_notice_shows_foreign_text_short_and_harmless(story):
    tags = ["loc:\x1b[31m\u202e", "loc:" + "x" * 1_000_000]
    notices = resolve_assets_for_action({"requiredTags": tags}, [], ontology=story).notices
    assert [notice.code for notice in notices] == ["unknown_id", "unknown_id"]
    for notice in notices:
        assert notice.message.isprintable()
        assert len(notice.message) < 300


class OfItsOwn:
    """An asset that knows its JSON."""

    id = 5
    tags = ("npc:alex",)

    def to_json(self):
        return {"id": "mine"}


@pytest.mark.parametrize(
    ("asset", "told"),
    [
        (OfItsOwn(), {"id": "mine"}),
        (
            {"id": 1, "tags": ("npc:alex",), "created_at": datetime(2026, 1, 1, tzinfo=UTC), "path": "a.png"},
            {"id": 1, "tags": ["npc:alex"], "created_at": "2026-01-01T00:00:00+00:00", "path": "a.png"},
        ),
        (
            SimpleNamespace(id=1, tags=("npc:alex",), created_at=datetime(2026, 1, 1, tzinfo=UTC), secret="x"),
            {
                "id": 1,
                "tags": ["npc:alex"],
                "media_type": None,
                "rating": None,
                "created_at": "2026-01-01T00:00:00+00:00",
                "width": None,
                "height": None,
                "url": None,
            },
        ),
    ],
    ids=["its own", "mapping", "object"],
)
def test_an_asset_as_json(asset, told):
    result = resolve_assets_for_action({"heroId": "npc:alex"}, [asset])
    assert json.loads(json.dumps(result.to_json()))["hero_assets"] == [told]


def test_a_result_survives_pickling(result):
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.to_json() == result.to_json()
    with pytest.raises(TypeError):
        again.trace[0].tiers["exact"] = None


def test_the_enemies_are_grouped_once(result):
    assert result.enemies["npc:boss"] is result.enemies["npc:boss"]
    with pytest.raises(TypeError):
        result.enemies["npc:new"] = []


def test_the_answers_to_one_question_are_equal_and_to_another_are_not(result):
    assert result == resolve_assets_for_action(result.request, [PLATE, ALEX, BOSS, MIRA])
    assert result != resolve_assets_for_action(result.request, [PLATE, ALEX, BOSS])
