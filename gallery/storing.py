"""Writing what was decided about a chunk of files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gallery.batches import Change, Origin, index_tags, record
from gallery.chunks import chunked
from gallery.context import GalleryContext
from gallery.deltas import ADDED
from gallery.folding import folded
from gallery.generations import write_generations
from gallery.held import Held, Stock
from gallery.media import Picture
from gallery.moments import from_rfc3339
from gallery.tables import asset, asset_path


def store(connection: Connection, context: GalleryContext, stock: Stock, origin: Origin, run: int | None) -> int | None:
    """Store what differs from what was loaded, as one batch; None when nothing does but file times.

    `run`: the first batch of the same call, if any.
    """
    changed, added = stock.changed(), stock.added()
    _update_assets(connection, changed)
    _insert_assets(connection, added, context.now())
    write_generations(
        connection, [(_key(held), held.picture.embedded.facts) for held in added + changed if held.picture is not None]
    )
    _write_files(connection, stock)
    index_tags(connection, [(_key(held), held.before.get("tags", ()), held.tags) for held in added + changed])
    changes = [_change(held) for held in added + changed]
    return record(connection, context, "add", changes, origin=origin, run=run) if changes else None


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
    moments = {"missing_since": _moment(held.missing_since), "edited_at": _moment(held.edited_at)}
    values = {"path": held.path, "tags": held.tags, **moments}
    if held.picture is not None:
        values |= _picture_values(held.picture)
    return {"of_key": held.key, **{f"new_{name}": values[name] for name in columns}}


def _insert_assets(connection: Connection, added: Sequence[Held], now: datetime) -> None:
    rows = [
        {
            **_picture_values(held.picture),
            "id": held.id,
            "version": 1,
            "path": held.path,
            "added_at": now,
            "tags": held.tags,
            "missing_since": _moment(held.missing_since),
        }
        for held in added
        if held.picture is not None
    ]
    if not rows:
        return
    connection.execute(insert(asset), rows)
    keys: dict[str, int] = {}
    for piece in chunked([held.id for held in added]):
        found = connection.execute(select(asset.c.id, asset.c.key).where(asset.c.id.in_(piece)))
        keys.update((row.id, row.key) for row in found)
    for held in added:
        held.key = keys[held.id]


def _write_files(connection: Connection, stock: Stock) -> None:
    wanted = {path: (_key(held), *facts) for held in stock.held for path, facts in held.files.items()}
    gone = [path for path in stock.stored_files if path not in wanted]
    for piece in chunked(gone):
        connection.execute(delete(asset_path).where(asset_path.c.path.in_(piece)))
    new, moved = [], []
    for path, (key, size, mtime_ns) in wanted.items():
        values = {"asset_key": key, "size": size, "mtime_ns": mtime_ns}
        if path not in stock.stored_files:
            new.append({"path": path, "words": folded(path), **values})
        elif stock.stored_files[path] != (key, size, mtime_ns):
            moved.append({"of_path": path, **values})
    if new:
        connection.execute(insert(asset_path), new)
    if moved:
        connection.execute(update(asset_path).where(asset_path.c.path == bindparam("of_path")), moved)


_PICTURE_COLUMNS = ("sha256", "media_type", "format", "bytes", "width", "height", "created_at")


def _picture_values(picture: Picture) -> dict[str, Any]:
    return {
        "sha256": picture.sha256,
        "media_type": picture.media_type,
        "format": picture.format,
        "bytes": picture.size,
        "width": picture.width,
        "height": picture.height,
        "created_at": picture.created_at,
    }


def _change(held: Held) -> Change:
    """What the journal keeps: for a new asset what it began as, for another the facts that differ."""
    now = held.facts()
    if not held.before:
        return Change(_key(held), {}, {ADDED: True, **{name: now[name] for name in ("sha256", "path", "tags")}})
    touched = {name for name in now if now[name] != held.before[name]}
    if "missing_since" in touched:
        touched.add("paths")  # which says that this is about files, see `gallery.deltas`
    return Change(_key(held), {name: held.before[name] for name in touched}, {name: now[name] for name in touched})


def _moment(text: str | None) -> datetime | None:
    return None if text is None else from_rfc3339(text)


def _key(held: Held) -> int:
    assert held.key is not None  # noqa: S101  # inserted before anything refers to it
    return held.key
