"""The language of searches: what it means, and that both ways of running it agree."""

from datetime import UTC, datetime, timedelta

import pytest
from gallery_builders import NOON, SMALL_ONTOLOGY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from query_galleries import COLLECTIONS, LEAVES, RENAMED, SORTS, TREES, fill, galleries
from sqlalchemy import select

from gallery.query import sql_gathering
from gallery.query.fields import Surroundings
from gallery.query.matching import found, matches
from gallery.query.parsing import MAX_DEPTH, MAX_LENGTH, MAX_NESTING, MAX_TERMS, parse
from gallery.query.record import Making, Record
from gallery.query.sql import condition, grounded
from gallery.query.sql_gathering import among, gathered
from gallery.query.sql_order import steps, stretches
from gallery.query.syntax import words_of
from gallery.query.tree import Query, Sort
from gallery.store.engine import memory_engine
from gallery.store.model import metadata
from gallery.store.tables import asset
from ontology.errors import InvalidInputError
from ontology.terms import Namespace, Ontology

SAVED = {
    "alex": "npc:alex sort:-rating",
    "wide": "@alex width:>500",
    "ring": "@knot",
    "knot": "search:ring",
    "bad": "a (",
}
SAVED |= {f"deep{n}": f"@deep{n + 1}" for n in range(MAX_NESTING)} | {f"deep{MAX_NESTING}": "b"}
AROUND = Surroundings(NOON, frozenset(COLLECTIONS), SAVED)


def read(text, ontology=RENAMED):
    return parse(text, ontology, AROUND)


def days(count):
    return NOON - timedelta(days=count)


RECORDS = {
    "alex_bg": Record(
        "a1",
        ("npc:alexander", "role:bg"),
        ("people/Alex Red Scarf.png",),
        rating=5,
        width=1920,
        height=1080,
        created=days(1),
        collections={"refs": "b"},
    ),
    "old": Record("a12", ("npc:old_name",), ("x.png",), width=1000, height=1000, created=days(2), bytes=2_000_000),
    "gate": Record(
        "ab",
        ("loc:dungeon_entrance", "role:bg", "cam:pov"),
        ("places/Gate.png", "copies/ÉTÉ.png"),
        rating=3,
        created=days(3),
        width=1280,
        height=720,
        parents=("a1",),
        making=Making("ComfyUI", "A Gate, at night", "blurry", "FLUX.1-dev", "42", 20, "euler", ("Ink", "Old Gate")),
        collections={"refs": "a"},
    ),
    "dungeon": Record(
        "ac", ("loc:dungeon", "role:bg"), ("places/cellar.png",), rating=0, created=datetime(2026, 2, 28, tzinfo=UTC)
    ),
    "lamp": Record(
        "ad",
        ("camera:lamp", "smile_(happy)"),
        ("props/100%_lamp.png",),
        format="jpeg",
        created=days(5),
        note="Étude, red",
        width=600,
        height=800,
    ),
    "bare": Record("ae", (), ("nothing.png",), created=days(6), media="video", making=Making("A1111")),
    "player": Record(
        "af", ("player", "mood:sad", "view:gone"), ("red/first person.png",), created=days(7), edited=NOON
    ),
}
RECORDS["alex_bg"] = Record(
    **{name: getattr(RECORDS["alex_bg"], name) for name in Record.__slots__} | {"children": ("ab",)}
)
for _name, _record in RECORDS.items():
    RECORDS[_name] = Record(**{n: getattr(_record, n) for n in Record.__slots__} | {"path": _record.paths[0]})
NAMES = {record.id: name for name, record in RECORDS.items()}
ALL = set(RECORDS)

