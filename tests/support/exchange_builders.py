"""A gallery in which everything that can be exported has a value, and what a gallery holds as comparable data."""

import io
from pathlib import Path
from typing import Any

from gallery_builders import make_pictures
from sqlalchemy import select

from gallery import Gallery
from gallery.embedded.facts import GenerationFacts, Lora
from gallery.exchange.formats import ExportOptions
from gallery.journal.batches import Change, apply
from gallery.journal.records import Record
from gallery.reading.generations import write_generations
from gallery.relations.collecting import new_key
from gallery.relations.ordering import places_between
from gallery.store.tables import asset

STAMP = "2026-11-20T08:00:00Z"
NOTE = 'first "line",\r\nsecond; =SUM(A1)\n\n— ein Gruß'


def keys_of(context) -> dict[str, int]:
    with context.database.read() as connection:
        return {row.id: row.key for row in connection.execute(select(asset.c.id, asset.c.key))}


def fill(gallery: Gallery, root: Path) -> list[str]:
    """Five pictures: tagged, rated, annotated, with lineage, a generation, a collection, a search, one in the trash."""
    ids = [item.id for item in gallery.add(make_pictures(root / "assets", 5)).results]
    gallery.tag(ids[:2], add=["npc:alex", "role:char:hero", "-minus", "(sketch)"])
    gallery.tag(ids[1:3], add=["loc:dungeon_entrance", "mood:dark"])
    keys = keys_of(gallery.context)
    values: dict[str, tuple[Any, Any]] = {"rating": (None, 4), "note": (None, NOTE), "rejected": ([], ["draft"])}
    values |= {"parents": ([], [ids[1], "a" + "0" * 16]), "operation": (None, "fusion")}
    before = {name: pair[0] for name, pair in values.items()}
    after = {name: pair[1] for name, pair in values.items()}
    facts = GenerationFacts(
        "A1111", "parameters", 0.75, prompt="a castle", seed="18446744073709551615", cfg=6.5, steps=20,
        loras=(Lora("ink", 0.7), Lora("dry")), raw={"parameters": "a castle\nSteps: 20"},
    )  # fmt: skip
    with gallery.context.database.write() as connection:
        apply(connection, gallery.context, "test", [Change(keys[ids[0]], before, after)])
        made = {"name": "refs", "label": "Refs of Alex", "created_at": STAMP}
        order = [ids[2], ids[0], ids[4]]
        members = dict(zip(order, places_between(None, None, order), strict=True))
        key = str(new_key(connection, made))
        records = [
            Record("collection", key, None, made | {"members": members}, "refs"),
            Record("search", "heroes", None, {"query": "role:char:hero", "saved_at": STAMP}),
        ]
        apply(connection, gallery.context, "test", records=records)
        write_generations(connection, [(keys[ids[0]], facts)])
    gallery.trash(ids[4])
    return ids


def library_of(gallery: Gallery, **options: Any) -> bytes:
    """The library as it is exported."""
    stream = io.BytesIO()
    gallery.export(stream, "jsonl", ExportOptions(**options))
    return stream.getvalue()


def told(result) -> list[tuple[str, str | None]]:
    """Outcome and code of the error of each item."""
    return [(item.outcome, item.error and item.error.code) for item in result.results]


def problems(result) -> list[str]:
    """The codes of all problems, in order."""
    return [problem.code for item in result.results for problem in item.problems]
