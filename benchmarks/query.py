"""Searches in a large gallery: a late page against the first, and what questions of each kind cost.

A page has 50 assets. "First" is the first page with its total, "page 1" the same without counting, "page 10,000" the
one that far into the order (or at its middle, where the order is shorter). Only the ratio of the last two can fail, and
only for the default order and for those that an index serves. The gallery is made once; `--database` keeps it.
"""

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import select

from benchmarks.population import MadeAsset, make_assets
from callsheet.upgrade import SCHEMA
from gallery.context import GalleryContext
from gallery.query.fields import Surroundings
from gallery.query.parsing import parse
from gallery.query.sql import condition, grounded
from gallery.query.sql_order import steps
from gallery.reading.cursors import Place, write_cursor
from gallery.reading.rows import in_state
from gallery.searching.search import COMMON, count, search
from gallery.store.database import Database
from gallery.store.driver import connect
from ontology.loader import builtin_ontology

PAGE, FAR = 50, 10_000
TARGET = 1.5
PATIENCE = 60.0
INDEXED = ("", "sort:created", "sort:added", "sort:-added", "sort:rating", "sort:-rating", "sort:path", "sort:-path")
COMMON_QUERIES = ("role:bg", "-role:bg", "rating:>=3 sort:-rating")
OTHER_QUERIES = (
    "role:bg npc:c0",
    "npc:c1999",
    "npc:c1500 role:bg",
    "-role:bg -role:char:*",
    "npc:c0 or loc:l0",
    "-npc:* -loc:*",
    "rating:none",
    "ratio:16:9 width:>1000",
    '"picture 77777"',
    '"nowhere"',
    "path:folder7",
    'prompt:"lantern night"',
    "seed:777",
    "model:flux",
    "is:untagged",
    "tags:>7",
    "is:orphan",
    "sort:-pixels",
    "sort:-size,created",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds; `total` is what was found."""

    query: str
    total: int
    first: float
    near: float
    far: float

    @property
    def ratio(self) -> float:
        """The late page over the first without its total."""
        return self.far / self.near


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where `--check` is given and a ratio misses its target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks query", description=__doc__)
    parser.add_argument("--assets", type=int, default=1_000_000, help="how many assets (default 1M)")
    parser.add_argument("--database", type=Path, help="keep the gallery in this file and use it again")
    parser.add_argument("--rounds", type=int, default=9, help="of each figure the least of so many is shown")
    parser.add_argument("--query", action="append", help="measure this query only; repeat for more")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a target is missed")
    options = parser.parse_args(arguments)
    if min(options.assets, options.rounds) < 1:
        parser.error("--assets and --rounds are at least 1")
    with TemporaryDirectory() as folder:
        path = options.database or Path(folder, "gallery.db")
        if not path.exists():
            taken = _seconds(lambda: fill(path, make_assets(options.assets)))
            print(
                f"{options.assets:,} assets written in {taken:.1f} s, {path.stat().st_size / options.assets:.0f} B each"
            )
        with Database(path, SCHEMA) as database:
            context = GalleryContext(path.parent, path.parent, database, builtin_ontology(), search_seconds=PATIENCE)
            return _report(context, options)


def _report(context: GalleryContext, options: argparse.Namespace) -> int:
    print(f"{'query':<28} {'found':>9} {'first':>9} {'page 1':>9} {'far page':>9} {'ratio':>7}   (ms)")
    met = True
    for query in options.query or (*INDEXED, *COMMON_QUERIES, *OTHER_QUERIES):
        figures = measure(context, query, options.rounds)
        counts = query in INDEXED or query in COMMON_QUERIES
        met &= not counts or figures.ratio <= TARGET
        print(
            f"{query or '(everything)':<28} {figures.total:>9,} {figures.first:>9.2f} {figures.near:>9.2f}"
            f" {figures.far:>9.2f} {figures.ratio:>6.2f}x {'' if counts else '(shown only)'}",
            flush=True,
        )
    print(f"\ntarget: page 10,000 <= {TARGET:g} x page 1: {'met' if met else 'MISSED'}")
    return 1 if options.check and not met else 0


def measure(context: GalleryContext, query: str, rounds: int) -> Figures:
    """All figures of one query."""
    total = count(context, query)
    start = _cursor(context, query, 0, total) if total > 1 else None
    late = _cursor(context, query, min(FAR * PAGE, total // 2), total) if total > 1 else None
    near, far = _least(
        rounds,
        lambda: search(context, query, limit=PAGE, cursor=start),
        lambda: search(context, query, limit=PAGE, cursor=late),
    )
    first = min(_seconds(lambda: search(context, query, limit=PAGE)) for _ in range(min(rounds, 3)))
    return Figures(query, total, first * 1000, near * 1000, far * 1000)


def _least(rounds: int, *calls: Callable[[], Any]) -> list[float]:
    """Least seconds of each call, taken in turn: on a machine that does other work too, the rest is that work."""
    for call in calls:
        call()
    taken = [[_seconds(call) for call in calls] for _ in range(rounds)]
    return [min(column) for column in zip(*taken, strict=True)]


def _cursor(context: GalleryContext, query: str, place: int, total: int) -> str:
    """The cursor of a page that ends at this place of the order, found by passing over all before it."""
    asked = parse(query, context.ontology, Surroundings(context.now()))
    order = steps(asked.sorts)
    ordering = [step.ordered() for step in order]
    with context.database.read() as connection:
        matching = condition(grounded(asked.node, connection))
        chosen = select(*(step.column for step in order)).where(matching, in_state("live"))
        row = connection.execute(chosen.order_by(*ordering).offset(place).limit(1)).one()
    return write_cursor(Place(tuple(row), total > COMMON), f"live {' '.join(query.split())}")


def fill(path: Path, assets: Sequence[MadeAsset]) -> None:
    """Write a gallery of these assets, with files, and with generation data for every third."""
    SCHEMA.upgrade(path, path.parent)
    connection = connect(path, create=False)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    for table, rows in (("asset", _assets), ("asset_path", _paths), ("generation", _makings), ("asset_tag", _tags)):
        made = rows(assets)
        first = next(made)
        marks = ", ".join(f":{name}" for name in first)
        statement = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({marks})"  # noqa: S608  # names of our own
        connection.executemany(statement, _chained(first, made))
    connection.execute("COMMIT")
    connection.close()


def _chained(first: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield first
    yield from rest


def _assets(assets: Sequence[MadeAsset]) -> Iterator[dict[str, Any]]:
    chance = Random(3)
    for one in assets:
        width, height = chance.choice(((1024, 1024), (1920, 1080), (832, 1216), (1216, 832), (512, 768)))
        name = f"a{chance.getrandbits(64):016x}"
        moment = one.created_at.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
        yield {
            "key": one.id + 1, "id": name, "sha256": f"{name}{one.id}", "version": 1, "path": _path(one.id),
            "media_type": "image", "format": "png", "bytes": chance.randrange(10**5, 10**7), "width": width,
            "height": height, "created_at": moment, "added_at": moment, "rating": one.rating or None,
            "tags": json.dumps(one.tags), "note": None,
        }  # fmt: skip


def _paths(assets: Sequence[MadeAsset]) -> Iterator[dict[str, Any]]:
    for one in assets:
        path = _path(one.id)
        yield {"path": path, "asset_key": one.id + 1, "words": path, "size": 1, "mtime_ns": 1}


def _path(number: int) -> str:
    return f"folder{number % 1000}/picture {number}.png"


def _makings(assets: Sequence[MadeAsset]) -> Iterator[dict[str, Any]]:
    chance = Random(4)
    words = ["lantern", "night", "gate", "stone", "Alex", "scarf", "rain", "ink", "portrait", "dungeon", "mist", "gold"]
    for one in assets[::3]:
        prompt = ", ".join(chance.choices(words, k=2) + [f"detail {chance.randrange(1000)}"] * 12)
        model = chance.choice(("FLUX.1-dev", "sdxl", "dreamshaper"))
        yield {
            "asset_key": one.id + 1, "tool": "ComfyUI", "source": "png", "certainty": 1.0, "reason": "",
            "prompt": prompt,
            "negative_prompt": "blurry", "model": model, "seed": str(one.id), "steps": 20, "sampler": "euler",
            "loras": "[]", "words": f"{prompt} {model}".lower(), "raw": "{}",
        }  # fmt: skip


def _tags(assets: Sequence[MadeAsset]) -> Iterator[dict[str, Any]]:
    for tag, key in sorted({(tag, one.id + 1) for one in assets for tag in one.tags}):
        yield {"tag": tag, "asset_key": key}


def _seconds(work: Callable[[], Any]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
