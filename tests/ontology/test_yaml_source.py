"""Strict YAML: places are true, and what YAML would guess, run or blow up is refused."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ontology.nodes import Findings, Listing, Scalar, Table
from ontology.yaml_source import MAX_ALIASED_NODES, MAX_DEPTH, read_yaml

LOADERS = [yaml.SafeLoader, yaml.CSafeLoader]


def read(data, loader=yaml.CSafeLoader):
    findings = Findings("f.yaml")
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    return read_yaml(raw, findings, loader=loader), [
        (found.line, found.column, found.code) for found in findings.diagnostics
    ]


@pytest.fixture(params=LOADERS, ids=["python", "libyaml"])
def loader(request):
    return request.param


def test_nodes_keep_text_order_line_and_column_counted_in_characters(loader):
    file, faults = read('ä: {bß: "no", c: [x, 1]}\nd: plain\n', loader)
    assert faults == []
    assert file.complete
    assert file.root == Table(
        (
            (
                Scalar("ä", 1, 1),
                Table(
                    (
                        (Scalar("bß", 1, 5), Scalar("no", 1, 9)),
                        (Scalar("c", 1, 15), Listing((Scalar("x", 1, 19), Scalar("1", 1, 22, "a number")), 1, 18)),
                    ),
                    1,
                    4,
                ),
            ),
            (Scalar("d", 2, 1), Scalar("plain", 2, 4)),
        ),
        1,
        1,
    )


@pytest.mark.parametrize(
    ("text", "implied"),
    [
        ("no", "true or false"),
        ("on", "true or false"),
        ("Yes", "true or false"),
        ("12:30:45", "a number"),
        ("1e3", "a number"),
        ("012", "a number"),
        ("0o17", "a number"),
        ("-1.5", "a number"),
        (".inf", "a number"),
        ("2026-11-21", "a date"),
        ("null", "nothing"),
        ("~", "nothing"),
        ("", "nothing"),
        ("=", "a special value"),
        ("'no'", None),
        ('"1"', None),
        ("north", None),
        ("1st", None),
        ("|\n  no", None),
    ],
)
def test_unquoted_values_say_what_yaml_would_make_of_them(text, implied, loader):
    file, faults = read(f"a: {text}\n", loader)
    assert faults == []
    assert file.root.entries[0][1].implied == implied


def test_a_byte_order_mark_is_no_part_of_the_text():
    file, faults = read(b"\xef\xbb\xbfa: b\n")
    assert (file.root.entries[0][0], faults) == (Scalar("a", 1, 1), [])


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n"])
def test_a_file_without_a_document_has_no_root(text, loader):
    file, faults = read(text, loader)
    assert (file.root, file.complete, faults) == (None, True, [])


REFUSED = [
    (b"a: b\nc: \xff\n", [(2, 4, "not_utf8")]),
    ("a: b\n".encode("utf-16"), [(1, 1, "not_utf8")]),
    ("a: b\nc: d\x00\x1b\n", [(2, 5, "yaml_character"), (2, 6, "yaml_character")]),
    ("a: [b\n", [(2, 1, "yaml_syntax")]),
    ("a: b: c\n", [(1, 5, "yaml_syntax")]),
    ("a:\n\t- b\n", [(2, 1, "yaml_syntax")]),
    ("%YAML 3.0\n---\na: b\n", [(1, 1, "yaml_syntax")]),
    ("a: !!python/object:os.system [x]\n", [(1, 4, "yaml_tag")]),
    ("a: !!str 1\n", [(1, 4, "yaml_tag")]),
    ("!local {a: b}\n", [(1, 1, "yaml_tag")]),
    ("a: b\nc: d\na: e\n", [(3, 1, "duplicate_key")]),
    ('a: b\n"a": e\n', [(2, 1, "duplicate_key")]),
    ("a: &x {b: c}\nd:\n  <<: *x\n", [(3, 3, "yaml_merge_key")]),
    ("[a, b]: c\n", [(1, 1, "wrong_type")]),
    ("a: b\n---\nc: d\n---\ne: f\n", [(2, 1, "yaml_documents")]),
    ("a: *x\n", [(1, 4, "yaml_aliases")]),
    ("a: &x [*x]\n", [(1, 8, "yaml_aliases")]),
]


@pytest.mark.parametrize(("data", "faults"), REFUSED)
def test_what_is_not_plain_data_is_refused_with_its_place(data, faults):
    assert read(data)[1] == faults


def test_of_equal_keys_the_first_is_kept():
    assert read("a: b\na: c\n")[0].root.entries == ((Scalar("a", 1, 1), Scalar("b", 1, 4)),)


def test_the_hint_for_a_tab_speaks_of_spaces():
    findings = Findings("f.yaml")
    read_yaml(b"a:\n\t- b\n", findings)
    assert "indent with spaces" in findings.diagnostics[0].hint


def test_nesting_as_deep_as_the_limit_is_read_and_one_deeper_refused(loader):
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH, loader)[1] == []
    assert read("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), loader)[1] == [(1, MAX_DEPTH + 1, "yaml_too_deep")]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 3000,
        "[" * 3000 + "]" * 3000,
        "".join(" " * depth + "a:\n" for depth in range(3000)),
        "- " * 3000,
        "? " * 3000,
    ],
)
def test_input_three_thousand_levels_deep_is_refused_without_a_recursion_error(text, loader):
    file, faults = read(text, loader)
    assert [code for _, _, code in faults] == ["yaml_too_deep"]
    assert not file.complete


def test_an_alias_bomb_is_refused_before_it_grows(loader):
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 10)
    )
    file, faults = read(bomb, loader)
    assert [code for _, _, code in faults] == ["yaml_aliases"]
    assert file.root is None


def test_a_modest_use_of_aliases_is_fine():
    file, faults = read("a: &k [x, y]\nb: *k\n")
    assert faults == []
    assert file.root.entries[1][1] == file.root.entries[0][1]
    assert MAX_ALIASED_NODES > 2


def test_an_escape_that_is_no_character_is_a_syntax_error_with_both_parsers(loader):
    _, faults = read('a: "\\U00110000"\n', loader)
    assert [code for _, _, code in faults] == ["yaml_syntax"]


def test_after_too_many_forbidden_characters_the_rest_is_not_listed():
    assert len(read("\x00" * 1000)[1]) == 20


pieces = st.sampled_from(
    [*"[]{}:,-?&*!|>'\"%@`#\n \t\\~=<", "<<", "---", "...", "&a", "*a", "!!str ", "a", "1", "é", "\x85"]
)


@pytest.mark.parametrize("loader", LOADERS)
@given(
    data=st.one_of(
        st.binary(),
        st.text(st.characters(exclude_categories=["Cs"])).map(str.encode),
        st.lists(pieces).map("".join).map(str.encode),
    )
)
def test_no_bytes_make_the_reader_raise(loader, data):
    findings = Findings("f.yaml")
    file = read_yaml(data, findings, loader=loader)
    assert file.complete or findings.diagnostics
    for found in findings.diagnostics:
        assert found.line >= 1
        assert found.column >= 1
        assert str(found).isprintable()


def test_several_documents_are_read_in_turn_where_they_may_come(loader):
    findings = Findings("specs.yaml")
    file = read_yaml(b"a: 1\n---\n- b\n---\n", findings, loader=loader, several=True)
    assert [(type(root).__name__, root.line) for root in file.roots] == [("Table", 1), ("Listing", 3), ("Scalar", 5)]
    assert file.root is file.roots[0]
    assert findings.diagnostics == []


def test_an_anchor_ends_with_its_document(loader):
    findings = Findings("specs.yaml")
    read_yaml(b"a: &here 1\n---\nb: *here\n", findings, loader=loader, several=True)
    assert [(found.line, found.code) for found in findings.diagnostics] == [(3, "yaml_aliases")]
