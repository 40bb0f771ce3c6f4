"""Did you mean: near terms, the namespace that was written first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.suggest import did_you_mean
from ontology.terms import Namespace, Ontology, Term

ONTOLOGY = Ontology(
    [
        Term("player", "Player"),
        Term("npc:alex", "Alex", aliases=("npc:alexander",)),
        Term("npc:boss_01", "Gravelord"),
        Term("npc:dungeoneer", "Dungeoneer"),
        Term("npc:albert", "", deprecated=True),
        Term("npc:ursula", ""),
        Term("loc:dungeon", "The dungeon", keywords=("cistern",)),
        Term("loc:dungeon_entrance", "Dungeon entrance", keywords=("gate", "stairs down")),
        Term("camera:view:pov", "Point of view", aliases=("cam:pov",)),
        Term("camera:view:front", "Front"),
        Term("camera:angle:low", "Low"),
    ],
    [Namespace(name, name, closed=True) for name in ("npc", "loc", "camera", "role")],
)


@pytest.mark.parametrize(
    ("text", "meant", "via"),
    [
        ("npc:Alexx", "npc:alex", "npc:alex"),
        ("npc:alexandr", "npc:alex", "npc:alexander"),
        ("npcs:alex", "npc:alex", "npc:alex"),
        ("character:alex", "npc:alex", "npc:alex"),
        ("alex", "npc:alex", "npc:alex"),
        ("npc_alex", "npc:alex", "npc:alex"),
        ("npc:gravelord", "npc:boss_01", "Gravelord"),
        ("Grave Lord", "npc:boss_01", "Gravelord"),
        ("camera:pov", "camera:view:pov", "cam:pov"),
        ("view:pov_1", "camera:view:pov", "camera:view:pov"),
        ("pov", "camera:view:pov", "cam:pov"),
        ("camera:frnt", "camera:view:front", "Front"),
        ("camera:view:low", "camera:angle:low", "camera:angle:low"),
        ("loc:dungeon:entrance", "loc:dungeon_entrance", "loc:dungeon_entrance"),
        ("location:dungeon", "loc:dungeon", "loc:dungeon"),
        ("npc:dungeon", "npc:dungeoneer", "npc:dungeoneer"),
        ("gate", "loc:dungeon_entrance", "gate"),
        ("Stairs Down", "loc:dungeon_entrance", "stairs down"),
        ("loc:gate", "loc:dungeon_entrance", "gate"),
        ("playr", "player", "player"),
    ],
)
def test_the_nearest_term_comes_first_and_says_by_what_it_was_met(text, meant, via):
    found = did_you_mean(text, ONTOLOGY)
    assert (found[0].id, found[0].via) == (meant, via)
    assert 0 < found[0].score <= 1


def test_terms_of_other_namespaces_follow_after_near_ones_of_the_named_one():
    assert [found.id for found in did_you_mean("npc:dungeon", ONTOLOGY)][:2] == ["npc:dungeoneer", "loc:dungeon"]


def test_a_keyword_of_another_namespace_follows_as_well():
    assert [found.id for found in did_you_mean("npc:cistern", ONTOLOGY)] == ["loc:dungeon"]
    assert did_you_mean("npc:cistern", ONTOLOGY)[0].score < did_you_mean("cistern", ONTOLOGY)[0].score


@pytest.mark.parametrize("text", ["", "zzzz", "npc:", "x" * 121, "npc:" + "x" * 5000, ":"])
def test_nothing_is_suggested_where_nothing_is_near(text):
    assert did_you_mean(text, ONTOLOGY) == ()


SILLY = Ontology(
    [
        Term("npc:ash_wolf", ""),
        Term("npc:gravelord", ""),
        Term("npc:boss_01", ""),
        Term("npc:mira", ""),
        Term("loc:tower", ""),
        Term("mood:dark", ""),
        Term("camera:movement:crane", ""),
        Term("camera:movement:tracking", ""),
    ],
    [Namespace(name, name, closed=True) for name in ("npc", "loc", "camera", "role", "mood")],
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("npc:zzzz", []),
        ("loc:qqq", []),
        ("npc:xx", []),
        ("foo:bar", []),
        ("rain", []),
        ("npc:crow", []),
        ("npc:wolf", ["npc:ash_wolf"]),
        ("npc:grav", ["npc:gravelord"]),
        ("npc:boss", ["npc:boss_01"]),
        ("npc:mra", ["npc:mira"]),
        ("chars:mra", ["npc:mira"]),
        ("loc:towr", ["loc:tower"]),
        ("loc:tower_top", ["loc:tower"]),
        ("camera:crame", ["camera:movement:crane"]),
    ],
)
def test_what_is_far_off_is_not_meant(text, meant):
    assert [found.id for found in did_you_mean(text, SILLY)] == meant


def test_deprecated_terms_are_never_suggested():
    assert "npc:albert" not in {found.id for found in did_you_mean("npc:albert", ONTOLOGY)}


def test_keywords_count_only_when_they_are_equal():
    assert did_you_mean("gatee", ONTOLOGY) == ()


def test_at_most_so_many_are_named_as_asked_for():
    assert len(did_you_mean("loc:dungeon", ONTOLOGY, limit=1)) == 1
    assert len(did_you_mean("loc:dungeon", ONTOLOGY)) > 1


@given(st.text())
def test_each_term_is_suggested_once_best_first_with_its_label(text):
    found = did_you_mean(text, ONTOLOGY, limit=100)
    assert len({one.id for one in found}) == len(found)
    assert sorted(-one.score for one in found) == [-one.score for one in found]
    assert all(one.label == ONTOLOGY.terms[one.id].label for one in found)


@pytest.mark.parametrize("term", sorted(set(ONTOLOGY.terms) - {"npc:albert"}))
def test_a_known_id_is_nearest_to_itself(term):
    assert did_you_mean(term, ONTOLOGY)[0].id == term
