import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_agreement import TWISTED, edited, edits
from resolver_strategies import VOCABULARY, assets

from ontology.terms import Namespace, Ontology, Term
from resolver import CandidateError, CandidateIndex, coverage, resolve_assets_for_action
from resolver.tag_runs import TagRuns

SMALL = Ontology(
    [
        Term("npc:alex", "Alex", kind="hero", aliases=("npc:alexander",)),
        Term("npc:boss", "Gravelord", kind="monster"),
        Term("npc:mira", "Mira"),
        Term("npc:old", "Old", deprecated=True, replaced_by="npc:alex"),
        Term("npc:gone", "Gone", deprecated=True),
        Term("loc:dungeon", "The dungeon"),
        Term("role:bg", "Background", aliases=("role:background",)),
    ],
    [Namespace("npc", "N", closed=True), Namespace("loc", "L", closed=False)],
)
ASSETS = [
    {"id": 1, "tags": ["npc:alexander", "role:char:hero", "camera:view:pov", "rain"]},
    {"id": 2, "tags": ["npc:alex", "npc:old", "role:char:hero", "role:char:npc"]},
    {"id": 3, "tags": ["loc:dungeon", "role:background", "camera:view:pov"]},
    {"id": 4, "tags": ["npc:boss", "loc:beach"]},
    {"id": 5, "tags": ["npc:boss", "role:char:monster"], "media_type": "video"},
    {"id": 6, "tags": ["npc:typo", "role:char:npc"]},
    {"id": 7, "tags": ["npc:gone", "role:char:hero"]},
    {"id": 8, "tags": ["rain"]},
]
NOBODY = {"char:hero": 0, "char:npc": 0, "char:monster": 0}


def test_everything_is_counted_and_what_is_missing_named():
    found = coverage(ASSETS, SMALL)
    assert found["characters"] == {
        "npc:alex": {"char:hero": 2, "char:npc": 1, "char:monster": 0},
        "npc:boss": NOBODY,
        "npc:gone": {**NOBODY, "char:hero": 1},
        "npc:mira": NOBODY,
        "npc:typo": {**NOBODY, "char:npc": 1},
        "player": {**NOBODY, "pov:player": 0},
    }
    assert found["locations"] == {"loc:beach": {"bg": 0}, "loc:dungeon": {"bg": 1}}
    assert {who: views for who, views in found["cameras"].items() if views} == {
        "npc:alex": {"camera:view:pov": 1},
        "loc:dungeon": {"camera:view:pov": 1},
    }
    assert found["cameras"].keys() == found["characters"].keys() | found["locations"].keys()
    assert found["gaps"] == [
        {"slot": "background", "identity": "loc:beach", "wanted_role": "role:bg"},
        {"slot": "hero", "identity": "player", "wanted_role": "role:pov:player"},
        {"slot": "enemy", "identity": "npc:boss", "wanted_role": "role:char:monster"},
        {"slot": "other", "identity": "npc:mira", "wanted_role": "role:char:npc"},
    ]


def test_a_hero_without_a_hero_picture_is_a_gap():
    found = coverage([{"id": 1, "tags": ["npc:alex", "role:char:npc"]}], SMALL)
    assert {"slot": "hero", "identity": "npc:alex", "wanted_role": "role:char:hero"} in found["gaps"]


def test_other_media_are_counted_where_they_are_asked_for():
    assert coverage(ASSETS, SMALL, media_types=["video"])["characters"]["npc:boss"]["char:monster"] == 1
    assert coverage(ASSETS, SMALL, media_types=["image", "video"])["characters"]["npc:alex"]["char:hero"] == 2


def test_the_player_is_there_though_no_vocabulary_lists_him():
    found = coverage([{"id": 1, "tags": ["player", "role:pov:player"]}], Ontology())
    assert found["characters"] == {"player": {**NOBODY, "pov:player": 1}}
    assert found["gaps"] == []


def test_what_no_vocabulary_lists_is_a_gap_where_anything_goes():
    assert [gap["identity"] for gap in coverage([{"id": 1, "tags": ["npc:zed"]}], Ontology())["gaps"]] == [
        "player",
        "npc:zed",
    ]


@pytest.mark.parametrize(
    ("candidates", "message"),
    [
        ([{"id": 1, "tags": []}, {"id": 1, "tags": []}], "two candidates have the id 1"),
        ([{"tags": []}], "no usable id"),
        ([{"id": 1, "tags": [3]}], "candidate 1 has a tag that is not text"),
        ([{"id": 1, "tags": "npc:a"}], "not a list of texts"),
    ],
)
def test_what_cannot_be_read_is_refused(candidates, message):
    with pytest.raises(CandidateError, match=message):
        coverage(candidates, SMALL)


@settings(max_examples=150, deadline=None)
@given(assets, st.randoms(use_true_random=False))
def test_the_order_never_matters_and_a_gap_is_what_the_resolver_misses(candidates, chance):
    found = coverage(candidates, VOCABULARY)
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert coverage(iter(shuffled), VOCABULARY) == found
    gaps = {gap["identity"] for gap in found["gaps"]}
    for place, roles in found["locations"].items():
        exact = resolve_assets_for_action(
            {"location_id": place, "weakest_tier": "exact"}, candidates, ontology=VOCABULARY
        )
        assert (place in gaps) == (not exact.matches) == (roles["bg"] == 0)
    for who in found["characters"]:
        wanted = {"hero_id": who, "weakest_tier": "exact", "max_results": 500}
        exact = resolve_assets_for_action(wanted, candidates, ontology=VOCABULARY)
        assert exact.matches or who in gaps


def never_asked(ids):
    pytest.fail(f"the lookup was asked for {ids}")


@pytest.mark.parametrize("media_types", [("image",), ("video", "image"), ()])
def test_an_index_counts_the_same_and_asks_for_no_asset(media_types):
    index = CandidateIndex(ASSETS, lookup=never_asked)
    assert coverage(index, SMALL, media_types=media_types) == coverage(ASSETS, SMALL, media_types=media_types)


@settings(max_examples=200, deadline=None)
@given(assets, edits, st.sampled_from([SMALL, VOCABULARY, TWISTED]), st.sampled_from([("image",), ("image", "video")]))
def test_an_index_counts_as_the_plain_path_after_any_edits(candidates, todo, ontology, media_types):
    held = {asset["id"]: asset for asset in candidates}
    index = CandidateIndex(candidates, lookup=never_asked)
    edited(index, held, todo)
    found = coverage(index, ontology, media_types=media_types)
    assert found == coverage(held.values(), ontology, media_types=media_types)


def test_frequent_tags_are_counted_without_going_through_their_assets(monkeypatch):
    crowd = [{"id": number, "tags": [*asset["tags"], str(number)]} for number, asset in enumerate(ASSETS * 50)]
    index = CandidateIndex(crowd, lookup=never_asked)
    monkeypatch.setattr(TagRuns, "__getitem__", lambda _, position: pytest.fail(f"asset {position} was read"))
    found = coverage(index, SMALL)
    monkeypatch.undo()
    assert found == coverage(crowd, SMALL)
    assert found["characters"]["npc:alex"]["char:hero"] == 100
