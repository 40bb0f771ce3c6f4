"""Reading the journal: what was done, when, by whom and why, newest first (contract, assets)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from gallery.arguments import whole_number
from gallery.chunks import chunked
from gallery.context import GalleryContext
from gallery.identifiers import find_id
from gallery.tables import asset, batch, change, record_change
from gallery.views import BatchView, ChangeView, RecordView
from ontology.errors import InvalidInputError

MAX_HISTORY = 10_000


def last_batch(context: GalleryContext) -> int:
    """The number of the newest batch; 0 before the first. An index that has seen it is current."""
    with context.database.read() as connection:
        return int(connection.execute(select(func.coalesce(func.max(batch.c.seq), 0))).scalar_one())


def history(context: GalleryContext, *, limit: int = 50) -> tuple[BatchView, ...]:
    """The newest batches, newest first. Raises `InvalidInputError` unless `limit` is 1-10,000."""
    _check_limit(limit)
    with context.database.read() as connection:
        rows = connection.execute(_batches().order_by(batch.c.seq.desc()).limit(limit)).all()
        records = _records_of(connection, [row.seq for row in rows])
    return tuple(_batch_view(row, records[row.seq]) for row in rows)


def asset_history(context: GalleryContext, asset_id: str, *, limit: int = 50) -> tuple[ChangeView, ...]:
    """What happened to one asset (its id may be shortened), newest first. Raises as `history`, and for the id."""
    _check_limit(limit)
    with context.database.read() as connection:
        found = find_id(connection, asset_id)
        return changes_of(connection, found, limit=limit)


def changes_of(connection: Connection, asset_id: str, *, limit: int) -> tuple[ChangeView, ...]:
    """As `asset_history`, within a transaction and for a full id."""
    key = select(asset.c.key).where(asset.c.id == asset_id).scalar_subquery()
    newest = (
        _batches()
        .add_columns(change.c.before, change.c.after)
        .join(change, change.c.batch_seq == batch.c.seq)
        .where(change.c.asset_key == key)
        .order_by(batch.c.seq.desc())
        .limit(limit)
    )
    rows = connection.execute(newest).all()
    records = _records_of(connection, [row.seq for row in rows])
    return tuple(ChangeView(_batch_view(row, records[row.seq]), row.before, row.after) for row in rows)


def _check_limit(limit: int) -> None:
    if not 1 <= whole_number("limit", limit) <= MAX_HISTORY:
        raise InvalidInputError(
            f"1 to {MAX_HISTORY} entries can be listed, not {limit}", hint="choose a limit in between"
        )


def _batches() -> Select[Any]:
    size = select(func.count()).where(change.c.batch_seq == batch.c.seq).correlate(batch).scalar_subquery()
    return select(*batch.c, size.label("size"))


def _batch_view(row: Row[Any], records: Sequence[RecordView]) -> BatchView:
    return BatchView(
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        actor=row.actor,
        origin=row.origin,
        reverts=row.reverts,
        undone_by=row.undone_by,
        size=row.size + len(records),
        run=row.run,
        records=tuple(records),
    )


def _records_of(connection: Connection, numbers: Sequence[int]) -> defaultdict[int, list[RecordView]]:
    """What the batches did to other things than assets; their values stay where they are, as they can be large."""
    found: defaultdict[int, list[RecordView]] = defaultdict(list)
    of = record_change.c
    columns = (
        of.batch_seq,
        of.kind,
        of.label,
        of.before.is_(None).label("is_new"),
        of.after.is_(None).label("is_gone"),
    )
    for piece in chunked(numbers):
        listed = select(*columns).where(of.batch_seq.in_(piece)).order_by(of.batch_seq, of.kind, of.name)
        for row in connection.execute(listed):
            what = "created" if row.is_new else "removed" if row.is_gone else "changed"
            found[row.batch_seq].append(RecordView(row.kind, row.label, what))
    return found
