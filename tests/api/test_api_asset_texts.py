"""Assets written once: what is kept is what would be written anew, whatever an answer holds."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import asset_texts
from api.answers import assets_json, json_bytes
from api.asset_texts import answer_with_assets, answer_with_page
from ontology.errors import InvalidInputError
from resolver import resolve_assets_for_action


@pytest.fixture
def page(workspace):
    return workspace.gallery.search(limit=20)


def body_of(page):
    return lambda write: {"assets": list(map(write, page.assets)), "total": page.total, "cursor": page.cursor}


def test_a_page_is_written_as_it_would_be_without_what_is_kept(context, page):
    plain = json_bytes(assets_json(context, page.to_json()))
    for _ in range(2):  # the second time from what is kept
        assert answer_with_page(context, page).body == plain
        assert answer_with_assets(context, body_of(page)).body == plain


def test_a_page_of_nothing_is_written(context, page):
    empty = replace(page, assets=(), total=0, cursor=None)
    assert answer_with_page(context, empty).body == json_bytes(empty.to_json())


def test_an_answer_of_the_resolver_is_written_as_without_what_is_kept(context, workspace):
    found = workspace.resolve(location_id="loc:dungeon_entrance", hero_id="npc:alex", enemy_ids=["npc:boss_01"])
    assert len(found.matches) > 3
    assert answer_with_assets(context, found.to_json).body == json_bytes(found.to_json())


def test_a_changed_asset_is_written_as_it_is_now(client, assets):
    path, wanted = f"/v1/assets/{assets[0]['id']}", assets[0]["id"]
    for rating in (1, 2, 3):
        client.patch(path, json={"rating": rating}, headers={"If-Match": "*"}).raise_for_status()
        listed = {item["id"]: item for item in client.get("/v1/assets?limit=500").json()["assets"]}
        shot = client.post("/v1/resolve", json={"need_background": True, "need_hero": True, "max_results": 500}).json()
        found = [match["asset"] for match in shot["matches"] if match["asset"]["id"] == wanted]
        assert {item["rating"] for item in [listed[wanted], *found]} == {rating}


def test_candidates_of_the_caller_are_written_as_they_are(context):
    given = [{"id": 7, "tags": ["npc:alex", "role:char:hero"], "mine": 1.5}]
    found = resolve_assets_for_action({"hero_id": "npc:alex"}, given)
    assert answer_with_assets(context, found.to_json).body == json_bytes(found.to_json())


def test_each_server_writes_its_own_addresses(context, page):
    other = replace(context, public_url="https://pictures.example")
    for at, begin in ((context, "/v1/assets/"), (other, "https://pictures.example/v1/assets/")):
        written = json.loads(answer_with_page(at, page).body)["assets"]
        assert all(item["url"].startswith(begin) for item in written)


def test_texts_that_look_like_marks_or_are_no_characters_do_no_harm(context, page):
    mark = asset_texts._MARK
    for end in ("", " \ud800", '" NaN Infinity'):
        body = body_of(replace(page, assets=page.assets[:2], cursor=f'x{mark}" "{mark}0"{end}'))
        written = json.loads(answer_with_assets(context, body).body)
        assert written["cursor"] == f'x{mark}" "{mark}0"{end}'
        assert [item["id"] for item in written["assets"]] == [item.id for item in page.assets[:2]]


def test_an_asset_of_no_characters_is_written_with_escapes(context, page):
    assets = (replace(page.assets[0], path="\ud800"), page.assets[1])
    written = json.loads(answer_with_page(context, replace(page, assets=assets)).body)["assets"]
    assert [item["path"] for item in written] == ["\ud800", page.assets[1].path]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_what_is_written_is_what_was_given(value):
    assert json.loads(json_bytes(value)) == value
    assert b"\n" not in json_bytes(value)  # lines of events end there


def test_a_body_of_many_levels_is_written():
    value = []
    for _ in range(400):
        value = [value]
    assert json.loads(json_bytes(value)) == value


def test_what_is_kept_is_bounded(context, page):
    asset_texts._text.cache_clear()
    many = tuple(replace(page.assets[0], id=f"a{number:016x}") for number in range(asset_texts.MOST_KEPT + 50))
    answer_with_page(context, replace(page, assets=many))
    assert asset_texts._text.cache_info().currsize == asset_texts.MOST_KEPT


def test_what_json_has_not_is_refused(context):
    with pytest.raises(InvalidInputError):
        answer_with_assets(context, lambda _: {"number": float("nan")})
    with pytest.raises(TypeError):
        answer_with_assets(context, lambda _: {"thing": object()})
