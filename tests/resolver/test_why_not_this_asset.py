import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from index_agreement import VOCABULARIES, edited, edits, usable
from resolver_oracle import passes
from resolver_strategies import ALIASES, BROADER, VOCABULARY, assets, one_asset, requests

import resolver.contest
import resolver.plain
import resolver.ranking
import resolver.rivals
from resolver import CandidateError, CandidateIndex, RequestError, explain_asset, resolve_assets_for_action
from resolver.canonical_reading import TagReader, read_candidate
from resolver.contest import refusal
from resolver.explain import RULES

ALEX = {"hero_id": "npc:alex"}
FIRST = {"id": 1, "tags": ["npc:alex", "role:char:hero"]}


def explained(request, asset, others, ontology=None):
    """The explanation of the first slot."""
    return explain_asset(request, asset, others, ontology=ontology)[0]


def told(request, asset, others, ontology=None):
    found = explained(request, asset, others, ontology)
    return found["rule"], found["lost_to"], found["change"]


def change(add=(), remove=()):
    return {"add": list(add), "remove": list(remove)}


def test_an_explanation_has_one_entry_for_each_slot(story):
    request = {"location_id": "loc:dungeon", "hero_id": "npc:alex", "enemy_ids": ["npc:boss"]}
    asset = {"id": 2, "tags": ["npc:alex"]}
    assert explain_asset(request, asset, [FIRST], ontology=story) == [
        {
            "slot": "background",
            "identity": "loc:dungeon",
            "chosen": False,
            "tier": None,
            "lost_to": None,
            "rule": "no_tier",
            "message": RULES["no_tier"],
            "change": {"add": ["role:bg"], "remove": []},
        },
        {
            "slot": "hero",
            "identity": "npc:alex",
            "chosen": False,
            "tier": "identity",
            "lost_to": 1,
            "rule": "weaker_tier",
            "message": RULES["weaker_tier"],
            "change": None,
        },
        {
            "slot": "enemy",
            "identity": "npc:boss",
            "chosen": False,
            "tier": None,
            "lost_to": None,
            "rule": "no_tier",
            "message": RULES["no_tier"],
            "change": {"add": ["npc:boss"], "remove": []},
        },
    ]


def test_the_first_asset_needs_no_change():
    assert explained(ALEX, FIRST, []) == {
        "slot": "hero",
        "identity": "npc:alex",
        "chosen": True,
        "tier": "exact",
        "lost_to": None,
        "rule": None,
        "message": "it is the first picture of the slot",
        "change": change(),
    }


def test_one_that_is_chosen_but_not_first_is_explained_too():
    found = explained(ALEX, {**FIRST, "id": 2}, [FIRST])
    assert (found["chosen"], found["tier"], found["lost_to"], found["rule"]) == (True, "exact", 1, "id")


ROLE, HERO = "role:char:hero", ["npc:alex", "role:char:hero"]
MONSTER = ["role:char:monster"]
PAIR = {"enemy_ids": ["npc:a", "npc:b"]}
RULE_CASES = {
    "excluded_asset": (ALEX | {"excluded_asset_ids": [2]}, {"id": 2, "tags": HERO}, [FIRST], 1, None),
    "media_type": (ALEX, {"id": 2, "tags": HERO, "media_type": "video"}, [FIRST], 1, None),
    "required_tags": (ALEX | {"required_tags": ["rain"]}, {"id": 0, "tags": HERO}, [FIRST], None, change(["rain"])),
    "excluded_tags": (
        ALEX | {"excluded_tags": ["rain"]},
        {"id": 0, "tags": [*HERO, "rain"]},
        [FIRST],
        1,
        change((), ["rain"]),
    ),
    "no_tier": (ALEX, {"id": 0, "tags": ["rain"]}, [FIRST], 1, change(HERO)),
    "weakest_tier": (ALEX | {"weakest_tier": "exact"}, {"id": 0, "tags": ["npc:alex"]}, [], None, change([ROLE])),
    "different_identity": (
        ALEX | {"different_identity": "never"},
        {"id": 0, "tags": ["npc:bob", ROLE]},
        [],
        None,
        change(["npc:alex"]),
    ),
    "weaker_tier": (ALEX, {"id": 0, "tags": ["npc:alex"]}, [FIRST], 1, change([ROLE])),
    "taken_elsewhere": (
        {"need_background": True} | ALEX,
        {"id": 2, "tags": [*HERO, "role:bg"]},
        [],
        None,
        change((), ["npc:alex"]),
    ),
    "demoted": (
        PAIR,
        {"id": 1, "tags": MONSTER},
        [{"id": 2, "tags": MONSTER}],
        2,
        change(["npc:b"]),
    ),
    "nearer_place": (
        {"location_id": "loc:gate"},
        {"id": 0, "tags": ["loc:kingdom", "role:bg"]},
        [{"id": 1, "tags": ["loc:dungeon", "role:bg"]}],
        1,
        change(["loc:gate"]),
    ),
    "preferred_tags": (
        ALEX | {"preferred_tags": ["rain", "fog"]},
        {"id": 2, "tags": [*HERO, "fog"]},
        [{"id": 1, "tags": [*HERO, "rain", "fog"]}],
        1,
        None,
    ),
    "role_order": (ALEX, {"id": 0, "tags": ["npc:alex", "role:char:npc"]}, [FIRST], 1, change([ROLE])),
    "other_identities": (
        ALEX,
        {"id": 0, "tags": [*HERO, "npc:bob", "loc:beach"]},
        [FIRST],
        1,
        change((), ["loc:beach", "npc:bob"]),
    ),
    "rating": (ALEX, {"id": 0, "tags": HERO}, [{**FIRST, "rating": 1}], 1, None),
    "created_at": (ALEX, {"id": 0, "tags": HERO}, [{**FIRST, "created_at": "2026-01-01T00:00:00Z"}], 1, None),
    "id": (ALEX, {"id": 2, "tags": HERO}, [FIRST], 1, None),
}


