"""Tags that do not go together: namespaces of a single choice, and terms that exclude each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.cardinality import clashes, new_clash, rivals
from ontology.compiled import from_bytes, to_bytes
from ontology.loader import builtin_ontology, check_ontology_text
from ontology.writing import to_yaml

FILE = """\
version: 1
namespaces:
  style: {label: Style, single: true}
  mood: {label: Mood}
terms:
  style:ink: {aliases: [style:pen, inked]}
  style:oil:
  mood:calm: {aliases: [mood:quiet]}
  mood:tense:
  mood:merry:
  loc:day:
exclusive:
  - [mood:calm, mood:tense, mood:merry]
  - [loc:day, camera:view:pov]
"""


def loaded(text):
    ontology, found = check_ontology_text(text, file="f.yaml")
    assert ontology is not None, list(map(str, found))
    return ontology


ONTOLOGY = loaded(FILE)


@pytest.mark.parametrize(
    ("tags", "clashing"),
    [
        ([], []),
        (["style:ink", "mood:calm", "loc:day", "sunset"], []),
        (["style:ink", "style:oil"], [("style:ink", "style:oil")]),
        (["style:anything", "style:oil"], [("style:anything", "style:oil")]),
        (["style:ink", "style:pen", "inked"], []),
        (["inked", "style:oil"], [("style:ink", "style:oil")]),
        (["mood:merry", "x", "mood:quiet"], [("mood:merry", "mood:calm")]),
        (["camera:view:pov", "loc:day"], [("camera:view:pov", "loc:day")]),
        (["loc:day", "mood:calm", "style:ink"], []),
        (
            ["mood:calm", "style:ink", "mood:tense", "style:oil"],
            [("mood:calm", "mood:tense"), ("style:ink", "style:oil")],
        ),
    ],
)
def test_what_clashes_is_found_under_every_spelling(tags, clashing):
    assert [clash.tags for clash in clashes(tags, ONTOLOGY)] == clashing


def test_a_clash_says_its_rule():
    told = [clash.rule for clash in clashes(["style:ink", "style:oil", "mood:calm", "mood:tense"], ONTOLOGY)]
    assert told == ["one tag of `style:` at a time", "one of `mood:calm`, `mood:tense`, `mood:merry` at a time"]


def test_what_clashed_already_may_stay_and_even_shrink():
    before = ["mood:calm", "mood:tense", "mood:merry"]
    assert new_clash(before, before[1:], ONTOLOGY) is None
    assert new_clash(before, [*before, "sunset"], ONTOLOGY) is None
    assert new_clash(before[:1], before[:2], ONTOLOGY).tags == ("mood:calm", "mood:tense")


def test_rivals_are_named_as_they_are_spelled():
    assert rivals("style:oil", ["inked", "style:oil", "mood:calm"], ONTOLOGY) == {"inked"}
    assert rivals("sunset", ["inked"], ONTOLOGY) == frozenset()


def test_the_built_in_vocabulary_has_no_rule():
    assert clashes([*builtin_ontology().terms], builtin_ontology()) == ()


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("exclusive: mood:calm\n", "wrong_type", (1, 12)),
        ("exclusive: [mood:calm, mood:tense]\n", "wrong_type", (1, 13)),
        ("exclusive: [[mood:calm]]\n", "exclusive_too_few", (1, 13)),
        ("exclusive: [[mood:calm, mood:quiet]]\n", "exclusive_too_few", (1, 13)),
        ("exclusive: [[mood:calm, mood:clam]]\n", "unknown_exclusive", (1, 25)),
        ("exclusive: [[mood:calm, no]]\n", "unquoted_value", (1, 25)),
    ],
)
def test_a_rule_that_cannot_be_meant_is_a_fault_at_its_place(text, code, place):
    declared = FILE[: FILE.index("exclusive")].replace("version: 1\n", "version: 1\nlabel: x\n")
    ontology, found = check_ontology_text(text + declared, file="f.yaml")
    assert ontology is None
    assert (code, *place) in [(item.code, item.line, item.column) for item in found]
    assert all(item.hint for item in found)


def test_an_unknown_term_of_a_rule_comes_with_the_one_that_was_meant():
    text = FILE.replace("[mood:calm,", "[mood:clam,")
    _, found = check_ontology_text(text, file="f.yaml")
    assert [item.code for item in found] == ["unknown_exclusive"]
    assert "did you mean mood:calm?" in found[0].hint


def test_single_is_a_flag():
    _, found = check_ontology_text(FILE.replace("single: true", "single: yes"), file="f.yaml")
    assert [item.code for item in found] == ["wrong_type"]


def test_rules_survive_the_cache_and_make_a_difference():
    assert from_bytes(to_bytes(ONTOLOGY, b"key"), b"key") == ONTOLOGY
    assert loaded(FILE.replace("  - [loc:day, camera:view:pov]\n", "")) != ONTOLOGY
    assert loaded(FILE.replace(", single: true", "")) != ONTOLOGY


def test_a_single_namespace_is_written_as_one():
    text = to_yaml([], [ONTOLOGY.namespaces["style"]])
    assert loaded(text).namespaces["style"] == ONTOLOGY.namespaces["style"]


TAGS = st.lists(st.sampled_from([*ONTOLOGY.terms, "style:pen", "inked", "mood:quiet", "style:x", "w"]), unique=True)


@given(TAGS, TAGS)
def test_nothing_clashes_once_the_rivals_of_what_is_added_are_gone(tags, more):
    kept = [tag for tag in tags if not clashes([tag, *more], ONTOLOGY)]
    if clashes(kept, ONTOLOGY) or clashes(more, ONTOLOGY):
        return
    gone = frozenset().union(*(rivals(tag, kept, ONTOLOGY) for tag in more))
    assert gone == frozenset()
    gone = frozenset().union(*(rivals(tag, tags, ONTOLOGY) for tag in more))
    left = [tag for tag in tags if tag not in gone]
    assert new_clash(tags, [*left, *more], ONTOLOGY) is None
