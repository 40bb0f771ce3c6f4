from collections import Counter
from pathlib import Path

import pytest
import yaml

from resolver import (
    AssetResolutionRequest,
    CandidateIndex,
    RequestError,
    request_from_action_block,
    resolve_assets_for_action,
)

FOLDER = Path(__file__).parents[2] / "fixtures" / "resolver_cases"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
]
SETUP = {"name", "why", "request", "block", "assets"}


def assets_of(case):
    return [
        {"id": asset_id, **(told if isinstance(told, dict) else {"tags": told})}
        for asset_id, told in case["assets"].items()
    ]


def request_of(case, story):
    if "block" in case:
        return request_from_action_block(case["block"], ontology=story)
    return AssetResolutionRequest.from_json(case["request"])


def ids(assets):
    return [asset["id"] for asset in assets]


def count(held):
    return held and [held.fit, held.taken_elsewhere, held.returned]


def by_match(result, findings):
    return sorted(
        (match.slot, str(match.identity), str(match.asset["id"]), finding.code)
        for match in result.matches
        for finding in getattr(match, findings)
    )


def check_request(expected, result):
    told = result.request.to_json()
    assert {name: told[name] for name in expected} == expected


def check_notices(expected, result):
    assert [[notice.code, notice.field] for notice in result.notices] == [row[:2] for row in expected]
    for row, notice in zip(expected, result.notices, strict=True):
        assert all(hint in notice.hint for hint in row[2:])


def check_reasons(expected, result):
    """A case lists the reasons that it is about; a match may have more."""
    assert {tuple(map(str, row)) for row in expected} <= set(by_match(result, "reasons"))


def equals(read):
    def check(expected, result):
        assert read(result) == expected

    return check


CHECKS = {
    "matches": equals(
        lambda result: [[match.slot, match.identity, match.tier, match.asset["id"]] for match in result.matches]
    ),
    "gaps": equals(lambda result: [[gap.slot, gap.identity, gap.wanted_role, gap.filled_by] for gap in result.gaps]),
    "trace": equals(
        lambda result: [
            [slot.slot, slot.identity, {tier: count(held) for tier, held in slot.tiers.items()}]
            for slot in result.trace
        ]
    ),
    "warnings": lambda expected, result: equals(lambda result: by_match(result, "warnings"))(
        sorted(tuple(map(str, row)) for row in expected), result
    ),
    "reasons": check_reasons,
    "notices": check_notices,
    "request_is": check_request,
    "enemies": equals(lambda result: {who: ids(found) for who, found in result.enemies.items()}),
    "others": equals(lambda result: {who: ids(found) for who, found in result.other_characters.items()}),
    "enemy_assets": equals(lambda result: ids(result.enemy_assets)),
}


@pytest.mark.parametrize("case", CASES)
def test_a_named_case_comes_out_as_it_says(case, story):
    assets = assets_of(case)
    if "error" in case:
        with pytest.raises(RequestError) as refused:
            resolve_assets_for_action(request_of(case, story), assets, ontology=story)
        assert case["error"] in refused.value.message
        assert refused.value.hint
        return
    request = request_of(case, story)
    result = resolve_assets_for_action(request, assets, ontology=story)
    for check in case.keys() & CHECKS.keys():
        CHECKS[check](case[check], result)
    assert resolve_assets_for_action(request, assets[::-1], ontology=story) == result
    assert resolve_assets_for_action(request, CandidateIndex(assets), ontology=story) == result


@pytest.mark.parametrize("case", CASES)
def test_a_named_case_says_why_and_checks_something(case):
    assert case["why"].strip()
    assert ("request" in case) != ("block" in case)
    checks = case.keys() - SETUP
    assert checks
    assert checks <= CHECKS.keys() | {"error"}


def test_no_two_named_cases_have_one_name():
    names = Counter(case.values[0]["name"] for case in CASES)
    assert [name for name, times in names.items() if times > 1] == []


def test_each_of_the_eighteen_faults_has_a_case():
    named = {case.values[0]["name"].split(",")[0] for case in CASES}
    assert {f"fault {number}" for number in range(1, 19)} <= named