CASES = [
    ("", ALL),
    ("   ", ALL),
    ("role:bg", {"alex_bg", "gate", "dungeon"}),
    ("ROLE:BG", {"alex_bg", "gate", "dungeon"}),
    ("npc:alex", {"alex_bg", "old"}),
    ("npc:alexander", {"alex_bg", "old"}),
    ("loc:dungeon", {"gate", "dungeon"}),
    ("=loc:dungeon", {"dungeon"}),
    ("=npc:alex", {"alex_bg", "old"}),
    ("-=loc:dungeon loc:dungeon", {"gate"}),
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
    ('mood:"sad"', {"player"}),
    ("smile_(happy)", {"lamp"}),
    ("player", {"player"}),
    ("nothing", set()),
    ('"nothing"', {"bare"}),
    ('"scarf red"', {"alex_bg"}),
    ('"RED"', {"alex_bg", "player", "lamp"}),
    ('"red" -player', {"alex_bg", "lamp"}),
    ('-"red"', {"old", "gate", "dungeon", "bare"}),
    ('"été"', {"gate"}),
    ('"e\u0301te\u0301"', {"gate"}),
    ('"étude"', {"lamp"}),
    ('"night gate"', {"gate"}),
    ('"the dungeon"', {"dungeon"}),
    ('"alex"', {"alex_bg", "old"}),
    ('"100%_"', {"lamp"}),
    ('"0_l"', set()),
    ('"\\""', set()),
    ('"\\\\"', set()),
    ('""', ALL),
    ("npc:* or loc:*", {"alex_bg", "old", "gate", "dungeon"}),
    ("role:bg (npc:* or cam:pov)", {"alex_bg", "gate"}),
    ("role:bg and cam:pov", {"gate"}),
    ("role:bg cam:pov OR mood:sad", {"gate", "player"}),
    ("-(role:bg or player)", {"old", "lamp", "bare"}),
    ("mood:unheard_of", set()),
    ("undeclared:x", set()),
    ("=rating:3", set()),
    ("rating:3", {"gate"}),
    ("rating:>=3", {"alex_bg", "gate"}),
    ("-rating:>=3", ALL - {"alex_bg", "gate"}),
    ("rating:<3", {"dungeon"}),
    ("rating:0..3", {"gate", "dungeon"}),
    ("rating:none", ALL - {"alex_bg", "gate", "dungeon"}),
    ("RATING:any", {"alex_bg", "gate", "dungeon"}),
    ("width:>1000", {"alex_bg", "gate"}),
    ("width:1000..", {"alex_bg", "gate", "old"}),
    ("height:..720", {"gate"}),
    ("pixels:1mp", {"old"}),
    ("pixels:>=1.5mp", {"alex_bg"}),
    ("size:2mb", {"old"}),
    ("bytes:>1.9MB", {"old"}),
    ("size:<1kib", ALL - {"old"}),
    ("ratio:16:9", {"alex_bg", "gate"}),
    ("ratio:16/9", {"alex_bg", "gate"}),
    ("ratio:1.78", {"alex_bg", "gate"}),
    ("ratio:>1", {"alex_bg", "gate"}),
    ("ratio:square", {"old"}),
    ("ratio:portrait", {"lamp"}),
    ("ratio:landscape", {"alex_bg", "gate"}),
    ("ratio:3:4..1", {"lamp", "old"}),
    ("created:2026-02", {"dungeon"}),
    ("created:2026-01..2026-03", {"dungeon"}),
    ("created:..2026-03", {"dungeon"}),
    ("created:2026-02-28", {"dungeon"}),
    ("created:2026-02-28T00:00:00Z", {"dungeon"}),
    ("created:2026-02-28T01:00+01:00", {"dungeon"}),
    ("created:>2026-02-28", ALL - {"dungeon"}),
    ("created:<=2026-02-28", {"dungeon"}),
    ("created:<2026-02-28", set()),
    ("created:2026", ALL),
    ("created:2d", {"alex_bg", "old"}),
    ("created:<5d", {"bare", "player", "dungeon"}),
    ("created:yesterday", {"alex_bg"}),
    ("created:today", set()),
    ("added:1970", ALL),
    ("edited:any", {"player"}),
    ("edited:today", {"player"}),
    ("edited:none", ALL - {"player"}),
    ("media:video", {"bare"}),
    ("format:jpg", {"lamp"}),
    ("id:a1", {"alex_bg", "old"}),
    ("id:a12", {"old"}),
    ("path:places", {"gate", "dungeon"}),
    ("path:PLACES/", {"gate", "dungeon"}),
    ("path:place", set()),
    ("path:places/cellar.png", {"dungeon"}),
    ("path:*/*l*.png", {"alex_bg", "dungeon", "lamp"}),
    ("path:?.png", {"old"}),
    ('path:"red/first person.png"', {"player"}),
    ('path:"people/Alex Red*"', {"alex_bg"}),
    ("path:*100%_*", {"lamp"}),
    ("model:flux", {"gate"}),
    ("model:=flux", set()),
    ("model:=FLUX.1-DEV", {"gate"}),
    ("seed:42", {"gate"}),
    ("seed:4", set()),
    ("steps:>=20", {"gate"}),
    ("steps:none", ALL - {"gate"}),
    ("sampler:euler", {"gate"}),
    ("tool:comfyui", {"gate"}),
    ("lora:ink", {"gate"}),
    ("lora:ink*", {"gate"}),
    ("lora:*gate", {"gate"}),
    ("model:flux*", {"gate"}),
    ("model:foo*", set()),
    ('prompt:"gate* night*"', {"gate"}),
    ('lora:="old gate"', {"gate"}),
    ("lora:=old", set()),
    ('prompt:"night gate"', {"gate"}),
    ("negative:blurry", {"gate"}),
    ("note:étude", {"lamp"}),
    ("note:red", {"lamp"}),
    ("collection:refs", {"alex_bg", "gate"}),
    ('collection:"best of"', set()),
    ("parent:a1", {"gate"}),
    ("child:ab", {"alex_bg"}),
    ("tags:>2", {"gate", "player"}),
    ("tags:0", {"bare"}),
    ("is:untagged", {"bare"}),
    ("is:tagged", ALL - {"bare"}),
    ("is:rated", {"alex_bg", "gate", "dungeon"}),
    ("is:unrated", ALL - {"alex_bg", "gate", "dungeon"}),
    ("is:edited", {"player"}),
    ("is:generated", {"gate", "bare"}),
    ("is:orphan", {"player"}),
    ("is:trashed", set()),
    ("-is:missing", ALL),
    ("has:prompt", {"gate"}),
    ("has:note", {"lamp"}),
    ("has:model has:seed has:steps has:sampler has:lora has:negative has:rating has:generation", {"gate"}),
    ("has:parents", {"gate"}),
    ("has:children", {"alex_bg"}),
    ("has:tags", ALL - {"bare"}),
    ("has:npc", {"alex_bg", "old"}),
    ("-has:loc", ALL - {"gate", "dungeon"}),
    ("has:camera has:role", {"gate"}),
    ("@alex", {"alex_bg", "old"}),
    ("search:alex width:>1500", {"alex_bg"}),
    ("-@wide", ALL - {"alex_bg", "old"}),
    (".rating:3", {"gate"}),
]


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_both_ways_of_running_find_what_the_words_say(connection, query, expected):
    node = read(query).node
    assert {name for name, record in RECORDS.items() if matches(node, record)} == expected
    assert {NAMES[name] for name in ids(connection, node)} == expected
    assert {NAMES[name] for name in gathered_ids(connection, node, "live")} == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["alex_bg", "old", "gate", "lamp", "bare", "player", "dungeon"]),
        ("sort:created", ["dungeon", "player", "bare", "lamp", "gate", "old", "alex_bg"]),
        ("sort:-rating", ["alex_bg", "gate", "dungeon", "old", "lamp", "bare", "player"]),
        ("sort:rating", ["dungeon", "gate", "alex_bg", "player", "bare", "lamp", "old"]),
        ("sort:rating,-created", ["dungeon", "gate", "alex_bg", "old", "lamp", "bare", "player"]),
        ("sort:path role:bg", ["alex_bg", "gate", "dungeon"]),
        ("sort:-name role:bg", ["dungeon", "gate", "alex_bg"]),
        ("is:rated sort:-size sort:rating", ["dungeon", "gate", "alex_bg"]),
        ("sort:pixels width:any", ["lamp", "gate", "old", "alex_bg"]),
        ("sort:-width sort:-height width:any", ["alex_bg", "gate", "old", "lamp"]),
        ("collection:refs sort:collection", ["gate", "alex_bg"]),
        ("collection:refs sort:-collection", ["alex_bg", "gate"]),
        ("@alex", ["alex_bg", "old"]),
        ("@alex sort:rating", ["alex_bg", "old"]),
        ("@alex sort:-size", ["old", "alex_bg"]),
        ("@wide", ["alex_bg", "old"]),
    ],
)
def test_both_ways_of_running_keep_the_order_that_is_asked_for(connection, query, expected):
    asked = read(query)
    assert [NAMES[record.id] for record in found(asked, RECORDS.values())] == expected
    assert [NAMES[name] for name in pages(connection, asked, 2)] == expected


