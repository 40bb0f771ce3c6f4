"""What was spent on what, how well it went, and how generation stands. Amounts in dollars, times in seconds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import fmean
from typing import Any, Final

from sqlalchemy import Connection, func, select

from generation.ledger.book import Book
from generation.ledger.budgets import Balance, month_end, month_of
from generation.ledger.rows import balance_where
from generation.ledger.tables import attempt, job, ledger_entry
from generation.money import ZERO, from_micro_dollars, text_of

_ROWS_AT_ONCE: Final = 2000
DIMENSIONS: Final = ("provider", "model", "spec_id", "asset_type")


@dataclass
class _Calls:
    number: int = 0
    succeeded: int = 0
    failed: int = 0
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """One provider, model, spec or kind of asset. `calls` were sent; `seconds`: what one took on average."""

    name: str
    balance: Balance
    calls: int
    succeeded: int
    failed: int
    seconds: float | None
    limit: Decimal | None = None

    @property
    def success_rate(self) -> float | None:
        """Of the calls that ended, from 0 to 1; None where none did."""
        ended = self.succeeded + self.failed
        return round(self.succeeded / ended, 4) if ended else None

    @property
    def average(self) -> Decimal | None:
        """Dollars for each call that gave something."""
        return self.balance.spent / self.succeeded if self.succeeded else None

    def to_json(self, label: str) -> dict[str, Any]:
        """`{<label>, spent, reserved, unknown, calls, succeeded, failed, success_rate, average, seconds}`."""
        body: dict[str, Any] = {label: self.name, **_amounts(self.balance)}
        body |= {"limit": text_of(self.limit)} if label == "provider" else {}
        return body | {
            "calls": self.calls,
            "succeeded": self.succeeded,
            "failed": self.failed,
            "success_rate": self.success_rate,
            "average": text_of(self.average),
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True)
class CostReport:
    """A UTC month. `lines`: dimension → lines, the dearest first."""

    month: str
    balance: Balance
    limit: Decimal
    lines: Mapping[str, tuple[Line, ...]]
    total: Line

    @property
    def remaining(self) -> Decimal:
        """What may still be spent."""
        return max(self.limit - self.balance.taken, ZERO)

    def to_json(self) -> dict[str, Any]:
        """`{month, spent, reserved, unknown, limit, by_provider, …}`."""
        total = self.total.to_json("total")
        del total["total"]
        return {
            "month": self.month,
            **_amounts(self.balance),
            "limit": text_of(self.limit),
            "remaining": text_of(self.remaining),
            "resets": month_end(self.month).isoformat().replace("+00:00", "Z"),
            **{name: total[name] for name in ("calls", "succeeded", "failed", "success_rate", "average", "seconds")},
            "by_provider": [line.to_json("provider") for line in self.lines["provider"]],
            "by_model": [line.to_json("model") for line in self.lines["model"]],
            "by_spec": [line.to_json("spec_id") for line in self.lines["spec_id"]],
            "by_asset_type": [line.to_json("asset_type") for line in self.lines["asset_type"]],
        }


def _amounts(balance: Balance) -> dict[str, str | None]:
    return {
        "spent": text_of(balance.spent),
        "reserved": text_of(balance.reserved),
        "unknown": text_of(balance.unknown),
    }


def cost_report(
    book: Book, month: str | None, limit: Decimal, provider_limits: Mapping[str, Decimal] | None = None
) -> CostReport:
    """The month (None: the present one)."""
    named = month if month is not None else month_of(book.now())
    limits = provider_limits or {}
    with book.database.read() as connection:
        balance = balance_where(connection, ledger_entry.c.month == named)
        calls = _calls(connection, named)
        lines = {name: _lines(connection, name, named, calls[name], limits) for name in DIMENSIONS}
    return CostReport(named, balance, limit, lines, _line("", balance, calls["total"][""], None))


def _calls(connection: Connection, month: str) -> dict[str, defaultdict[str, _Calls]]:
    """Dimension → name → how the calls of the month went."""
    found: dict[str, defaultdict[str, _Calls]] = {name: defaultdict(_Calls) for name in (*DIMENSIONS, "total")}
    for row in _sent(connection, month):
        seconds = (row.ended_at - row.sent_at).total_seconds() if row.ended_at is not None else None
        for name, calls in found.items():
            one = calls["" if name == "total" else str(getattr(row, name))]
            one.number += 1
            one.succeeded += row.state == "settled" and row.gave
            one.failed += row.state == "released" or (row.state == "settled" and not row.gave)
            if seconds is not None and row.gave:
                one.seconds.append(seconds)
    return found


def _sent(connection: Connection, month: str) -> Iterator[Any]:
    columns = (attempt.c.provider, attempt.c.model, attempt.c.state, attempt.c.sent_at, attempt.c.ended_at)
    gave = attempt.c.outputs.is_not(None).label("gave")
    joined = select(*columns, gave, job.c.spec_id, job.c.asset_type).join(job, job.c.key == attempt.c.job_key)
    wanted = joined.where(attempt.c.month == month, attempt.c.sent_at.is_not(None))
    yield from connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(wanted)


def _lines(
    connection: Connection, name: str, month: str, calls: Mapping[str, _Calls], limits: Mapping[str, Decimal]
) -> tuple[Line, ...]:
    of = ledger_entry.c
    column = of[name]
    sums = select(column, func.sum(of.spent), func.sum(of.reserved), func.sum(of.unknown)).where(of.month == month)
    money = {
        key: Balance(*(from_micro_dollars(int(amount)) for amount in amounts))
        for key, *amounts in connection.execute(sums.group_by(column))
    }
    names = {**dict.fromkeys(money), **dict.fromkeys(calls)}
    made = [
        _line(key, money.get(key, Balance()), calls.get(key, _Calls()), limits.get(key) if name == "provider" else None)
        for key in names
    ]
    return tuple(sorted(made, key=lambda line: (-line.balance.taken, -line.calls, line.name)))


def _line(name: str, balance: Balance, calls: _Calls, limit: Decimal | None) -> Line:
    seconds = round(fmean(calls.seconds), 3) if calls.seconds else None
    return Line(name, balance, calls.number, calls.succeeded, calls.failed, seconds, limit)


def last_calls(book: Book, number: int) -> list[bool]:
    """Whether each of the last calls that ended gave something, the newest first."""
    gave = attempt.c.outputs.is_not(None)
    ended = select(gave).where(attempt.c.sent_at.is_not(None), attempt.c.ended_at.is_not(None))
    with book.database.read() as connection:
        return [bool(row[0]) for row in connection.execute(ended.order_by(attempt.c.key.desc()).limit(number))]
