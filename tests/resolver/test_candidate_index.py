import pytest

from ontology.terms import Ontology, Term
from resolver import (
    AssetResolutionRequest,
    CandidateError,
    CandidateIndex,
    LookupFailedError,
    resolve_assets_for_action,
)

HERO = AssetResolutionRequest(hero_id="npc:alex")
ALEX = {"id": 1, "tags": ["npc:alex", "role:char:hero"]}
BOB = {"id": "b", "tags": ["npc:bob", "role:char:hero"]}


def test_an_index_knows_its_ids_and_its_length():
    index = CandidateIndex([ALEX, BOB])
    assert len(index) == 2
    assert 1 in index
    assert "b" in index
    assert "1" not in index
    assert list(index) == [ALEX, BOB]


def test_what_is_added_is_found_and_what_is_discarded_is_not():
    index = CandidateIndex()
    index.add(ALEX)
    assert resolve_assets_for_action(HERO, index).hero_assets == [ALEX]
    index.discard(1)
    index.discard("never there")
    assert resolve_assets_for_action(HERO, index).hero_assets == []
    assert len(index) == 0


def test_roles_that_come_and_go_between_two_answers_are_seen():
    """Which assets have a role of some slot is kept from answer to answer."""
    monster = {"id": 3, "tags": ["npc:alex", "role:char:monster"]}
    index = CandidateIndex([ALEX], lookup=by_id({1: ALEX, 2: dict(ALEX, id=2), 3: monster}))

    def exact():
        found = resolve_assets_for_action(HERO, index).matches
        return [match.asset["id"] for match in found if match.tier == "exact"]

    assert exact() == [1]
    index.add(dict(ALEX, id=2))
    assert exact() == [1, 2]
    index.discard(1)
    assert exact() == [2]
    index.add(monster)
    assert exact() == [2, 3]
    index.retag(2, remove=["role:char:hero"])
    assert exact() == [3]
    index.update(dict(ALEX, id=2))
    assert exact() == [2, 3]
    anybody = AssetResolutionRequest(need_enemies=True)
    assert resolve_assets_for_action(anybody, index).enemy_assets == [monster]
    index.discard(3)
    assert resolve_assets_for_action(anybody, index).enemy_assets == []


def test_an_update_replaces_an_asset_or_brings_a_new_one():
    index = CandidateIndex([ALEX])
    index.update({"id": 1, "tags": ["rain"]})
    index.update(BOB)
    assert len(index) == 2
    assert [match.tier for match in resolve_assets_for_action(HERO, index).matches] == ["role"]


def test_an_index_answers_again_and_again():
    index = CandidateIndex([ALEX, BOB])
    assert resolve_assets_for_action(HERO, index) == resolve_assets_for_action(HERO, index)


def test_two_candidates_with_one_id_are_refused_and_the_first_stays():
    index = CandidateIndex([ALEX])
    with pytest.raises(CandidateError, match="two candidates have the id 1") as error:
        index.add({"id": 1, "tags": []})
    assert "update" in error.value.hint
    assert list(index) == [ALEX]


@pytest.mark.parametrize("asset", [{"tags": []}, {"id": True}, None])
def test_an_asset_without_an_id_is_refused(asset):
    index = CandidateIndex()
    with pytest.raises(CandidateError):
        index.add(asset)
    with pytest.raises(CandidateError):
        index.update(asset)
    assert len(index) == 0


def by_id(assets):
    return lambda ids: [assets[asset_id] for asset_id in ids]


@pytest.mark.parametrize("odd", [True, False, None, 1.0, [], {}, b"b", ("b",), {"id": 1}])
def test_what_is_no_id_is_not_in_an_index_and_cannot_be_discarded(odd):
    index = CandidateIndex([ALEX, BOB])
    assert odd not in index
    index.discard(odd)
    assert len(index) == 2


