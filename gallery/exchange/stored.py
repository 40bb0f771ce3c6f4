"""Reading assets for an export: everything that people said and that cannot be found out again from a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, select, true

from gallery.context import GalleryContext
from gallery.reading.generations import generations_of
from gallery.reading.rows import in_seconds, is_live
from gallery.searching.search import MAX_LIMIT, search
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.tables import asset, asset_path

CHUNK_ASSETS = 500
Scope = Literal["all", "kept", "live"]
"""What an export without a query takes: everything, everything but the trash, what is in sight."""

_64_BITS = 1 << 64


@dataclass(frozen=True, slots=True)
class StoredAsset:
    """One asset: its row, the paths of its files (the last known one where none is left), how it was made."""

    row: Row[Any]
    paths: tuple[str, ...]
    generation: dict[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """Every field that an import can take, in the order of the format."""
        row = self.row
        return {
            "id": row.id,
            "sha256": row.sha256,
            "path": row.path,
            "paths": list(self.paths),
            "media_type": row.media_type,
            "format": row.format,
            "bytes": row.bytes,
            "width": row.width,
            "height": row.height,
            "duration": in_seconds(row.duration_ms),
            "sample_rate": row.sample_rate,
            "channels": row.channels,
            "dhash": None if row.dhash is None else f"{row.dhash % _64_BITS:016x}",
            "created_at": rfc3339(row.created_at),
            "added_at": rfc3339(row.added_at),
            "edited_at": None if row.edited_at is None else rfc3339(row.edited_at),
            "trashed_at": None if row.trashed_at is None else rfc3339(row.trashed_at),
            "tags": list(row.tags),
            "rejected": list(row.rejected),
            "rating": row.rating,
            "note": row.note,
            "parents": list(row.parents),
            "operation": row.operation,
            "generation": self.generation,
        }


def stored_assets(context: GalleryContext, connection: Connection, query: str | None, scope: Scope) -> Iterator[Any]:
    """Those that the query finds, or all of the scope, by id; a few hundred at a time. Raises `InvalidInputError`."""
    if query is not None:
        for piece in chunked(sorted(found_ids(context, query)), CHUNK_ASSETS):
            yield from _loaded(connection, asset.c.id.in_(piece))
        return
    after = ""
    wanted: dict[Scope, ColumnElement[bool]] = {"all": true(), "kept": asset.c.trashed_at.is_(None), "live": is_live()}
    while True:
        found = list(_loaded(connection, (asset.c.id > after) & wanted[scope], limit=CHUNK_ASSETS))
        yield from found
        if len(found) < CHUNK_ASSETS:
            return
        after = found[-1].row.id


def found_ids(context: GalleryContext, query: str) -> list[str]:
    """The ids of all that the query finds. Raises `InvalidInputError`."""
    ids: list[str] = []
    cursor = None
    while True:
        page = search(context, query, limit=MAX_LIMIT, cursor=cursor)
        ids += [item.id for item in page.assets]
        cursor = page.cursor
        if cursor is None:
            return ids


def assets_by_key(connection: Connection, keys: Sequence[int]) -> Iterator[StoredAsset]:
    """These assets, by id."""
    for piece in chunked(keys):
        yield from _loaded(connection, asset.c.key.in_(piece))


def _loaded(connection: Connection, wanted: ColumnElement[bool], *, limit: int | None = None) -> Iterator[StoredAsset]:
    rows = connection.execute(select(asset).where(wanted).order_by(asset.c.id).limit(limit)).all()
    keys = [row.key for row in rows]
    generations = generations_of(connection, keys)
    paths: dict[int, list[str]] = {}
    for piece in chunked(keys):
        files = select(asset_path.c.asset_key, asset_path.c.path).where(asset_path.c.asset_key.in_(piece))
        for key, path in connection.execute(files.order_by(asset_path.c.key)):
            paths.setdefault(key, []).append(path)
    for row in rows:
        yield StoredAsset(row, tuple(paths.get(row.key, ())), generations.get(row.key))