@pytest.fixture(scope="module")
def connection():
    engine = memory_engine()
    with engine.connect() as opened:
        metadata.create_all(opened)
        fill(opened, list(RECORDS.values()))
        yield opened
    engine.dispose()


@pytest.fixture(scope="module")
def empty():
    engine = memory_engine()
    with engine.connect() as opened:
        metadata.create_all(opened)
        opened.commit()
        yield opened
    engine.dispose()


def ids(connection, node):
    where = condition(grounded(node, connection))
    return set(connection.execute(select(asset.c.id).where(where)).scalars())


def gathered_ids(connection, node, state):
    keys = gathered(connection, grounded(node, connection), state)
    return set(connection.execute(select(asset.c.id).where(among(keys))).scalars())


def pages(connection, query, size):
    """Ids in order, read page by page from the values of the last one."""
    order = steps(query.sorts)
    where = condition(grounded(query.node, connection))
    listed, after = [], None
    while True:
        rows = []
        for stretch, ordering in stretches(order, after):
            page = select(*(step.column for step in order)).where(where, stretch).order_by(*ordering)
            rows += connection.execute(page.limit(size - len(rows))).all() if len(rows) < size else []
        listed += [row[-1] for row in rows]
        if len(rows) < size:
            return listed
        after = tuple(rows[-1])


