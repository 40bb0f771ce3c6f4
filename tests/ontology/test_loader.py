"""Files and folders to a vocabulary; every fault of a load at once, with its place and a way out."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology import loader
from ontology.errors import NotFoundError, OntologyError
from ontology.loader import builtin_ontology, check_ontology, check_ontology_text, load_ontology
from ontology.terms import Source, Term

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ontologies"


def faults_of(text, **options):
    """`[(line, column, code)]` of one file with the version line put before it as line 1."""
    _, found = check_ontology_text("version: 1\n" + text, **options)
    return [(one.line, one.column, one.code) for one in found]


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files into an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)

    def writer(**files):
        for name, text in files.items():
            Path(f"{name}.yaml").write_text(text, encoding="utf-8")
        return Path()

    return writer


class TestWhatIsLoaded:
    def test_a_folder_is_read_at_any_depth_and_merged_with_the_built_in_vocabulary(self):
        ontology = load_ontology(FIXTURES / "dungeon_school")
        assert ontology.label == "Dungeon School"
        assert ontology.terms["npc:alex"] == Term(
            "npc:alex", "Alex", "hero", aliases=("npc:alexander",), keywords=("red scarf",)
        )
        assert ontology.canonical("npc:old_name") == "npc:alex"
        assert ontology.broader("loc:dungeon_entrance") == (("loc:dungeon",),)
        assert "role:bg" in ontology
        assert ontology.namespaces["style"].closed is False

    def test_a_term_without_a_label_is_called_by_its_id(self):
        terms = load_ontology(FIXTURES / "dungeon_school").terms
        assert (terms["npc:guard"].label, terms["npc:old_name"].label) == ("Guard", "Old name")

    def test_a_term_remembers_where_it_was_declared(self, write):
        folder = write(a="version: 1\nterms:\n  npc:alex: {}\n")
        assert load_ontology(folder).terms["npc:alex"].source == Source("a.yaml", 3, 3)
        assert builtin_ontology().terms["role:bg"].source.file == "<built-in>/roles.yaml"

    def test_a_project_extends_a_built_in_term_and_overrides_its_label(self):
        term = load_ontology(FIXTURES / "dungeon_school").terms["camera:view:pov"]
        assert term.label == "First person"
        assert term.aliases == ("cam:pov",)
        assert term.keywords == ("through the eyes", "first person", "pov")

    def test_a_built_in_alias_gives_way_to_the_project(self):
        ontology, found = check_ontology_text(
            "version: 1\nnamespaces: {cam: }\n"
            "terms: {'cam:pov': {label: Bodycam}, 'npc:zoe': {aliases: ['cam:low', profile]}}\n"
        )
        assert found == ()
        assert ontology.canonical("cam:pov") == "cam:pov"
        assert ontology.canonical("cam:low") == "npc:zoe"
        assert ontology.canonical("cam:high") == "camera:angle:high"

    def test_aliases_are_stored_as_tags_are(self):
        ontology, _ = check_ontology_text(
            "version: 1\nterms: {'npc:alex': {aliases: [NPC:Alexander, The Brave One]}}\n"
        )
        assert ontology.terms["npc:alex"].aliases == ("npc:alexander", "the_brave_one")

    def test_without_built_in_terms_the_four_namespaces_stay(self):
        ontology = load_ontology(FIXTURES / "dungeon_school", builtin=False)
        assert "role:bg" not in ontology
        assert set(ontology.namespaces) == {"npc", "loc", "role", "camera", "style"}

    def test_a_file_may_be_given_by_itself_whatever_its_name(self, tmp_path):
        file = tmp_path / "vocabulary.txt"
        file.write_bytes(b"\xef\xbb\xbfversion: 1\r\nterms:\r\n  npc:alex: {}\r\n")
        assert "npc:alex" in load_ontology(file)

    def test_files_are_taken_in_the_order_of_their_paths_and_hidden_ones_left_out(self, tmp_path):
        for name in ("b.yml", "a.YAML", ".hidden.yaml", "notes.txt"):
            (tmp_path / name).write_text(f"version: 1\nlabel: From {name}\nterms: {{'npc:{name[0]}': }}\n")
        (tmp_path / ".git").mkdir()
        (tmp_path / ".git" / "c.yaml").write_text("no ontology")
        ontology = load_ontology(tmp_path, builtin=False)
        assert ontology.label == "From a.YAML"
        assert list(ontology.terms) == ["npc:a", "npc:b"]

    def test_loading_twice_gives_equal_vocabularies(self):
        assert load_ontology(FIXTURES / "dungeon_school") == load_ontology(FIXTURES / "dungeon_school")

    def test_text_is_checked_like_a_file(self):
        ontology, found = check_ontology_text("version: 1\nterms: {'npc:alex': {kind: heroo}}\n", file="body")
        assert ontology is None
        assert str(found[0]).startswith("body:2:28: unknown_kind: ")


class TestWhichNamespacesAreClosed:
    @pytest.mark.parametrize(
        ("text", "closed"),
        [
            ("", {"npc": False, "loc": False, "role": True, "camera": True}),
            ("terms: {'npc:alex': }", {"npc": True, "loc": False}),
            ("terms: {'loc:x': {deprecated: true}}", {"npc": False, "loc": True}),
            ("namespaces: {npc: {closed: false}}\nterms: {'npc:alex': }", {"npc": False}),
            ("namespaces: {npc: {closed: true}}", {"npc": True}),
            ("namespaces: {npc: {label: People}}\nterms: {'npc:alex': }", {"npc": True}),
            (
                "namespaces: {style: {closed: true}, mood: {closed: false}, prop: }",
                {"style": True, "mood": False, "prop": False},
            ),
            ("namespaces: {role: {label: Roles of mine}}", {"role": True}),
        ],
    )
    def test_a_namespace_closes_by_rule_or_by_word(self, text, closed):
        ontology, found = check_ontology_text(f"version: 1\n{text}\n")
        assert [one for one in found if one.severity == "error"] == []
        assert {name: ontology.namespaces[name].closed for name in closed} == closed

    def test_a_namespace_keeps_its_built_in_label_or_gets_one_from_its_name(self):
        ontology, _ = check_ontology_text("version: 1\nnamespaces: {npc: {closed: true}, art_style: }\n")
        assert ontology.namespaces["npc"].label == "Characters"
        assert ontology.namespaces["art_style"].label == "Art style"


class TestNothingToLoad:
    def test_an_empty_folder_is_the_built_in_vocabulary_with_a_warning(self, tmp_path):
        ontology, found = check_ontology(tmp_path)
        assert ontology == check_ontology(None)[0]
        assert [(one.code, one.severity, one.file) for one in found] == [("ontology_empty", "warning", str(tmp_path))]

    @pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "~\n"])
    def test_an_empty_file_is_the_built_in_vocabulary_with_a_warning(self, tmp_path, text):
        (tmp_path / "a.yaml").write_text(text)
        ontology, found = check_ontology(tmp_path)
        assert ontology == builtin_ontology()
        assert [(one.code, one.severity) for one in found] == [("ontology_empty", "warning")]

    def test_a_path_that_is_not_there_is_not_found(self, tmp_path):
        with pytest.raises(NotFoundError, match=re.escape("there is no file or folder")):
            check_ontology(tmp_path / "no\nwhere")
        with pytest.raises(NotFoundError, match=re.escape("no\\x0awhere")):
            load_ontology(tmp_path / "no\nwhere")

    def test_a_link_that_leads_nowhere_is_reported(self, tmp_path):
        (tmp_path / "a.yaml").symlink_to(tmp_path / "gone")
        assert [one.code for one in check_ontology(tmp_path)[1]] == ["file_unreadable"]

    def test_a_pipe_in_the_folder_is_passed_by(self, tmp_path):
        os.mkfifo(tmp_path / "a.yaml")
        assert [one.code for one in check_ontology(tmp_path)[1]] == ["ontology_empty"]

    def test_a_path_that_the_system_cannot_look_at_is_reported(self):
        assert [one.code for one in check_ontology(Path("x" * 5000))[1]] == ["file_unreadable"]

    def test_a_file_beyond_the_cap_is_refused_unread(self, tmp_path, monkeypatch):
        monkeypatch.setattr(loader, "MAX_BYTES", 1024 * 1024)
        (tmp_path / "a.yaml").write_bytes(b"# " + b"x" * 1024 * 1024)
        (found,) = check_ontology(tmp_path / "a.yaml")[1]
        assert (found.code, found.message) == ("file_too_big", "the file is larger than 1 MB")

    def test_the_cap_is_sixteen_megabytes(self):
        assert loader.MAX_BYTES == 16 * 1024 * 1024
        assert [one.code for one in check_ontology_text(b"#" * (loader.MAX_BYTES + 1))[1]] == ["file_too_big"]

    def test_text_with_half_a_surrogate_pair_is_not_utf8(self):
        assert [one.code for one in check_ontology_text("a: \ud800")[1]] == ["not_utf8"]


TEN_FAULTS = [
    (2, 1, "unknown_field"),
    (2, 1, "version_missing"),
    (4, 33, "wrong_type"),
    (5, 3, "namespace_always_closed"),
    (7, 33, "unknown_kind"),
    (7, 50, "alias_shadows_term"),
    (8, 20, "unquoted_value"),
    (9, 3, "duplicate_key"),
    (10, 3, "id_not_canonical"),
    (11, 21, "unquoted_value"),
    (11, 41, "yaml_tag"),
    (12, 41, "broader_loop"),
    (12, 58, "kind_outside_npc"),
    (14, 37, "unknown_broader"),
    (14, 60, "replaced_not_deprecated"),
    (14, 60, "unknown_replacement"),
    (15, 3, "undeclared_namespace"),
    (16, 27, "unknown_field"),
    (16, 49, "wrong_type"),
    (17, 39, "broader_namespace"),
    (17, 71, "bad_alias"),
    (18, 15, "yaml_merge_key"),
    (18, 45, "alias_twice"),
    (19, 3, "bad_id"),
]


class TestAllFaultsAtOnce:
    def test_a_file_with_many_faults_is_told_all_of_them_in_order(self):
        ontology, found = check_ontology(FIXTURES / "ten_faults")
        assert ontology is None
        assert [(one.line, one.column, one.code) for one in found] == TEN_FAULTS
        assert all(one.hint and one.file.endswith("faults.yaml") for one in found)

    def test_loading_raises_all_of_them(self):
        with pytest.raises(OntologyError) as caught:
            load_ontology(FIXTURES / "ten_faults")
        assert len(caught.value.diagnostics) == len(TEN_FAULTS)

    def test_every_place_named_is_where_the_thing_stands(self):
        lines = (FIXTURES / "ten_faults" / "faults.yaml").read_text(encoding="utf-8").splitlines()
        for found in check_ontology(FIXTURES / "ten_faults")[1]:
            here = lines[found.line - 1][found.column - 1 :]
            assert re.match(r"[\w!\"<{*]", here), found

    def test_a_relative_path_stays_relative_in_what_is_printed(self, write):
        folder = write(a="version: 1\nterms: {'npc:a': {colour: red}}\n")
        assert str(check_ontology(folder)[1][0]).startswith("a.yaml:2:19: unknown_field: ")

    def test_a_broken_file_does_not_hide_the_faults_of_the_others(self, write):
        folder = write(
            a="version: 1\nterms:\n  loc:cellar: [\n",
            b="version: 1\nterms:\n  loc:hall: {broader: [loc:cellar, loc:nowhere]}\n",
            c="version: 1\nterms:\n  loc:hall: {label: no}\n",
        )
        assert [(one.file, one.code) for one in check_ontology(folder)[1]] == [
            ("a.yaml", "yaml_syntax"),
            ("b.yaml", "unknown_broader"),
            ("c.yaml", "term_twice"),
            ("c.yaml", "unquoted_value"),
        ]

    def test_what_may_stand_in_an_unreadable_file_is_not_called_missing(self, write):
        folder = write(b="version: 1\nterms:\n  loc:hall: {broader: [loc:cellar]}\n  style:x: {}\n")
        Path("a.yaml").write_bytes(b"\xff")
        assert [one.code for one in check_ontology(folder)[1]] == ["not_utf8"]


SINGLE_FAULTS = [
    ("label: [a]", [(2, 8, "wrong_type")]),
    ("label:", [(2, 7, "wrong_type")]),
    ('label: " "', [(2, 8, "wrong_type")]),
    ('label: ""', [(2, 8, "wrong_type")]),
    ('label: "a\\tb"', [(2, 8, "odd_character")]),
    ('label: "a\\u202eb"', [(2, 8, "odd_character")]),
    ('label: "ni\\u200ckan"', []),
    ("namespaces: [style]", [(2, 13, "wrong_type")]),
    ("namespaces: {Style: }", [(2, 14, "bad_namespace")]),
    ("namespaces: {größe: }", [(2, 14, "bad_namespace")]),
    ("namespaces: {on: }", [(2, 14, "unquoted_value")]),
    ("namespaces: {style: open}", [(2, 21, "wrong_type")]),
    ("namespaces: {style: {closed: 'true'}}", [(2, 30, "wrong_type")]),
    ("namespaces: {style: {closed: yes}}", [(2, 30, "wrong_type")]),
    ("namespaces: {style: {closed: [true]}}", [(2, 30, "wrong_type")]),
    ("namespaces: {style: {close: true}}", [(2, 22, "unknown_field")]),
    ("terms: npc:alex", [(2, 8, "wrong_type")]),
    ("terms: {sunset: }", [(2, 9, "bad_id")]),
    ("terms: {'npc:': }", [(2, 9, "bad_id")]),
    ('terms: {"npc:a\\u200bb": }', [(2, 9, "bad_id")]),
    (f"terms: {{'npc:{'x' * 120}': }}", [(2, 9, "bad_id")]),
    ("terms: {'npc:a--b': }", [(2, 9, "bad_id")]),
    ("terms: {'NPC : A/B': }", [(2, 9, "id_not_canonical")]),
    ("terms: {12: }", [(2, 9, "unquoted_value")]),
    ("terms: {'npc:a': {kind: villain}}", [(2, 25, "unknown_kind")]),
    ("terms: {'npc:a': {kind: [hero]}}", [(2, 25, "wrong_type")]),
    ("terms: {player: {kind: hero}}", [(2, 24, "kind_outside_npc")]),
    ("terms: {player: {label: You}}", []),
    ("terms: {'npc:a': {aliases: npc:b}}", [(2, 28, "wrong_type")]),
    ("terms: {'npc:a': {aliases: }}", [(2, 28, "wrong_type")]),
    ("terms: {'npc:a': {aliases: {b: c}}}", [(2, 28, "wrong_type")]),
    (
        "terms: {'npc:a': {aliases: [no, [b], 12:30:45]}}",
        [(2, 29, "unquoted_value"), (2, 33, "wrong_type"), (2, 38, "unquoted_value")],
    ),
    (f"terms: {{'npc:a': {{aliases: [{'x' * 121}]}}}}", [(2, 29, "bad_alias")]),
    ("terms: {'npc:a': {aliases: [npc:a]}}", [(2, 29, "alias_shadows_term")]),
    ("terms: {'npc:a': {aliases: [player]}}", [(2, 29, "alias_shadows_term")]),
    ("terms: {'npc:a': {aliases: ['role:bg']}}", [(2, 29, "alias_shadows_term")]),
    ("terms: {'npc:a': {aliases: [b, B]}}", [(2, 32, "alias_twice")]),
    ("terms: {'npc:a': {keywords: [red scarf, '']}}", [(2, 41, "wrong_type")]),
    ("terms: {'npc:a': {keywords: [2026-11-21]}}", [(2, 30, "unquoted_value")]),
    ("terms: {'npc:a': {deprecated: 1}}", [(2, 31, "wrong_type")]),
    ("terms: {'npc:a': {deprecated: true}}", []),
    ("terms: {'npc:a': {deprecated: true, replaced_by: [x]}}", [(2, 50, "wrong_type")]),
    ("terms: {'npc:a': {deprecated: true, replaced_by: 'npc:a'}}", [(2, 50, "replacement_loop")]),
    ("terms: {'loc:a': {broader: ['loc:a']}}", [(2, 29, "broader_loop")]),
    ("terms: {player: {broader: ['npc:a']}, 'npc:a': }", [(2, 28, "broader_namespace")]),
    ("terms: {'camera:view:pov': {broader: ['camera:view:all']}}", [(2, 39, "unknown_broader")]),
    ("terms: {'npc:a': {aliases: [&b a/b, *b]}}", [(2, 29, "bad_alias")]),
    ("'npc:alex': {label: Alex}", [(2, 1, "unknown_field")]),
    ("- a", [(2, 1, "yaml_syntax")]),
    ("terms: {'style:käse': }\nnamespaces: {style: {closed: true}}", [(2, 9, "bad_id")]),
    ("terms: {'style:käse': }\nnamespaces: {style: {closed: false}}", []),
]


@pytest.mark.parametrize(("text", "faults"), SINGLE_FAULTS)
def test_each_fault_has_its_code_and_place(text, faults):
    assert faults_of(text) == faults


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("terms: {}\n", [(1, 1, "version_missing")]),
        ("version: 2\n", [(1, 10, "version_unsupported")]),
        ("version: 1.0\n", [(1, 10, "version_unsupported")]),
        ("version: [1]\n", [(1, 10, "version_unsupported")]),
        ("version:\n", [(1, 9, "version_unsupported")]),
        ('version: "1"\n', []),
        ("[version, 1]\n", [(1, 1, "wrong_type")]),
        ("version 1\n", [(1, 1, "wrong_type")]),
    ],
)
def test_a_file_says_its_version(text, faults):
    assert [(one.line, one.column, one.code) for one in check_ontology_text(text)[1]] == faults


def test_an_unsupported_version_names_what_is_supported():
    assert "supported: 1" in check_ontology_text("version: 2\n")[1][0].message


HINTS = [
    ("labels: x", "did you mean label?"),
    ("'npc:alex': {}", "terms stand under `terms:`"),
    ("label: no", 'quote it: "no"'),
    ("terms: {'NPC:Alex': }", "write npc:alex"),
    ("terms: {'NPC:A/B': }", "each part between colons"),
    ("namespaces: {Art Style: }", "write art_style"),
    ("terms: {'npc:a': {kind: Monstre}}", "did you mean monster?"),
    ("terms: {'npc:a': {kind: villain}}", "kinds are hero, npc, monster"),
    ("terms: {'npc:a': {colour: red}}", "fields are label, kind"),
    ("terms: {'npc:a': {broader: npc:b}}", "write `broader: [npc:b]`"),
    ("terms: {'view:pov_1': }", "did you mean camera:view:pov? Otherwise declare it"),
    ("terms: {'qqqq:zzzz': }", "declare it: add `qqqq: {closed: true}`"),
    ("terms: {'loc:hall': , 'loc:a': {broader: ['loc:hal']}}", "did you mean loc:hall? Otherwise"),
    ("terms: {'loc:hall': {broader: ['loc:zzz']}}", "declare it under `terms:`"),
]


@pytest.mark.parametrize(("text", "hint"), HINTS)
def test_the_hint_says_the_way_out(text, hint):
    _, found = check_ontology_text(f"version: 1\n{text}\n")
    assert hint in found[0].hint


def test_a_term_is_never_suggested_as_wider_than_itself():
    _, found = check_ontology_text("version: 1\nterms: {'loc:hall': {broader: ['loc:hal']}}\n")
    assert found[0].hint == "declare it under `terms:`"


def test_after_many_dead_ends_the_rest_is_reported_without_suggestions():
    dangling = "".join(f"  loc:place_{number}: {{broader: [loc:plac_{number}]}}\n" for number in range(300))
    _, found = check_ontology_text("version: 1\nterms:\n" + dangling)
    assert [one.code for one in found] == ["unknown_broader"] * 300
    assert sum("did you mean" in one.hint for one in found) == 200


class TestBothPlacesAreNamed:
    def test_of_a_term_defined_twice(self, write):
        folder = write(a="version: 1\nterms:\n  npc:alex: {}\n", b="version: 1\nterms:\n\n  npc:alex: {}\n")
        assert [str(one) for one in check_ontology(folder)[1]] == [
            "b.yaml:4:3: term_twice: `npc:alex` is already defined at a.yaml:3:3 (join the two, or rename one)"
        ]

    def test_of_a_namespace_declared_twice(self, write):
        folder = write(a="version: 1\nnamespaces:\n  style: {}\n", b="version: 1\nnamespaces: {style: }\n")
        (found,) = check_ontology(folder)[1]
        assert str(found).startswith("b.yaml:2:14: namespace_twice: ")
        assert "already declared at a.yaml:3:3" in found.message

    def test_of_an_alias_that_two_terms_claim(self, write):
        folder = write(
            a="version: 1\nterms: {'npc:alex': {aliases: [al]}}\n",
            b="version: 1\nterms: {'npc:albert': {aliases: [al]}}\n",
        )
        (found,) = check_ontology(folder)[1]
        assert (found.file, found.line, found.column, found.code) == ("b.yaml", 2, 34, "alias_twice")
        assert "`npc:alex`, at a.yaml:2:32" in found.message

    def test_of_an_alias_that_is_a_term(self, write):
        folder = write(
            a="version: 1\nterms: {'npc:alex': {aliases: ['npc:al']}}\n", b="version: 1\nterms: {'npc:al': }\n"
        )
        (found,) = check_ontology(folder)[1]
        assert (found.file, found.code) == ("a.yaml", "alias_shadows_term")
        assert "defined at b.yaml:2:9" in found.message

    def test_of_an_alias_that_is_a_built_in_term(self):
        (found,) = check_ontology_text("version: 1\nterms: {'npc:alex': {aliases: ['role:bg']}}\n")[1]
        assert re.search(r"defined at <built-in>/roles\.yaml:\d+:3", found.message)


class TestCircles:
    def test_a_circle_of_wider_terms_is_printed(self):
        text = (
            "terms:\n  loc:a: {broader: [loc:b]}\n  loc:b: {broader: [loc:c]}\n"
            "  loc:c: {broader: [loc:d, loc:a]}\n  loc:d:\n"
        )
        (found,) = check_ontology_text("version: 1\n" + text)[1]
        assert "loc:a → loc:b → loc:c → loc:a" in found.message
        assert (found.line, found.column, found.id) == (3, 21, "loc:a")

    def test_a_circle_is_found_through_a_replaced_id(self):
        text = (
            "terms:\n  loc:a: {broader: [loc:old]}\n  loc:old: {deprecated: true, replaced_by: loc:b}\n"
            "  loc:b: {broader: [loc:a]}\n"
        )
        (found,) = check_ontology_text("version: 1\n" + text)[1]
        assert "loc:a → loc:b → loc:a" in found.message

    def test_a_circle_of_replacements_is_printed_once(self):
        text = "".join(
            f"  npc:{here}: {{deprecated: true, replaced_by: npc:{there}}}\n" for here, there in ("ab", "bc", "cb")
        )
        (found,) = check_ontology_text("version: 1\nterms:\n" + text)[1]
        assert (found.code, found.id) == ("replacement_loop", "npc:b")
        assert "npc:b → npc:c → npc:b" in found.message

    def test_a_built_in_term_may_get_a_wider_one(self):
        text = "version: 1\nterms: {'camera:view:pov': {broader: ['camera:framing:closeup']}}\n"
        ontology, found = check_ontology_text(text)
        assert found == ()
        assert ontology.broader("cam:pov") == (("camera:framing:closeup",),)


class TestTheBuiltInVocabulary:
    def test_it_has_no_fault_of_its_own(self):
        assert check_ontology(None)[1] == ()
        vocabulary = Path(loader.__file__).parent / "vocabulary"
        faults = [one for one in check_ontology(vocabulary, builtin=False)[1] if one.code != "namespace_always_closed"]
        assert faults == []

    def test_it_is_made_once(self):
        assert builtin_ontology() is builtin_ontology()

    @pytest.mark.parametrize(
        "term",
        [
            "player",
            *(f"role:{name}" for name in ("bg", "pov:player", "char:hero", "char:npc", "char:monster", "comic_frame")),
            *(f"camera:view:{name}" for name in ("pov", "front", "side", "back", "top", "three_quarter")),
            *(f"camera:framing:{name}" for name in ("closeup", "medium", "full", "wide")),
            *(f"camera:angle:{name}" for name in ("eye_level", "low", "high", "dutch", "overhead")),
            *(f"camera:movement:{name}" for name in ("static", "pan", "tilt", "zoom", "dolly")),
        ],
    )
    def test_it_knows_what_the_contract_names(self, term):
        assert builtin_ontology().terms[term].label

    def test_every_camera_has_a_short_alias(self):
        for term in builtin_ontology().terms.values():
            if term.namespace == "camera":
                assert any(alias.startswith("cam:") for alias in term.aliases), term.id

    def test_npc_and_loc_are_open_until_a_project_declares_a_term(self):
        closed = {name: space.closed for name, space in builtin_ontology().namespaces.items()}
        assert closed == {"npc": False, "loc": False, "role": True, "camera": True}


pieces = st.sampled_from(
    [
        *(
            "version: 1\n",
            "terms:\n",
            "namespaces:\n",
            "label: ",
            "  npc:a: ",
            "  npc:b: ",
            "  loc:a: ",
            "  style: ",
            "{",
            "}",
        ),
        *(
            "broader: [npc:a]",
            "replaced_by: npc:a",
            "deprecated: true",
            "aliases: [",
            "]",
            ", ",
            "kind: hero",
            "no",
            "\n",
        ),
        *("&x ", "*x", "closed: false", "- ", "'", '"', ": ", "<<: *x", "!!int ", "player: ", "\x85", "\u2028"),
    ]
)


@given(st.one_of(st.text(), st.binary(), st.lists(pieces, max_size=30).map("".join)))
def test_no_content_makes_the_check_raise(content):
    ontology, found = check_ontology_text(content)
    assert (ontology is None) == any(one.severity == "error" for one in found)
    for one in found:
        assert str(one).isprintable()
