"""Writing to the journal, and changing what a journal entry can take back.

Of assets these are the `EDITABLE` fields; what else can be changed and taken back is listed in
`gallery.journal.records`.

Everything here happens inside the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, update

from gallery.context import GalleryContext
from gallery.journal.records import Record, write_records
from gallery.store.bulk import insert_rows
from gallery.store.moments import from_rfc3339
from gallery.store.tables import asset, asset_parent, asset_tag, batch, change, record_change

Origin = Literal["hand", "suggestion", "import", "generation"]
"""Who or what caused a change."""

BatchKind = Literal[
    "add", "tag", "rate", "note", "edit", "confirm", "reject", "unreject", "trash", "restore", "missing", "found",
    "link", "collection", "search", "import", "merge", "rename", "deprecate", "undo", "redo",
]  # fmt: skip
"""What a batch did, in a word."""

MOMENTS = frozenset({"trashed_at", "missing_since", "edited_at"})
"""Fields that stand in the journal as RFC 3339 text."""

EDITABLE = frozenset({"tags", "rating", "note", "rejected", "parents", "operation"}) | MOMENTS
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
    kind: BatchKind,
    changes: Sequence[Change],
    *,
    records: Sequence[Record] = (),
    origin: Origin = "hand",
    reverts: int | None = None,
    run: int | None = None,
) -> int:
    """Write one batch into the journal and return its number. `run`: the first batch of the same call, if any."""
    values = {"kind": kind, "at": context.now(), "actor": context.actor, "origin": origin}
    inserted = insert(batch).values(**values, reverts=reverts, run=run).returning(batch.c.seq)
    seq = int(connection.execute(inserted).scalar_one())
    if changes:
        rows = [(seq, item.key, item.before, item.after) for item in changes]
        insert_rows(connection, change, ("batch_seq", "asset_key", "before", "after"), rows)
    if records:
        connection.execute(insert(record_change), [_record_row(seq, item) for item in records])
    return seq


def _record_row(seq: int, item: Record) -> dict[str, Any]:
    values = {"before": item.before, "after": item.after}
    return {"batch_seq": seq, "kind": item.kind, "name": item.name, "label": item.label or item.name, **values}


def apply(
    connection: Connection,
    context: GalleryContext,
    kind: BatchKind,
    changes: Sequence[Change] = (),
    *,
    records: Sequence[Record] = (),
    origin: Origin = "hand",
    reverts: int | None = None,
    run: int | None = None,
) -> int:
    """Change the editable fields of many assets and whatever the records say, and record it all as one batch.

    The assets' versions rise. A batch has each asset and each record (by kind and name) once. Raises what the kinds of
    the records raise; the transaction is then to be given up.
    """
    by_fields: dict[tuple[str, ...], list[Change]] = defaultdict(list)
    for item in changes:
        by_fields[tuple(sorted(EDITABLE & item.after.keys()))].append(item)
    for fields, group in by_fields.items():
        _update_assets(connection, fields, group)
    index_tags(connection, _of_field("tags", changes))
    index_parents(connection, _of_field("parents", changes))
    write_records(connection, context, records)
    return record(connection, context, kind, changes, records=records, origin=origin, reverts=reverts, run=run)


def _of_field(name: str, changes: Iterable[Change]) -> Iterator[tuple[int, Iterable[str], Iterable[str]]]:
    return ((item.key, item.before[name], item.after[name]) for item in changes if name in item.after)


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
    _index(connection, asset_tag, asset_tag.c.tag, changes)


def index_parents(connection: Connection, changes: Iterable[tuple[int, Iterable[str], Iterable[str]]]) -> None:
    """Bring `asset_parent` in step with `(asset key, parents before, parents after)`."""
    _index(connection, asset_parent, asset_parent.c.parent_id, changes)


def _index(
    connection: Connection,
    table: Table,
    column: Column[Any],
    changes: Iterable[tuple[int, Iterable[str], Iterable[str]]],
) -> None:
    gone: list[dict[str, Any]] = []
    new: list[tuple[str, int]] = []
    for key, before, after in changes:
        had, has = set(before), set(after)
        gone += [{"of_item": item, "of_key": key} for item in had - has]
        new += [(item, key) for item in has - had]
    if gone:
        matches = (column == bindparam("of_item")) & (table.c.asset_key == bindparam("of_key"))
        connection.execute(delete(table).where(matches), gone)
    # Sorted as the index is: pages fill one after the other.
    insert_rows(connection, table, (column.name, "asset_key"), sorted(new))