OF_STATE = {
    "live": lambda record: not record.trashed and not record.missing,
    "trashed": lambda record: record.trashed,
    "missing": lambda record: record.missing and not record.trashed,
}


@pytest.mark.parametrize("few", [sql_gathering.FEW, 1])
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=galleries(), node=TREES)
def test_sql_and_memory_agree_on_every_tree_and_gallery(empty, monkeypatch, few, records, node):
    monkeypatch.setattr(sql_gathering, "FEW", few)
    try:
        fill(empty, records)
        expected = {record.id for record in records if matches(node, record)}
        assert ids(empty, node) == expected
        for state, is_of in OF_STATE.items():
            of_state = {record.id for record in records if is_of(record)}
            assert gathered_ids(empty, node, state) == expected & of_state
    finally:
        empty.rollback()


@settings(max_examples=400, deadline=None)
@given(records=galleries(), node=LEAVES)
def test_every_leaf_is_true_or_false_for_every_asset(empty, records, node):
    try:
        fill(empty, records)
        where = condition(grounded(node, empty))
        assert None not in empty.execute(select(where)).scalars().all()
        assert len(ids(empty, node)) == sum(empty.execute(select(where).select_from(asset)).scalars())
    finally:
        empty.rollback()


@settings(max_examples=300, deadline=None)
@given(records=galleries(), node=LEAVES, sorts=SORTS, size=st.integers(1, 3))
def test_pages_of_any_size_are_together_the_order_in_memory(empty, records, node, sorts, size):
    query = Query(node, sorts)
    try:
        fill(empty, records)
        assert pages(empty, query, size) == [record.id for record in found(query, records)]
    finally:
        empty.rollback()