@pytest.mark.parametrize("rule", RULE_CASES)
def test_every_rule_has_its_case(rule, story):
    request, asset, others, _, _ = RULE_CASES[rule]
    entries = explain_asset(request, asset, others, ontology=story)
    entry = entries[-1] if rule == "demoted" else entries[0]
    assert entry["rule"] == rule
    assert entry["message"] == RULES[rule]


def test_the_table_and_the_documentation_have_every_rule():
    assert RULE_CASES.keys() == RULES.keys()
    page = (Path(__file__).parents[2] / "docs" / "resolver.md").read_text(encoding="utf-8")
    table = page.split("\n## Why not this one\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) == list(RULES)


@pytest.mark.parametrize("rule", RULE_CASES)
def test_the_change_of_every_case_is_the_one_that_was_thought_out(rule, story):
    request, asset, others, lost_to, expected = RULE_CASES[rule]
    entries = explain_asset(request, asset, others, ontology=story)
    entry = entries[-1] if rule == "demoted" else entries[0]
    assert (entry["lost_to"], entry["change"]) == (lost_to, expected)


def test_an_asset_need_not_be_among_the_candidates_and_replaces_the_one_with_its_id(story):
    better = {"id": 2, "tags": [*HERO], "rating": 5}
    worse = {"id": 2, "tags": ["npc:alex"]}
    assert explained(ALEX, better, [FIRST, worse]) == explained(ALEX, better, [FIRST])
    assert explained(ALEX, better, CandidateIndex([FIRST, worse]))["rule"] is None


def test_removals_are_spelt_as_the_asset_has_them(story):
    asset = {"id": 2, "tags": ["NPC:Alexander", "npc:alex", ROLE, "npc:bob"]}
    request = {"hero_id": "npc:bob", "excluded_tags": ["npc:alex"]}
    assert told(request, asset, [], story) == ("excluded_tags", None, change((), ["NPC:Alexander", "npc:alex"]))


def test_a_required_tag_that_is_excluded_too_leaves_no_change():
    request = ALEX | {"required_tags": ["rain"], "excluded_tags": ["rain"]}
    assert told(request, {"id": 2, "tags": HERO}, []) == ("required_tags", None, None)


def test_an_identity_that_is_excluded_leaves_the_stand_ins():
    request = ALEX | {"excluded_tags": ["npc:alex"]}
    assert told(request, {"id": 2, "tags": []}, []) == ("no_tier", None, change([ROLE]))


def test_an_earlier_enemys_first_picture_becomes_a_later_ones_by_giving_way():
    request = PAIR | {"excluded_tags": ["npc:a", "npc:b"]}
    rival = {"id": 2, "tags": MONSTER}
    entry = explain_asset(request, {"id": 1, "tags": MONSTER}, [rival])[1]
    assert (entry["rule"], entry["change"]) == ("demoted", change(["role:char:npc"], MONSTER))
    request["excluded_tags"].append("role:char:npc")
    entry = explain_asset(request, {"id": 1, "tags": MONSTER}, [rival])[1]
    assert (entry["rule"], entry["change"]) == ("demoted", None)


def test_one_that_is_returned_elsewhere_is_told_so_where_another_stands_in():
    request = ALEX | {"need_background": True}
    asset = {"id": 2, "tags": [*HERO, "role:bg"]}
    assert told(request, asset, [{"id": 3, "tags": ["role:bg"]}])[:2] == ("taken_elsewhere", 3)


def test_ten_preferred_tags_and_ten_strangers_are_no_long_search():
    wishes = [f"wish{number}" for number in range(10)]
    strangers = [f"npc:x{number}" for number in range(10)]
    request = ALEX | {"preferred_tags": wishes}
    asset = {"id": 2, "tags": [*strangers, "role:char:npc"]}
    others = [{"id": 1, "tags": [*HERO, *wishes[:9]]}]
    assert told(request, asset, others)[2] == change(["npc:alex", *wishes])
    others = [{"id": 1, "tags": [*HERO, *wishes]}]
    assert told(request, asset, others)[2] is None
    others = [{"id": 1, "tags": [*HERO, *wishes, "npc:y", "npc:z"]}]
    assert told(request, asset, others)[2] == change(["npc:alex", ROLE, *wishes], sorted(strangers)[:9])


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(RequestError):
        explain_asset({"hero": "npc:alex"}, FIRST, [])
    with pytest.raises(CandidateError):
        explain_asset(ALEX, {"tags": []}, [])
    with pytest.raises(CandidateError):
        explain_asset(ALEX, FIRST, [{"id": 2, "tags": []}, {"id": 2, "tags": []}])


def first_of(result, slot, identity):
    return next(
        (match.asset["id"] for match in result.matches if (match.slot, match.identity) == (slot, identity)), None
    )


def wins(request, asset, tags, others, slot, identity):
    changed = {**asset, "tags": sorted(tags)}
    result = resolve_assets_for_action(request, [*others, changed], ontology=VOCABULARY)
    return first_of(result, slot, identity) == asset["id"]


STRANGERS = {"npc:zoe", "loc:moon"}


def universe(request, asset_tags):
    """Every tag of the request, every wider place, every role, every tag of the asset, and strangers."""
    asked = {request.location_id, request.hero_id, *request.enemy_ids, *request.other_character_ids} - {None}
    wider = {place for level in BROADER.get(request.location_id, []) for place in level}
    wished = {*request.required_tags, *request.preferred_tags, *request.excluded_tags}
    roles = {"role:bg", "role:pov:player", "role:char:hero", "role:char:npc", "role:char:monster"}
    return sorted(asked | wider | wished | roles | set(asset_tags))


sparse_assets = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(0, 5),
            "tags": st.lists(
                st.sampled_from([*MONSTER, *MONSTER, "role:char:npc", "role:bg", "npc:ann", "loc:gate", "rain"]),
                max_size=2,
            ),
        }
    ),
    min_size=2,
    max_size=5,
    unique_by=lambda asset: asset["id"],
)
"""Worlds in which stand-ins answer nearly everything, so that slots get into each other's way."""

