"""Tags that stand together are counted in the index as they would be by reading every asset."""

from itertools import combinations
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resolver.companions
from ontology.terms import Ontology, Term
from resolver import CandidateIndex
from resolver.companions import SAMPLE, Companion, companions, standing_together

TAGS = ["a", "b", "c", "d", "e"]
BODIES = st.lists(st.sets(st.sampled_from(TAGS)).map(sorted), max_size=30)


def index_of(bodies):
    return CandidateIndex([{"id": number, "tags": tags} for number, tags in enumerate(bodies)])


def counted(bodies, *tags):
    return sum(set(tags) <= set(body) for body in bodies)


@given(BODIES, st.sampled_from(TAGS), st.integers(1, 4), st.sampled_from([0, 0.25, 0.5, 1]))
def test_companions_are_those_of_a_count_over_every_asset(bodies, tag, support, share):
    found = companions(index_of(bodies), tag, None, support=support, share=share)
    expected = {
        other: (counted(bodies, tag, other), counted(bodies, tag), counted(bodies, other))
        for other in TAGS
        if other != tag and counted(bodies, tag, other) >= max(support, share * counted(bodies, tag))
    }
    assert {one.tag: one[1:] for one in found} == expected
    assert list(found) == sorted(found, key=lambda one: (-one.cosine, one.tag))
    assert all(0 < one.cosine < 1 for one in found)


@given(BODIES)
def test_standing_together_counts_both_and_what_chance_would_give(bodies):
    index = index_of(bodies)
    for one, other in combinations(TAGS, 2):
        shared, expected = standing_together(index, one, other, None)
        assert shared == counted(bodies, one, other)
        assert expected == counted(bodies, one) * counted(bodies, other) / max(1, len(bodies))


def test_the_asset_that_is_asked_about_is_not_counted_against_the_companion():
    assert Companion("b", 9, 10, 9).cosine == pytest.approx(9 / (sqrt(9 * 9) + 1))


def test_few_assets_prove_less_than_many():
    assert Companion("b", 3, 4, 3).cosine < Companion("b", 300, 301, 300).cosine


def test_spellings_of_one_tag_are_counted_as_one():
    ontology = Ontology([Term("npc:alex", "Alex", aliases=("npc:alexander",))])
    index = index_of([["bold", "npc:alex"], ["bold", "npc:alexander"], ["bold", "npc:alex", "npc:alexander"]])
    assert companions(index, "bold", ontology, support=3, share=0.25) == (Companion("npc:alex", 3, 3, 3),)
    assert [one.tag for one in companions(index, "npc:alex", ontology, support=3, share=0.25)] == ["bold"]


def test_a_tag_that_nobody_carries_has_no_companions():
    assert companions(index_of([["a", "b"]]), "nobody", None, support=1, share=0.25) == ()


def test_of_a_frequent_tag_a_sample_is_looked_at_and_the_whole_is_counted():
    size = 10 * SAMPLE
    bodies = [["often", *(["half"] if number % 2 else []), f"rare{number}"] for number in range(size)]
    found = companions(index_of(bodies), "often", None, support=3, share=0.25)
    assert found == (Companion("half", size // 2, size, size // 2),)


def test_only_what_is_frequent_in_the_sample_is_counted(monkeypatch):
    counted_exactly = []
    counting = resolver.companions._counted
    monkeypatch.setattr(
        resolver.companions, "_counted", lambda *given: counted_exactly.append(given[1]) or counting(*given)
    )
    bodies = [["often", "beside", *(f"rare{number + many}" for many in range(20))] for number in range(4 * SAMPLE)]
    companions(index_of(bodies), "often", None, support=3, share=0.25)
    assert counted_exactly == ["beside"]
