"""Assets that come without their files: their rows, and which of the files they name are there after all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from gallery.context import GalleryContext
from gallery.exchange.entries import Entry, Facts
from gallery.exchange.matching import places
from gallery.intake.media import MediaError, read_file
from gallery.journal.batches import Change, index_parents, index_tags
from gallery.journal.deltas import ADDED
from gallery.reading.generations import write_generations
from gallery.store.chunks import chunked
from gallery.store.folding import folded
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset, asset_path

Place = tuple[str, int, int]
"""Stored path, size in bytes and time of a file; the time is 0 for one that nobody has seen here."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An asset to take in: what is known of it, what is said of it, and its places. `is_there`: one holds its bytes."""

    entry: Entry
    facts: Facts
    said: dict[str, Any]
    places: tuple[Place, ...]
    is_there: bool


def files_of(paths: ProjectPaths, entry: Entry) -> tuple[tuple[Place, ...], bool]:
    """The places of an entry, and whether one of them holds its bytes. A place with other bytes is another's: left out.

    Files are only read, and only those of the right size.
    """
    facts = entry.facts
    if facts is None:
        return (), False
    found: list[Place] = []
    is_there = False
    for path in entry.paths:
        place = paths.absolute(path)
        try:
            status = place.stat()
            if status.st_size != facts.bytes:
                continue
            data = read_file(str(place))
            if hashlib.sha256(data.data).hexdigest() == facts.sha256:
                found.append((path, facts.bytes, data.mtime_ns))
                is_there = True
        except (FileNotFoundError, NotADirectoryError):
            found.append((path, facts.bytes, 0))
        except (OSError, ValueError, MediaError):
            continue
    return tuple(found), is_there


def free_places(connection: Connection, entries: Sequence[Entry]) -> set[str]:
    """Of the places that these entries name, those that no asset has."""
    wanted = sorted({path for entry in entries for path in places(entry)})
    taken: set[str] = set()
    for piece in chunked(wanted):
        taken.update(connection.execute(select(asset_path.c.path).where(asset_path.c.path.in_(piece))).scalars())
    return set(wanted) - taken


def take_in(connection: Connection, context: GalleryContext, newcomers: Sequence[Newcomer]) -> list[Change]:
    """Insert them; the changes that say so in the journal. No two of them share an id, a hash or a place."""
    if not newcomers:
        return []
    now = context.now()
    connection.execute(insert(asset), [_row(item, now) for item in newcomers])
    keys: dict[str, int] = {}
    for piece in chunked([item.facts.id for item in newcomers]):
        found = connection.execute(select(asset.c.id, asset.c.key).where(asset.c.id.in_(piece)))
        keys.update((row.id, row.key) for row in found)
    files = [
        {"path": path, "asset_key": keys[item.facts.id], "words": folded(path), "size": size, "mtime_ns": mtime_ns}
        for item in newcomers
        for path, size, mtime_ns in item.places
    ]
    if files:
        connection.execute(insert(asset_path), files)
    rows = [(keys[item.facts.id], _row(item, now)) for item in newcomers]
    index_tags(connection, [(key, (), row["tags"]) for key, row in rows])
    index_parents(connection, [(key, (), row["parents"]) for key, row in rows])
    write_generations(connection, [(keys[item.facts.id], item.entry.generation) for item in newcomers])
    return [
        Change(key, {}, {ADDED: True, **{name: row[name] for name in ("sha256", "path", "tags")}}) for key, row in rows
    ]


def _row(item: Newcomer, now: datetime) -> dict[str, Any]:
    facts, said = item.facts, item.said
    return {
        "id": facts.id,
        "sha256": facts.sha256,
        "version": 1,
        "path": item.entry.path or next((place[0] for place in item.places), ""),
        "media_type": facts.media_type,
        "format": facts.format,
        "bytes": facts.bytes,
        "width": facts.width,
        "height": facts.height,
        "created_at": facts.created_at,
        "added_at": facts.added_at or now,
        "rating": said.get("rating"),
        "trashed_at": facts.trashed_at,
        "missing_since": None if item.is_there else now,
        "tags": said.get("tags", []),
        "note": said.get("note"),
        "rejected": said.get("rejected", []),
        "parents": said.get("parents", []),
        "operation": said.get("operation"),
        "edited_at": facts.edited_at,
        "dhash": facts.dhash,
        "duration_ms": None if facts.duration is None else round(facts.duration * 1000),
        "sample_rate": facts.sample_rate,
        "channels": facts.channels,
    }
