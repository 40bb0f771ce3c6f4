"""Vocabulary files are edited in place: what has to change changes, and every other character stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ontology.amending import file_defining, term_added, term_deprecated, term_renamed
from ontology.errors import InvalidInputError
from ontology.loader import check_ontology_files
from ontology.spans import documents
from ontology.splicing import all_reworded
from ontology.terms import Term

FILE = """\
version: 1  # the first line

# who is there
terms:
  "npc:alex":   # leads
    label: "Alex"
    aliases: ["npc:alexander"]   # old
  npc:guard:
  'npc:twin': {broader: [npc:alex, 'npc:guard'],}   # with a comma at the end
  npc:list:
    broader:
    - npc:alex
    aliases:
    - "npc:series"  # one a line
  npc:old: {deprecated: true, replaced_by: npc:list}"""


def ontology_of(text):
    ontology, found = check_ontology_files([("f.yaml", text.encode())])
    assert ontology is not None, list(map(str, found))
    return ontology


def renamed(old, new, text=FILE, **options):
    return term_renamed({"f.yaml": text}, old, new, **{"keep_alias": True} | options).get("f.yaml", text)


def changed_lines(before, after):
    """The lines that only one of the two has."""
    had, has = before.splitlines(), after.splitlines()
    return [line for line in had if line not in has], [line for line in has if line not in had]


@pytest.mark.parametrize(
    ("old", "new", "keep", "gone", "come"),
    [
        (
            "npc:alex",
            "npc:alexis",
            True,
            [
                '  "npc:alex":   # leads',
                '    aliases: ["npc:alexander"]   # old',
                "  'npc:twin': {broader: [npc:alex, 'npc:guard'],}   # with a comma at the end",
                "    - npc:alex",
            ],
            [
                '  "npc:alexis":   # leads',
                '    aliases: ["npc:alexander", npc:alex]   # old',
                "  'npc:twin': {broader: [npc:alexis, 'npc:guard'],}   # with a comma at the end",
                "    - npc:alexis",
            ],
        ),
        (
            "npc:guard",
            "npc:sentry",
            True,
            ["  npc:guard:", "  'npc:twin': {broader: [npc:alex, 'npc:guard'],}   # with a comma at the end"],
            [
                "  npc:sentry: {aliases: [npc:guard]}",
                "  'npc:twin': {broader: [npc:alex, 'npc:sentry'],}   # with a comma at the end",
            ],
        ),
        (
            "npc:list",
            "npc:row",
            True,
            ["  npc:list:", "  npc:old: {deprecated: true, replaced_by: npc:list}"],
            ["  npc:row:", "    - npc:list", "  npc:old: {deprecated: true, replaced_by: npc:row}"],
        ),
        (
            "npc:twin",
            "npc:pair",
            True,
            ["  'npc:twin': {broader: [npc:alex, 'npc:guard'],}   # with a comma at the end"],
            [("  'npc:pair': {broader: [npc:alex, 'npc:guard'], aliases: [npc:twin]}   # with a comma at the end")],
        ),
        (
            "npc:old",
            "npc:very_old",
            False,
            ["  npc:old: {deprecated: true, replaced_by: npc:list}"],
            ["  npc:very_old: {deprecated: true, replaced_by: npc:list}"],
        ),
    ],
)
def test_a_rename_changes_the_lines_that_name_the_term_and_no_others(old, new, keep, gone, come):
    after = renamed(old, new, keep_alias=keep)
    assert changed_lines(FILE, after) == (gone, come)
    ontology = ontology_of(after)
    assert old not in ontology.terms
    assert (ontology.canonical(old) == ontology.canonical(new)) == keep


@pytest.mark.parametrize(
    ("old", "new", "keep", "aliases"),
    [
        ("npc:alex", "npc:alexander", True, ("npc:alex",)),
        ("npc:alex", "npc:alexander", False, ()),
        ("npc:list", "npc:series", True, ("npc:list",)),
        ("npc:list", "npc:series", False, ()),
    ],
)
def test_an_alias_of_the_term_may_become_its_id(old, new, keep, aliases):
    assert ontology_of(renamed(old, new, keep_alias=keep)).terms[new].aliases == aliases


def test_an_alias_goes_from_any_place_of_its_list():
    for place in range(3):
        names = ["npc:a", "npc:b", "npc:c"]
        flow = f"version: 1\nterms:\n  npc:x: {{aliases: [{', '.join(names)}]}}\n"
        block = "version: 1\nterms:\n  npc:x:\n    aliases:\n" + "".join(f"    - {name} # {name}\n" for name in names)
        left = tuple(name for name in names if name != names[place])
        for text in (flow, block):
            term = ontology_of(renamed("npc:x", names[place], text, keep_alias=False)).terms[names[place]]
            assert term.aliases == left


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("head", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_stay(ends, head):
    text = head + FILE.replace("\n", ends)
    assert renamed("npc:list", "npc:row", text) == head + renamed("npc:list", "npc:row").replace("\n", ends)


def test_a_text_shared_by_an_anchor_is_not_edited_where_only_one_of_its_places_is_meant():
    text = 'version: 1\nterms:\n  npc:a: {label: &n "npc:b"}\n  npc:b:\n  npc:c: {broader: [*n]}\n'
    with pytest.raises(InvalidInputError) as caught:
        renamed("npc:b", "npc:d", text)
    assert caught.value.code == "shared_anchor"


def test_a_text_shared_by_an_anchor_is_edited_once_where_all_of_its_places_are_meant():
    text = "version: 1\nterms:\n  npc:a: {broader: [&b npc:b]}\n  npc:b:\n  npc:c: {broader: [*b]}\n"
    after = renamed("npc:b", "npc:d", text, keep_alias=False)
    assert after == text.replace("npc:b", "npc:d")


@pytest.mark.parametrize(
    ("text", "value", "after"),
    [
        ("a: park\n", "hall", "a: hall\n"),
        ("a: park\n", "on", 'a: "on"\n'),
        ("a: 'park'\n", "on", "a: 'on'\n"),
        ("a: 'park'\n", "king's", "a: 'king''s'\n"),
        ('{"a": "park"}', "king's", '{"a": "king\'s"}'),
        ("a: &x park # c\n", "hall", "a: &x hall # c\n"),
        ("? park\n: b\n", "(x)", '? "(x)"\n: b\n'),
    ],
)
def test_a_text_keeps_its_quotes_and_gets_some_where_yaml_would_take_it_for_something_else(text, value, after):
    (root,) = documents(text)
    node = next(node for entry in root.entries for node in entry if node.value == "park")
    assert all_reworded(text, [(node, value)], is_json=text.startswith("{")) == after


def test_a_block_of_lines_is_not_edited():
    (root,) = documents("a: |\n  park\n")
    with pytest.raises(InvalidInputError, match="block of lines"):
        all_reworded("a: |\n  park\n", [(root.entries[0][1], "hall")])


@pytest.mark.parametrize(
    ("term", "line"),
    [
        ("npc:guard", "  npc:guard: {deprecated: true, replaced_by: npc:alex}"),
        ("npc:old", "  npc:old: {deprecated: true, replaced_by: npc:alex}"),
    ],
)
def test_a_term_is_deprecated_where_it_stands(term, line):
    after = term_deprecated({"f.yaml": FILE}, term, "npc:alex")["f.yaml"]
    assert line in after.splitlines()
    assert ontology_of(after).canonical(term) == "npc:alex"


def test_a_term_of_several_lines_gets_lines_of_its_own():
    after = term_deprecated({"f.yaml": FILE}, "npc:list", "npc:alex")["f.yaml"]
    assert changed_lines(FILE, after) == ([], ["    deprecated: true", "    replaced_by: npc:alex"])


def test_deprecating_twice_changes_nothing():
    once = term_deprecated({"f.yaml": FILE}, "npc:guard", None)
    assert term_deprecated(once, "npc:guard", None) == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing yet\n",
        "version: 1",
        "version: 1\nterms:\n",
        "version: 1\nterms:",
        "version: 1\nterms: {}\n",
        "version: 1\nterms: {npc:a: {}}\n",
        "version: 1\nterms:\n  npc:a:\nlabel: below\n",
        "version: 1\nterms:\n    npc:a:\n      label: |\n        lines\n\n# the end\n",
        "version: 1\r\nterms:\r\n  npc:a: {label: A}\r\n",
        FILE,
    ],
)
def test_a_term_is_added_to_every_kind_of_file(text):
    before = ontology_of(text if "version" in text else "version: 1\n")
    after = term_added(text, Term("npc:new", 'The "new" one', kind="hero", keywords=("no", "red: scarf")))
    found = ontology_of(after)
    assert found.terms["npc:new"] == Term("npc:new", 'The "new" one', kind="hero", keywords=("no", "red: scarf"))
    assert {**found.terms} == {**before.terms, "npc:new": found.terms["npc:new"]}


def test_the_file_of_a_term_is_found():
    files = {"a.yaml": "version: 1\nterms: {npc:a: {}}\n", "b.yaml": "version: 1\nterms:\n  npc:b:\n"}
    assert [file_defining(files, term) for term in ("npc:a", "npc:b", "npc:c")] == ["a.yaml", "b.yaml", None]


def test_a_file_that_cannot_be_read_is_said():
    with pytest.raises(InvalidInputError, match="cannot be read"):
        renamed("npc:a", "npc:b", "terms: [")


@pytest.mark.parametrize(
    "text",
    ["a: [b", "a: &x [*y]", "- " * 40 + "x", "a: &a [1,2,3,4,5,6,7,8,9]\n" + "b: &b [*a,*a,*a,*a,*a,*a]\n" * 300],
)
def test_what_is_no_sound_yaml_has_no_spans(text):
    assert documents(text) is None


@given(st.text(), st.text(alphabet="ab:,[]{}#'\"&*!|>-? \n\t\r", max_size=60))
def test_any_text_has_spans_or_none(text, yaml_like):
    for each in (text, yaml_like):
        documents(each)


NAMES = st.from_regex(r"npc:[a-z][a-z0-9_]{0,5}", fullmatch=True)
QUOTES = st.sampled_from(["{}", '"{}"', "'{}'"])


@st.composite
def vocabularies(draw):
    """(text, its ids): terms in several ways of writing, each wider than the next."""
    ids = draw(st.lists(NAMES, min_size=2, max_size=6, unique=True))
    lines = ["version: 1", "terms:"]
    for number, name in enumerate(ids):
        wider = ids[number + 1 :][:2]
        written = [draw(QUOTES).format(one) for one in wider]
        key = draw(QUOTES).format(name)
        style = draw(st.integers(0, 2))
        if not wider:
            lines.append(f"  {key}:{draw(st.sampled_from(['', '  # end', ' {}', ' {label: x}']))}")
        elif style == 0:
            lines.append(f"  {key}: {{ broader: [ {' , '.join(written)} ] }} # flow")
        elif style == 1:
            lines += [f"  {key}:", f"    broader: [{', '.join(written)}]", "    label: L"]
        else:
            lines += [f"  {key}:  # block", "    broader:", *(f"      -   {one}   # wider" for one in written)]
    return draw(st.sampled_from(["\n", "\r\n"])).join([*lines, ""]), ids


@settings(max_examples=40)
@given(vocabularies(), NAMES, st.booleans(), st.data())
def test_a_rename_gives_the_same_vocabulary_with_another_id(drawn, new, keep, data):
    text, ids = drawn
    old = data.draw(st.sampled_from(ids))
    if new in ids:
        return
    before, after = ontology_of(text), ontology_of(renamed(old, new, text, keep_alias=keep))
    ours = [term for term in before.terms.values() if term.id in ids]
    for term in ours:
        found = after.terms[new if term.id == old else term.id]
        assert found.broader == tuple(new if wider == old else wider for wider in term.broader)
        assert found.aliases == (*term.aliases, *([old] if keep and term.id == old else []))
    assert len(after.terms) == len(before.terms)
    back = renamed(new, old, renamed(old, new, text, keep_alias=False), keep_alias=False)
    assert back == text or any(mark in text for mark in "\"'")
