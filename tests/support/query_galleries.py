"""Galleries for tests of the query language: records, the same put into a database, and what is random."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

from gallery_builders import NOON, SMALL_ONTOLOGY
from hypothesis import strategies as st
from sqlalchemy import insert

from gallery.query import tree
from gallery.query.record import Making, Record
from gallery.store.folding import folded
from gallery.store.tables import asset, asset_parent, asset_path, asset_tag, collection, collection_member, generation
from ontology.terms import Namespace, Ontology, Term

RENAMED = Ontology(
    terms=[
        *SMALL_ONTOLOGY.terms.values(),
        Term("prop:lantern", "Lantern"),
        Term("camera:lamp", "Lamp", deprecated=True, replaced_by="prop:lantern"),
    ],
    namespaces=[*SMALL_ONTOLOGY.namespaces.values(), Namespace("prop", "Props", closed=False)],
)
COLLECTIONS = ("refs", "best of")


def fill(connection, records):
    """Put the records into the tables of a gallery."""
    names = sorted({name for record in records for name in record.collections} | set(COLLECTIONS))
    made = [{"key": key, "name": name, "label": name, "created_at": NOON} for key, name in enumerate(names, 1)]
    connection.execute(insert(collection), made)
    gap = 1 + len(records) % 2  # keys in a row, and keys with gaps between them
    for number, record in enumerate(records, 1):
        key = number * gap
        _fill_asset(connection, key, record)
        for name, position in record.collections.items():
            row = {"collection_key": names.index(name) + 1, "asset_key": key, "position": position}
            connection.execute(insert(collection_member), row)


def _fill_asset(connection, key, record):
    row = {
        name: getattr(record, name) for name in ("id", "path", "format", "bytes", "width", "height", "rating", "note")
    }
    row["duration_ms"] = record.duration
    row |= {"key": key, "sha256": f"{key}", "version": 1, "media_type": record.media, "tags": list(record.tags)}
    row |= {"created_at": record.created, "added_at": record.added, "edited_at": record.edited}
    row |= {"trashed_at": NOON if record.trashed else None, "missing_since": NOON if record.missing else None}
    connection.execute(insert(asset), row | {"rejected": [], "parents": list(record.parents)})
    for number, path in enumerate(record.paths):
        row = {"path": f"{key}/{number}", "asset_key": key, "words": folded(path), "size": 1, "mtime_ns": 1}
        connection.execute(insert(asset_path), row)
    for tag in set(record.tags):
        connection.execute(insert(asset_tag), {"tag": tag, "asset_key": key})
    for parent in set(record.parents):
        connection.execute(insert(asset_parent), {"parent_id": parent, "asset_key": key})
    if record.making is not None:
        making = record.making
        row = {name: getattr(making, name) for name in ("tool", "prompt", "model", "seed", "steps", "sampler")}
        row |= {
            "asset_key": key,
            "negative_prompt": making.negative,
            "loras": [{"name": name} for name in making.loras],
        }
        row |= {
            "source": "test",
            "certainty": 1.0,
            "reason": "test",
            "words": folded(f"{making.prompt} {making.model}"),
            "raw": {},
        }
        connection.execute(insert(generation), row)


TAGS = ["npc:alexander", "npc:alex", "npc:old_name", "loc:dungeon", "loc:dungeon_entrance", "role:bg", "cam:pov"]
TAGS += [
    "camera:lamp",
    "prop:lantern",
    "prop:new",
    "mood:sad",
    "view:gone",
    "npc:nobody",
    "player",
    "smile_(happy)",
    "été",
]
IDS = ["a1", "a12", "a123", "a2", "a2f", "ab", "abc"]
TEXTS = [
    "Red scarf",
    "ÉTÉ",
    "e\u0301te\u0301",
    "Straße 100%",
    "STRASSE_1",
    "a\\b",
    "İstanbul",
    "\u03a3\u0391\u03a3",
    "x\ny",
    "",
    " ",
]
PATHS = [
    "places/Gate.png",
    "places/a/ÉTÉ.PNG",
    "Places",
    "props/100%_lamp.png",
    "/abs/x.png",
    "a\\b.png",
    "placesx/y.webp",
]
WORDS = [".png", "a", "red", "%", "_", "\\", "'", "é", "ss", "été", "i", "\u03c3", "x", "i\u0307"]
MOMENTS = [NOON, NOON + timedelta(microseconds=1), NOON - timedelta(days=3), datetime(2026, 1, 1, tzinfo=UTC)]
NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001  # it is about naive ones too
GIVEN_MOMENTS = [*MOMENTS, NAIVE, datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))]
SIZES = [None, 1, 512, 1023, 1024, 1080, 1920]
texts = st.none() | st.sampled_from(TEXTS)
makings = st.builds(
    Making,
    tool=st.sampled_from(["A1111", "ComfyUI"]),
    prompt=texts,
    negative=texts,
    model=texts,
    seed=st.sampled_from([None, "0", "42", "-1", "99999999999999999999"]),
    steps=st.sampled_from([None, 0, 20, 30]),
    sampler=texts,
    loras=st.lists(st.sampled_from(["Ink", "ink v2", "Straße"]), max_size=2).map(tuple),
)


@st.composite
def galleries(draw):
    """Some records, no two with one id, with parents among them and outside."""
    drawn = []
    for name in draw(st.lists(st.sampled_from(IDS), unique=True, max_size=6)):
        parents = tuple(draw(st.lists(st.sampled_from([*IDS, "af"]), unique=True, max_size=2)))
        paths = tuple(draw(st.lists(st.sampled_from(PATHS), unique=True, min_size=1, max_size=2)))
        fields = {
            "tags": tuple(draw(st.lists(st.sampled_from(TAGS), unique=True, max_size=4))),
            "media": draw(st.sampled_from(["image", "video", "audio"])),
            "format": draw(st.sampled_from(["png", "jpeg", "opus"])),
            "bytes": draw(st.sampled_from([0, 999, 1000, 10**6])),
            "width": draw(st.sampled_from(SIZES)),
            "height": draw(st.sampled_from(SIZES)),
            "duration": draw(st.sampled_from([None, 0, 1, 999, 1000, 1001, 90_000])),
            "created": draw(st.sampled_from(GIVEN_MOMENTS)),
            "added": draw(st.sampled_from(GIVEN_MOMENTS)),
            "rating": draw(st.sampled_from([None, 0, 3, 5])),
            "note": draw(texts),
            "edited": draw(st.none() | st.sampled_from(GIVEN_MOMENTS)),
            "trashed": draw(st.booleans()),
            "missing": draw(st.booleans()),
            "collections": draw(st.dictionaries(st.sampled_from(COLLECTIONS), st.sampled_from("aZ19"))),
            "making": draw(st.none() | makings),
        }
        drawn.append(Record(id=name, paths=paths, path=paths[0], parents=parents, **fields))
    return [_with_children(record, drawn) for record in drawn]


def _with_children(record, records):
    children = tuple(other.id for other in records if record.id in other.parents)
    fields = {name: getattr(record, name) for name in Record.__slots__}
    return Record(**fields | {"children": children})


def _bounds(values):
    return st.tuples(st.none() | values, st.none() | values)


_prefixes = st.sampled_from(["a", "a1", "a12", "a2", "ab", "af", "a9"])
_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple)
_text_fields = st.sampled_from(tree.TextField.__args__)
_ratios = st.none() | st.fractions(min_value=Fraction(1, 10), max_value=4, max_denominator=200)
_wholes = st.sampled_from([folded(text) for text in [*TEXTS, "Ink", *PATHS]])
_globs = st.text("*?%_ap/.\\ésgn", min_size=1, max_size=6) | st.sampled_from(["places/*", "*.png", "*/?té.*"])
LEAVES = st.one_of(
    st.just(tree.Everything()),
    st.builds(tree.AnyOf, st.frozensets(st.sampled_from([*TAGS, "unknown"]), max_size=3)),
    st.builds(
        tree.Family,
        st.sampled_from(["npc", "loc", "camera", "role", "mood", "camera:view", "view"]),
        st.frozensets(st.sampled_from(TAGS), max_size=2),
        st.frozensets(st.sampled_from(TAGS), max_size=2),
    ),
    st.builds(
        tree.Orphan, st.frozensets(st.sampled_from(TAGS)), st.frozensets(st.sampled_from(["mood", "prop", "npc"]))
    ),
    st.builds(
        lambda field, sides: tree.Number(field, *sides),
        st.sampled_from(tree.NumberField.__args__),
        _bounds(st.sampled_from([0, 1, 2, 3, 5, 20, 999, 1000, 1024, 1024 * 1024, 10**15])),
    ),
    st.builds(tree.Ratio, _ratios, _ratios, st.booleans(), st.booleans()),
    st.builds(
        lambda field, sides: tree.Span(field, *sides),
        st.sampled_from(tree.MomentField.__args__),
        _bounds(st.sampled_from(MOMENTS)),
    ),
    st.builds(tree.Has, st.sampled_from(tree.Fact.__args__)),
    st.builds(tree.Choice, st.just("seed"), st.sampled_from(["0", "42", "-1", "7", "99999999999999999999"])),
    st.builds(tree.Choice, st.sampled_from(["media", "format"]), st.sampled_from(["image", "audio", "png", "opus"])),
    st.builds(tree.Text, _text_fields, _words),
    st.builds(tree.Text, _text_fields, st.tuples(_wholes), st.just(True)),
    st.builds(tree.Glob, _globs),
    st.builds(tree.Under, st.sampled_from(["places", "places/a", "places/a/été.png", "/abs", "props", "", "a\\b.png"])),
    st.builds(tree.Id, _prefixes),
    st.builds(tree.ChildOf, _prefixes),
    st.builds(tree.ParentOf, _prefixes),
    st.builds(tree.Member, st.sampled_from([*COLLECTIONS, "no such"])),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(tree.Not, inner),
        st.builds(tree.All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(tree.Either, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
SORTS = st.lists(
    st.builds(tree.Sort, st.sampled_from(tree.SortField.__args__), st.booleans(), st.just("refs")),
    min_size=1,
    max_size=3,
    unique_by=lambda sort: sort.field,
).map(tuple)
