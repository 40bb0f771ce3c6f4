"""The steps of a purchase. Each is one committed transaction, and each stands before what it allows.

`reserve` holds the money and writes down the intent, `mark_sent` comes before the call, `mark_pending` before anybody
waits, `settle` after the bytes are stored. A process that dies leaves what was committed last, by which
`generation.engine.recovery` knows what is certain. Functions of this module are the failpoints of the kill tests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, insert, select, update

from generation.ledger.book import Book
from generation.ledger.budgets import Balances, Limits, month_of, refusal, unknown_price
from generation.ledger.costing import Booked
from generation.ledger.rows import attempt_view, balance_where
from generation.ledger.states import IN_FLIGHT, AttemptEvent, next_attempt_state
from generation.ledger.tables import attempt, job, ledger_entry
from generation.ledger.views import AttemptView
from generation.money import ZERO, ceiling, from_micro_dollars, micro_dollars
from generation.result import CostEstimate
from ontology.errors import ConflictError


@dataclass(frozen=True, slots=True)
class Quote:
    """What is going to be bought. `fresh`: also where the same was bought before."""

    job_key: int
    provider: str
    model: str
    fingerprint: str
    estimate: CostEstimate
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Reserved:
    """The money is held: `mark_sent` may follow."""

    attempt: AttemptView


@dataclass(frozen=True, slots=True)
class Bought:
    """The same was bought before, and its outputs are known."""

    attempt: AttemptView


@dataclass(frozen=True, slots=True)
class InFlight:
    """Somebody is buying the same at this moment."""

    attempt: AttemptView


@dataclass(frozen=True, slots=True)
class Undecided:
    """The same was sent before and nobody knows what became of it: it is not sent again."""

    attempt: AttemptView


Reservation = Reserved | Bought | InFlight | Undecided


def reserve(book: Book, quote: Quote, limits: Limits) -> Reservation:
    """Hold the high estimate and write down the intent, unless the same is bought, being bought or undecided.

    Deciding and holding are one transaction that has the write lock from its start: of two processes with the last
    dollar one is refused. Raises `BudgetError`, also where nobody knows the price.
    """
    with book.database.write() as connection:
        found = _known(connection, quote)
        if found is not None:
            return found
        wanted = _wanted(quote, limits)
        now = book.now()
        month = month_of(now)
        run = connection.execute(select(job.c.run).where(job.c.key == quote.job_key)).scalar_one()
        balances = _balances(connection, quote, month, run)
        refused = refusal(wanted, quote.provider, limits, balances, month)
        if refused is not None:
            raise refused
        values = {
            "job_key": quote.job_key,
            "provider": quote.provider,
            "model": quote.model,
            "fingerprint": quote.fingerprint,
            "client_request_id": f"callsheet-{token_hex(16)}",
            "state": "reserved",
            "owner": book.owner,
            "month": month,
            "reserved": micro_dollars(wanted),
            "estimate_low": None if quote.estimate.low is None else micro_dollars(quote.estimate.low),
            "estimate_high": micro_dollars(wanted),
            "basis": quote.estimate.basis,
            "reserved_at": now,
        }
        key = connection.execute(insert(attempt).values(**values).returning(attempt.c.key)).scalar_one()
        made = _attempt(connection, key)
        _enter(connection, book, made, "reserve", reserved=wanted)
        return Reserved(made)


def _known(connection: Connection, quote: Quote) -> Reservation | None:
    states = [*sorted(IN_FLIGHT), "unknown", "settled"]
    same = select(attempt).where(attempt.c.fingerprint == quote.fingerprint, attempt.c.state.in_(states))
    views = [attempt_view(row) for row in connection.execute(same.order_by(attempt.c.key.desc()))]
    for view in views:
        if view.state == "unknown":
            return Undecided(view)
    for view in views:
        if view.state in IN_FLIGHT:
            return InFlight(view)
    done = [view for view in views if view.outputs]
    return Bought(done[0]) if done and not quote.fresh else None


def _wanted(quote: Quote, limits: Limits) -> Decimal:
    """The high estimate. Raises `BudgetError` where nobody knows a price: no limit could hold."""
    high = quote.estimate.high
    if high is None:
        raise unknown_price(f"{quote.provider}:{quote.model}", quote.estimate.basis, limits.month)
    return ceiling(high)


def _balances(connection: Connection, quote: Quote, month: str, run: str) -> Balances:
    of = ledger_entry.c
    return Balances(
        month=balance_where(connection, of.month == month),
        provider=balance_where(connection, of.month == month, of.provider == quote.provider),
        run=balance_where(connection, of.run == run),
        job=balance_where(connection, of.job_key == quote.job_key),
    )


def mark_sent(book: Book, key: int) -> None:
    """The call is going to be made: from now on nobody may say that it was not. To be committed before it is."""
    with book.database.write() as connection:
        _step(connection, key, "send", sent_at=book.now())


def mark_pending(book: Book, key: int, remote_id: str) -> None:
    """The provider has accepted the call and given it a name, by which it can be asked for."""
    with book.database.write() as connection:
        before = _attempt(connection, key)
        _step(connection, key, "accept", remote_id=remote_id, owner=book.owner)
        if before.state == "unknown":  # it was found again
            _enter(connection, book, before, "recover", reserved=before.reserved, unknown=-before.reserved)


def settle(
    book: Book,
    key: int,
    cost: Booked,
    *,
    outputs: Sequence[Mapping[str, Any]] | None = None,
    adjustments: Sequence[Mapping[str, Any]] = (),
    request_id: str | None = None,
    error: Mapping[str, Any] | None = None,
) -> AttemptView:
    """Book what the call came to. `outputs` None: paid without a result."""
    with book.database.write() as connection:
        before = _attempt(connection, key)
        amount = from_micro_dollars(micro_dollars(cost.amount))
        _step(
            connection,
            key,
            "settle",
            cost=micro_dollars(amount),
            cost_source=cost.source,
            discrepancy=cost.discrepancy,
            outputs=None if outputs is None else [dict(item) for item in outputs],
            adjustments=[dict(item) for item in adjustments] or None,
            request_id=request_id,
            error=None if error is None else dict(error),
            owner=None,
            ended_at=book.now(),
        )
        _free(connection, book, before, "settle", spent=amount)
        return _attempt(connection, key)


def release(book: Book, key: int, *, error: Mapping[str, Any] | None = None) -> None:
    """Nothing was charged: what was held is free again."""
    with book.database.write() as connection:
        before = _attempt(connection, key)
        _step(connection, key, "release", error=error, owner=None, ended_at=book.now())
        _free(connection, book, before, "release")


def lose(book: Book, key: int, *, error: Mapping[str, Any] | None = None) -> None:
    """Nobody knows what became of the call. What was held stays held, as *unknown*, until somebody decides."""
    with book.database.write() as connection:
        before = _attempt(connection, key)
        _step(connection, key, "lose", error=error, owner=None)
        _free(connection, book, before, "lose", unknown=before.reserved)


def disown(book: Book, key: int) -> None:
    """Nobody waits for the pending call any more; it can be asked for by its name later."""
    with book.database.write() as connection:
        connection.execute(update(attempt).where(attempt.c.key == key).values(owner=None))


def _step(connection: Connection, key: int, event: AttemptEvent, **values: Any) -> None:
    """One step of the table of states. Raises `IllegalStepError`, `ConflictError` where the purchase is gone."""
    before = _attempt(connection, key)
    state = next_attempt_state(before.state, event)
    connection.execute(update(attempt).where(attempt.c.key == key).values(state=state, **values))


def _attempt(connection: Connection, key: int) -> AttemptView:
    row = connection.execute(select(attempt).where(attempt.c.key == key)).first()
    if row is None:
        raise ConflictError(f"purchase {key} is not in the ledger", hint="run the command again")
    return attempt_view(row)


def _free(
    connection: Connection,
    book: Book,
    before: AttemptView,
    kind: str,
    *,
    spent: Decimal = ZERO,
    unknown: Decimal = ZERO,
) -> None:
    """Take what is held for the purchase off its account, and put what it came to on another."""
    was_unknown = before.state == "unknown"
    _enter(
        connection,
        book,
        before,
        kind,
        reserved=ZERO if was_unknown else -before.reserved,
        unknown=unknown - (before.reserved if was_unknown else ZERO),
        spent=spent,
    )


def _enter(
    connection: Connection,
    book: Book,
    of: AttemptView,
    kind: str,
    *,
    reserved: Decimal = ZERO,
    spent: Decimal = ZERO,
    unknown: Decimal = ZERO,
) -> None:
    columns = (job.c.run, job.c.spec_id, job.c.asset_type)
    row = connection.execute(select(*columns).where(job.c.key == of.job_key)).one()
    values = {"at": book.now(), "month": of.month, "kind": kind, "attempt_key": of.key, "job_key": of.job_key}
    values |= {"provider": of.provider, "model": of.model, **row._mapping}  # noqa: SLF001  # its public name
    amounts = {"reserved": micro_dollars(reserved), "spent": micro_dollars(spent), "unknown": micro_dollars(unknown)}
    connection.execute(insert(ledger_entry).values(**values, **amounts))
