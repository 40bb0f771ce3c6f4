"""A prefilled call as a draft: what is written is a sound spec of the same call."""

import pytest

from generation.specs.call_drafts import draft_of_call
from generation.specs.reading import Rules, read_specs
from ontology.errors import InvalidInputError
from ontology.loader import builtin_ontology
from ontology.terms import Ontology, Term
from resolver import OPERATIONS, prefill_edits, prefill_operation, resolve_assets_for_action

ONTOLOGY = Ontology(
    [*builtin_ontology().terms.values(), Term("npc:alex", "Alex", "hero"), Term("loc:gate", "Gate")],
    builtin_ontology().namespaces.values(),
)
ASSETS = [
    {"id": "a" + "1" * 16, "tags": ["loc:gate", "role:bg"], "url": "g"},
    {"id": "a" + "2" * 16, "tags": ["npc:alex", "role:char:hero"], "url": "x"},
]
RESULT = resolve_assets_for_action({"location_id": "loc:gate", "hero_id": "npc:alex"}, ASSETS)
HOSTILE = 'x"\n- {{y}} # z: [a]\n%tag !!python/object'


def read_back(draft):
    read = read_specs(draft.text.encode(), draft.file_name, Rules(ONTOLOGY))
    assert list(read.errors) == []
    (spec,) = read.specs
    assert spec.id == draft.id
    return spec


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("prompt", ["a duel", HOSTILE])
def test_every_operation_is_drafted_and_reads_back_as_the_same_call(operation, prompt):
    prefill = prefill_operation(operation, RESULT, prompt=prompt)
    spec = read_back(draft_of_call(prefill, ONTOLOGY))
    assert spec.operation == operation
    assert spec.prompt == prompt
    assert spec.tags == ("loc:gate", "npc:alex")
    assert [one.asset_id for one in spec.inputs] == [str(one["asset_id"]) for one in prefill_edits.inputs_of(prefill)]


def test_pictures_of_a_fusion_stand_from_back_to_front_in_their_roles():
    prefill = prefill_edits.with_layer(prefill_operation("fusion", RESULT, prompt="a duel"), 0, 9)
    spec = read_back(draft_of_call(prefill, ONTOLOGY))
    assert [(one.asset_id, one.role) for one in spec.inputs] == [
        (ASSETS[1]["id"], "character"),
        (ASSETS[0]["id"], "background"),
    ]


def test_an_id_that_is_taken_is_passed_over():
    prefill = prefill_operation("fusion", RESULT, prompt="a duel")
    first = draft_of_call(prefill, ONTOLOGY)
    assert draft_of_call(prefill, ONTOLOGY, taken={first.id}).id == f"{first.id}-2"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"operation": "fusion", "params": {"prompt": " "}, "slots": [], "unfilled": []}, "no_prompt"),
        ({"operation": "dance", "params": {}, "slots": [], "unfilled": []}, "unknown_operation"),
        ({}, "unknown_operation"),
    ],
)
def test_a_call_without_prompt_or_of_another_operation_is_refused(call, code):
    with pytest.raises(InvalidInputError) as caught:
        draft_of_call(call, ONTOLOGY)
    assert caught.value.code == code
