from dataclasses import FrozenInstanceError
from types import MappingProxyType

import pytest

from resolver import AssetResolutionRequest, Notice, RequestError, resolve_assets_for_action


def refused(**fields):
    with pytest.raises(RequestError) as error:
        AssetResolutionRequest(**fields)
    return error.value


WRONG = [
    ({"location_id": 3}, "location_id is 3, not a text"),
    ({"location_id": ["loc:a"]}, "location_id is ['loc:a'], not a text"),
    ({"location_id": "npc:alex"}, "location_id is 'npc:alex', which is not a place"),
    ({"location_id": "player"}, "location_id is 'player', which is not a place"),
    ({"hero_id": b"npc:alex"}, "hero_id is b'npc:alex', not a text"),
    ({"hero_id": "loc:a"}, "hero_id has 'loc:a', which is not a character"),
    ({"enemy_ids": "npc:boss"}, "enemy_ids is 'npc:boss', not a list of texts"),
    ({"enemy_ids": None}, "enemy_ids is None, not a list of texts"),
    ({"enemy_ids": ["npc:boss", 7]}, "enemy_ids holds 7, which is not a text"),
    ({"enemy_ids": ["loc:a"]}, "enemy_ids has 'loc:a', which is not a character"),
    ({"other_character_ids": 3}, "other_character_ids is 3, not a list of texts"),
    ({"other_character_ids": ["loc:a"]}, "other_character_ids has 'loc:a', which is not a character"),
    ({"need_background": 1}, "need_background is 1, not true, false or null"),
    ({"need_hero": "yes"}, "need_hero is 'yes', not true, false or null"),
    ({"need_enemies": []}, "need_enemies is [], not true, false or null"),
    ({"required_tags": "role:bg"}, "required_tags is 'role:bg', not a list of texts"),
    ({"preferred_tags": [None]}, "preferred_tags holds None, which is not a text"),
    ({"excluded_tags": 0}, "excluded_tags is 0, not a list of texts"),
    ({"excluded_asset_ids": "a1"}, "excluded_asset_ids is 'a1', not a list of ids"),
    ({"excluded_asset_ids": 4}, "excluded_asset_ids is 4, not a list of ids"),
    ({"excluded_asset_ids": [1, True]}, "excluded_asset_ids holds True, which is no asset id"),
    ({"excluded_asset_ids": [1.5]}, "excluded_asset_ids holds 1.5, which is no asset id"),
    ({"excluded_asset_ids": [["a"]]}, "excluded_asset_ids holds ['a'], which is no asset id"),
    ({"media_types": []}, "media_types is empty"),
    ({"media_types": "image"}, "media_types is 'image', not a list"),
    ({"media_types": None}, "media_types is None, not a list"),
    ({"media_types": ["image", "gif"]}, "media_types holds 'gif', not one of image, video, audio"),
    ({"media_types": [["image"]]}, "media_types holds ['image'], not one of"),
    ({"max_results": 0}, "max_results is 0, not from 1 to 500"),
    ({"max_results": 501}, "max_results is 501, not from 1 to 500"),
    ({"max_results": True}, "max_results is True, not a whole number"),
    ({"max_results": 5.0}, "max_results is 5.0, not a whole number"),
    ({"max_results": "5"}, "max_results is '5', not a whole number"),
    ({"max_results": None}, "max_results is None, not a whole number"),
    ({"weakest_tier": "best"}, "weakest_tier is 'best', not one of exact, identity, broader, role"),
    ({"weakest_tier": ["role"]}, "weakest_tier is ['role'], not one of"),
    ({"different_identity": "first"}, "different_identity is 'first', not one of last, never"),
    ({"fill": 1}, "fill is 1, not true or false"),
    ({"fill": None}, "fill is None, not true or false"),
]


@pytest.mark.parametrize(("fields", "message"), WRONG, ids=[message for _, message in WRONG])
def test_a_wrong_value_is_refused_with_the_field_and_the_value(fields, message):
    error = refused(**fields)
    assert message in error.message
    assert error.code == "invalid_request"
    assert error.hint


