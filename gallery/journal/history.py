"""Reading the journal: what was done, when, by whom and why, newest first (contract, assets)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from gallery.context import GalleryContext
from gallery.journal.batches import BatchKind, Origin
from gallery.reading.arguments import one_text, whole_number
from gallery.reading.identifiers import find_id
from gallery.store.chunks import chunked
from gallery.store.moments import utc
from gallery.store.tables import asset, batch, change, record_change
from gallery.views import BatchView, ChangeView, RecordView
from ontology.errors import InvalidInputError
from ontology.escaping import visible

MAX_HISTORY = 10_000
_MOST_DIGITS = 18
"""Of what an integer column holds."""


def last_batch(context: GalleryContext) -> int:
    """The number of the newest batch; 0 before the first. An index that has seen it is current."""
    with context.database.read() as connection:
        return int(connection.execute(select(func.coalesce(func.max(batch.c.seq), 0))).scalar_one())


@dataclass(frozen=True, slots=True)
class Filter:
    """Which batches are wanted: of this kind, origin, actor, not older than this moment (naive = UTC). None: any.

    `before`: with a lower number than this one.
    """

    kind: str | None = None
    origin: str | None = None
    actor: str | None = None
    since: datetime | None = None
    before: int | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """As SQL. Raises `InvalidInputError` for a kind or an origin that there is not, a moment before year 1."""
        for name, given, known in (("kind", self.kind, get_args(BatchKind)), ("origin", self.origin, get_args(Origin))):
            if given is not None and given not in known:
                message = f"there is no {name} `{visible(str(given), limit=60)}`"
                raise InvalidInputError(message, hint=f"one of {', '.join(known)}")
        for name in ("kind", "origin", "actor"):
            if getattr(self, name) is not None:
                yield batch.c[name] == getattr(self, name)
        if self.since is not None:
            yield batch.c.at >= _in_utc(self.since)
        if self.before is not None:
            yield batch.c.seq < self.before


ALL = Filter()


def moment_of(text: str) -> datetime:
    """What somebody wrote for `Filter.since`: a day or a moment. Raises `InvalidInputError`."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInputError(f"`{visible(text, limit=60)}` is no date", hint="write it as 2026-11-21") from error


def _in_utc(moment: datetime) -> datetime:
    try:
        return utc(moment)
    except OverflowError as error:
        raise InvalidInputError("this moment lies in no year from 1 to 9999", hint="write it as 2026-11-21") from error


def history(context: GalleryContext, *, limit: int = 50, wanted: Filter = ALL) -> tuple[BatchView, ...]:
    """The newest batches that are wanted, newest first. Raises `InvalidInputError` unless `limit` is 1-10,000."""
    _check_limit(limit)
    return _newest(context, limit, wanted)


def _newest(context: GalleryContext, limit: int, wanted: Filter) -> tuple[BatchView, ...]:
    newest = _batches().where(*wanted.conditions()).order_by(batch.c.seq.desc()).limit(limit)
    with context.database.read() as connection:
        rows = connection.execute(newest).all()
        records = _records_of(connection, [row.seq for row in rows])
    return tuple(_batch_view(row, records[row.seq]) for row in rows)


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Batches, or what they did to one asset, newest first; `cursor` leads on to older ones, None at the end."""

    entries: tuple[BatchView, ...] | tuple[ChangeView, ...]
    cursor: str | None

    @property
    def batches(self) -> tuple[BatchView, ...]:
        """The batches alone."""
        return tuple(item.batch if isinstance(item, ChangeView) else item for item in self.entries)

    def to_json(self) -> dict[str, Any]:
        """`{batches, cursor}`."""
        return {"batches": [item.to_json() for item in self.entries], "cursor": self.cursor}


def history_page(
    context: GalleryContext,
    *,
    asset_id: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
    wanted: Filter = ALL,
) -> HistoryPage:
    """What `history` lists, or `asset_history` where an asset is named, page by page; `cursor` is of the page before.

    A cursor stays good whatever is done meanwhile. Raises as they do, and `InvalidInputError` for what is no cursor.
    """
    _check_limit(limit)
    older = wanted if cursor is None else replace(wanted, before=_read_cursor(cursor))
    entries: tuple[BatchView, ...] | tuple[ChangeView, ...]
    if asset_id is None:
        entries = _newest(context, limit + 1, older)
    else:
        with context.database.read() as connection:
            entries = changes_of(connection, find_id(connection, asset_id), limit=limit + 1, wanted=older)
    page = HistoryPage(entries[:limit], None)
    return replace(page, cursor=str(page.batches[-1].seq)) if len(entries) > limit else page


def _read_cursor(cursor: str) -> int:
    given = one_text("cursor", cursor)
    if not (given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS):
        raise InvalidInputError("this is not a cursor of the history", hint="take the one from the page before")
    return int(given)


def batches_after(context: GalleryContext, seen: int, *, limit: int) -> tuple[BatchView, ...]:
    """What was done after the batch `seen`, the oldest first, by whichever process; at most `limit`. As `history`."""
    _check_limit(limit)
    following = _batches().where(batch.c.seq > seen).order_by(batch.c.seq).limit(limit)
    with context.database.read() as connection:
        rows = connection.execute(following).all()
        records = _records_of(connection, [row.seq for row in rows])
    return tuple(_batch_view(row, records[row.seq]) for row in rows)


def asset_history(
    context: GalleryContext, asset_id: str, *, limit: int = 50, wanted: Filter = ALL
) -> tuple[ChangeView, ...]:
    """What happened to one asset (its id may be shortened), newest first. Raises as `history`, and for the id."""
    _check_limit(limit)
    with context.database.read() as connection:
        found = find_id(connection, asset_id)
        return changes_of(connection, found, limit=limit, wanted=wanted)


def changes_of(connection: Connection, asset_id: str, *, limit: int, wanted: Filter = ALL) -> tuple[ChangeView, ...]:
    """As `asset_history`, within a transaction and for a full id."""
    key = select(asset.c.key).where(asset.c.id == asset_id).scalar_subquery()
    newest = (
        _batches()
        .add_columns(change.c.before, change.c.after)
        .join(change, change.c.batch_seq == batch.c.seq)
        .where(change.c.asset_key == key, *wanted.conditions())
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
