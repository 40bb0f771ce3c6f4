"""Errors hold values, compare by them, and say what to do next."""

from ontology.diagnostics import Diagnostic
from ontology.errors import CallsheetError, NotFoundError, OntologyError, TagError


def test_errors_of_one_kind_with_one_content_are_equal():
    assert NotFoundError("no x", hint="look") == NotFoundError("no x", hint="look")
    assert NotFoundError("no x") != NotFoundError("no y")
    assert NotFoundError("no x") != CallsheetError("no x")
    assert len({NotFoundError("no x"), NotFoundError("no x")}) == 1


def test_a_code_given_stands_for_that_of_the_class():
    assert CallsheetError("x", code="special").code == "special"
    assert CallsheetError("x").code == "error"


def test_a_tag_error_speaks_of_the_first_and_counts_the_rest():
    first = Diagnostic("tag_empty", "the tag is empty", "write a word")
    assert TagError([first]).message == "the tag is empty"
    assert TagError([first, first]).message == "the tag is empty (and 1 more)"
    assert (TagError([first]).code, TagError([first]).hint) == ("tag_empty", "write a word")


def test_an_ontology_error_counts_its_faults():
    first = Diagnostic("bad_id", "no", file="a.yaml", line=1, column=2)
    assert OntologyError([first]).message == "the ontology has 1 fault, the first: a.yaml:1:2: bad_id: no"
    assert "has 2 faults" in OntologyError([first, first]).message