@pytest.mark.parametrize("asset_id", [0, 2**64 - 1, 2**64, -1, "a", "a" * 17, "a" + "0" * 16, "A" + "0" * 16, "é"])
def test_ids_of_all_kinds_come_back_as_they_were(asset_id):
    asset = {"id": asset_id, "tags": ["npc:alex"]}
    for index in (CandidateIndex([ALEX, BOB, asset]), CandidateIndex([BOB])):
        index.discard(1)
        index.update(asset)
        assert asset_id in index
        assert resolve_assets_for_action(HERO, index).matches[0].asset is asset
        index.discard(asset_id)
        assert asset_id not in index


def test_a_number_and_the_hexadecimal_id_of_the_same_value_are_two():
    assets = [{"id": 7, "tags": []}, {"id": "a0000000000000007", "tags": []}]
    index = CandidateIndex(assets)
    assert 7 in index
    assert "a0000000000000007" in index
    index.discard(7)
    assert [asset["id"] for asset in index] == ["a0000000000000007"]
    assert 7 not in index
    index.add(assets[0])
    assert 7 in index


@pytest.mark.parametrize("candidates", [None, 3, "assets", {"id": 1, "tags": []}])
def test_an_index_is_made_of_a_list(candidates):
    with pytest.raises(CandidateError, match="not a list of assets"):
        CandidateIndex(candidates)


def test_two_candidates_with_one_id_are_refused_however_far_apart():
    many = ({"id": number % 25_000, "tags": []} for number in range(25_001))
    with pytest.raises(CandidateError, match="two candidates have the id 0"):
        CandidateIndex(many)


def test_tags_that_can_be_read_once_are_read_when_they_are_added():
    index = CandidateIndex([{"id": 1, "tags": iter(ALEX["tags"])}])
    index.add({"id": 2, "tags": iter(ALEX["tags"])})
    for _ in range(2):
        assert [asset["id"] for asset in resolve_assets_for_action(HERO, index).hero_assets] == [1, 2]


def test_an_index_with_a_lookup_holds_no_assets():
    index = CandidateIndex([ALEX], lookup=by_id({1: ALEX}))
    with pytest.raises(TypeError, match="holds no assets"):
        iter(index)
    assert resolve_assets_for_action(HERO, index).hero_assets == [ALEX]


def test_a_lookup_that_leaves_an_asset_out_is_an_error_that_names_it():
    index = CandidateIndex([ALEX], lookup=lambda _ids: [])
    with pytest.raises(LookupFailedError, match="found no asset for 1") as error:
        resolve_assets_for_action(HERO, index)
    assert error.value.missing == (1,)
    assert error.value.code == "lookup_failed"


def test_tags_and_ratings_change_without_the_asset():
    assets = {1: ALEX, 2: dict(ALEX, id=2)}
    index = CandidateIndex(assets.values(), lookup=by_id(assets))
    index.rate(2, 4)
    assert resolve_assets_for_action(HERO, index).hero_assets == [assets[2], ALEX]
    index.rate(2, None)
    index.retag(1, add=[" Rain", "npc:alex"], remove=["npc:bob", "never seen", "npc:alex", "role:char:hero"])
    asked = AssetResolutionRequest(hero_id="npc:alex", preferred_tags=["rain"], fill=True)
    found = resolve_assets_for_action(asked, index).matches
    assert [(match.tier, match.asset["id"]) for match in found] == [("exact", 2), ("identity", 1)]
    assert [reason.code for reason in found[1].reasons] == ["identity", "preferred"]


def test_a_rating_may_lie_between_half_stars_and_leave_again():
    assets = {number: {"id": number, "tags": ALEX["tags"]} for number in (1, 2, 3)}
    index = CandidateIndex(assets.values(), lookup=by_id(assets))
    for asset_id, rating in ((3, 4.75), (2, 4.6), (3, 4.75), (1, 4.7), (2, 4.6)):
        index.rate(asset_id, rating)
    assert [asset["id"] for asset in resolve_assets_for_action(HERO, index).hero_assets] == [3, 1, 2]
    index.rate(3, 0)
    index.rate(2, 5)
    assert [asset["id"] for asset in resolve_assets_for_action(HERO, index).hero_assets] == [2, 1, 3]