MOST_TRIED = 3
"""The size up to which every change is tried."""


@settings(max_examples=200, deadline=None)
@given(requests, assets.filter(bool) | sparse_assets, st.data())
def test_the_change_works_and_no_smaller_one_does(request, candidates, data):
    asset = data.draw(st.sampled_from(candidates))
    others = [other for other in candidates if other["id"] != asset["id"]]
    asked = request.canonical(VOCABULARY)
    own = {ALIASES.get(tag, tag) for tag in asset["tags"]}
    result = resolve_assets_for_action(request, candidates, ontology=VOCABULARY)
    for entry in explain_asset(request, asset, candidates, ontology=VOCABULARY):
        slot, identity = entry["slot"], entry["identity"]
        first = first_of(result, slot, identity)
        assert (entry["rule"] is None) == (first == asset["id"])
        assert entry["lost_to"] == (None if first == asset["id"] else first)
        changed = entry["change"]
        size = MOST_TRIED + 1
        if changed is not None:
            raw = [tag for tag in asset["tags"] if tag not in changed["remove"]] + changed["add"]
            assert wins(request, asset, raw, others, slot, identity), entry
            size = len(own ^ {ALIASES.get(tag, tag) for tag in raw})
        tags = universe(asked, own)
        for smaller in range(min(size, MOST_TRIED + 1)):
            for touched in combinations(tags, smaller):
                assert not wins(request, asset, own.symmetric_difference(touched), others, slot, identity), (
                    entry,
                    touched,
                )


@settings(max_examples=200, deadline=None)
@given(requests, assets)
def test_a_filter_is_named_where_and_only_where_the_resolver_filters(request, candidates):
    asked = request.canonical(VOCABULARY)
    for asset in candidates:
        candidate = read_candidate(asset, TagReader(VOCABULARY))
        assert (refusal(asked, candidate) is None) == passes(asked, {**asset, "tags": candidate.tags})


