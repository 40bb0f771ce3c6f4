"""Finding terms by what a person remembers of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.find import find_terms
from ontology.normalize import clean
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


def test_part_of_a_word_is_found_where_too_few_begin_with_it():
    assert find_terms("lexand", ONTOLOGY)[0].term.id == "npc:alexandra"
    assert [hit.via for hit in find_terms("carf", ONTOLOGY)] == ["red scarf"]
    assert find_terms("a\nr", ONTOLOGY) == ()


def plainly_found(text, ontology):
    """The rule, asked of every form of every term."""
    found = []
    for term in ontology.terms.values():
        forms = [(clean(form), form) for form in (term.id, *term.aliases, term.label, *term.keywords)]
        shares = []
        for number, (form, via) in enumerate(forms):
            if text not in form:
                continue
            local = form.partition(":")[2] or form
            if text in (form, local):
                share = 0
            elif form.startswith(text) or local.startswith(text):
                share = 1
            else:
                share = 2 if any(mark + text in form for mark in "_:-") else 3
            shares.append((share, number, via))
        if shares:
            share, _, via = min(shares)
            found.append((share, term.deprecated, term.id, via))
    return [(id_, via) for *_, id_, via in sorted(found)]


words = st.text("ab_", min_size=1, max_size=4).filter(lambda word: "__" not in word and word[0] != "_")
terms = st.builds(
    lambda name, **fields: Term(f"npc:{name}", **fields),
    words,
    label=words,
    aliases=st.lists(words, max_size=2).map(tuple),
    keywords=st.lists(words, max_size=2).map(tuple),
    deprecated=st.booleans(),
    replaced_by=st.none() | words.map("npc:{}".format),
)


@given(st.lists(terms, unique_by=lambda term: term.id, max_size=6).map(Ontology), words)
def test_what_holds_the_text_is_all_that_a_look_at_every_form_finds(ontology, text):
    expected = plainly_found(text, ontology)
    hits = [(hit.term.id, hit.via) for hit in find_terms(text, ontology, limit=100)]
    assert [id_ for id_, _ in hits[: len(expected)]] == [id_ for id_, _ in expected]
    for id_, via in hits[: len(expected)]:
        term = ontology.terms[id_]
        assert via in (term.id, *term.aliases, term.label, *term.keywords)
        assert text in clean(via)
