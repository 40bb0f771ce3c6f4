"""Writing what was decided about a chunk of files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from gallery.context import GalleryContext
from gallery.intake.held import Held, Stock
from gallery.intake.media import Picture
from gallery.journal.batches import Change, Origin, index_tags, record
from gallery.journal.deltas import ADDED
from gallery.reading.generations import write_generations
from gallery.store.bulk import insert_rows
from gallery.store.chunks import chunked
from gallery.store.folding import folded
from gallery.store.moments import from_rfc3339
from gallery.store.tables import asset, asset_path


def store(connection: Connection, context: GalleryContext, stock: Stock, origin: Origin, run: int | None) -> int | None:
    """Store what differs from what was loaded, as one batch; None when nothing does but file times.

    `run`: the first batch of the same call, if any.
    """
    touched = write_rows(connection, context, stock)
    changes = [change_of(held) for held in touched]
    return record(connection, context, "add", changes, origin=origin, run=run) if changes else None


def write_rows(connection: Connection, context: GalleryContext, stock: Stock) -> list[Held]:
    """The part of `store` that is not the journal. The assets that are new or changed."""
    changed, added = stock.changed(), stock.added()
    _update_assets(connection, changed)
    _insert_assets(connection, added, context.now())
    write_generations(
        connection, [(_key(held), held.picture.embedded.facts) for held in added + changed if held.picture is not None]
    )
    _write_files(connection, stock)
    index_tags(connection, [(_key(held), held.before.get("tags", ()), held.tags) for held in added + changed])
    return added + changed


def _update_assets(connection: Connection, changed: Sequence[Held]) -> None:
    renewed = [held for held in changed if held.picture is not None]
    if renewed:
        # Hashes are unique at every moment: those that are about to change step aside first.
        aside = update(asset).where(asset.c.key == bindparam("of_key")).values(sha256=bindparam("aside"))
        connection.execute(aside, [{"of_key": held.key, "aside": f"~{held.id}"} for held in renewed])
    names = ("path", "tags", "missing_since", "edited_at")
    for group, columns in (
        ([held for held in changed if held.picture is None], names),
        (renewed, (*names, *_PICTURE_COLUMNS)),
    ):
        if group:
            statement = (
                update(asset)
                .where(asset.c.key == bindparam("of_key"))
                .values(version=asset.c.version + 1, **{name: bindparam(f"new_{name}") for name in columns})
            )
            connection.execute(statement, [_new_values(held, columns) for held in group])


def _new_values(held: Held, columns: Sequence[str]) -> dict[str, Any]:
    values = {
        "path": held.path,
        "tags": held.tags,
        "missing_since": _moment(held.missing_since),
        "edited_at": _moment(held.edited_at),
    }
    if held.picture is not None:
        values |= _picture_values(held.picture)
    return {"of_key": held.key, **{f"new_{name}": values[name] for name in columns}}


def _insert_assets(connection: Connection, added: Sequence[Held], now: datetime) -> None:
    first = _first_free_key(connection) if added else 0
    rows = []
    for key, held in enumerate(added, first):
        held.key = key
        if held.picture is not None:
            tags, missing = held.tags, _moment(held.missing_since)
            rows.append((key, held.id, 1, held.path, now, tags, missing, *_picture_values(held.picture).values()))
    insert_rows(connection, asset, _ASSET_COLUMNS, rows)


def _first_free_key(connection: Connection) -> int:
    """Keys are given here, which spares asking for them afterwards: whoever writes holds the lock and is alone."""
    return int(connection.execute(select(func.coalesce(func.max(asset.c.key), 0))).scalar_one()) + 1


def _write_files(connection: Connection, stock: Stock) -> None:
    wanted = {path: (_key(held), *facts) for held in stock.held for path, facts in held.files.items()}
    gone = [path for path in stock.stored_files if path not in wanted]
    for piece in chunked(gone):
        connection.execute(delete(asset_path).where(asset_path.c.path.in_(piece)))
    new, moved = [], []
    for path, (key, size, mtime_ns) in wanted.items():
        if path not in stock.stored_files:
            new.append((path, folded(path), key, size, mtime_ns))
        elif stock.stored_files[path] != (key, size, mtime_ns):
            moved.append({"of_path": path, "asset_key": key, "size": size, "mtime_ns": mtime_ns})
    insert_rows(connection, asset_path, ("path", "words", "asset_key", "size", "mtime_ns"), new)
    if moved:
        connection.execute(update(asset_path).where(asset_path.c.path == bindparam("of_path")), moved)


_PICTURE_COLUMNS = (
    *("sha256", "media_type", "format", "bytes", "width", "height", "created_at", "dhash"),
    *("duration_ms", "sample_rate", "channels"),
)
_ASSET_COLUMNS = ("key", "id", "version", "path", "added_at", "tags", "missing_since", *_PICTURE_COLUMNS)


def _picture_values(picture: Picture) -> dict[str, Any]:
    return {
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "format": picture.format,
        "bytes": picture.size,
        "width": picture.width,
        "height": picture.height,
        "created_at": picture.created_at,
        "dhash": picture.dhash,
        "duration_ms": None if picture.duration is None else max(1, round(picture.duration * 1000)),
        "sample_rate": picture.sample_rate,
        "channels": picture.channels,
    }


def change_of(held: Held) -> Change:
    """What the journal keeps: for a new asset what it began as, for another the facts that differ."""
    now = held.facts()
    if not held.before:
        return Change(_key(held), {}, {ADDED: True, **{name: now[name] for name in ("sha256", "path", "tags")}})
    touched = {name for name in now if now[name] != held.before[name]}
    if "missing_since" in touched:
        touched.add("paths")  # which says that this is about files, see `gallery.journal.deltas`
    return Change(_key(held), {name: held.before[name] for name in touched}, {name: now[name] for name in touched})


def _moment(text: str | None) -> datetime | None:
    return None if text is None else from_rfc3339(text)


def _key(held: Held) -> int:
    assert held.key is not None  # noqa: S101  # inserted before anything refers to it
    return held.key
