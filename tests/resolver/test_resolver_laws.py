from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from index_agreement import VOCABULARIES, usable
from resolver_oracle import expected_resolution
from resolver_strategies import ALIASES, BROADER, CAMERAS, VOCABULARY, assets, requests

from resolver import AssetResolutionRequest, CandidateIndex, resolve_assets_for_action
from resolver.plain import PlainSource
from resolver.ranking import rank
from resolver.slots import plan_slots
from resolver.tiers import place_of

laws = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def resolve(request, candidates):
    """The answer of the plain path; an index gives the same one, so every law here holds for both."""
    result = resolve_assets_for_action(request, candidates, ontology=VOCABULARY)
    if isinstance(candidates, list):
        assert resolve_assets_for_action(request, CandidateIndex(candidates), ontology=VOCABULARY) == result
    return result


def rows(result):
    return [
        (match.slot, match.identity, match.tier, match.asset["id"], sorted(warning.code for warning in match.warnings))
        for match in result.matches
    ]


def counts(slot_trace):
    return {
        tier: count and (count.fit, count.taken_elsewhere, count.returned) for tier, count in slot_trace.tiers.items()
    }


@settings(laws, max_examples=400)
@given(requests, assets)
def test_the_answer_is_that_of_a_second_resolver_written_from_the_contract(request, candidates):
    result = resolve(request, candidates)
    expected = expected_resolution(request.canonical(VOCABULARY), candidates, broader=BROADER, renamed=ALIASES)
    assert rows(result) == expected.matches
    assert [(gap.slot, gap.identity, gap.wanted_role, gap.filled_by) for gap in result.gaps] == expected.gaps
    assert [(slot.slot, slot.identity, counts(slot)) for slot in result.trace] == expected.trace


ABSENT = {"rating": None, "created_at": None, "media_type": None}


@laws
@given(requests, assets, st.sampled_from(VOCABULARIES))
def test_objects_are_read_as_mappings_are(request, candidates, ontology):
    """Objects with all fields are read in blocks, mappings by column; neither way may be told from the answer."""
    assume(usable(request, ontology))
    objects = [SimpleNamespace(**ABSENT | candidate) for candidate in candidates]
    of_objects = resolve_assets_for_action(request, objects, ontology=ontology)
    of_mappings = resolve_assets_for_action(request, candidates, ontology=ontology)
    assert of_objects.trace == of_mappings.trace
    assert [(match.asset.id, match.reasons, match.warnings) for match in of_objects.matches] == [
        (match.asset["id"], match.reasons, match.warnings) for match in of_mappings.matches
    ]


@laws
@given(requests, assets)
def test_ranks_worked_out_as_far_as_needed_give_the_order_of_whole_ranks(request, candidates):
    request = request.canonical(VOCABULARY)
    source = PlainSource(request, candidates, VOCABULARY)
    handles = range(len(candidates))
    preferred = frozenset(request.preferred_tags)
    for slot in plan_slots(request, VOCABULARY):
        whole = sorted(handles, key=lambda handle, slot=slot: rank(slot, preferred, 0, source.candidate(handle)))
        assert list(source.by_rank(slot, handles)) == whole


@laws
@given(requests, assets)
def test_known_ids_that_no_asset_carries_are_gaps_without_a_notice(request, candidates):
    request = replace(request, location_id="loc:moon", hero_id="npc:zoe", need_background=True, need_hero=True)
    result = resolve(request, candidates)
    assert result.notices == ()
    assert [gap.slot for gap in result.gaps[:2]] == ["background", "hero"]
    expected = expected_resolution(request.canonical(VOCABULARY), candidates, broader=BROADER, renamed=ALIASES)
    assert rows(result) == expected.matches


