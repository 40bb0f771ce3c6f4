import json
from pathlib import Path

import pytest

from ontology.terms import Ontology, Term
from resolver import AssetResolutionRequest, CandidateIndex, resolve_assets_for_action

FILE = Path(__file__).parents[2] / "fixtures" / "resolver_cases" / "contract_cases.jsonl"
HEADER, *CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def ontology():
    """The vocabulary of the header: each id points to the nearest of its wider ids."""
    parents = {child: tuple(levels[0]) for child, levels in HEADER["broader"].items()}
    wider = {tag for levels in HEADER["broader"].values() for level in levels for tag in level}
    return Ontology([Term(tag, tag, broader=parents.get(tag, ())) for tag in sorted({*parents, *wider})])


@pytest.fixture(params=range(len(CASES)), ids=[f"line_{number}" for number in range(2, len(CASES) + 2)])
def case(request):
    return CASES[request.param]


def rows(result):
    return [[match.slot, match.identity, match.tier, match.asset["id"]] for match in result.matches]


def test_the_vocabulary_says_what_the_header_says(ontology):
    for tag, levels in HEADER["broader"].items():
        assert [list(level) for level in ontology.broader(tag)] == levels


def test_a_worked_case_comes_out_as_the_contract_has_it(case, ontology):
    result = resolve_assets_for_action(case["request"], case["assets"], ontology=ontology)
    assert rows(result) == case["expected"]


def test_a_worked_case_says_the_same_from_any_order_and_from_an_index(case, ontology):
    request = AssetResolutionRequest.from_json(case["request"])
    assets = case["assets"]
    whole = resolve_assets_for_action(request, assets, ontology=ontology).to_json()
    by_id = sorted(assets, key=lambda asset: str(asset["id"]))
    for order in (assets[::-1], by_id, by_id[::-1], assets[1:] + assets[:1]):
        assert resolve_assets_for_action(request, order, ontology=ontology).to_json() == whole
    assert resolve_assets_for_action(request, CandidateIndex(assets), ontology=ontology).to_json() == whole


def test_there_are_worked_cases():
    assert len(CASES) == 74
