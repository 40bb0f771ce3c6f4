"""Finding terms by what a person remembers of them."""

import pytest

from ontology.find import find_terms
from ontology.terms import Ontology, Term

ONTOLOGY = Ontology(
    [
        Term("npc:alex", "Alex", aliases=("npc:red_one",), keywords=("red scarf",)),
        Term("npc:alexandra", "Alexandra"),
        Term("npc:old_alex", "Old Alex", deprecated=True, replaced_by="npc:alex"),
        Term("loc:gate", "Gate"),
        Term("loc:dungeon_gate", "Dungeon gate", keywords=("stairs down",)),
        Term("loc:seagate", "Seagate"),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alex", [("npc:alex", "npc:alex"), ("npc:alexandra", "npc:alexandra"), ("npc:old_alex", "npc:old_alex")]),
        ("Gate", [("loc:gate", "loc:gate"), ("loc:dungeon_gate", "loc:dungeon_gate"), ("loc:seagate", "loc:seagate")]),
        ("Red Scarf", [("npc:alex", "red scarf")]),
        ("stairs", [("loc:dungeon_gate", "stairs down")]),
        ("npc:red_o", [("npc:alex", "npc:red_one")]),
        ("loc:gaet", [("loc:gate", "loc:gate"), ("loc:seagate", "loc:seagate")]),
        ("zzzzzz", []),
        ("  ", []),
    ],
)
def test_whole_forms_come_first_then_beginnings_then_the_rest_then_what_is_near(text, found):
    assert [(hit.term.id, hit.via) for hit in find_terms(text, ONTOLOGY)] == found


def test_no_more_are_found_than_asked_for():
    assert [hit.term.id for hit in find_terms("gate", ONTOLOGY, limit=1)] == ["loc:gate"]
