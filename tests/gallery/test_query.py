"""The language of searches: what it means, and that both ways of running it agree."""

import pytest
from gallery_builders import NOON, SMALL_ONTOLOGY, open_context
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from gallery.folding import folded
from gallery.query.matching import matches
from gallery.query.parsing import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, parse
from gallery.query.sql import condition
from gallery.query.tree import All, AnyOf, Either, Everything, Family, Not, Words
from gallery.tables import asset, asset_path, asset_tag
from ontology.errors import InvalidInputError
from ontology.terms import Namespace, Ontology, Term

RENAMED = Ontology(
    terms=[
        *SMALL_ONTOLOGY.terms.values(),
        Term("prop:lantern", "Lantern"),
        Term("camera:lamp", "Lamp", deprecated=True, replaced_by="prop:lantern"),
    ],
    namespaces=[*SMALL_ONTOLOGY.namespaces.values(), Namespace("prop", "Props", closed=False)],
)

ASSETS = {
    "alex_bg": (["npc:alexander", "role:bg"], ["people/Alex Red Scarf.png"]),
    "old": (["npc:old_name"], ["x.png"]),
    "gate": (["loc:dungeon_entrance", "role:bg", "cam:pov"], ["places/Gate.png", "copies/ÉTÉ.png"]),
    "dungeon": (["loc:dungeon", "role:bg"], ["places/cellar.png"]),
    "lamp": (["camera:lamp", "smile_(happy)"], ["props/100%_lamp.png"]),
    "bare": ([], ["nothing.png"]),
    "player": (["player", "mood:sad"], ["red/first person.png"]),
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", set(ASSETS)),
        ("   ", set(ASSETS)),
        ("role:bg", {"alex_bg", "gate", "dungeon"}),
        ("ROLE:BG", {"alex_bg", "gate", "dungeon"}),
        ("npc:alex", {"alex_bg", "old"}),
        ("npc:alexander", {"alex_bg", "old"}),
        ("loc:dungeon", {"gate", "dungeon"}),
        ("loc:dungeon_entrance", {"gate"}),
        ("role:bg -npc:*", {"gate", "dungeon"}),
        ("-npc:*", {"gate", "dungeon", "lamp", "bare", "player"}),
        ("not npc:* NOT loc:*", {"lamp", "bare", "player"}),
        ("not -role:bg", {"alex_bg", "gate", "dungeon"}),
        ("not not not role:bg", {"old", "lamp", "bare", "player"}),
        ("camera:*", {"gate"}),
        ("camera:view:*", {"gate"}),
        ("cam:*", set()),
        ("prop:*", {"lamp"}),
        ("prop:lantern", {"lamp"}),
        ("smile_(happy)", {"lamp"}),
        ("player", {"player"}),
        ("nothing", set()),
        ('"nothing"', {"bare"}),
        ('"scarf red"', {"alex_bg"}),
        ('"RED"', {"alex_bg", "player"}),
        ('"red" -player', {"alex_bg"}),
        ('-"red"', {"old", "gate", "dungeon", "lamp", "bare"}),
        ('"été"', {"gate"}),
        ('"e\u0301te\u0301"', {"gate"}),
        ('"100%_"', {"lamp"}),
        ('"0_l"', set()),
        ('""', set(ASSETS)),
        ("npc:* or loc:*", {"alex_bg", "old", "gate", "dungeon"}),
        ("role:bg (npc:* or cam:pov)", {"alex_bg", "gate"}),
        ("role:bg and cam:pov", {"gate"}),
        ("role:bg cam:pov OR mood:sad", {"gate", "player"}),
        ("-(role:bg or player)", {"old", "lamp", "bare"}),
        ("mood:unheard_of", set()),
        ("undeclared:x", set()),
    ],
)
def test_both_ways_of_running_find_what_the_words_say(database, query, expected):
    tree = parse(query, RENAMED)
    assert {name for name, (tags, paths) in ASSETS.items() if matches(tree, tags, paths)} == expected
    assert run(database, tree) == expected


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    with open_context(tmp_path_factory.mktemp("project")) as context:
        fill(context.database, ASSETS)
        yield context.database


