"""The page about the query language: its examples are true, and it leaves nothing out."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from gallery_builders import NOON
from query_galleries import RENAMED, fill
from sqlalchemy import select

from gallery.query import amounts, fields
from gallery.query.fields import Surroundings
from gallery.query.matching import found
from gallery.query.parsing import MAX_EXPANDED, MAX_LENGTH, MAX_TERMS, parse
from gallery.query.record import Making, Record
from gallery.query.sql import condition, grounded
from gallery.store.engine import memory_engine
from gallery.store.model import metadata
from gallery.store.tables import asset
from ontology.errors import InvalidInputError

PAGE = (Path(__file__).parents[2] / "docs" / "query.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^>>> find\((.+)\)\n((?:(?!>>>|```).*\n)+)", PAGE, re.MULTILINE)
SAVED = {"heroes": "npc:alex sort:path"}


def days(count):
    return NOON - timedelta(days=count)


def record(name, folder, tags, created, size=(None, None), **more):
    path = f"assets/{folder}.png"
    width, height = size
    fields = {"paths": (path,), "path": path, "created": created, "width": width, "height": height}
    return Record(name, tuple(tags), **fields, **more)


MADE = Making("ComfyUI", "a gate at night", "blurry", "FLUX.1-dev", "42", 20, "euler", ("ink",))
RECORDS = {
    "alex": record("a1", "people/red scarf", ["npc:alex"], days(1), (1920, 1080), rating=5, collections={"refs": "b"}),
    "boss": record("a2", "people/two", ["npc:boss_01"], NOON.replace(month=3), (1000, 1000)),
    "gate": record(
        "a3",
        "places/old gate",
        ["loc:dungeon_entrance", "role:bg", "camera:view:pov"],
        days(2),
        (1366, 768),
        rating=3,
        parents=("a1",),
        making=MADE,
        collections={"refs": "a"},
    ),
    "dungeon": record("a4", "places/cellar", ["loc:dungeon", "role:bg"], NOON.replace(month=1), rating=0),
    "sad": record("a5", "five", ["mood:sad", "view:gone", "draft"], NOON.replace(month=5), (600, 800)),
}
NAMES = {record.id: name for name, record in RECORDS.items()}


def asked(text):
    return parse(text, RENAMED, Surroundings(NOON, frozenset({"refs"}), SAVED))


@pytest.fixture(scope="module")
def connection():
    engine = memory_engine()
    with engine.connect() as opened:
        metadata.create_all(opened)
        fill(opened, list(RECORDS.values()))
        yield opened
    engine.dispose()


@pytest.mark.parametrize(("call", "promised"), EXAMPLES)
def test_every_example_of_the_page_is_true(connection, call, promised):
    query = eval(call)
    if not promised.startswith("["):
        with pytest.raises(InvalidInputError) as caught:
            asked(query)
        assert f"{caught.value.message}\n{caught.value.hint}\n" == promised
        return
    names = [NAMES[record.id] for record in found(asked(query), RECORDS.values())]
    assert (names if "sort:" in query else sorted(names)) == eval(promised)
    where = condition(grounded(asked(query).node, connection))
    assert {NAMES[name] for name in connection.execute(select(asset.c.id).where(where)).scalars()} == set(names)


def test_there_are_examples():
    assert len(EXAMPLES) > 25


def test_the_query_on_top_can_be_read():
    (query,) = re.findall(r"^```\n(npc:alex .*)\n```", PAGE, re.MULTILINE)
    assert len(asked(query).conjuncts()) == 9


def rows(heading):
    table = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (`.+?) \| (.+?) \| (.+?) \|$", table, re.MULTILINE)


def test_the_page_has_every_field_and_no_other():
    listed = [name for cell, _, _ in rows("Fields") for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(listed) == sorted(fields.NAMES)


def test_the_page_has_what_may_stand_behind_is_has_and_sort():
    values = {cell.strip("`"): set(re.findall(r"`([\w]+)`", value)) for cell, value, _ in rows("Fields")}
    assert values["is"] == {*fields.IS, "orphan"}
    assert values["has"] == set(fields.HAS)
    orders = PAGE.split("\n## Orders\n\n")[1].partition("`-` before")[0]
    assert set(re.findall(r"`(\w+)`", orders)) == set(fields.SORTS)


def test_the_page_has_every_unit():
    values = {cell: set(re.findall(r"`(\w+)`", value)) for cell, value, _ in rows("Fields")}
    assert values["`size`, `bytes`"] == set(amounts.BYTES)
    assert values["`pixels`"] == set(amounts.PIXELS)


@pytest.mark.parametrize("example", [cell for _, _, cells in rows("Fields") for cell in re.findall(r"`(.+?)`", cells)])
def test_every_example_of_a_field_can_be_read(example):
    if not example.startswith("search:"):
        asked(example)


def test_the_limits_are_those_of_the_page():
    assert f"at most {MAX_LENGTH:,} characters, {MAX_TERMS} terms ({MAX_EXPANDED} with" in PAGE
    assert f"at most {fields.MAX_WILD} `*`" in PAGE
