import pytest

from resolver import AssetResolutionRequest, CandidateError, CandidateIndex, resolve_assets_for_action

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
