"""The jobs: written down before anything is done, changed step by step, found again by any process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from gallery.store.chunks import chunked
from generation.ledger.book import Book
from generation.ledger.rows import attempt_view, job_view, job_views
from generation.ledger.sharing import names_of_call
from generation.ledger.states import IN_FLIGHT, IllegalStepError, JobEvent, next_job_state
from generation.ledger.tables import attempt, job
from generation.ledger.views import AttemptView, JobView
from ontology.errors import ConflictError, NotFoundError
from ontology.escaping import visible

_ENDED = frozenset({"done", "failed", "refused", "cancelled"})
_BEYOND_NUMBERS = 2**63


@dataclass(frozen=True, slots=True)
class NewJob:
    """What a job begins as. `asked` is the whole order, as JSON."""

    spec_id: str
    asset_type: str
    operation: str
    asked: Mapping[str, Any]


def queue_jobs(book: Book, run: str, wanted: Sequence[NewJob]) -> list[int]:
    """Write the jobs of one run down, in order; their keys."""
    with book.database.write() as connection:
        return insert_jobs(connection, book, run, wanted)


def insert_jobs(connection: Connection, book: Book, run: str, wanted: Sequence[NewJob]) -> list[int]:
    """The same within a transaction."""
    now = book.now()
    keys: list[int] = []
    for item in wanted:
        values = {
            "run": run,
            "spec_id": item.spec_id,
            "asset_type": item.asset_type,
            "operation": item.operation,
            "state": "queued",
            "asked": dict(item.asked),
            "trace": [],
            "assets": [],
            "created_at": now,
            "updated_at": now,
        }
        keys.append(int(connection.execute(insert(job).values(**values).returning(job.c.key)).scalar_one()))
    return keys


def claim(book: Book, key: int) -> JobView | None:
    """Take the job for this process; None where another has it, or it is over."""
    with book.database.write() as connection:
        found = _job(connection, key)
        if found.state not in {"queued", "waiting"}:
            return None
        _step(connection, book, found, "claim", owner=book.owner, resume_at=None, error=None)
        return _job(connection, key)


def step(book: Book, key: int, event: JobEvent, **values: Any) -> JobView:
    """Go one step of the table of states. Raises `ConflictError` where it cannot go there any more."""
    with book.database.write() as connection:
        found = _job(connection, key)
        try:
            _step(connection, book, found, event, **values)
        except IllegalStepError as error:
            hint = f"`callsheet queue show {found.id}` tells how it stands"
            raise ConflictError(f"{found.id} is {found.state}: {error}", hint=hint) from error
        return _job(connection, key)


def note(book: Book, key: int, trace: Sequence[Mapping[str, Any]], **values: Any) -> None:
    """Add to what is told of the job's decisions, and change what else is given, but not its state."""
    with book.database.write() as connection:
        found = _job(connection, key)
        told = [*(dict(item) for item in found.trace), *(dict(item) for item in trace)]
        values = {**values, "trace": told, "updated_at": book.now()}
        connection.execute(update(job).where(job.c.key == key).values(**values))


def request_cancel(book: Book, key: int) -> JobView:
    """Have the job cancelled: at once where nobody works on it, else by whoever does.

    Raises `ConflictError` for one that is over or whose outcome is unknown.
    """
    with book.database.write() as connection:
        found = _job(connection, key)
        if found.state == "working":
            connection.execute(update(job).where(job.c.key == key).values(cancel_requested=True))
        elif found.state == "unknown":
            hint = f"`callsheet queue resolve {found.id}` with --charged AMOUNT, --not-charged or --poll"
            raise ConflictError(f"the outcome of {found.id} is unknown: money may be gone", hint=hint)
        elif found.state in _ENDED:
            raise ConflictError(f"{found.id} is over: {found.state}", hint="only jobs that are open can be cancelled")
        else:
            _step(connection, book, found, "cancel")
        return _job(connection, key)


def is_cancelled(book: Book, key: int) -> bool:
    """Whether somebody asked for it."""
    with book.database.read() as connection:
        return bool(connection.execute(select(job.c.cancel_requested).where(job.c.key == key)).scalar())


