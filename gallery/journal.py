"""Undo, redo and history (contract, assets).

Every batch stands for ever. An undo is a batch that takes another one back, a redo one that takes an undo back, so both
survive a restart and are seen by every face. A batch that was taken back names its undo in `undone_by`.

A call that wrote several batches made a run. A run is taken back as one: the newest batch first, each by a batch of its
own, and these are a run again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import Connection, Row, Select, func, select, update

from gallery.arguments import whole_number
from gallery.batches import EDITABLE, MOMENTS, Change, apply
from gallery.chunks import chunked
from gallery.context import GalleryContext
from gallery.deltas import ADDED, Delta, reverted
from gallery.identifiers import find_id
from gallery.moments import rfc3339
from gallery.tables import asset, batch, change
from gallery.views import BatchView, BulkResult, ChangeView, ItemError, ItemResult
from ontology.errors import ConflictError, InvalidInputError, NotFoundError

_TURNING = ("undo", "redo")
_BEYOND_NUMBERS = 2**63  # what an integer column cannot hold
MAX_HISTORY = 10_000


def last_batch(context: GalleryContext) -> int:
    """The number of the newest batch; 0 before the first. An index that has seen it is current."""
    with context.database.read() as connection:
        return int(connection.execute(select(func.coalesce(func.max(batch.c.seq), 0))).scalar_one())


def undo(context: GalleryContext, number: int | None = None, *, dry_run: bool = False) -> BulkResult:
    """Take back the newest change not yet undone, whoever made it, or the numbered one; a run of batches as a whole.

    Outcomes: reverted; unchanged, with the reason (changed since, or a fact about a file). Assets that were taken in go
    to the trash. Without a number, batches of which nothing is left to take back are passed over; with one, the undo is
    written even then. `batch` of the result is the last one written. Raises `NotFoundError` (no such batch, nothing to
    undo), `ConflictError` (undone already), `InvalidInputError` (an undo or redo, or no number).
    """
    wanted = None if number is None else whole_number("batch", number)
    return _turned(context, lambda connection: _undo(context, connection, wanted), dry_run=dry_run)


def _undo(context: GalleryContext, connection: Connection, wanted: int | None) -> BulkResult:
    taking = _Taking(connection, context, "undo")
    if wanted is not None:
        return taking.take(_run_of(connection, _numbered(connection, wanted)))
    for run in _standing_runs(connection):
        if taking.would_change(run):
            return taking.take(run)
    hint = "`callsheet history` lists what was done; what was found on disk cannot be taken back"
    raise NotFoundError("there is nothing to undo", hint=hint, code="nothing_to_undo")


def redo(context: GalleryContext, *, dry_run: bool = False) -> BulkResult:
    """Take back the newest undo. A new edit ends redo. Outcomes as of `undo`; `NotFoundError` with nothing to redo."""
    return _turned(context, lambda connection: _redo(context, connection), dry_run=dry_run)


def _redo(context: GalleryContext, connection: Connection) -> BulkResult:
    run = _run_of(connection, _newest_undo(connection))
    result = _Taking(connection, context, "redo").take(run)
    for piece in chunked([undone.reverts for undone in run]):
        connection.execute(update(batch).where(batch.c.seq.in_(piece)).values(undone_by=None))
    return result


class _OnlyTriedError(Exception):
    """Leaves the transaction of a dry run, which is thereby rolled back."""


def _turned(context: GalleryContext, turn: Callable[[Connection], BulkResult], *, dry_run: bool) -> BulkResult:
    """Do it in one transaction; in a dry run, do it and roll back, so that it cannot tell other than what would be."""
    if dry_run and not context.database.exists():
        raise NotFoundError("nothing was changed yet", hint="`callsheet add FOLDER` begins", code="nothing_to_undo")
    result: BulkResult | None = None
    with suppress(_OnlyTriedError), context.database.write() as connection:
        result = turn(connection)
        if dry_run:
            raise _OnlyTriedError
    return replace(cast(BulkResult, result), batch=None) if dry_run else cast(BulkResult, result)


def history(context: GalleryContext, *, limit: int = 50) -> tuple[BatchView, ...]:
    """The newest batches, newest first. Raises `InvalidInputError` unless `limit` is 1-10,000."""
    _check_limit(limit)
    with context.database.read() as connection:
        newest = _batches().order_by(batch.c.seq.desc()).limit(limit)
        return tuple(_batch_view(row) for row in connection.execute(newest))


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
    return tuple(ChangeView(_batch_view(row), row.before, row.after) for row in connection.execute(newest))


def _check_limit(limit: int) -> None:
    if not 1 <= whole_number("limit", limit) <= MAX_HISTORY:
        raise InvalidInputError(
            f"1 to {MAX_HISTORY} entries can be listed, not {limit}", hint="choose a limit in between"
        )


def _batches() -> Select[Any]:
    size = select(func.count()).where(change.c.batch_seq == batch.c.seq).correlate(batch).scalar_subquery()
    return select(*batch.c, size.label("size"))


def _batch_view(row: Row[Any]) -> BatchView:
    return BatchView(row.seq, row.kind, row.at, row.actor, row.origin, row.reverts, row.undone_by, row.size, row.run)


def _standing_runs(connection: Connection) -> Iterator[list[Row[Any]]]:
    """What can be undone, newest first."""
    below = _BEYOND_NUMBERS - 1
    met: set[int] = set()
    while True:
        standing = select(batch).where(batch.c.kind.not_in(_TURNING), batch.c.undone_by.is_(None), batch.c.seq < below)
        newest = connection.execute(standing.order_by(batch.c.seq.desc()).limit(1)).first()
        if newest is None:
            return
        below = newest.seq
        if _first_of(newest) not in met:
            met.add(_first_of(newest))
            yield _run_of(connection, newest)


def _first_of(member: Row[Any]) -> int:
    return int(member.seq if member.run is None else member.run)


def _run_of(connection: Connection, member: Row[Any]) -> list[Row[Any]]:
    """The standing batches of the member's run, newest first."""
    first = _first_of(member)
    of_run = select(batch).where((batch.c.seq == first) | (batch.c.run == first), batch.c.undone_by.is_(None))
    return list(connection.execute(of_run.order_by(batch.c.seq.desc())).all())


