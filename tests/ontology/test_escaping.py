"""Foreign text is shown so that nothing in it acts on the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.diagnostics import Diagnostic
from ontology.escaping import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [/text", "plain [/text"),
        ("a\x1b[31m", "a\\x1b[31m"),
        ("two\nlines", "two\\x0alines"),
        ("\u202eabc", "\\u202eabc"),
        ("\U000e0100", "\\U000e0100"),
        ("\u3164", "\\u3164"),
        ("Käthe", "Käthe"),
        ("a b\u00a0c\u3000", "a b\\xa0c\\u3000"),
    ],
)
def test_unseen_characters_are_escaped_and_others_stay(text, shown):
    assert visible(text) == shown


def test_long_text_is_cut_with_a_sign():
    assert visible("abcdef", limit=3) == "abc…"
    assert visible("abc", limit=3) == "abc"
    assert visible("\x1b\x1b", limit=1) == "\\x1b…"


@given(st.text())
def test_shown_text_has_no_control_character_and_one_line(text):
    assert visible(text).isprintable()


def test_a_diagnostic_prints_as_one_line_in_the_form_of_a_compiler():
    found = Diagnostic("duplicate_key", "twice", "keep one", file="a.yaml", line=3, column=5)
    assert str(found) == "a.yaml:3:5: duplicate_key: twice (keep one)"


def test_a_diagnostic_without_source_or_hint_prints_what_it_has():
    assert str(Diagnostic("tag_empty", "the tag is empty")) == "tag_empty: the tag is empty"


def test_an_odd_file_name_is_escaped_in_a_diagnostic():
    assert str(Diagnostic("x", "y", file="a\n\x1b.yaml", line=1, column=1)) == "a\\x0a\\x1b.yaml:1:1: x: y"
