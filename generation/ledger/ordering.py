"""Jobs that were ordered from afar: once for each key, found again by it, counted and followed by their states.

The run of such an order is made of its key, so the key needs no column of its own; the jobs keep what was asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import dumps
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from gallery.store.chunks import chunked
from generation.ledger.book import Book
from generation.ledger.jobs import NewJob, insert_jobs
from generation.ledger.states import OPEN, JobState, next_job_state
from generation.ledger.tables import attempt, job
from generation.ledger.views import JobView
from generation.money import ZERO
from ontology.errors import InvalidInputError

PREFIX: Final = "s"
"""Begins the name of a run that was ordered from afar: whoever serves goes on with it."""

_DIGITS: Final = 24
_ORDERED: Final = "ordered"


@dataclass(frozen=True, slots=True)
class OrderKey:
    """`key`: chosen by whoever orders, another one for each order. `body`: what is asked, as JSON."""

    key: str
    body: Mapping[str, Any]

    @property
    def run(self) -> str:
        """The run of the order."""
        return f"{PREFIX}{sha256(self.key.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"

    @property
    def digest(self) -> str:
        """The same for two bodies that ask for the same."""
        text = dumps(self.body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def ordered_before(book: Book, order: OrderKey) -> list[int]:
    """Keys of the jobs that were ordered under this key; none where it is new.

    Raises `InvalidInputError` (`idempotency_key_reused`) where something else was ordered under it.
    """
    with book.database.read() as connection:
        return _ordered(connection, order)


def queue_order(book: Book, order: OrderKey, wanted: Sequence[NewJob]) -> tuple[list[int], bool]:
    """Write the jobs down unless they are; their keys, and whether they are new. Raises as `ordered_before`."""
    marked = [
        NewJob(item.spec_id, item.asset_type, item.operation, {**item.asked, _ORDERED: order.digest}) for item in wanted
    ]
    with book.database.write() as connection:
        found = _ordered(connection, order)
        return (found, False) if found else (insert_jobs(connection, book, order.run, marked), True)


def _ordered(connection: Connection, order: OrderKey) -> list[int]:
    rows = list(connection.execute(select(job.c.key, job.c.asked).where(job.c.run == order.run).order_by(job.c.key)))
    if any(row.asked.get(_ORDERED) != order.digest for row in rows):
        raise InvalidInputError(
            "something else was ordered under this key",
            hint="choose a new Idempotency-Key for each order, and send the same body with the same key",
            code="idempotency_key_reused",
        )
    return [row.key for row in rows]


def as_ordered(view: JobView) -> JobView:
    """The job as it stood when it was written down: an order that is repeated is answered with the same."""
    return JobView(
        key=view.key,
        run=view.run,
        spec_id=view.spec_id,
        asset_type=view.asset_type,
        operation=view.operation,
        state="queued",
        outcome=None,
        asked=view.asked,
        provider=None,
        model=None,
        trace=(),
        error=None,
        assets=(),
        batch=None,
        stand_in=False,
        cancel_requested=False,
        owner=None,
        resume_at=None,
        created_at=view.created_at,
        updated_at=view.created_at,
        finished_at=None,
        spent=ZERO,
    )


def try_again(book: Book, key: int, token: str | None) -> bool:
    """Queue a job again that is over; whether it may go on now. Once for each `token`: then it stays as it is.

    Raises `IllegalStepError` for one that cannot.
    """
    with book.database.write() as connection:
        found = connection.execute(select(job.c.state, job.c.trace).where(job.c.key == key)).one()
        if token is not None and any(step.get("token") == token for step in found.trace):
            return False
        values: dict[str, Any] = {"updated_at": book.now()}
        if found.state not in {"queued", "waiting"}:
            values |= {"state": next_job_state(found.state, "retry"), "owner": None, "cancel_requested": False}
        if token is not None:
            values["trace"] = [*found.trace, {"step": "again", "token": token}]
        connection.execute(update(job).where(job.c.key == key).values(**values))
        return True


def due_orders(book: Book, now: datetime) -> list[int]:
    """Keys of jobs that were ordered from afar and can be worked on now, the oldest first."""
    due = (job.c.state == "queued") | ((job.c.state == "waiting") & (job.c.resume_at <= now))
    wanted = select(job.c.key).where(due, job.c.run.startswith(PREFIX, autoescape=True)).order_by(job.c.key)
    with book.database.read() as connection:
        return list(connection.execute(wanted).scalars())


def states_after(book: Book, key: int) -> dict[int, JobState]:
    """Job → state, of all that are open, and of those that are newer than the job `key`, open or not."""
    wanted = select(job.c.key, job.c.state).where(job.c.state.in_(sorted(OPEN)) | (job.c.key > key))
    with book.database.read() as connection:
        return {row.key: row.state for row in connection.execute(wanted)}


def newest_key(book: Book) -> int:
    """The key of the newest job; 0 where there is none."""
    with book.database.read() as connection:
        return connection.execute(select(func.max(job.c.key))).scalar() or 0


def count_states(book: Book) -> dict[JobState, int]:
    """State → number of jobs."""
    with book.database.read() as connection:
        rows = connection.execute(select(job.c.state, func.count()).group_by(job.c.state))
        return {state: number for state, number in rows}  # noqa: C416  # rows are no pairs to the type checker


def bought(book: Book, fingerprints: Sequence[str]) -> set[str]:
    """Which of these calls were bought before, and gave something."""
    found: set[str] = set()
    with book.database.read() as connection:
        for piece in chunked(fingerprints):
            settled = (attempt.c.state == "settled") & attempt.c.outputs.is_not(None)
            wanted = select(attempt.c.fingerprint).where(attempt.c.fingerprint.in_(piece), settled)
            found |= set(connection.execute(wanted).scalars())
    return found