@laws
@given(requests, assets, st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_matters(request, candidates, chance):
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    assert resolve(request, candidates) == resolve(request, shuffled)


@laws
@given(requests, assets)
def test_an_index_and_an_iterable_give_the_same_answer(request, candidates):
    plain = resolve(request, candidates)
    assert resolve(request, CandidateIndex(candidates)) == plain
    assert resolve(request, iter(candidates)) == plain


@laws
@given(requests, assets)
def test_every_tier_holds_the_assets_whose_place_it_is(request, candidates):
    request = replace(request, fill=True, max_results=500, media_types=["image", "video"], excluded_asset_ids=())
    request = replace(request, required_tags=(), excluded_tags=(), different_identity="last", weakest_tier="role")
    asked = request.canonical(VOCABULARY)
    tags = [frozenset(map(VOCABULARY.canonical, asset["tags"])) for asset in candidates]
    for slot, trace in zip(plan_slots(asked, VOCABULARY), resolve(request, candidates).trace, strict=True):
        places = [place_of(slot, found) for found in tags]
        assert {tier: sum(place is not None and place.tier == tier for place in places) for tier in trace.tiers} == {
            tier: count.fit for tier, count in trace.tiers.items()
        }


@pytest.mark.parametrize(
    ("tags", "place"),
    [
        (["loc:gate", "role:bg"], ("exact", 0)),
        (["loc:gate", "rain"], ("identity", 0)),
        (["loc:gate", "npc:ann"], None),
        (["loc:keep", "role:bg"], ("broader", 0)),
        (["loc:realm", "role:bg"], ("broader", 1)),
        (["role:bg"], ("role", 0)),
        (["loc:shore", "role:bg", "npc:ann"], ("role", 1)),
        (["loc:keep"], None),
    ],
)
def test_a_background_stands_in_the_best_tier_it_fits(tags, place):
    (slot,) = plan_slots(AssetResolutionRequest(location_id="loc:gate"), VOCABULARY)
    assert place_of(slot, frozenset(tags)) == place


@laws
@given(requests, assets)
def test_mappings_and_objects_give_the_same_answer(request, candidates):
    objects = [SimpleNamespace(**asset) for asset in candidates]
    of_mappings, of_objects = resolve(request, candidates), resolve(request, objects)
    assert [(match.tier, match.asset["id"]) for match in of_mappings.matches] == [
        (match.tier, match.asset.id) for match in of_objects.matches
    ]
    assert (of_mappings.gaps, of_mappings.trace, of_mappings.notices) == (
        of_objects.gaps,
        of_objects.trace,
        of_objects.notices,
    )


@laws
@given(requests, assets)
def test_resolving_leaves_the_candidates_as_they_were_and_hands_the_same_objects_back(request, candidates):
    before = [dict(asset, tags=list(asset["tags"])) for asset in candidates]
    result = resolve(request, candidates)
    assert candidates == before
    assert all(any(match.asset is asset for asset in candidates) for match in result.matches)


@laws
@given(requests, assets, st.sampled_from([*CAMERAS, "rain", "role:bg", "npc:ann"]))
def test_adding_a_required_tag_never_adds_a_candidate(request, candidates, tag):
    loose = replace(request, fill=True, max_results=500)
    strict = replace(loose, required_tags=(*loose.required_tags, tag))
    before, after = resolve(loose, candidates), resolve(strict, candidates)
    assert {row[:4] for row in map(tuple, map(_hashable, rows(after)))} <= {
        row[:4] for row in map(tuple, map(_hashable, rows(before)))
    }
    for wide, narrow in zip(before.trace, after.trace, strict=True):
        for tier, count in narrow.tiers.items():
            if count is not None and wide.tiers[tier] is not None:
                assert count.fit <= wide.tiers[tier].fit


def _hashable(row):
    return (*row[:4], tuple(row[4]))


@laws
@given(requests, assets)
def test_no_fallback_takes_an_asset_that_is_returned_for_another_slot_by_its_identity(request, candidates):
    result = resolve(request, candidates)
    by_identity = {match.asset["id"] for match in result.matches if match.tier in ("exact", "identity")}
    stand_ins = {match.asset["id"] for match in result.matches if match.tier in ("broader", "role")}
    assert not by_identity & stand_ins


@laws
@given(requests, assets)
def test_no_slot_gets_more_than_was_asked_for_and_no_asset_twice_in_one_slot(request, candidates):
    result = resolve(request, candidates)
    per_slot = {}
    for match in result.matches:
        per_slot.setdefault((match.slot, match.identity), []).append(match.asset["id"])
    for ids in per_slot.values():
        assert len(ids) <= request.max_results
        assert len(ids) == len(set(ids))


FITTING = {
    "background": ["loc:gate", "role:bg"],
    "hero": ["npc:ann", "role:char:hero", "role:char:npc"],
    "player": ["player", "role:char:hero", "role:pov:player"],
    "enemy": ["npc:cat", "role:char:monster", "role:char:npc"],
    "other": ["npc:ben", "role:char:npc", "role:char:hero"],
}
QUESTIONS = {
    "background": {"location_id": "loc:gate"},
    "hero": {"hero_id": "npc:ann"},
    "player": {"hero_id": "player"},
    "enemy": {"enemy_ids": ["npc:cat"]},
    "other": {"other_character_ids": ["npc:ben"]},
}


@laws
@given(st.sampled_from(sorted(QUESTIONS)), assets, st.data())
def test_a_better_tagged_asset_never_ranks_below_its_own_copy_with_fewer_fitting_tags(question, candidates, data):
    assume(candidates)
    request = {**QUESTIONS[question], "preferred_tags": CAMERAS, "fill": True, "max_results": 500}
    plain = data.draw(st.sampled_from(candidates))
    more = data.draw(st.lists(st.sampled_from([*FITTING[question], *CAMERAS])))
    better = {**plain, "id": -100, "tags": [*plain["tags"], *more]}  # the smaller id settles a tie for the better one
    ranked = [match.asset["id"] for match in resolve(request, [*candidates, better]).matches]
    if plain["id"] in ranked:
        assert ranked.index(-100) < ranked.index(plain["id"])


@laws
@given(requests, assets)
def test_an_asset_that_fits_nothing_changes_nothing(request, candidates):
    bystander = {"id": "bystander", "tags": ["rain", "role:comic_frame"]}
    assert resolve(request, candidates) == resolve(request, [*candidates, bystander])
