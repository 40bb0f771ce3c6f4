"""An index answers as the plain path does: field by field, with the same objects, after any edits."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index_agreement import VOCABULARIES, edited, edits, same
from resolver_oracle import expected_resolution
from resolver_strategies import ALIASES, BROADER, VOCABULARY, assets, requests

import resolver.walk
from resolver import CandidateIndex, resolve_assets_for_action

laws = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(autouse=True, params=[0, 1, 24], ids=["by levels", "by both", "one by one"])
def _small(monkeypatch, request):
    """Small worlds never reach the splitting of levels unless the threshold is lowered."""
    monkeypatch.setattr(resolver.walk, "SMALL", request.param)


@laws
@given(requests, assets, st.sampled_from(VOCABULARIES))
def test_an_index_answers_as_the_plain_path(request, candidates, ontology):
    same(request, CandidateIndex(candidates), candidates, ontology)


@laws
@given(requests, requests, assets, edits, edits, st.permutations(VOCABULARIES))
def test_an_index_answers_as_the_plain_path_after_any_edits(first, second, candidates, some, more, vocabularies):
    index, held = CandidateIndex(candidates), {asset["id"]: asset for asset in candidates}
    edited(index, held, some)
    for ontology in vocabularies:
        same(first, index, list(held.values()), ontology)
    edited(index, held, more)
    for ontology in vocabularies:
        same(second, index, list(held.values()), ontology)
    assert len(index) == len(held)
    assert sorted(map(str, held)) == sorted(str(asset["id"]) for asset in index)


@laws
@given(requests, assets, st.data())
def test_an_index_that_is_filled_one_by_one_equals_one_that_is_made_at_once(request, candidates, data):
    index = CandidateIndex()
    for asset in data.draw(st.permutations(candidates)):
        index.add(asset)
    same(request, index, candidates, VOCABULARY)


@laws
@given(requests, assets)
def test_an_index_answers_as_a_second_resolver_written_from_the_contract(request, candidates):
    result = resolve_assets_for_action(request, CandidateIndex(candidates), ontology=VOCABULARY)
    expected = expected_resolution(request.canonical(VOCABULARY), candidates, broader=BROADER, renamed=ALIASES)
    assert [
        (match.slot, match.identity, match.tier, match.asset["id"], sorted(warning.code for warning in match.warnings))
        for match in result.matches
    ] == expected.matches


@laws
@given(requests, assets)
def test_an_index_with_a_lookup_asks_once_for_what_it_returns(request, candidates):
    asked = []

    def lookup(ids):
        asked.append(list(ids))
        return [asset for asset in candidates if asset["id"] in ids]

    index = CandidateIndex((dict(asset) for asset in candidates), lookup=lookup)
    same(request, index, candidates, VOCABULARY)
    returned = {match.asset["id"] for match in resolve_assets_for_action(request, index, ontology=VOCABULARY).matches}
    assert len(asked) == (2 if returned else 0)
    assert all(len(ids) == len(returned) and set(ids) == returned for ids in asked)
