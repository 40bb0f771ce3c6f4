"""Writing to the journal, and changing what a journal entry can take back: tags, rating, trash, missing.

Everything here happens inside the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, update

from gallery.context import GalleryContext
from gallery.moments import from_rfc3339
from gallery.tables import asset, asset_tag, batch, change

Origin = Literal["hand", "suggestion", "import", "generation"]
"""Who or what caused a change."""

MOMENTS = frozenset({"trashed_at", "missing_since"})
"""Fields that stand in the journal as RFC 3339 text."""

EDITABLE = frozenset({"tags", "rating"}) | MOMENTS
"""Fields that undo can put back. The others say what was found on disk, which no undo can change."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one asset: the touched fields before and after, as JSON values."""

    key: int
    before: dict[str, Any]
    after: dict[str, Any]


def record(
    connection: Connection,
    context: GalleryContext,
    kind: str,
    changes: Sequence[Change],
    *,
    origin: Origin = "hand",
    reverts: int | None = None,
    run: int | None = None,
) -> int:
    """Write one batch into the journal and return its number. `run`: the first batch of the same call, if any."""
    values = {"kind": kind, "at": context.now(), "actor": context.actor, "origin": origin}
    inserted = insert(batch).values(**values, reverts=reverts, run=run).returning(batch.c.seq)
    seq = int(connection.execute(inserted).scalar_one())
    if changes:
        rows = [
            {"batch_seq": seq, "asset_key": item.key, "before": item.before, "after": item.after} for item in changes
        ]
        connection.execute(insert(change), rows)
    return seq


def apply(
    connection: Connection,
    context: GalleryContext,
    kind: str,
    changes: Sequence[Change],
    *,
    origin: Origin = "hand",
    reverts: int | None = None,
    run: int | None = None,
) -> int:
    """Change the editable fields of many assets, raise their versions, and record it all as one batch."""
    by_fields: dict[tuple[str, ...], list[Change]] = defaultdict(list)
    for item in changes:
        by_fields[tuple(sorted(EDITABLE & item.after.keys()))].append(item)
    for fields, group in by_fields.items():
        _update_assets(connection, fields, group)
    retagged = (item for item in changes if "tags" in item.after)
    index_tags(connection, ((item.key, item.before["tags"], item.after["tags"]) for item in retagged))
    return record(connection, context, kind, changes, origin=origin, reverts=reverts, run=run)


def _update_assets(connection: Connection, fields: tuple[str, ...], group: Sequence[Change]) -> None:
    statement = (
        update(asset)
        .where(asset.c.key == bindparam("of_key"))
        .values(version=asset.c.version + 1, **{name: bindparam(f"new_{name}") for name in fields})
    )
    rows = [
        {"of_key": item.key, **{f"new_{name}": _stored(name, item.after[name]) for name in fields}} for item in group
    ]
    connection.execute(statement, rows)


def _stored(field: str, value: Any) -> Any:
    return from_rfc3339(value) if field in MOMENTS and value is not None else value


def index_tags(connection: Connection, changes: Iterable[tuple[int, Iterable[str], Iterable[str]]]) -> None:
    """Bring `asset_tag` in step with `(asset key, tags before, tags after)`."""
    gone: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for key, before, after in changes:
        had, has = set(before), set(after)
        gone += [{"of_tag": tag, "of_key": key} for tag in had - has]
        new += [{"tag": tag, "asset_key": key} for tag in has - had]
    if gone:
        matches = (asset_tag.c.tag == bindparam("of_tag")) & (asset_tag.c.asset_key == bindparam("of_key"))
        connection.execute(delete(asset_tag).where(matches), gone)
    if new:
        # Sorted as the index is: pages fill one after the other.
        connection.execute(insert(asset_tag), sorted(new, key=lambda row: (row["tag"], row["asset_key"])))
