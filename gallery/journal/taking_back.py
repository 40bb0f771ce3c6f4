"""Taking back batches: each by a batch of its own, which does the opposite of what is left of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select, update

from gallery.context import GalleryContext
from gallery.journal.batches import EDITABLE, MOMENTS, BatchKind, Change, apply
from gallery.journal.deltas import ADDED, Delta, is_of_the_file, reverted
from gallery.journal.record_deltas import RecordDelta, record_reverted, touched_elements
from gallery.journal.records import Record, read_record, refusal
from gallery.reading.descent import ancestors_of
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.tables import asset, batch, change, record_change
from gallery.views import BulkResult, ItemError, ItemResult

TURNING = ("undo", "redo")
"""Kinds of batches that take others back."""


@dataclass
class _Plan:
    done: str
    changes: list[Change] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    results: list[ItemResult] = field(default_factory=list)

    @property
    def does_something(self) -> bool:
        """Whether anything is left to take back."""
        return bool(self.changes or self.records)


@dataclass
class Taking:
    """Taking back the batches of one run, newest first, in one transaction or in several.

    The batches that do it, of this `kind`, are a run again. `first` is its number, `last` that of the newest.
    """

    context: GalleryContext
    kind: BatchKind
    first: int | None = None
    last: int | None = None
    _told: dict[str, ItemResult] = field(default_factory=dict)

    def take(self, connection: Connection, targets: Sequence[Row[Any]], *, most: int | None = None) -> int:
        """Take back the batches, the newest first; how many were. With `most`: stop after so many changes."""
        done = changes = 0
        for target in targets:
            plan = _plan(connection, self.context, target, self._done)
            self._write(connection, target, plan)
            done += 1
            changes += len(plan.results)
            if most is not None and changes >= most:
                break
        return done

    @property
    def _done(self) -> str:
        """The outcome of what was taken back."""
        return "redone" if self.kind == "redo" else "reverted"

    def _write(self, connection: Connection, target: Row[Any], plan: _Plan) -> None:
        seq = apply(
            connection,
            self.context,
            self.kind,
            plan.changes,
            records=plan.records,
            reverts=target.seq,
            run=self.first,
        )
        self.first, self.last = self.first or seq, seq
        connection.execute(update(batch).where(batch.c.seq == target.seq).values(undone_by=seq))
        if target.kind in TURNING:
            connection.execute(update(batch).where(batch.c.seq == target.reverts).values(undone_by=None))
        for item in plan.results:
            if item.id not in self._told or item.outcome == self._done:
                self._told[item.id] = item

    def result(self) -> BulkResult:
        """What became of each thing; one that several batches of the run had changed is told of once."""
        return BulkResult(tuple(self._told.values()), self.last)


def would_change(connection: Connection, context: GalleryContext, run: Sequence[Row[Any]]) -> bool:
    """Whether anything of the run can be taken back."""
    return any(_plan(connection, context, target, "reverted").does_something for target in run)


def _plan(connection: Connection, context: GalleryContext, target: Row[Any], done: str) -> _Plan:
    """What taking back one batch means; `done` is the outcome of what can be."""
    plan = _Plan(done)
    _plan_assets(connection, context, target, plan)
    _plan_records(connection, context, target, plan)
    return plan


def _plan_assets(connection: Connection, context: GalleryContext, target: Row[Any], plan: _Plan) -> None:
    rows = _changed_assets(connection, target.seq)
    later = _later_changes(connection, target, [row.key for row in rows])
    moment = rfc3339(context.now())
    adopted: dict[str, list[str]] = {}
    for row in rows:
        now = {name: _as_json(name, getattr(row, name)) for name in EDITABLE}
        new = reverted(row.before, row.after, now, later[row.key], moment=moment)
        if _closes_a_circle(connection, row.id, now["parents"], new.get("parents", ()), adopted):
            plan.results.append(ItemResult(row.id, "unchanged", _CIRCLE))
        elif new:
            plan.changes.append(Change(row.key, {name: now[name] for name in new}, new))
            plan.results.append(ItemResult(row.id, plan.done))
        else:
            plan.results.append(ItemResult(row.id, "unchanged", _why_not(row.after)))


def _closes_a_circle(
    connection: Connection, name: str, now: Sequence[str], new: Sequence[str], adopted: dict[str, list[str]]
) -> bool:
    """Whether an asset that gets parents back is meanwhile one of their ancestors. Takes note of those it gets."""
    regained = set(new) - set(now)
    if not regained:
        return False
    if name in regained | ancestors_of(connection, regained, adopted):
        return True
    adopted[name] = list(new)
    return False


def _plan_records(connection: Connection, context: GalleryContext, target: Row[Any], plan: _Plan) -> None:
    of_target = select(record_change).where(record_change.c.batch_seq == target.seq)
    for row in connection.execute(of_target.order_by(record_change.c.kind, record_change.c.name)).all():
        known = touched_elements((row.before, row.after))
        now = read_record(connection, context, row.kind, row.name, known)
        delta = record_reverted(row.before, row.after, now, _later_records(connection, target, row))
        name = f"{row.kind}:{row.label}"
        error = _CHANGED_SINCE if delta is None else refusal(connection, row.kind, row.name, delta[1])
        if delta is None or error is not None:
            plan.results.append(ItemResult(name, "unchanged", error))
        else:
            plan.records.append(Record(row.kind, row.name, *delta, label=row.label))
            plan.results.append(ItemResult(name, plan.done))


def _changed_assets(connection: Connection, seq: int) -> Sequence[Row[Any]]:
    columns = (asset.c.key, asset.c.id, *(asset.c[name] for name in sorted(EDITABLE)), change.c.before, change.c.after)
    joined = select(*columns).join(change, change.c.asset_key == asset.c.key)
    return connection.execute(joined.where(change.c.batch_seq == seq).order_by(asset.c.key)).all()


def _stands_after(target: Row[Any]) -> Any:
    """Later batches that still stand. Undone ones and their undos cancel out."""
    return (batch.c.seq > target.seq) & batch.c.kind.not_in(TURNING) & batch.c.undone_by.is_(None)


def _later_changes(connection: Connection, target: Row[Any], keys: Sequence[int]) -> dict[int, list[Delta]]:
    later: dict[int, list[Delta]] = defaultdict(list)
    stands = _stands_after(target)
    if connection.execute(select(batch.c.seq).where(stands).limit(1)).first() is None:
        return later
    joined = select(change.c.asset_key, change.c.before, change.c.after).join(batch, batch.c.seq == change.c.batch_seq)
    for piece in chunked(keys):
        for row in connection.execute(joined.where(stands, change.c.asset_key.in_(piece))):
            later[row.asset_key].append((row.before, row.after))
    return later


def _later_records(connection: Connection, target: Row[Any], row: Row[Any]) -> list[RecordDelta]:
    of = record_change.c
    joined = select(of.before, of.after).join(batch, batch.c.seq == of.batch_seq)
    same = (of.kind == row.kind) & (of.name == row.name)
    return [(found.before, found.after) for found in connection.execute(joined.where(same, _stands_after(target)))]


def _as_json(field: str, value: Any) -> Any:
    return rfc3339(value) if field in MOMENTS and value is not None else value


_CIRCLE = ItemError("circle", "its former parents descend from it by now", "`callsheet show ID --tree` shows how")
_CHANGED_SINCE = ItemError("changed_since", "it was changed since, so nothing of this batch is left to take back")


def _why_not(after: dict[str, Any]) -> ItemError:
    if after.get(ADDED) or any(not is_of_the_file(name, after) for name in after.keys() & EDITABLE):
        return _CHANGED_SINCE
    message = "what was found on disk cannot be taken back"
    return ItemError("file_fact", message, "change the file, then add it again")
