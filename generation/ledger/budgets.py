"""Budgets: how much may be spent in a month, by a run, at a provider, for one spec. Pure.

What is held for calls under way and for those of unknown outcome counts like what is spent: a limit holds under
parallel calls and after a crash.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from generation.errors import BudgetError
from generation.money import ZERO, text_of


@dataclass(frozen=True, slots=True)
class Balance:
    """What was spent, is held for calls under way, and hangs on unknown outcomes; in dollars."""

    spent: Decimal = ZERO
    reserved: Decimal = ZERO
    unknown: Decimal = ZERO

    @property
    def taken(self) -> Decimal:
        """What is not free any more."""
        return self.spent + self.reserved + self.unknown


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that may be spent, in dollars; None is no limit. `providers`: by name, each for a month."""

    month: Decimal
    providers: Mapping[str, Decimal] = field(default_factory=dict)
    run: Decimal | None = None
    job: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Balances:
    """How the accounts stand that one call is charged to. `provider`: of the month, `job`: of one spec in this run."""

    month: Balance = field(default_factory=Balance)
    provider: Balance = field(default_factory=Balance)
    run: Balance = field(default_factory=Balance)
    job: Balance = field(default_factory=Balance)


def month_of(moment: datetime) -> str:
    """`2026-11`, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def month_end(month: str) -> datetime:
    """The first moment after the month `2026-11`, when its budget starts anew."""
    year, number = map(int, month.split("-"))
    return datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def refusal(wanted: Decimal, provider: str, limits: Limits, balances: Balances, month: str) -> BudgetError | None:
    """Why a call that may cost so much is not made: the first limit that it would exceed. None: it may be made.

    What costs nothing may always be made, also after a limit was lowered below what is spent.
    """
    if wanted == ZERO:
        return None
    monthly = "raise it in callsheet.toml, [generation] budget, or wait"
    own = f"raise it in callsheet.toml, [providers.{provider}] budget, or choose another provider"
    asked = "give a larger --max-cost, or fewer or cheaper variations"
    spec = "raise max_cost in the spec, or ask for fewer or cheaper variations"
    resets = month_end(month)
    accounts: tuple[tuple[str, Decimal | None, Balance, datetime | None, str], ...] = (
        (f"the budget of {month}", limits.month, balances.month, resets, monthly),
        (f"the budget of {provider} in {month}", limits.providers.get(provider), balances.provider, resets, own),
        ("the limit of this run", limits.run, balances.run, None, asked),
        ("the limit of this spec", limits.job, balances.job, None, spec),
    )
    for name, limit, balance, starts_anew, hint in accounts:
        if limit is not None and balance.taken + wanted > limit:
            return _refused(name, wanted, limit, balance, starts_anew, hint)
    return None


def unknown_price(named: str, basis: str, limit: Decimal) -> BudgetError:
    """Why a call of a `provider:model` is not made whose price nobody knows: no limit could hold."""
    return BudgetError(
        f"nobody knows what {named} costs ({basis})",
        wanted=ZERO,
        limit=limit,
        left=ZERO,
        resets=None,
        hint="write its price into the project's models.toml, or choose another model",
    )


def _refused(
    name: str, wanted: Decimal, limit: Decimal, balance: Balance, resets: datetime | None, hint: str
) -> BudgetError:
    left = max(limit - balance.taken, ZERO)
    parts = [f"${text_of(balance.spent)} spent"]
    parts += [f"${text_of(balance.reserved)} reserved"] if balance.reserved else []
    parts += [f"${text_of(balance.unknown)} of unknown outcome"] if balance.unknown else []
    starts = "" if resets is None else f"; it starts anew at {resets:%Y-%m-%dT%H:%M}Z"
    return BudgetError(
        f"the call may cost ${text_of(wanted)}, but {name} is ${text_of(limit)} and ${text_of(left)} is left"
        f" ({', '.join(parts)}){starts}",
        wanted=wanted,
        limit=limit,
        left=left,
        resets=resets,
        hint=hint,
    )
