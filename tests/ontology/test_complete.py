"""Completing: what begins with the text, then what it may be a mistake for; each term once, in a fixed order."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from benchmarks.vocabulary import make_ontology, mistyped
from ontology.complete import Completion, complete
from ontology.loader import builtin_ontology
from ontology.near import Near
from ontology.normalize import clean
from ontology.spellings import span_of
from ontology.tags import local_part
from ontology.terms import Namespace, Ontology, Term

ROOT = Path(__file__).parents[2]

ONTOLOGY = Ontology(
    [
        Term("player", "Player"),
        Term("npc:alexandra", "Alexandra", kind="hero"),
        Term("npc:alex", "Alex", kind="hero", aliases=("npc:red_one",), keywords=("red scarf",)),
        Term("npc:boss_01", "Gravelord", kind="monster"),
        Term("npc:old_lexa", "Lexa", deprecated=True, replaced_by="npc:alex"),
        Term("npc:zed", "Zed", deprecated=True),
        Term("npc:vanished", "Vanished", deprecated=True, replaced_by="npc:zed"),
        Term("loc:gate", "Gate"),
        Term("loc:dungeon_gate", "Dungeon gate", keywords=("Stairs Down",)),
        Term("camera:view:pov", "Point of view", aliases=("cam:pov", "first_person")),
        Term("loc:empty", ""),
    ],
    [Namespace(name, name, closed=True) for name in ("npc", "loc", "camera")],
)


def ids(text, **options):
    return [hit.id for hit in complete(text, ONTOLOGY, **options)]


class TestWhatIsOffered:
    @pytest.mark.parametrize(
        ("text", "found", "via"),
        [
            ("npc:ale", ["npc:alex", "npc:alexandra"], "npc:alex"),
            ("Ale", ["npc:alex", "npc:alexandra"], "npc:alex"),
            ("NPC : Alexand", ["npc:alexandra"], "npc:alexandra"),
            ("gate", ["loc:gate", "loc:dungeon_gate"], "loc:gate"),
            ("red", ["npc:alex"], "npc:red_one"),
            ("red s", ["npc:alex"], "red scarf"),
            ("scarf", ["npc:alex"], "red scarf"),
            ("dow", ["loc:dungeon_gate"], "Stairs Down"),
            ("cam:p", ["camera:view:pov"], "cam:pov"),
            ("pov", ["camera:view:pov"], "cam:pov"),
            ("pers", ["camera:view:pov"], "first_person"),
            ("npc:grav", ["npc:boss_01"], "Gravelord"),
            ("loc:stai", ["loc:dungeon_gate"], "Stairs Down"),
            ("npc:old_", ["npc:alex"], "npc:old_lexa"),
            ("pla", ["player"], "player"),
        ],
    )
    def test_terms_that_a_form_of_which_begins_with_the_text_or_has_a_word_that_does(self, text, found, via):
        hits = complete(text, ONTOLOGY)
        assert [hit.id for hit in hits] == found
        assert (hits[0].via, hits[0].match) == (via, "prefix")

    @pytest.mark.parametrize(
        ("text", "found", "via"),
        [
            ("npc:alxe", "npc:alex", "npc:alex"),
            ("nppc:alex", "npc:alex", "npc:alex"),
            ("npc;alex", "npc:alex", "npc:alex"),
            ("npcalex", "npc:alex", "npc:alex"),
            ("npc:gravlord", "npc:boss_01", "Gravelord"),
            ("loc:gaet", "loc:gate", "loc:gate"),
            ("red scraf", "npc:alex", "red scarf"),
            ("npc:red_onne", "npc:alex", "npc:red_one"),
            ("old_lxea", "npc:alex", "npc:old_lexa"),
            ("Aleksandra", "npc:alexandra", "npc:alexandra"),
            ("zate", "loc:gate", "loc:gate"),
        ],
    )
    def test_mistakes_are_forgiven_and_said_to_be_mistakes(self, text, found, via):
        hit = complete(text, ONTOLOGY)[0]
        assert (hit.id, hit.via, hit.match) == (found, via, "typo")

    @pytest.mark.parametrize(
        "text", ["zz", "npc:zed", "npc:vanished", "qqqqqqqqqqqqqqqq", "x" * 121, "x" * 10_000, ":"]
    )
    def test_nothing_where_nothing_is_near_and_nothing_that_is_deprecated(self, text):
        assert complete(text, ONTOLOGY) == ()

    def test_a_completion_says_all_that_a_list_shows(self):
        assert complete("scarf", ONTOLOGY, uses={"npc:alex": 7}) == (
            Completion("npc:alex", "Alex", "hero", "red scarf", "prefix", 7),
        )

    def test_an_empty_text_begins_everything(self):
        assert ids("", limit=100) == [
            *("player", "loc:gate", "npc:alex", "loc:empty"),
            *("npc:boss_01", "npc:alexandra", "camera:view:pov", "loc:dungeon_gate"),
        ]

    @pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (0, 0), (-1, 0)])
    def test_no_more_than_asked_for(self, limit, count):
        assert len(ids("a", limit=limit)) == count

    def test_only_in_the_namespaces_that_are_named(self):
        assert ids("gat", namespaces=["npc"]) == []
        assert ids("npc:al", namespaces=["loc"]) == []
        assert ids("npc:al", namespaces=["loc", "npc"]) == ["npc:alex", "npc:alexandra"]
        assert ids("", namespaces=["player", "camera"]) == ["player", "camera:view:pov"]
        assert ids("gaet", namespaces={"loc"}) == ["loc:gate", "loc:dungeon_gate"]

    def test_an_empty_vocabulary_has_nothing_to_offer(self):
        assert complete("a", Ontology()) == complete("alex", Ontology()) == complete("", Ontology()) == ()


class TestTheOrder:
    def test_whole_forms_come_first_then_the_most_used(self):
        assert ids("alex") == ["npc:alex", "npc:alexandra"]
        assert ids("alex", uses={"npc:alexandra": 5}) == ["npc:alex", "npc:alexandra"]
        assert ids("ale", uses={"npc:alexandra": 5, "npc:alex": 0}) == ["npc:alexandra", "npc:alex"]

    def test_uses_of_zero_are_like_none(self):
        assert ids("", uses={"loc:dungeon_gate": 0, "loc:empty": 1, "loc:nowhere": 9}, limit=3) == [
            *("loc:empty", "player", "loc:gate"),
        ]

    def test_of_mistakes_whole_forms_come_first_then_the_most_used(self):
        assert ids("gaet") == ["loc:gate", "loc:dungeon_gate"]
        assert ids("gaet", uses={"loc:dungeon_gate": 5}) == ["loc:gate", "loc:dungeon_gate"]


words = st.text("ab_", min_size=1, max_size=4)
terms = st.builds(
    lambda name, space, **fields: Term(f"{space}:{name}", **fields),
    words,
    st.sampled_from(["npc", "loc"]),
    label=words,
    aliases=st.lists(words, max_size=2).map(tuple),
    keywords=st.lists(st.text("ab ", min_size=1, max_size=4), max_size=2).map(tuple),
)
ontologies = st.lists(terms, unique_by=lambda term: term.id, max_size=8).map(
    lambda found: Ontology(found, [Namespace("npc", "", closed=False)])
)
counts = st.dictionaries(st.builds("{}:{}".format, st.sampled_from(["npc", "loc"]), words), st.integers(0, 3))


def beginnings(text, ontology, uses, namespaces):
    """The rule, asked of every form of every term."""
    found = []
    for term in ontology.terms.values():
        if namespaces and term.namespace not in namespaces:
            continue
        forms = [clean(form) for form in (term.id, *term.aliases, term.label, *term.keywords)]
        parts = [text]
        if text.startswith("npc:") and text != "npc:" and term.namespace == "npc":
            parts.append(text.removeprefix("npc:"))
        is_whole = any(part and part in (form, local_part(form)) for part in parts for form in forms)
        begins = any(
            form.startswith(part)
            or local_part(form).startswith(part)
            or any(
                form[at - 1] in "_:-" and form[at] not in "_:-" and form.startswith(part, at)
                for at in range(1, len(form))
            )
            for part in parts
            for form in forms
        )
        if begins or not text:
            found.append((not is_whole, -uses.get(term.id, 0), len(term.id), term.id))
    return [id_ for *_, id_ in sorted(found)]


@given(ontologies, st.just("") | words | words.map("npc:{}".format), counts, st.sets(st.sampled_from(["npc", "loc"])))
def test_beginnings_are_all_that_a_look_at_every_form_finds_in_the_same_order(ontology, text, uses, namespaces):
    text = clean(text)
    hits = complete(text, ontology, limit=100, uses=uses, namespaces=namespaces)
    prefixed = [hit.id for hit in hits if hit.match == "prefix"]
    assert prefixed == beginnings(text, ontology, uses, namespaces)
    assert [hit.id for hit in complete(text, ontology, limit=2, uses=uses, namespaces=namespaces)] == [
        hit.id for hit in hits[:2]
    ]
    assert len({hit.id for hit in hits}) == len(hits)


def test_wide_beginnings_are_ranked_like_narrow_ones():
    ontology = make_ontology(3000)
    for uses in ({}, {id_: number % 7 for number, id_ in enumerate(ontology.terms)}):
        for text in ("", "npc:", "s", "npc:k"):
            found = [hit.id for hit in complete(text, ontology, limit=50, uses=uses)]
            expected = sorted(
                (hit.id for hit in complete(text, ontology, limit=10_000, uses=uses) if hit.match == "prefix"),
                key=lambda id_: (-uses.get(id_, 0), len(id_), id_),
            )
            assert found == expected[:50]
            assert complete(text, ontology, limit=50, uses=uses) == complete(text, ontology, limit=50, uses=uses)


rows = st.lists(st.text("abc", max_size=9), max_size=40).map(sorted)


@given(rows, st.text("abc", min_size=3, max_size=12))
def test_near_is_every_spelling_within_one_edit(row, text):
    found = {(edits, row[place]) for edits, place in Near(row).places(text) if edits <= 1}
    assert found == {(OSA.distance(text, one), one) for one in row if OSA.distance(text, one) <= 1}


@given(rows, st.text("abc", max_size=12))
def test_two_edits_are_found_where_an_outer_third_is_free_of_them(row, text):
    found = {(edits, row[place]) for edits, place in Near(row).places(text)}
    assert all(edits == OSA.distance(text, one) <= 2 for edits, one in found)
    third = len(text) // 3
    if len(text) >= 9 and not any(OSA.distance(text, one) <= 1 for one in row):
        free = {one for one in row if one.startswith(text[:third]) or one.endswith(text[-third:])}
        assert found == {(2, one) for one in free if OSA.distance(text, one) == 2}
    if len(text) < 3:
        assert found == set()


def test_an_end_that_thousands_share_says_nothing_about_two_edits():
    row = [f"person_{number:05d}" for number in range(6000)]
    assert [row[place] for _, place in Near(row).places("perrsonn_04321")] == [
        one for one in row if OSA.distance("perrsonn_04321", one) <= 2
    ]


@given(rows, st.text("abc\U0010ffff", max_size=4))
def test_a_span_is_what_begins_with_the_text(row, text):
    first, last = span_of(row, text)
    if not text.endswith("\U0010ffff"):
        assert row[first:last] == [one for one in row if one.startswith(text)]


def test_nearly_every_mistyped_name_is_among_the_first_five():
    ontology = make_ontology(5000)
    chance = Random(3)
    names = [(name, term.id) for term in ontology.terms.values() for name in (term.id, *term.aliases)]
    asked = [(mistyped(name, chance), id_) for name, id_ in chance.sample(names, 400)]
    found = sum(id_ in [hit.id for hit in complete(text, ontology, limit=5)] for text, id_ in asked)
    assert found / len(asked) >= 0.98


@given(st.text())
def test_no_text_makes_it_raise(text):
    assert len(complete(text, builtin_ontology())) <= 10


def test_typing_without_mistakes_loads_no_matching():
    program = (
        "import sys; from ontology.complete import complete; from ontology.terms import Ontology, Term\n"
        "assert complete('al', Ontology([Term('npc:al', '')]), limit=1)\n"
        "print(sorted({'yaml', 'rapidfuzz'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
