"""Vocabularies of other tools: what can be held is, the rest is said, and what comes out loads beside the project."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ontology.errors import InvalidInputError
from ontology.importing import import_vocabulary, to_yaml
from ontology.loader import builtin_ontology, check_ontology, check_ontology_text
from ontology.terms import Namespace, Ontology, Source, Term

PROJECT = """version: 1
namespaces: {style: {closed: true}, mood: {closed: false}}
terms:
  npc:alex: {label: Alex, aliases: [npc:alexander, red]}
  loc:hall: {label: Hall}
  loc:gate: {label: Gate, broader: [loc:hall]}
  npc:old: {deprecated: true, replaced_by: npc:alex}
  camera:view:front: {keywords: [face]}
"""


def project():
    ontology, found = check_ontology_text(PROJECT, file="ontology/a.yaml")
    assert found == ()
    return ontology


def imported(text, ontology=None, **renamed):
    data = text if isinstance(text, bytes) else text.encode()
    return import_vocabulary(data, name="their.yaml", map=renamed, ontology=ontology or project())


def terms_of(text, **renamed):
    """`{id: label}` of a file without a single remark."""
    found = imported(text, **renamed)
    assert [str(one) for one in found.report] == []
    return {term.id: term.label for term in found.terms}


def report_of(text, **renamed):
    return [(one.line, one.column, one.code) for one in imported(text, **renamed).report]


class TestWhatIsATerm:
    def test_tables_with_an_id_wherever_they_stand(self):
        text = "vocabulary:\n  - {id: npc:ben, label: Ben}\n  - more: [{id: 'npc:cat', label: Cat}]\n"
        assert terms_of(text) == {"npc:ben": "Ben", "npc:cat": "Cat"}

    def test_keys_that_are_ids(self):
        text = "camera:angle_pov: {label: POV, keywords: [eyes]}\nmood:sad: Sadness\nmood:odd:\n"
        assert terms_of(text) == {"camera:angle_pov": "POV", "mood:sad": "Sadness", "mood:odd": "Odd"}

    def test_plain_ids_below_a_key_that_names_a_namespace(self):
        text = (
            "npc:\n  ben: {id: ben, label: Ben}\n  cat: Cat\n  dan:\n  eve: {}\n"
            "mood: [glad, sad]\nloc: [{id: yard, name: Yard}]\n"
        )
        assert terms_of(text) == {
            "npc:ben": "Ben",
            "npc:cat": "Cat",
            "npc:dan": "Dan",
            "npc:eve": "Eve",
            "mood:glad": "Glad",
            "mood:sad": "Sad",
            "loc:yard": "Yard",
        }

    def test_keys_on_the_way_are_parts_of_the_id_but_for_words_that_only_hold_lists(self):
        text = (
            "camera:\n  angle: {items: {worm: {label: Worm}}}\n  view:\n    over: {label: Over, left: {label: Left}}\n"
        )
        assert terms_of(text) == {
            "camera:angle:worm": "Worm",
            "camera:view:over": "Over",
            "camera:view:over:left": "Left",
        }
        assert terms_of("camera:angle: [worm, bird]\n") == {
            "camera:angle:worm": "Angle worm",
            "camera:angle:bird": "Angle bird",
        }

    def test_namespaces_are_renamed_in_ids_keys_aliases_and_references(self):
        text = (
            "location:yard: {label: Yard}\nlocations: {park: {label: Park, parent: 'location:yard'}}\n"
            "x: [{id: 'Location:Pond', aliases: ['location:pond', 'location:lake'], broader: [yard, hall]}]\n"
        )
        found = imported(text, location="loc", locations="loc")
        assert found.report == ()
        assert found.terms == (
            Term("loc:yard", "Yard"),
            Term("loc:park", "Park", broader=("loc:yard",)),
            Term("loc:pond", "Pond", broader=("loc:yard", "loc:hall"), aliases=("loc:lake",)),
        )

    def test_narrower_entries_have_the_one_around_them_as_wider_term(self):
        text = "loc:\n  town:\n    label: Town\n    children:\n      - {id: inn, label: Inn, narrower: [cellar]}\n"
        found = imported(text)
        assert found.report == ()
        assert [(term.id, term.broader) for term in found.terms] == [
            *(("loc:town", ()), ("loc:inn", ("loc:town",)), ("loc:cellar", ("loc:inn",))),
        ]

    def test_everything_that_a_term_can_hold_is_held(self):
        text = (
            "- {id: npc:ben, name: Ben, kind: monster, keywords: tall, synonyms: [2077, yes, null],\n"
            "   aliases: [Big Ben], deprecated: true}\n"
        )
        assert imported(text).terms == (
            Term("npc:ben", "Ben", "monster", aliases=("big_ben",), keywords=("tall", "2077", "yes"), deprecated=True),
        )

    def test_a_new_namespace_is_declared_open_with_the_label_that_it_has_there(self):
        found = imported("weather:wet: {label: Wet}\nprops:\n  label: Things\n  cup: {label: Cup}\n", props="prop")
        assert found.namespaces == (
            Namespace("weather", "Weather", closed=False),
            Namespace("prop", "Things", closed=False),
        )

    def test_without_a_vocabulary_the_built_in_namespaces_are_still_not_declared(self):
        found = imported("[{id: 'role:x'}, {id: 'npc:y'}]", Ontology())
        assert ([term.id for term in found.terms], found.namespaces) == (["role:x", "npc:y"], ())

    def test_terms_come_in_the_order_of_the_file(self):
        text = "a: {b: {c: [{id: 'npc:one'}]}}\nnpc:two: {label: Two}\nnpc: {x: {three: {label: Three}}}\n"
        assert list(terms_of(text)) == ["npc:one", "npc:two", "npc:x:three"]


class TestJson:
    def test_json_is_read_with_tabs_and_halved_characters(self):
        data = json.dumps({"mood": [{"id": "fun", "label": "Fun \U0001f600 \\ud83d"}]}, indent="\t").encode()
        assert b"\\ud83d\\ude00" in data
        (term,) = imported(b"\xef\xbb\xbf" + data).terms
        assert term.label == "Fun \U0001f600 \\ud83d"

    def test_an_escaped_backslash_before_an_escape_is_no_escape(self):
        text = '{"mood:x": {"label": "\\\\ud83d\\\\ude00"}, "mood:y": {"label": "\\\\\\ud83d\\ude00"}}'
        assert [term.label for term in imported(text).terms] == ["\\ud83d\\ude00", "\\\U0001f600"]


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("text", "report"),
        [
            ("version: 3\nnpc:ben: {label: Ben}\n", [(1, 1, "import_no_id")]),
            ("words: [a]\nnpc:ben:\n", [(1, 9, "import_no_id")]),
            ("a: ~\nb: [~]\nnpc:ben: {color: ~}\n", []),
            ("npc: {label: People, version: 1, ben: }\n", [(1, 22, "import_no_id")]),
            (
                "npc:ben: {label: Ben, description: Tall, x: {y: 1}}\n",
                [(1, 23, "import_field"), (1, 46, "import_no_id")],
            ),
            ("npc:ben: {ages: [1, 2]}\n", [(1, 11, "import_field")]),
            ("- {id: stray, label: S}\n- {id: npc:ben}\n", [(1, 8, "import_no_namespace")]),
            ("stray: {label: S}\nnpc:ben: \n", [(1, 1, "import_no_namespace")]),
            ("npc:'?': {label: S}\nnpc:ben: \n", [(1, 1, "import_bad_id")]),
            ("loc: [公園]\n", [(1, 7, "import_bad_id")]),
            ("mood: [公園, 'a/b', 'x:']\n", [(1, 12, "import_id_changed"), (1, 19, "import_bad_id")]),
            ("npc: [Käthe!, a--b]\n", [(1, 7, "import_id_changed"), (1, 15, "import_id_changed")]),
            (f"npc: [{'x' * 117}]\n", [(1, 7, "import_bad_id")]),
            ("npc: [ben, Ben]\n", [(1, 12, "import_twice")]),
            ("npc:ben: {label: [Ben], keywords: {a: 1}}\n", [(1, 35, "import_text")]),
            ('npc:ben: {label: "a\\x1b", keywords: [" "]}\n', [(1, 18, "import_text"), (1, 38, "import_text")]),
            ("npc:ben: {kind: dog, deprecated: perhaps}\n", [(1, 17, "import_field"), (1, 34, "import_field")]),
            ("loc:ben: {kind: hero, deprecated: false}\n", [(1, 17, "import_field")]),
            (
                "npc:ben: {aliases: [player, npc:alex, red, a b?, npc:ben]}\n",
                [(1, c, "import_alias") for c in (21, 29, 39, 44)],
            ),
            (
                "npc: {ben: {aliases: [x, npc:cat, x]}, cat: {aliases: [x]}}\n",
                [(1, 26, "import_alias"), (1, 56, "import_alias")],
            ),
            ("npc:ben: {broader: [loc:hall, npc:zed, ben]}\n", [(1, c, "import_broader") for c in (21, 31, 40)]),
            ("npc: {a: {parent: b}, b: {parent: c}, c: {parent: a}}\n", [(1, 39, "import_broader")]),
            ("loc: {hall: {label: X}, yard: {parent: hall}}\n", [(1, 7, "import_known")]),
            ("npc: [old]\n", [(1, 7, "import_known")]),
            ("npc: [alexander]\n", [(1, 7, "import_known")]),
            ("camera:view:front: {keywords: [x]}\n", [(1, 1, "import_known")]),
            ("player: {x: {id: player, label: Me}}\n", [(1, 18, "import_known")]),
            ("npc:ben: {label: Ben}\nnpc:ben: {label: Benny}\n", [(2, 1, "duplicate_key")]),
            (
                "npc:ben: {x: &a {<<: 1}, label: !!str Ben}\n",
                [(1, 11, "import_field"), (1, 18, "yaml_merge_key"), (1, 33, "yaml_tag")],
            ),
            ("", [(1, 1, "import_empty")]),
            ("just a text", [(1, 1, "import_empty"), (1, 1, "import_no_id")]),
        ],
    )
    def test_what_cannot_be_held_is_said_with_its_place_and_the_rest_goes_on(self, text, report):
        assert sorted(report_of(text)) == report
        assert {one.severity for one in imported(text).report} <= {"warning"}

    def test_of_equal_ids_aliases_and_keywords_are_joined(self):
        text = (
            "npc: {ben: {aliases: [a], keywords: [x]}}\nx: [{id: npc:Ben, label: Ben, aliases: [b], keywords: [x, y]}]"
        )
        assert imported(text).terms == (Term("npc:ben", "Ben", aliases=("a", "b"), keywords=("x", "y")),)

    def test_a_built_in_term_gains_aliases_and_keywords_and_keeps_the_rest(self):
        found = imported("cam:pov: {label: X, aliases: [first], keywords: [mine, pov]}\nrole:bg: {label: Y}\n")
        (term,) = found.terms
        base = builtin_ontology().terms["camera:view:pov"]
        assert (term.id, term.label, term.aliases) == ("camera:view:pov", base.label, ("first", *base.aliases))
        assert term.keywords[:2] == ("mine", "pov")
        assert set(term.keywords) == {"mine", *base.keywords}
        assert [one.message for one in found.report] == [
            "`camera:view:pov` is a built-in term: it gains first, mine; its other fields stay",
            "`role:bg` is a built-in term: it gains nothing; its other fields stay",
        ]

    def test_a_term_without_source_is_left_out(self):
        found = imported("- {id: npc:ben}", Ontology([Term("npc:ben", "Ben")]))
        assert (found.terms, found.report[0].message) == ((), "`npc:ben` is a term already: left out")

    @pytest.mark.parametrize("data", [b"a: [", b"\xff", b"a: \x01", b"[" * 100, b'{"a": "\\ud83d"}'])
    def test_a_file_that_cannot_be_read_to_its_end_gives_errors_and_nothing_else(self, data):
        found = imported(data)
        assert (found.terms, found.namespaces) == ((), ())
        assert {one.severity for one in found.report} == {"error"}
        assert found.report[0].file == "their.yaml"

    @pytest.mark.parametrize(("foreign", "ours"), [("", "loc"), ("x", ""), ("x", "a:b"), ("x", "ä"), ("x", "-")])
    def test_a_namespace_that_cannot_be_one_is_refused(self, foreign, ours):
        with pytest.raises(InvalidInputError) as caught:
            import_vocabulary(b"", name="x", map={foreign: ours}, ontology=Ontology())
        assert caught.value.code == "bad_map"


def test_of_a_circle_one_step_is_left_out_and_the_others_stay():
    found = imported("npc: {a: {parent: b}, b: {parent: [c, d]}, c: {parent: a}, d: {parent: c}}")
    assert [(term.id, term.broader) for term in found.terms] == [
        ("npc:a", ("npc:b",)),
        ("npc:b", ("npc:c", "npc:d")),
        ("npc:c", ()),
        ("npc:d", ("npc:c",)),
    ]
    assert check_ontology_text(to_yaml(found.terms))[1] == ()


def test_ten_thousand_parents_in_a_row_cost_no_recursion():
    chain = [{"id": f"loc:p{n}", "label": f"P{n}", "parent": f"p{(n + 1) % 10_000}"} for n in range(10_000)]
    found = imported(json.dumps(chain))
    assert len(found.terms) == 10_000
    assert [one.code for one in found.report] == ["import_broader"]


def test_depth_by_aliases_costs_no_recursion():
    lines = ["a0: &a0 {npc:x: {label: X}}"]
    lines += [f"a{n}: &a{n} {'{k: ' * 25}*a{n - 1}{'}' * 25}" for n in range(1, 15)]
    assert [term.id for term in imported("\n".join(lines)).terms] == ["npc:x"]


keys = st.sampled_from(
    [
        *("id", "label", "name", "keywords", "synonyms", "aliases", "parent", "broader", "children", "terms", "kind"),
        *("npc", "loc", "location", "camera", "role", "mood", "weather", "deprecated", "description", "x"),
        *(
            "npc:alex",
            "npc:ben",
            "location:hall",
            "location:park",
            "camera:view:pov",
            "weather:wet",
            "player",
            "cam:pov",
        ),
    ]
)
words = st.one_of(
    keys,
    st.text(max_size=8),
    st.sampled_from(
        ["yes", "12:30", "Käthe", "a b", "a--b", "ben", "hall", "red", "true", "hero", "first:x", "-", "公園"]
    ),
    st.sampled_from([None, True, 7, 1.5]),
)
trees = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(keys | st.text(max_size=4), inner, max_size=5)
    ),
)
entries = st.lists(
    st.fixed_dictionaries(
        {"id": words},
        optional={
            name: st.lists(words, max_size=3) | words for name in ("label", "keywords", "aliases", "parent", "kind")
        },
    ),
    max_size=6,
)


@given(trees | entries | st.dictionaries(keys, entries), st.booleans())
def test_what_was_imported_loads_beside_the_project_and_is_what_was_said(tmp_path_factory, tree, as_json):
    data = json.dumps(tree) if as_json else yaml.safe_dump(tree, allow_unicode=True)
    found = imported(data, location="loc")
    folder = tmp_path_factory.mktemp("ontology")
    (folder / "a.yaml").write_text(PROJECT, encoding="utf-8")
    (folder / "b.yaml").write_text(to_yaml(found.terms, found.namespaces), encoding="utf-8")
    ontology, faults = check_ontology(folder)
    assert [str(one) for one in faults] == []
    assert [ontology.terms[term.id] for term in found.terms] == list(found.terms)
    assert all(ontology.namespaces[space.name] == space for space in found.namespaces)
    assert all(one.severity == "warning" and str(one).isprintable() for one in found.report if found.terms)
    again = import_vocabulary(to_yaml(found.terms, found.namespaces).encode(), name="again", map={}, ontology=project())
    assert {term.id for term in again.terms} == {term.id for term in found.terms}


@given(st.binary() | st.text().map(str.encode))
def test_no_content_makes_the_import_raise(data):
    imported(data, builtin_ontology())


labels = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1).map(str.strip).filter(bool)


@given(st.lists(labels, max_size=5), labels)
def test_texts_are_quoted_where_yaml_would_guess(keywords, label):
    term = Term("npc:ben", label, keywords=tuple(dict.fromkeys(keywords)))
    loaded, faults = check_ontology_text(to_yaml([term]))
    if not faults:
        assert loaded.terms["npc:ben"] == term
    assert {one.code for one in faults} <= {"odd_character"}


def test_a_file_is_written_a_term_a_line():
    terms = [
        Term("npc:ben", "Ben", "hero", ("npc:x",), ("b",), ("no", "tall: man"), source=Source("a", 1, 1)),
        Term("npc:old", "", deprecated=True, replaced_by="npc:ben"),
    ]
    assert to_yaml(terms, [Namespace("on", 'The "O"', closed=True)]) == (
        "version: 1\n"
        "namespaces:\n"
        '  "on": {label: "The \\"O\\"", closed: true}\n'
        "terms:\n"
        '  npc:ben: {label: Ben, kind: hero, broader: [npc:x], aliases: [b], keywords: ["no", "tall: man"]}\n'
        "  npc:old: {deprecated: true, replaced_by: npc:ben}\n"
    )
    assert to_yaml([]) == "version: 1\n"