def test_a_change_without_the_asset_needs_a_lookup_and_a_known_id():
    with pytest.raises(TypeError, match="update"):
        CandidateIndex([ALEX]).rate(1, 3)
    index = CandidateIndex([ALEX], lookup=by_id({1: ALEX}))
    for unknown in (2, "1", True, []):
        with pytest.raises(CandidateError, match="no candidate has the id"):
            index.retag(unknown, add=["rain"])
    with pytest.raises(CandidateError, match="rating 9"):
        index.rate(1, 9)


def test_an_index_stays_in_order_through_thousands_of_late_and_lost_assets():
    index = CandidateIndex()
    held = {}
    for number in range(7_000):
        held[number] = {"id": number, "tags": ALEX["tags"], "created_at": f"20{99 - number % 90}-01-01T00:00:00Z"}
        index.add(held[number])
        if number % 3:
            index.discard(number)
            del held[number]
    asked = AssetResolutionRequest(hero_id="npc:alex", max_results=500)
    assert resolve_assets_for_action(asked, index) == resolve_assets_for_action(asked, held.values())
    for number in list(held):
        index.discard(number)
    assert len(index) == 0
    assert resolve_assets_for_action(asked, index).matches == ()


def test_an_asset_may_gain_and_lose_many_tags_many_times():
    index = CandidateIndex([ALEX])
    for number in range(600):
        index.update({"id": 1, "tags": [*ALEX["tags"], *(f"word{number % 7}_{n}" for n in range(number))]})
    grown = {"id": 1, "tags": [*ALEX["tags"], "rain"], "media_type": "video"}
    index.update(grown)
    asked = AssetResolutionRequest(hero_id="npc:alex", preferred_tags=["rain"], media_types=["video"])
    assert resolve_assets_for_action(asked, index) == resolve_assets_for_action(asked, [grown])


def test_the_order_holds_where_the_last_of_equally_old_assets_is_gone():
    index = CandidateIndex()
    for asset_id in (6, "b", 5, "a0000000000000001"):
        index.update({"id": asset_id, "tags": ALEX["tags"]})
    index.discard(5)
    for asset_id in (7, "c", 4):
        index.add({"id": asset_id, "tags": ALEX["tags"]})
    found = resolve_assets_for_action(AssetResolutionRequest(hero_id="npc:alex", max_results=9), index)
    assert [asset["id"] for asset in found.hero_assets] == [4, 6, 7, "a0000000000000001", "b", "c"]


def test_the_order_holds_where_assets_of_equal_age_come_and_go_after_a_restart():
    held = {6: {"id": 6, "tags": ALEX["tags"]}, 5: {"id": 5, "tags": ALEX["tags"]}}
    index = CandidateIndex(held.values(), lookup=by_id(held))
    index.discard(5)
    again, _ = CandidateIndex.from_bytes(index.to_bytes(0), lookup=by_id(held))
    held[7] = {"id": 7, "tags": ALEX["tags"]}
    again.add(held[7])
    assert [asset["id"] for asset in resolve_assets_for_action(HERO, again).hero_assets] == [6, 7]


def test_vocabularies_come_and_go():
    index = CandidateIndex([{"id": 1, "tags": ["npc:alexander", "role:char:hero"]}])
    for number in range(9):
        index.update({"id": 2, "tags": [f"npc:al_{number}"]})
        known = Ontology([Term("npc:alex", "Alex", aliases=("npc:alexander", f"npc:al_{number}"))])
        found = resolve_assets_for_action(HERO, index, ontology=known).matches
        assert [(match.tier, match.asset["id"]) for match in found] == [("exact", 1)]
        index.add({"id": 3, "tags": ["npc:alexander"], "rating": 5})
        index.discard(3)
    assert resolve_assets_for_action(HERO, index).matches[0].tier == "role"