def _newest_undo(connection: Connection) -> Row[Any]:
    newest_edit = select(func.coalesce(func.max(batch.c.seq), 0)).where(batch.c.kind.not_in(_TURNING)).scalar_subquery()
    undone = select(batch).where(batch.c.kind == "undo", batch.c.undone_by.is_(None), batch.c.seq > newest_edit)
    row = connection.execute(undone.order_by(batch.c.seq.desc()).limit(1)).first()
    if row is None:
        raise NotFoundError(
            "there is nothing to redo",
            hint="redo takes back an undo, until something new is done",
            code="nothing_to_redo",
        )
    return row


def _numbered(connection: Connection, number: int) -> Row[Any]:
    known = 0 < number < _BEYOND_NUMBERS
    row = connection.execute(select(batch).where(batch.c.seq == number)).first() if known else None
    if row is None:
        raise NotFoundError(f"there is no batch {number}", hint="`callsheet history` lists the batches")
    if row.kind in _TURNING:
        hint = "`callsheet redo` takes back the newest undo; otherwise name the batch that was undone or redone"
        raise InvalidInputError(f"batch {number} is of the kind `{row.kind}`, which cannot be undone", hint=hint)
    if row.undone_by is not None:
        raise ConflictError(
            f"batch {number} was undone by batch {row.undone_by}", hint="`callsheet redo` brings it back"
        )
    return row


_Plan = tuple[list[Change], list[ItemResult]]


@dataclass
class _Taking:
    """Taking back runs of batches, by batches of this kind."""

    connection: Connection
    context: GalleryContext
    kind: str
    _planned: dict[int, _Plan] = field(default_factory=dict)

    def take(self, run: Sequence[Row[Any]]) -> BulkResult:
        """Take back each batch of a run, newest first. An asset that several of them changed is told of once."""
        told: dict[str, ItemResult] = {}
        first = seq = None
        for target in run:
            changes, results = self._planned.pop(target.seq) if target.seq in self._planned else self._plan(target)
            seq = apply(self.connection, self.context, self.kind, changes, reverts=target.seq, run=first)
            first = seq if first is None else first
            self.connection.execute(update(batch).where(batch.c.seq == target.seq).values(undone_by=seq))
            for item in results:
                if item.id not in told or item.outcome == "reverted":
                    told[item.id] = item
        return BulkResult(tuple(told.values()), seq)

    def would_change(self, run: Sequence[Row[Any]]) -> bool:
        """Whether anything of the run can be taken back."""
        self._planned = {run[0].seq: self._plan(run[0])}  # the others' plans change when the newest is taken back
        return bool(self._planned[run[0].seq][0]) or any(self._plan(target)[0] for target in run[1:])

    def _plan(self, target: Row[Any]) -> _Plan:
        rows = _changed_assets(self.connection, target.seq)
        later = _later_changes(self.connection, target, [row.key for row in rows])
        moment = rfc3339(self.context.now())
        changes: list[Change] = []
        results: list[ItemResult] = []
        for row in rows:
            now = {name: _as_json(name, getattr(row, name)) for name in EDITABLE}
            new = reverted(row.before, row.after, now, later[row.key], moment=moment)
            if new:
                changes.append(Change(row.key, {name: now[name] for name in new}, new))
                results.append(ItemResult(row.id, "reverted"))
            else:
                results.append(ItemResult(row.id, "unchanged", _why_not(row.after)))
        return changes, results


def _changed_assets(connection: Connection, seq: int) -> Sequence[Row[Any]]:
    columns = (asset.c.key, asset.c.id, *(asset.c[name] for name in sorted(EDITABLE)), change.c.before, change.c.after)
    joined = select(*columns).join(change, change.c.asset_key == asset.c.key)
    return connection.execute(joined.where(change.c.batch_seq == seq).order_by(asset.c.key)).all()


def _later_changes(connection: Connection, target: Row[Any], keys: Sequence[int]) -> dict[int, list[Delta]]:
    """The changes of these assets by later batches that still stand. Undone ones and their undos cancel out."""
    later: dict[int, list[Delta]] = defaultdict(list)
    if target.kind in _TURNING:
        return later  # only the newest undo is ever taken back, and only while nothing new was done
    stands = (batch.c.seq > target.seq) & batch.c.kind.not_in(_TURNING) & batch.c.undone_by.is_(None)
    if connection.execute(select(batch.c.seq).where(stands).limit(1)).first() is None:
        return later
    joined = select(change.c.asset_key, change.c.before, change.c.after).join(batch, batch.c.seq == change.c.batch_seq)
    for piece in chunked(keys):
        for row in connection.execute(joined.where(stands, change.c.asset_key.in_(piece))):
            later[row.asset_key].append((row.before, row.after))
    return later


def _as_json(field: str, value: Any) -> Any:
    return rfc3339(value) if field in MOMENTS and value is not None else value


def _why_not(after: dict[str, Any]) -> ItemError:
    if after.keys() & EDITABLE or after.get(ADDED):
        return ItemError("changed_since", "it was changed since, so nothing of this batch is left to take back")
    message = "what was found on disk cannot be taken back"
    return ItemError("file_fact", message, "change the file, then add it again")
