"""The steps of a purchase. Each is one committed transaction, and each stands before what it allows.

`reserve` holds the money and writes down the intent, `mark_sent` comes before the call, `mark_pending` before anybody
waits, `settle` after the bytes are stored. A process that dies leaves what was committed last, by which
`generation.engine.recovery` knows what is certain. Functions of this module are the failpoints of the kill tests.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from secrets import token_hex
from typing import Any

from sqlalchemy import Column, Connection, insert, select, update

from gallery.store.chunks import chunked
from generation.errors import BudgetError
from generation.ledger.book import Book
from generation.ledger.budgets import Balances, Limits, month_of, refusal, unknown_price
from generation.ledger.costing import Booked
from generation.ledger.rows import attempt_view, balance_where
from generation.ledger.sharing import dealt, is_guest, is_shared, names_of_call, share_names
from generation.ledger.states import IN_FLIGHT, AttemptEvent, next_attempt_state
from generation.ledger.tables import attempt, job, ledger_entry
from generation.ledger.views import AttemptView
from generation.money import ZERO, ceiling, micro_dollars, split
from generation.result import CostEstimate
from ontology.errors import ConflictError


@dataclass(frozen=True, slots=True)
class Quote:
    """What is going to be bought. `fresh`: also where the same was bought before, but by the job itself.

    `whole`: it is all that the job wants, so that what others bought for the job does as well, of whichever provider.
    """

    job_key: int
    provider: str
    model: str
    fingerprint: str
    estimate: CostEstimate
    fresh: bool = False
    whole: bool = False


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


@dataclass(frozen=True, slots=True)
class Along:
    """Jobs that want the like, and may share the call. `price`: what so many shares of it may cost together.

    `most`: so many shares make one call. Each quote with the limits of its job.
    """

    quotes: Sequence[tuple[Quote, Limits]]
    price: Callable[[int], CostEstimate]
    most: int


def reserve(book: Book, quote: Quote, limits: Limits, along: Along | None = None) -> Reservation:
    """Hold the high estimate and write down the intent, unless the same is bought, being bought or undecided.

    `along`: others who share the call where they can; who has what is wanted already, whom a limit refuses, and whose
    job is over, is left out. The purchase of a shared call is told as the whole call.

    Deciding and holding are one transaction that has the write lock from its start: of two processes with the last
    dollar one is refused. Raises `BudgetError`, also where nobody knows the price.
    """
    with book.database.write() as connection:
        found = _known(connection, quote)
        if found is not None:
            return found
        sharing = [(quote, limits), *(_willing(connection, quote, along) if along is not None else ())]
        month = month_of(book.now())
        while True:
            estimate = along.price(len(sharing)) if along is not None and len(sharing) > 1 else quote.estimate
            total = _wanted(replace(quote, estimate=estimate), limits)
            refused = _refused(connection, sharing, total, month)
            if not refused:
                break
            if len(sharing) == 1:
                raise refused[0]
            sharing = sharing[:-1] if 0 in refused else [one for one in sharing if one[0].job_key not in refused]
            if sharing[:1] != [(quote, limits)]:
                sharing = [(quote, limits)]
        return Reserved(_reserved(connection, book, [one for one, _ in sharing], estimate, total))


def _willing(connection: Connection, first: Quote, along: Along) -> list[tuple[Quote, Limits]]:
    """Those who can share the call, in their order: not those who find what they want without it."""
    found: list[tuple[Quote, Limits]] = []
    wanted = {first.fingerprint}
    seen = _seen(connection, attempt.c.fingerprint, [quote.fingerprint for quote, _ in along.quotes])
    busy = _seen(connection, attempt.c.job_key, [quote.job_key for quote, _ in along.quotes])
    for quote, limits in along.quotes:
        if len(found) + 1 >= along.most:
            break
        if quote.fingerprint in wanted and not quote.fresh:
            continue
        if (quote.fingerprint in seen or quote.job_key in busy) and _known(connection, quote) is not None:
            continue
        if _is_open(connection, quote):
            wanted.add(quote.fingerprint)
            found.append((quote, limits))
    return found


def _is_open(connection: Connection, quote: Quote) -> bool:
    """Whether the job is still to buy it: one that has gone on to another provider is left to that."""
    columns = (job.c.state, job.c.cancel_requested, job.c.provider)
    row = connection.execute(select(*columns).where(job.c.key == quote.job_key)).first()
    if row is None or row.cancel_requested:
        return False
    return row.state == "queued" or (row.state == "working" and row.provider in (None, quote.provider))


def _seen(connection: Connection, column: Column[Any], values: Sequence[Any]) -> set[Any]:
    """Which of these purchases know: of those alone it matters what became of them."""
    known = select(column).where(attempt.c.state != "released")
    pieces = (connection.execute(known.where(column.in_(piece))) for piece in chunked(values))
    return {value for rows in pieces for value in rows.scalars()}


def _refused(
    connection: Connection, sharing: Sequence[tuple[Quote, Limits]], total: Decimal, month: str
) -> dict[int, BudgetError]:
    """Job → why it cannot pay its share; 0 → why all of them cannot pay the whole. Empty: they can."""
    found: dict[int, BudgetError] = {}
    for number, ((quote, limits), share) in enumerate(zip(sharing, split(total, [1] * len(sharing)), strict=True)):
        run = connection.execute(select(job.c.run).where(job.c.key == quote.job_key)).scalar_one()
        balances = _balances(connection, quote, month, run)
        if number == 0 and len(sharing) > 1:
            whole = refusal(total, quote.provider, replace(limits, job=None), balances, month)
            if whole is not None:
                return {0: whole}
        refused = refusal(share, quote.provider, limits, balances, month)
        if refused is not None:
            found[0 if len(sharing) == 1 else quote.job_key] = refused
    return found


def _reserved(
    connection: Connection, book: Book, quotes: Sequence[Quote], estimate: CostEstimate, total: Decimal
) -> AttemptView:
    now = book.now()
    shares = len(quotes)
    held = split(total, [1] * shares)
    least = [None] * shares if estimate.low is None else split(estimate.low, [1] * shares)
    for quote, name, amount, low in zip(
        quotes, share_names(f"callsheet-{token_hex(16)}", shares), held, least, strict=True
    ):
        values = {
            "job_key": quote.job_key,
            "provider": quote.provider,
            "model": quote.model,
            "fingerprint": quote.fingerprint,
            "client_request_id": name,
            "state": "reserved",
            "owner": book.owner,
            "month": month_of(now),
            "reserved": micro_dollars(amount),
            "estimate_low": None if low is None else micro_dollars(low),
            "estimate_high": micro_dollars(amount),
            "basis": estimate.basis,
            "reserved_at": now,
        }
        key = connection.execute(insert(attempt).values(**values).returning(attempt.c.key)).scalar_one()
        made = _attempt(connection, key)
        _enter(connection, book, made, "reserve", reserved=amount)
    return _whole(_call(connection, key))


def _known(connection: Connection, quote: Quote) -> Reservation | None:
    states = [*sorted(IN_FLIGHT), "unknown", "settled"]
    same = attempt.c.fingerprint == quote.fingerprint
    if quote.whole:
        same |= attempt.c.job_key == quote.job_key
    found = select(attempt).where(same, attempt.c.state.in_(states)).order_by(attempt.c.key.desc())
    views = [
        view
        for view in map(attempt_view, connection.execute(found))
        if view.fingerprint == quote.fingerprint or is_guest(view.client_request_id)
    ]
    for view in views:
        if view.state == "unknown":
            return Undecided(view)
    for view in views:
        if view.state in IN_FLIGHT:
            return InFlight(view)
    done = [view for view in views if view.outputs]
    own = [view for view in done if view.job_key == quote.job_key]
    if own:  # after an interruption a job goes on with what it has bought itself
        return Bought(own[0])
    return None if quote.fresh or not done else Bought(_of_the_spec(connection, quote, done))


def _of_the_spec(connection: Connection, quote: Quote, done: Sequence[AttemptView]) -> AttemptView:
    """The newest that the spec of the job bought itself, else the newest of all."""
    if len(done) > 1:
        mine = select(job.c.spec_id).where(job.c.key == quote.job_key).scalar_subquery()
        keys = [view.job_key for view in done]
        jobs = set(connection.execute(select(job.c.key).where(job.c.key.in_(keys), job.c.spec_id == mine)).scalars())
        return next((view for view in done if view.job_key in jobs), done[0])
    return done[0]


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
        for one in _call(connection, key):
            _step(connection, one.key, "send", sent_at=book.now())


def mark_pending(book: Book, key: int, remote_id: str) -> None:
    """The provider has accepted the call and given it a name, by which it can be asked for."""
    with book.database.write() as connection:
        for before in _call(connection, key):
            _step(connection, before.key, "accept", remote_id=remote_id, owner=book.owner)
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
    """Book what the call came to. `outputs` None: paid without a result.

    Who share a call share out what it gave, and pay by that; where it gave nothing, alike.
    """
    with book.database.write() as connection:
        call = _call(connection, key)
        given = dealt(outputs or (), len(call))
        for before, part, amount in zip(call, given, split(cost.amount, [len(part) for part in given]), strict=True):
            _step(
                connection,
                before.key,
                "settle",
                cost=micro_dollars(amount),
                cost_source=cost.source,
                discrepancy=cost.discrepancy,
                outputs=[dict(item) for item in part] if part or (outputs is not None and len(call) == 1) else None,
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
        for before in _call(connection, key):
            _step(connection, before.key, "release", error=error, owner=None, ended_at=book.now())
            _free(connection, book, before, "release")


def lose(book: Book, key: int, *, error: Mapping[str, Any] | None = None) -> None:
    """Nobody knows what became of the call. What was held stays held, as *unknown*, until somebody decides."""
    with book.database.write() as connection:
        for before in _call(connection, key):
            _step(connection, before.key, "lose", error=error, owner=None)
            _free(connection, book, before, "lose", unknown=before.reserved)


def disown(book: Book, key: int) -> None:
    """Nobody waits for the pending call any more; it can be asked for by its name later."""
    with book.database.write() as connection:
        keys = [one.key for one in _call(connection, key)]
        connection.execute(update(attempt).where(attempt.c.key.in_(keys)).values(owner=None))


def adopt(book: Book, key: int) -> None:
    """This process waits for the pending call from now on."""
    with book.database.write() as connection:
        keys = [one.key for one in _call(connection, key)]
        pending = (attempt.c.key.in_(keys)) & (attempt.c.state == "pending")
        connection.execute(update(attempt).where(pending).values(owner=book.owner))


def shares_of(book: Book, one: AttemptView) -> tuple[AttemptView, ...]:
    """The purchases of the call to which this one belongs, itself included; the first of all first."""
    if not is_shared(one.client_request_id):
        return (one,)
    with book.database.read() as connection:
        return _call(connection, one.key)


def whole_call(book: Book, one: AttemptView) -> AttemptView:
    """The purchase with the name and the amounts of its whole call."""
    return _whole(shares_of(book, one))


def _whole(call: Sequence[AttemptView]) -> AttemptView:
    """Its first purchase, with what is held for and was estimated of all."""
    if len(call) == 1:
        return call[0]
    lows = [one.estimate_low for one in call if one.estimate_low is not None]
    highs = [one.estimate_high for one in call if one.estimate_high is not None]
    return replace(
        call[0],
        reserved=sum((one.reserved for one in call), ZERO),
        estimate_low=sum(lows, ZERO) if len(lows) == len(call) else None,
        estimate_high=sum(highs, ZERO) if len(highs) == len(call) else None,
    )


def _call(connection: Connection, key: int) -> tuple[AttemptView, ...]:
    """The purchases that go every step together, in the order of their names. Raises `ConflictError`."""
    one = _attempt(connection, key)
    names = names_of_call(one.client_request_id)
    if len(names) == 1:
        return (one,)
    rows = connection.execute(select(attempt).where(attempt.c.client_request_id.in_(names)))
    views = {view.client_request_id: view for view in map(attempt_view, rows)}
    return tuple(views[name] for name in names)


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