def get_job(book: Book, name: str | int) -> JobView:
    """The job of this name (`j12`, `12`). Raises `NotFoundError`."""
    digits = str(name).strip().removeprefix("j")
    key = int(digits) if digits.isascii() and digits.isdigit() else 0
    with book.database.read() as connection:
        found = job_view(connection, key) if 0 < key < _BEYOND_NUMBERS else None
    if found is None:
        hint = "`callsheet queue ls --all` lists the jobs"
        raise NotFoundError(f"there is no job {visible(str(name), limit=40)}", hint=hint)
    return found


def list_jobs(
    book: Book, *, states: Sequence[str] = (), run: str | None = None, limit: int = 50, before: int | None = None
) -> list[JobView]:
    """Jobs, the newest first: of these states, of this run, older than the key `before`."""
    wanted = select(job).order_by(job.c.key.desc()).limit(limit)
    if states:
        wanted = wanted.where(job.c.state.in_(list(states)))
    if run is not None:
        wanted = wanted.where(job.c.run == run)
    if before is not None:
        wanted = wanted.where(job.c.key < before)
    with book.database.read() as connection:
        return job_views(connection, connection.execute(wanted))


def due_jobs(book: Book, now: datetime) -> list[int]:
    """Keys of the jobs that can be worked on now, the oldest first."""
    due = (job.c.state == "queued") | ((job.c.state == "waiting") & (job.c.resume_at <= now))
    with book.database.read() as connection:
        return list(connection.execute(select(job.c.key).where(due).order_by(job.c.key)).scalars())


def orders_of(book: Book, keys: Sequence[int]) -> list[tuple[int, str, Mapping[str, Any]]]:
    """Key, run and order of each of these jobs, by key."""
    columns = (job.c.key, job.c.run, job.c.asked)
    with book.database.read() as connection:
        rows = [
            row for piece in chunked(keys) for row in connection.execute(select(*columns).where(job.c.key.in_(piece)))
        ]
    return sorted(((row.key, row.run, row.asked) for row in rows), key=lambda found: found[0])


def working_jobs(book: Book) -> list[JobView]:
    """Jobs that some process has, or had when it died."""
    with book.database.read() as connection:
        return job_views(connection, connection.execute(select(job).where(job.c.state == "working")))


def is_made_elsewhere(book: Book, spec_id: str, key: int | None = None) -> bool:
    """Whether another job than this one works on the same spec."""
    wanted = select(job.c.key).where(job.c.spec_id == spec_id, job.c.state == "working")
    with book.database.read() as connection:
        return connection.execute(wanted.where(job.c.key != key) if key is not None else wanted).first() is not None


def attempts_in(book: Book, states: Sequence[str]) -> list[AttemptView]:
    """Purchases that are in one of these states, the oldest first."""
    wanted = select(attempt).where(attempt.c.state.in_(list(states))).order_by(attempt.c.key)
    with book.database.read() as connection:
        return [attempt_view(row) for row in connection.execute(wanted)]


def is_anothers(book: Book, of: AttemptView, names: Sequence[str]) -> bool:
    """Whether a purchase by another call of the same provider has one of these names."""
    at = attempt.c
    others = at.client_request_id.not_in(names_of_call(of.client_request_id))
    named = or_(at.remote_id.in_(names), at.request_id.in_(names))
    with book.database.read() as connection:
        query = select(at.key).where(at.provider == of.provider, others, named).limit(1)
        return connection.execute(query).first() is not None


def attempts_in_flight(book: Book) -> list[AttemptView]:
    """Purchases that some process has under way, or had when it died."""
    return attempts_in(book, sorted(IN_FLIGHT))


def _job(connection: Connection, key: int) -> JobView:
    found = job_view(connection, key)
    if found is None:
        raise NotFoundError(f"there is no job j{key}", hint="`callsheet queue ls --all` lists the jobs")
    return found


def _step(connection: Connection, book: Book, found: JobView, event: JobEvent, **values: Any) -> None:
    state = next_job_state(found.state, event)
    now = book.now()
    ended = {"finished_at": now, "owner": None} if state in _ENDED else {}
    freed = {} if state == "working" else {"owner": None, "cancel_requested": False}
    values = {**freed, **ended, **values, "state": state, "updated_at": now}
    connection.execute(update(job).where(job.c.key == found.key).values(**values))
