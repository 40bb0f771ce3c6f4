"""Trash and restore. They concern the record alone: no function of the gallery deletes or moves a user's file."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.journal.batches import BatchKind, Change, Origin, apply
from gallery.journal.versions import require_version
from gallery.reading.arguments import several_texts
from gallery.reading.identifiers import find_assets
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.tables import asset
from gallery.views import BulkResult, ItemResult


def trash(
    context: GalleryContext,
    ids: str | Iterable[str],
    *,
    origin: Origin = "hand",
    dry_run: bool = False,
    if_version: int | None = None,
) -> BulkResult:
    """Take assets out of sight; they keep their tags. Outcomes: trashed, unchanged (is in the trash), failed.

    Ids may be shortened. Raises `InvalidInputError` for an ambiguous one, and `ConflictError` (`stale`) where one has
    another version than `if_version`.
    """
    now = rfc3339(context.now())
    return _change(context, ids, now, "trash", "trashed", origin, dry_run=dry_run, if_version=if_version)


def restore(
    context: GalleryContext,
    ids: str | Iterable[str],
    *,
    origin: Origin = "hand",
    dry_run: bool = False,
    if_version: int | None = None,
) -> BulkResult:
    """Bring trashed assets back. Outcomes: restored, unchanged (is not in the trash), failed. Otherwise as `trash`."""
    return _change(context, ids, None, "restore", "restored", origin, dry_run=dry_run, if_version=if_version)


def _change(
    context: GalleryContext,
    ids: str | Iterable[str],
    to: str | None,
    kind: BatchKind,
    outcome: str,
    origin: Origin,
    *,
    dry_run: bool,
    if_version: int | None = None,
) -> BulkResult:
    names = several_texts("ids", ids)
    database = context.database
    with database.read() if dry_run else database.write() as connection:
        wanted = find_assets(connection, names)
        require_version(connection, wanted, if_version)
        stored = _trashed_since(connection, [item.key for item in wanted if item.key is not None])
        touched = [key for key, since in stored.items() if (since is None) != (to is None)]
        changes = [Change(key, {"trashed_at": stored[key]}, {"trashed_at": to}) for key in touched]
        seq = apply(connection, context, kind, changes, origin=origin) if changes and not dry_run else None
    outcomes = dict.fromkeys(stored, "unchanged") | dict.fromkeys(touched, outcome)
    return BulkResult(
        tuple(ItemResult(item.id, outcomes.get(item.key or 0, "failed"), item.error) for item in wanted), seq
    )


def _trashed_since(connection: Connection, keys: list[int]) -> dict[int, str | None]:
    since: dict[int, str | None] = {}
    for piece in chunked(keys):
        for row in connection.execute(select(asset.c.key, asset.c.trashed_at).where(asset.c.key.in_(piece))):
            since[row.key] = None if row.trashed_at is None else rfc3339(row.trashed_at)
    return since