PIECES = [
    *"ab:*-\"() %_;'\\=<>.@\x1b\u202e\0\udcff",
    "or ",
    "not ",
    "role:bg ",
    "rating:",
    "created:",
    "ratio:",
    "sort:",
]
PIECES += [
    "path:",
    "is:",
    "has:",
    "size:",
    "prompt:",
    "..",
    "2026-",
    "9",
    "7d",
    "@alex",
    ",",
    "none",
    "mb",
    "id:",
    "16:9",
]


@settings(max_examples=400, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_text_is_a_query_or_a_clear_error(connection, text):
    asked = read_or_error(text)
    if isinstance(asked, InvalidInputError):
        assert asked.code == "query"
        assert asked.hint
        assert all(char.isprintable() or char == "\n" for char in asked.message)
    else:
        pages(connection, asked, 100)


def read_or_error(text):
    try:
        return read(text)
    except InvalidInputError as error:
        return error


@pytest.mark.parametrize(
    ("query", "message", "column", "hint"),
    [
        ('role:bg "red', "this quote is not closed", 8, "close it"),
        ('prompt:"red', "this quote is not closed", 7, "close it"),
        ("role:bg )", "`)` cannot stand here", 8, ""),
        ("(role:bg", "the query ends too early", 8, ""),
        ("role:bg or", "the query ends too early", 10, ""),
        ("not", "the query ends too early", 3, ""),
        ("role:bg -", "the query ends too early", 9, ""),
        ("a::b", "`a::b` is not a tag", 0, ""),
        ("npc:*alex*", "`npc:*alex*` is not a tag", 0, "ontology find"),
        ("prompt:*", "no words stand behind `prompt:`", 7, "has:prompt"),
        (":*", "`:*` is not a namespace and `:*`", 0, ""),
        ("or a", "`or` cannot stand here", 0, ""),
        ("()", "`)` cannot stand here", 1, ""),
        ("npc:alex ratng:3", "`ratng` is no field", 9, "did you mean rating:?"),
        ("heights:>3", "`heights` is no field", 0, "did you mean height:?"),
        ("zzz:>3", "`zzz` is no field", 0, "=zzz:"),
        (".ratin:3", "`ratin` is no field", 0, "did you mean rating?"),
        ("-rating:7", "`7` is beyond 5", 8, "0 to 5"),
        ("rating:x", "`x` is no number here", 7, ">=3"),
        ("rating:", "nothing stands behind `rating:`", 7, "value"),
        ("rating:5..3", "`5..3` ends before it begins", 7, "smaller"),
        ("rating:..", "`..` is no range", 7, "A..B"),
        ("width:10px", "`10px` is no number here", 6, ""),
        ("width:1.5", "`1.5` is no whole number up to 1000000000000000", 6, "fraction"),
        ("size:1tb", "`1tb` is no number here", 5, "units are"),
        ("size:9999999999999999", "`9999999999999999` is no whole number up to 1000000000000000", 5, ""),
        ("ratio:16:0", "`16:0` is no ratio", 6, "landscape"),
        ("ratio:landscap", "`landscap` is no ratio", 6, "landscape"),
        ("created:2026-13", "`2026-13` is no date", 8, "2026-03"),
        ("created:0000", "`0000` is no date", 8, ""),
        ("created:999999y", "`999999y` is no date", 8, ""),
        ("created:2026-03..2026-01", "`2026-03..2026-01` ends before it begins", 8, "earlier"),
        ("created:>9999", "nothing is after `>9999`", 8, ""),
        ("created:none", "`none` is no date", 8, ""),
        ("media:imgae", "`imgae` is no media", 6, "did you mean image?"),
        ("format:pgn", "`pgn` is no format", 7, "did you mean png?"),
        ("is:untaged", "`untaged` is no state", 3, "did you mean untagged?"),
        ("has:promp", "`promp` is no fact of an asset", 4, "did you mean prompt?"),
        ("has:", "nothing stands behind `has:`", 4, ""),
        ("sort:createde", "`createde` is no order", 5, "did you mean created?"),
        ("sort:id;drop", "`id;drop` is no order", 5, "there are:"),
        ("sort:rating,", "`` is no order", 5, ""),
        ("-sort:rating", "an order cannot be negated, nor be one of several", 6, "outside"),
        ("a or sort:rating", "an order cannot be negated, nor be one of several", 10, "outside"),
        ("sort:collection", "sort:collection needs one collection that is asked for", 5, "collection:NAME"),
        ("collection:ref", "`ref` is no collection", 11, "did you mean refs?"),
        ("seed:x", "`x` is no seed", 5, "seed:42"),
        ("id:zz", "`zz` is no id", 3, "hex"),
        ("parent:b", "`b` is no id", 7, "hex"),
        ("path:*********", "more than 8 `*` in a pattern", 5, ""),
        ('prompt:""', "no words stand behind `prompt:`", 7, "has:prompt"),
        ("@alx", "`alx` is no saved search", 0, "did you mean alex?"),
        ("npc:alex @ring", "in @ring: saved searches name one another in a ring: ring → knot → ring", 9, "anew"),
        ("@bad", "in @bad: the query ends too early", 0, ""),
        ("@deep0", "in @deep0: more than 8 saved searches in a row", 0, "write"),
    ],
)
def test_errors_point_at_the_place_and_say_the_way_out(query, message, column, hint):
    with pytest.raises(InvalidInputError) as caught:
        read(query)
    first, line, caret = caught.value.message.split("\n")
    assert first == message
    assert line == f"  {query}"
    assert caret == "  " + " " * column + "^"
    assert caught.value.code == "query"
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a" * (MAX_LENGTH + 1), "at most 2000"),
        ("npc:alex " * 120_000, "at most 2000"),
        ("a " * (MAX_TERMS + 1), "more than 64 terms"),
        ("a " * 990, "more than 64 terms"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "nest deeper"),
        ("(" * 900 + "a" + ")" * 900, "nest deeper"),
        ("(" * 10_000 + "a" + ")" * 10_000, "at most 2000"),
        ('"' + "\\" * 1500, "not closed"),
        ("path:" + "*a" * 900, "more than 8"),
        ("created:" + "9" * 1900, "no date"),
        ("rating:" + "9" * 1900, "no number"),
    ],
)
def test_too_much_is_a_clear_error(text, message):
    with pytest.raises(InvalidInputError, match=message):
        read(text)


