"""From the rows of the ledger to views."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from gallery.store.chunks import chunked
from generation.ledger.budgets import Balance
from generation.ledger.tables import attempt, job, ledger_entry
from generation.ledger.views import AttemptView, JobView
from generation.money import from_micro_dollars


def _dollars(micro: int | None) -> Any:
    return None if micro is None else from_micro_dollars(micro)


def attempt_view(row: Row[Any]) -> AttemptView:
    """The view of a whole row."""
    values = dict(row._mapping)  # noqa: SLF001  # its public name
    for name in ("reserved", "estimate_low", "estimate_high", "cost"):
        values[name] = _dollars(values[name])
    for name in ("outputs", "adjustments"):
        values[name] = tuple(values[name] or ())
    return AttemptView(**values)


def attempts_of(connection: Connection, job_key: int) -> tuple[AttemptView, ...]:
    """The purchases of a job, the oldest first."""
    rows = connection.execute(select(attempt).where(attempt.c.job_key == job_key).order_by(attempt.c.key))
    return tuple(map(attempt_view, rows))


def job_views(connection: Connection, rows: Iterable[Row[Any]]) -> list[JobView]:
    """The views of whole rows, with what each came to; one query for all of them."""
    found = list(rows)
    money = balances_of_jobs(connection, [row.key for row in found])
    return [_job_view(row, money.get(row.key, Balance())) for row in found]


def _job_view(row: Row[Any], money: Balance, attempts: Sequence[AttemptView] = ()) -> JobView:
    values = dict(row._mapping)  # noqa: SLF001  # see above
    values["trace"], values["assets"] = tuple(values["trace"]), tuple(values["assets"])
    values |= {"spent": money.spent, "reserved": money.reserved, "unknown": money.unknown}
    return JobView(**values, attempts=tuple(attempts))


def job_view(connection: Connection, key: int) -> JobView | None:
    """One job with its purchases; None where there is none."""
    row = connection.execute(select(job).where(job.c.key == key)).first()
    if row is None:
        return None
    money = balances_of_jobs(connection, [key]).get(key, Balance())
    return _job_view(row, money, attempts_of(connection, key))


def balances_of_jobs(connection: Connection, keys: Sequence[int]) -> dict[int, Balance]:
    """What each job came to."""
    of = ledger_entry.c
    sums = select(of.job_key, func.sum(of.spent), func.sum(of.reserved), func.sum(of.unknown)).group_by(of.job_key)
    found: dict[int, Balance] = {}
    for piece in chunked(keys):
        for key, spent, reserved, unknown in connection.execute(sums.where(of.job_key.in_(piece))):
            found[key] = Balance(*(from_micro_dollars(int(amount)) for amount in (spent, reserved, unknown)))
    return found


def balance_of_month(connection: Connection, month: str) -> Balance:
    """The sum of a month (`2026-11`)."""
    return balance_where(connection, ledger_entry.c.month == month)


def balance_of_provider(connection: Connection, month: str, provider: str) -> Balance:
    """The sum of a month at one provider."""
    return balance_where(connection, ledger_entry.c.month == month, ledger_entry.c.provider == provider)


def balance_where(connection: Connection, *conditions: Any) -> Balance:
    """The sum over the entries that meet the conditions."""
    of = ledger_entry.c
    sums = [func.coalesce(func.sum(column), 0) for column in (of.spent, of.reserved, of.unknown)]
    row = connection.execute(select(*sums).where(*conditions)).one()
    return Balance(*(from_micro_dollars(int(amount)) for amount in row))
