from types import SimpleNamespace

import pytest

from resolver import (
    CandidateError,
    get_asset_cameras,
    get_asset_characters,
    get_asset_locations,
    get_asset_roles,
)

TAGS = [
    "role:bg",
    "npc:boss_01",
    "loc:dungeon",
    "player",
    "camera:view:pov",
    "rain",
    "Role:Pov:Player",
    " NPC:Alex",
    "npc:boss_01",
    "loc:dungeon_entrance",
    "camera:framing:closeup",
    "role:bg",
]
EXPECTED = [
    (get_asset_roles, ["bg", "pov:player"]),
    (get_asset_characters, ["npc:boss_01", "player", "npc:alex"]),
    (get_asset_locations, ["loc:dungeon", "loc:dungeon_entrance"]),
    (get_asset_cameras, ["camera:view:pov", "camera:framing:closeup"]),
]
helpers = pytest.mark.parametrize(("helper", "expected"), EXPECTED, ids=[helper.__name__ for helper, _ in EXPECTED])


@helpers
def test_a_helper_reads_its_tags_once_each_in_their_order(helper, expected):
    assert helper({"id": 1, "tags": TAGS}) == expected
    assert helper(SimpleNamespace(id=1, tags=tuple(TAGS))) == expected


@helpers
def test_a_helper_needs_no_id_and_no_tags(helper, expected):
    assert helper({}) == []
    assert helper({"tags": None}) == []
    assert helper(SimpleNamespace()) == []


@helpers
def test_a_helper_passes_over_what_is_no_text(helper, expected):
    assert helper({"tags": [None, 3, *TAGS, ["role:bg"]]}) == expected


@helpers
def test_a_helper_refuses_a_single_text_as_tags(helper, expected):
    with pytest.raises(CandidateError, match="not a list of texts"):
        helper({"tags": "role:bg"})


def test_words_that_only_begin_like_an_identity_are_none():
    asset = {"tags": ["npcs", "location", "players", "player:one", "camera", "rolex:bg"]}
    assert [helper(asset) for helper, _ in EXPECTED] == [[], [], [], []]