def test_negations_quotes_and_saved_searches_have_room():
    read('"' + "(" * 100 + '"')
    assert read("-" * 900 + "a") == read("a")
    assert read("not " * 401 + "a") == read("-a")
    assert read("@deep1 or a") == read("b or a")
    wide = Surroundings(NOON, None, {"many": " ".join(["a"] * 60)})
    with pytest.raises(InvalidInputError, match="more than 256 terms"):
        parse("@many @many @many @many @many", RENAMED, wide)


def test_a_declared_namespace_wins_over_a_field_which_a_dot_still_reaches():
    spaces = [*SMALL_ONTOLOGY.namespaces.values(), Namespace("model", "3D models", closed=False)]
    own = Ontology(SMALL_ONTOLOGY.terms.values(), spaces)
    assert read("model:flux", own).node == read("=model:flux", own).node
    assert read(".model:flux", own) == read("model:flux")
    assert read("has:model", own).node == read("model:*", own).node
    assert read(".has:model", own).node == read("has:model").node


def test_the_words_of_a_query_that_may_be_tags_are_told():
    assert words_of('npc:alex -(rating:3 or "old gate") not foo prompt:"x y"') == [
        "npc:alex",
        "rating:3",
        "foo",
        'prompt:"x y"',
    ]
    assert words_of("solo") == ["solo"]
    assert words_of("((") == []


def test_an_order_is_kept_once_and_the_first_of_equals_decides():
    assert read("sort:rating sort:-rating,created").sorts == (Sort("rating", False), Sort("created", False))


def test_an_order_in_parentheses_around_everything_holds():
    assert read("(npc:alex sort:rating) role:bg").sorts == (Sort("rating", False),)