def test_every_field_has_a_wrong_value_in_the_table():
    tried = {name for fields, _ in WRONG for name in fields}
    assert tried == AssetResolutionRequest().to_json().keys()


def test_all_faults_are_told_at_once():
    wrong = {}
    for fields, _ in WRONG:
        wrong |= fields
    message = refused(**wrong).message
    assert all(name in message for name in wrong)


def test_a_fault_shows_little_of_an_endless_value():
    endless = "x" * 1_000_000
    error = refused(
        location_id=[endless],
        hero_id="loc:" + endless,
        need_hero=endless,
        weakest_tier=endless,
        different_identity=endless,
        excluded_tags=endless,
        media_types=[endless],
    )
    assert len(error.message) < 1500


@pytest.mark.parametrize("edge", [1, 500])
def test_one_and_five_hundred_results_are_allowed(edge):
    assert AssetResolutionRequest(max_results=edge).max_results == edge


def test_the_defaults_are_those_of_the_contract():
    assert AssetResolutionRequest().to_json() == {
        "location_id": None,
        "hero_id": None,
        "enemy_ids": [],
        "other_character_ids": [],
        "need_background": None,
        "need_hero": None,
        "need_enemies": None,
        "required_tags": [],
        "preferred_tags": [],
        "excluded_tags": [],
        "excluded_asset_ids": [],
        "media_types": ["image"],
        "max_results": 5,
        "weakest_tier": "role",
        "different_identity": "last",
        "fill": False,
    }


def test_ids_and_tags_are_cleaned_and_repeats_collapse():
    request = AssetResolutionRequest(
        location_id=" LOC : Old Mill ",
        hero_id="ＮＰＣ：Alex",  # noqa: RUF001  # full-width letters and colon
        enemy_ids=["npc:b", "NPC:B", "npc:a"],
        preferred_tags=["Red  Scarf", "", "  "],
        excluded_asset_ids=[1, "1", 1],
        media_types=["image", "video", "image"],
    )
    assert request.location_id == "loc:old_mill"
    assert request.hero_id == "npc:alex"
    assert request.enemy_ids == ("npc:b", "npc:a")
    assert request.preferred_tags == ("red_scarf",)
    assert request.excluded_asset_ids == (1, "1")
    assert request.media_types == ("image", "video")


def test_an_empty_id_is_no_id():
    assert AssetResolutionRequest(location_id="", hero_id="  ") == AssetResolutionRequest()


def test_lists_may_be_any_iterable_and_are_read_once():
    request = AssetResolutionRequest(
        enemy_ids=(who for who in ["npc:b", "npc:a"]), excluded_asset_ids=iter([2, 1]), media_types=("video",)
    )
    assert request.enemy_ids == ("npc:b", "npc:a")
    assert request.enemy_ids == ("npc:b", "npc:a")
    assert request.excluded_asset_ids == (2, 1)


def test_a_set_has_one_order_in_every_process():
    names = {"npc:e", "npc:b", "NPC:D", "npc:a", "npc:c"}
    in_order = ("npc:a", "npc:b", "npc:c", "npc:d", "npc:e")
    assert AssetResolutionRequest(enemy_ids=names).enemy_ids == in_order
    assert AssetResolutionRequest(preferred_tags=frozenset(names)).preferred_tags == in_order


def test_a_request_cannot_be_changed():
    request = AssetResolutionRequest(hero_id="npc:alex")
    with pytest.raises(FrozenInstanceError):
        request.hero_id = "npc:bob"


def test_equal_questions_are_equal_and_hash_alike_whatever_was_noticed_on_the_way():
    plain = AssetResolutionRequest(hero_id="NPC:Alex", enemy_ids=["npc:boss"])
    noticed = AssetResolutionRequest(hero_id="npc:alex", enemy_ids=("npc:boss",), notices=(Notice("code", "message"),))
    assert plain == noticed
    assert len({plain, noticed}) == 1
    assert plain != AssetResolutionRequest(hero_id="npc:alex")


def test_positional_arguments_are_refused():
    with pytest.raises(TypeError):
        AssetResolutionRequest("loc:a")