@settings(max_examples=150, deadline=None)
@given(requests, assets, st.randoms(use_true_random=False))
def test_the_order_of_candidates_never_matters(request, candidates, chance):
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    for asset in candidates[:3]:
        found = explain_asset(request, asset, candidates, ontology=VOCABULARY)
        assert explain_asset(request, asset, shuffled, ontology=VOCABULARY) == found
        assert explain_asset(request, asset, CandidateIndex(candidates), ontology=VOCABULARY) == found


def never_asked(ids):
    pytest.fail(f"the lookup was asked for {ids}")


@settings(max_examples=200, deadline=None)
@given(requests, assets.filter(bool), one_asset, edits, st.sampled_from(VOCABULARIES))
def test_an_index_explains_as_the_plain_path_and_asks_for_no_asset(request, candidates, stranger, todo, ontology):
    assume(usable(request, ontology))
    held = {asset["id"]: asset for asset in candidates}
    index = CandidateIndex(candidates, lookup=never_asked)
    edited(index, held, todo)
    for asset in (candidates[0], stranger):
        found = explain_asset(request, asset, index, ontology=ontology)
        assert found == explain_asset(request, asset, list(held.values()), ontology=ontology)


@settings(max_examples=150, deadline=None)
@given(requests, assets.filter(bool) | sparse_assets)
def test_it_is_chosen_in_the_slots_that_return_it(request, candidates):
    asset = candidates[0]
    result = resolve_assets_for_action(request, candidates, ontology=VOCABULARY)
    returned = {(match.slot, match.identity) for match in result.matches if match.asset["id"] == asset["id"]}
    found = explain_asset(request, asset, candidates, ontology=VOCABULARY)
    assert {(entry["slot"], entry["identity"]) for entry in found if entry["chosen"]} == returned


def test_a_hero_who_is_an_enemy_too_is_no_earlier_enemy():
    request = {"hero_id": "npc:b", "enemy_ids": ["npc:a", "npc:b"]}
    rivals = [{"id": number, "tags": MONSTER} for number in (2, 3)]
    assert [entry["rule"] for entry in explain_asset(request, {"id": 1, "tags": MONSTER}, rivals)] == [
        "no_tier",
        None,
        "demoted",
    ]
    entry = explain_asset(request, {"id": 4, "tags": MONSTER}, rivals)[2]
    assert (entry["rule"], entry["lost_to"]) == ("id", 3)


def test_a_stand_in_for_the_hero_is_not_demoted_as_an_enemy():
    request = {"hero_id": "npc:a", "enemy_ids": ["npc:b"]}
    entry = explain_asset(request, {"id": 1, "tags": [ROLE, *MONSTER]}, [{"id": 2, "tags": MONSTER, "rating": 5}])[1]
    assert (entry["rule"], entry["lost_to"]) == ("rating", 2)


def crowds(enemies):
    """Requests of so many enemies, an asset and its rivals: nobody has a picture; every second one; ids ruled out."""
    ids = [f"npc:e{number}" for number in range(enemies)]
    stand_ins = [{"id": -number, "tags": MONSTER} for number in range(2, 60)]
    own = [{"id": number, "tags": [*MONSTER, ids[number]]} for number in range(0, enemies, 2)]
    asset = {"id": -1, "tags": ["rain", *ids[:6]]}
    yield {"enemy_ids": ids, "hero_id": "npc:hero"}, {"id": -1, "tags": MONSTER}, stand_ins
    yield {"enemy_ids": ids, "max_results": 1, "preferred_tags": ["rain"]}, asset, stand_ins + own
    yield {"enemy_ids": ids, "max_results": 1, "excluded_tags": ids[::3], "need_background": True}, asset, own


@pytest.mark.parametrize("world", range(3))
def test_the_work_grows_in_step_with_the_number_of_enemies(world, monkeypatch):
    work = Counter()

    def counted(function):
        def call(*arguments):
            work[enemies] += 1
            return function(*arguments)

        return call

    for module in (resolver.contest, resolver.rivals, resolver.ranking):
        monkeypatch.setattr(module, "rank", counted(module.rank))
    for module in (resolver.contest, resolver.rivals, resolver.plain):
        monkeypatch.setattr(module, "place_of", counted(module.place_of))
    for enemies in (50, 100, 200):
        request, asset, others = list(crowds(enemies))[world]
        assert len(explain_asset(request, asset, others)) >= enemies
    assert work[100] <= 2.3 * work[50], work
    assert work[200] <= 2.3 * work[100], work


@pytest.mark.slow
def test_ten_thousand_enemies_are_explained():
    request, asset, others = next(crowds(10_000))
    hero, *found = explain_asset(request, asset, others)
    assert hero["change"] == change(["npc:hero"])
    assert [entry["change"] for entry in found[-2:]] == [change(["npc:e9998"]), change(["npc:e9999"])]
