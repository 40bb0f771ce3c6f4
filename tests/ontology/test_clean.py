"""Cleaning: one spelling for what people write in many."""

import re
import sys
import unicodedata
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.cleaning import all_clean
from ontology.normalize import canonical, clean
from ontology.terms import Ontology, Term

SPELLINGS = [
    ("npc:alex", "npc:alex"),
    ("NPC:Alex", "npc:alex"),
    (" role:bg", "role:bg"),
    ("role:BG\n", "role:bg"),
    ("NPC : Alex", "npc:alex"),
    ("npc\t:\u00a0alex", "npc:alex"),
    ("Red  Scarf", "red_scarf"),
    ("red\u3000scarf", "red_scarf"),
    ("red\u1680scarf", "red_scarf"),
    ("\uff2e\uff30\uff23\uff1a\uff21\uff4c\uff45\uff58", "npc:alex"),  # full-width letters and colon
    ("STRASSE", "strasse"),
    ("Käthe", "käthe"),
    ("Ka\u0308the", "käthe"),
    ("\ufb01re", "fire"),
    ("İstanbul", "i\u0307stanbul"),
    ("", ""),
    (" \n\t ", ""),
    ("a\nb", "a\nb"),
    ("a\x1b[0mb", "a\x1b[0mb"),
]


@pytest.mark.parametrize(("text", "expected"), SPELLINGS)
def test_text_is_cleaned_to_one_spelling(text, expected):
    assert clean(text) == expected


def test_cleaning_what_is_clean_returns_it_untouched():
    text = "camera:view:pov"
    assert clean(text) is text


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)


def test_every_single_character_is_clean_after_one_cleaning_in_any_company():
    unstable = []
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in {"Cn", "Co"}:
            continue
        cleaned = clean(f"a{char}\u0301:{char}\u0345")
        if clean(cleaned) != cleaned:
            unstable.append(hex(code))
    assert unstable == []


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_fast_path_for_ascii_agrees_with_the_full_rules(text):
    padded = clean(text + "\u00e9")  # one accent sends the same text through the full rules
    trimmed = clean(text)
    if not text or not text[-1].isspace():
        assert padded.removesuffix("\u00e9") == trimmed


def folded(text):
    """Cleaning as its definition reads, in whatever time it takes."""
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower()).strip()
    return re.sub("[ \t\u1680]+", "_", re.sub("[ \t\u1680]*:[ \t\u1680]*", ":", once))


# Marks of several classes, half-width and precomposed marks of class 0, letters that decompose, signs of cleaning.
awkward = st.sampled_from("aÉİ \t:\n\u0301\u0323\u0345\uff9e\u0f73\u0f75\u1ec7\ufdfa\uac01\u1100\u1161ΣςK")


@given(st.text(awkward, min_size=1, max_size=60), st.integers(1, 60))
def test_long_text_is_cleaned_as_short_text_is(piece, times):
    text = piece * times
    assert clean(text) == folded(text)
    padded = piece * (1 + 1000 // len(piece))
    assert clean(padded) == folded(padded)
    assert clean(clean(padded)) == clean(padded)


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301\u0323" * 100_000,
        "\uff9e\u0301" * 100_000,
        "\u0f73\u0301" * 100_000,
        "é" + " " * 200_000 + "x",
        "é" + " :" * 100_000,
        "Σ'" * 100_000,
    ],
)
def test_cleaning_takes_time_in_proportion_to_the_length(text):
    started = perf_counter()
    clean(text)
    assert perf_counter() - started < 2  # quadratic work on these takes 10 s and more


@given(st.lists(st.text(st.characters(max_codepoint=127), max_size=3), max_size=4))
def test_texts_that_are_all_plainly_clean_are_left_as_they_are_by_cleaning(texts):
    if all_clean(texts):
        assert [clean(text) for text in texts] == texts
    assert all_clean([*texts, "a"]) == all(map(all_clean, ([text] for text in texts if text)))


VOCABULARY = Ontology(
    [
        Term("camera:view:pov", "Point of view", aliases=("cam:pov", "first_person")),
        Term("npc:alex", "Alex"),
        Term("npc:old", "Old", deprecated=True, replaced_by="npc:older"),
        Term("npc:older", "Older", deprecated=True, replaced_by="npc:alex"),
        Term("npc:a", "A", deprecated=True, replaced_by="npc:b"),
        Term("npc:b", "B", deprecated=True, replaced_by="npc:a"),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cam:POV", "camera:view:pov"),
        ("First Person", "camera:view:pov"),
        ("npc:old", "npc:alex"),
        ("NPC:Alex", "npc:alex"),
        ("npc:somebody", "npc:somebody"),
    ],
)
def test_aliases_and_replacements_lead_to_the_id_that_stands(text, expected):
    assert canonical(text, VOCABULARY) == expected


def test_without_a_vocabulary_the_canonical_form_is_the_cleaned_text():
    assert canonical(" Cam : POV ") == "cam:pov"


@given(st.one_of(st.text(), st.sampled_from(["npc:old", "npc:a", "npc:b", "cam:pov", "Npc : Older"])))
def test_the_canonical_form_of_a_canonical_form_is_itself(text):
    once = canonical(text, VOCABULARY)
    assert canonical(once, VOCABULARY) == once