def fill(database, assets):
    with database.write() as connection:
        for key, (name, (tags, paths)) in enumerate(assets.items(), 1):
            facts = {"media_type": "image", "format": "png", "bytes": 1, "created_at": NOON, "added_at": NOON}
            row = {"key": key, "id": name, "sha256": name, "version": 1, "path": paths[0], "tags": tags, **facts}
            connection.execute(insert(asset), row)
            for path in paths:
                row = {"path": path, "asset_key": key, "words": folded(path), "size": 1, "mtime_ns": 1}
                connection.execute(insert(asset_path), row)
            for tag in tags:
                connection.execute(insert(asset_tag), {"tag": tag, "asset_key": key})


def run(database, tree):
    with database.read() as connection:
        return set(connection.execute(select(asset.c.id).where(condition(tree))).scalars())


STORED = sorted({tag for tags, _ in ASSETS.values() for tag in tags})
LEAVES = st.one_of(
    st.just(Everything()),
    st.builds(AnyOf, st.frozensets(st.sampled_from([*STORED, "unknown"]), max_size=3)),
    st.builds(
        Family,
        st.sampled_from(["npc", "loc", "camera", "role", "mood", "camera:view"]),
        st.frozensets(st.sampled_from(STORED), max_size=2),
        st.frozensets(st.sampled_from(STORED), max_size=2),
    ),
    st.builds(
        Words,
        st.lists(st.sampled_from([".png", "a", "red", "%", "_", "/", "\\", "'", "é"]), min_size=1, max_size=2).map(
            tuple
        ),
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Either, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(tree=TREES)
def test_sql_and_memory_agree_on_every_tree(database, tree):
    assert run(database, tree) == {name for name, (tags, paths) in ASSETS.items() if matches(tree, tags, paths)}


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(
        st.sampled_from([*"ab:*-\"() %_;'\\=<>.\x1b\u202e\0\udcff", "or ", "not ", "role:bg "]), max_size=30
    ).map("".join)
)
def test_any_text_is_a_query_or_a_clear_error(database, text):
    tree = parsed_or_error(text)
    if isinstance(tree, InvalidInputError):
        assert tree.code == "query"
        assert tree.hint
        assert all(char.isprintable() or char == "\n" for char in tree.message)
    else:
        run(database, tree)


def parsed_or_error(text):
    try:
        return parse(text, RENAMED)
    except InvalidInputError as error:
        return error


@pytest.mark.parametrize(
    ("query", "message", "column"),
    [
        ('role:bg "red', "this quote is not closed", 8),
        ("role:bg )", "`)` cannot stand here", 8),
        ("(role:bg", "the query ends too early", 8),
        ("role:bg or", "the query ends too early", 10),
        ("not", "the query ends too early", 3),
        ("role:bg -", "the query ends too early", 9),
        ("role:bg rating:>=3", "`rating:>=3` is not a tag", 8),
        ("a::b", "`a::b` is not a tag", 0),
        (":*", "`:*` is not a namespace and `:*`", 0),
        ("or a", "`or` cannot stand here", 0),
        ("()", "`)` cannot stand here", 1),
    ],
)
def test_errors_point_at_the_place(query, message, column):
    with pytest.raises(InvalidInputError) as caught:
        parse(query, RENAMED)
    first, line, caret = caught.value.message.split("\n")
    assert first == message
    assert line == f"  {query}"
    assert caret == "  " + " " * column + "^"


def test_queries_have_limits():
    with pytest.raises(InvalidInputError, match="at most 2000"):
        parse("a" * (MAX_LENGTH + 1), RENAMED)
    with pytest.raises(InvalidInputError, match="more than 64 terms"):
        parse("a " * (MAX_TERMS + 1), RENAMED)
    with pytest.raises(InvalidInputError, match="nest deeper"):
        parse("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), RENAMED)
    parse('"' + "(" * 100 + '"', RENAMED)
    assert parse("-" * 900 + "a", RENAMED) == parse("a", RENAMED)
    assert parse("not " * 401 + "a", RENAMED) == parse("-a", RENAMED)
