"""What is offered while a tag is written: one order for the web pages and the terminal."""

import pytest

from gallery.searching.tag_picking import CHARACTERS, IndexUses, pick_tags
from ontology.terms import Namespace, Ontology, Term
from resolver import CandidateIndex

ONTOLOGY = Ontology(
    [
        Term("npc:alex", "Alex", kind="hero", keywords=("red scarf",)),
        Term("npc:alma", "Alma"),
        Term("npc:malcolm", "Malcolm"),
        Term("npc:tex", "Tex"),
        Term("npc:old_al", "Old Al", deprecated=True),
        Term("npc:gone", "Gone", deprecated=True, replaced_by="npc:alex"),
        Term("player", "Player"),
        Term("loc:alley", "The alley"),
    ],
    [
        Namespace("npc", "Characters", closed=True),
        Namespace("loc", "Locations", closed=True),
        Namespace("mood", "Mood", closed=False),
    ],
)
USES = {
    "npc:alma": 9,
    "loc:alley": 3,
    "npc:alex": 2,
    "mood:calm": 5,
    "alarming": 1,
    "npc:stray_al": 4,
    "player": 7,
    "npc:tex": 1,
}


def picked(text, **options):
    return [one.tag for one in pick_tags(text, ONTOLOGY, USES, **options)]


@pytest.mark.parametrize(
    ("text", "options", "first"),
    [
        ("al", {}, ["npc:alma", "loc:alley", "npc:alex"]),  # beginnings, most used first
        ("al", {"recent": ["npc:alex"]}, ["npc:alex", "npc:alma", "loc:alley"]),
        ("alex", {}, ["npc:alex"]),
        ("gone", {}, ["npc:alex"]),  # what replaced it
        ("alxe", {}, ["npc:alex"]),  # a slip
        ("carf", {}, ["npc:alex"]),  # within a keyword
        ("lex", {}, ["npc:alex", "npc:tex"]),  # within, then a slip
        ("lex", {"recent": ["npc:tex"]}, ["npc:alex", "npc:tex"]),
        ("calm", {}, ["mood:calm"]),  # in use, and no term
        ("", {}, ["npc:alma", "player", "mood:calm"]),  # the most frequent
        ("", {"recent": ["loc:alley", "npc:alex"]}, ["loc:alley", "npc:alex", "npc:alma"]),
        ("", {"namespaces": CHARACTERS}, ["npc:alma", "player", "npc:stray_al", "npc:alex"]),
        ("al", {"namespaces": ("loc",)}, ["loc:alley"]),
    ],
)
def test_the_likeliest_come_first(text, options, first):
    assert picked(text, **options)[: len(first)] == first


def test_beginnings_come_before_what_holds_the_text_and_that_before_what_is_only_in_use():
    found = picked("al", limit=50)
    assert [tag for tag in found if tag in ("npc:alex", "npc:malcolm", "npc:stray_al")] == [
        "npc:alex", "npc:malcolm", "npc:stray_al",
    ]  # fmt: skip
    assert found.index("npc:malcolm") < found.index("npc:stray_al")


def test_a_tag_is_offered_once_and_no_more_than_asked_for():
    found = picked("al", limit=50)
    assert len(found) == len(set(found))
    assert picked("al", limit=3) == found[:3]
    assert len(picked("", limit=4)) == 4


def test_what_is_deprecated_is_offered_last_of_the_terms_and_never_unasked():
    assert "npc:old_al" not in picked("", limit=500)
    terms = [tag for tag in picked("al", limit=50) if tag in ONTOLOGY.terms]
    assert terms.index("npc:old_al") > terms.index("npc:alma")


def test_the_counts_of_an_index_are_those_of_live_assets_in_every_spelling():
    index = CandidateIndex([{"id": 1, "tags": ["npc:gone"]}, {"id": 2, "tags": ["npc:alex", "alarming"]}])
    uses = IndexUses(index, ONTOLOGY)
    assert dict(uses) == {"npc:alex": 2, "alarming": 1}
    assert "npc:gone" not in uses
    index.discard(2)
    (left, *_) = pick_tags("", ONTOLOGY, IndexUses(index, ONTOLOGY))
    assert (left.tag, left.count) == ("npc:alex", 1)
    assert "alarming" not in [one.tag for one in pick_tags("alarm", ONTOLOGY, IndexUses(index, ONTOLOGY))]
    assert pick_tags("alarm", Ontology(), {}) == ()
