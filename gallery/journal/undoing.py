"""Undo and redo (contract, assets).

Every batch stands for ever. An undo is a batch that takes another one back, a redo one that takes an undo back, so both
survive a restart and are seen by every face. A batch that was taken back names its undo in `undone_by`.

A call that wrote several batches made a run. A run is taken back as one: the newest batch first, each by a batch of its
own, and these are a run again.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

from gallery.context import GalleryContext
from gallery.journal.batches import BatchKind
from gallery.journal.taking_back import TURNING, Taking, would_change
from gallery.reading.arguments import whole_number
from gallery.store.tables import batch
from gallery.views import BulkResult, PassedOver
from ontology.errors import ConflictError, InvalidInputError, NotFoundError

_BEYOND_NUMBERS = 2**63  # what an integer column cannot hold

CHANGES_AT_ONCE = 20_000
"""About so many changes are taken back in one transaction: others can write between two parts of a long run."""

_Run = list[Row[Any]]


def undo(context: GalleryContext, number: int | None = None, *, dry_run: bool = False) -> BulkResult:
    """Take back the newest change not yet undone, whoever made it, or the numbered one; a run of batches as a whole.

    Outcomes: reverted; unchanged, with the reason (changed since, or a fact about a file). Assets that were taken in go
    to the trash. What is no asset stands in the results as `kind:name`. Without a number, batches of which nothing is
    left to take back are passed over, and told of in `passed_over`; with one, the undo is written even then. `batch` of
    the result is the last one written. A long run is taken back in several transactions: after an interruption, undo
    again for the rest.

    Raises `NotFoundError` (no such batch, nothing to undo), `ConflictError` (undone already), `InvalidInputError` (an
    undo or redo, or no number).
    """
    wanted = None if number is None else whole_number("batch", number)
    passed: list[PassedOver] = []
    done = _turned(context, "undo", lambda open_: _to_undo(context, open_, wanted, passed), dry_run=dry_run)
    return replace(done, passed_over=tuple(passed))


def _to_undo(context: GalleryContext, connection: Connection, wanted: int | None, passed: list[PassedOver]) -> _Run:
    """The batches to take back; those newer ones that cannot be are added to `passed`."""
    if wanted is not None:
        return _run_of(connection, _numbered(connection, wanted))
    for run in _standing_runs(connection):
        if would_change(connection, context, run):
            return run
        passed += (PassedOver(target.seq, target.kind) for target in run)
    hint = "`callsheet history` lists what was done; what was found on disk cannot be taken back"
    raise NotFoundError("there is nothing to undo", hint=hint, code="nothing_to_undo")


def redo(context: GalleryContext, number: int | None = None, *, dry_run: bool = False) -> BulkResult:
    """Take back the newest undo, or the one of the numbered batch, with the batches of its run.

    A new edit ends redo without a number. Outcomes as of `undo`, `redone` for `reverted`. Raises `NotFoundError`
    (nothing to redo, no such batch), `ConflictError` (not undone) and `InvalidInputError` (no number).
    """
    wanted = None if number is None else whole_number("batch", number)
    return _turned(context, "redo", lambda connection: _to_redo(connection, wanted), dry_run=dry_run)


def _to_redo(connection: Connection, wanted: int | None) -> _Run:
    if wanted is None:
        return _run_of(connection, _newest_undo(connection))
    row = _batch_with(connection, wanted)
    if row.undone_by is None:
        raise ConflictError(f"batch {wanted} stands; it was not undone", hint="`callsheet history` lists the batches")
    return _run_of(connection, _batch_with(connection, row.undone_by))


class _OnlyTriedError(Exception):
    """Leaves the transaction of a dry run, which is thereby rolled back."""


def _turned(
    context: GalleryContext, kind: BatchKind, choose: Callable[[Connection], _Run], *, dry_run: bool
) -> BulkResult:
    """Take a run back. A dry run does it and rolls back, so that it cannot tell other than what would be."""
    taking = Taking(context, kind)
    if dry_run:
        if not context.database.exists():
            raise NotFoundError("nothing was changed yet", hint="`callsheet add FOLDER` begins", code="nothing_to_undo")
        with suppress(_OnlyTriedError), context.database.write() as connection:
            taking.take(connection, choose(connection))
            raise _OnlyTriedError
        return replace(taking.result(), batch=None)
    with context.database.write() as connection:
        run = choose(connection)
        done = taking.take(connection, run, most=CHANGES_AT_ONCE)
    while done < len(run):
        with context.database.write() as connection:
            # Of the rest, what somebody else took back meanwhile is done.
            left = [target for target in _run_of(connection, run[0]) if target.seq <= run[done].seq]
            if not left:
                break
            run, done = left, taking.take(connection, left, most=CHANGES_AT_ONCE)
    return taking.result()


def _standing_runs(connection: Connection) -> Iterator[list[Row[Any]]]:
    """What can be undone, newest first."""
    below = _BEYOND_NUMBERS - 1
    met: set[int] = set()
    while True:
        standing = select(batch).where(batch.c.kind.not_in(TURNING), batch.c.undone_by.is_(None), batch.c.seq < below)
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
    newest_edit = select(func.coalesce(func.max(batch.c.seq), 0)).where(batch.c.kind.not_in(TURNING)).scalar_subquery()
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
    row = _batch_with(connection, number)
    if row.kind in TURNING:
        hint = "`callsheet redo` takes back the newest undo; otherwise name the batch that was undone or redone"
        raise InvalidInputError(f"batch {number} is of the kind `{row.kind}`, which cannot be undone", hint=hint)
    if row.undone_by is not None:
        raise ConflictError(
            f"batch {number} was undone by batch {row.undone_by}", hint="`callsheet redo` brings it back"
        )
    return row


def _batch_with(connection: Connection, number: int) -> Row[Any]:
    known = 0 < number < _BEYOND_NUMBERS
    row = connection.execute(select(batch).where(batch.c.seq == number)).first() if known else None
    if row is None:
        raise NotFoundError(f"there is no batch {number}", hint="`callsheet history` lists the batches")
    return row