def test_json_may_be_camel_case_or_snake_case():
    camel = {
        "locationId": "loc:a",
        "heroId": "npc:alex",
        "enemyIds": ["npc:boss"],
        "otherCharacterIds": ["npc:mira"],
        "needBackground": True,
        "needHero": None,
        "needEnemies": False,
        "requiredTags": ["rain"],
        "preferredTags": ["camera:view:pov"],
        "excludedTags": ["draft"],
        "excludedAssetIds": [1],
        "mediaTypes": ["video"],
        "maxResults": 7,
        "weakestTier": "broader",
        "differentIdentity": "never",
        "fill": True,
    }
    request = AssetResolutionRequest.from_json(camel)
    assert AssetResolutionRequest.from_json(request.to_json()) == request
    assert request.max_results == 7
    assert request.need_background is True
    assert request.other_character_ids == ("npc:mira",)


def test_json_null_is_the_default_of_every_field():
    nothing = dict.fromkeys(AssetResolutionRequest().to_json())
    assert AssetResolutionRequest.from_json(nothing) == AssetResolutionRequest()


def test_any_mapping_is_json():
    assert AssetResolutionRequest.from_json(MappingProxyType({"heroId": "npc:a"})).hero_id == "npc:a"
    result = resolve_assets_for_action(MappingProxyType({"heroId": "npc:a"}), [])
    assert result.request == AssetResolutionRequest(hero_id="npc:a")


def test_an_unknown_field_is_named_with_the_field_that_was_meant():
    with pytest.raises(RequestError) as error:
        AssetResolutionRequest.from_json({"enemy_id": "npc:boss"})
    assert error.value.message == "a request has no field 'enemy_id'"
    assert error.value.hint == "did you mean enemy_ids?"


def test_a_field_like_no_other_gets_the_list_of_fields():
    with pytest.raises(RequestError) as error:
        AssetResolutionRequest.from_json({"zzz": 1})
    assert "location_id" in error.value.hint


def test_the_notices_of_a_request_are_no_json_field():
    with pytest.raises(RequestError, match="no field 'notices'"):
        AssetResolutionRequest.from_json({"notices": []})


def test_a_field_that_stands_twice_in_two_spellings_is_refused():
    with pytest.raises(RequestError, match="names the field hero_id twice"):
        AssetResolutionRequest.from_json({"hero_id": "npc:a", "heroId": "npc:b"})


def test_unknown_fields_and_wrong_values_are_told_together():
    with pytest.raises(RequestError) as error:
        AssetResolutionRequest.from_json({"heroID": "npc:a", "enemis": [], "hero_idd": "npc:a", "maxResults": 0})
    assert "'enemis'" in error.value.message
    assert "'hero_idd'" in error.value.message
    assert "max_results is 0" in error.value.message
    assert "hero_id" in error.value.hint


@pytest.mark.parametrize("request_like", [None, [], "npc:alex", 3])
def test_what_is_no_request_is_refused(request_like):
    for refuse in (AssetResolutionRequest.from_json, lambda what: resolve_assets_for_action(what, [])):
        with pytest.raises(RequestError) as error:
            refuse(request_like)
        assert f"not a {type(request_like).__name__}" in error.value.message
        assert error.value.hint


def test_a_wrong_value_in_json_keeps_the_hint_of_its_fault():
    with pytest.raises(RequestError) as error:
        AssetResolutionRequest.from_json({"maxResults": 0})
    assert "docs/resolver.md" in error.value.hint


def test_an_alias_may_be_a_bare_word_and_repeats_through_it_collapse(story):
    request = AssetResolutionRequest(hero_id="npc:old_alex", enemy_ids=["npc:alexander", "npc:alex"])
    followed = request.canonical(story)
    assert (followed.hero_id, followed.enemy_ids) == ("npc:alex", ("npc:alex",))
    assert followed.canonical(story) == followed


def test_without_a_vocabulary_a_request_is_its_own_canonical_form():
    request = AssetResolutionRequest(location_id="loc:a", hero_id="npc:b")
    assert request.canonical(None) is request
