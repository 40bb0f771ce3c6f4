"""What the budget would do with an order: asked before jobs are written down, so that a refusal is told at once.

Nothing is held by it: the ledger decides when each call is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from generation.engine.context import GenerationContext
from generation.engine.orders import Order
from generation.engine.planning import Choice, Part, Plan, sum_of
from generation.errors import BudgetError
from generation.ledger.budgets import Balance, Balances, Limits, month_end, month_of, refusal
from generation.ledger.ordering import bought
from generation.ledger.rows import balance_of_month, balance_of_provider
from generation.money import ZERO, ceiling, text_of
from generation.result import CostEstimate


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an order may cost beyond what was bought before, how the month stands, and the limit that says no, if any.

    `low`, `high`: of all that would be made, in dollars. A route whose price nobody knows is never taken.
    """

    low: Decimal | None
    high: Decimal | None
    month: str
    balance: Balance
    limit: Decimal
    refused: BudgetError | None = None

    def to_json(self) -> dict[str, Any]:
        """`{estimate, budget}`: low and high, and `{month, limit, spent, …, allowed, refusal}`."""
        told = self.refused
        refusal_ = None if told is None else {"message": told.message, "hint": told.hint, **told.amounts()}
        return {
            "estimate": {"low": text_of(self.low), "high": text_of(self.high)},
            "budget": {
                "month": self.month,
                "limit": text_of(self.limit),
                "spent": text_of(self.balance.spent),
                "reserved": text_of(self.balance.reserved),
                "unknown": text_of(self.balance.unknown),
                "remaining": text_of(max(self.limit - self.balance.taken, ZERO)),
                "resets": month_end(self.month).isoformat().replace("+00:00", "Z"),
                "allowed": told is None,
                "refusal": refusal_,
            },
        }


def verdict(context: GenerationContext, planned: Sequence[tuple[Order, Plan]]) -> Verdict:
    """For orders with their routes; each takes the first route that the limits allow."""
    month = month_of(context.book.now())
    accounts = _Accounts(context, month)
    low: Decimal | None = ZERO
    high: Decimal | None = ZERO
    refused: BudgetError | None = None
    for order, plan in planned:
        if not plan.choices:
            continue
        cost, error = accounts.take(order, plan)
        refused = refused or error
        low = None if low is None or cost.low is None else low + cost.low
        high = None if high is None or cost.high is None else high + cost.high
    return Verdict(low, high, month, accounts.before, context.month_budget, refused)


@dataclass
class _Accounts:
    """How the month, the providers and the run stand, with what earlier orders would take."""

    context: GenerationContext
    month: str
    before: Balance = field(init=False)
    _month: Balance = field(init=False)
    _run: Balance = field(default_factory=Balance)
    _providers: dict[str, Balance] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.context.book.database.read() as connection:
            self.before = balance_of_month(connection, self.month)
        self._month = self.before

    def take(self, order: Order, plan: Plan) -> tuple[CostEstimate, BudgetError | None]:
        """What the order costs by the first route that may be taken; else by the first, and why it may not."""
        first: tuple[CostEstimate, BudgetError] | None = None
        for choice in plan.choices:
            parts = self._not_bought(order, choice)
            if not parts:
                return CostEstimate(ZERO, ZERO, "bought before"), None
            cost = sum_of([self.context.providers[choice.provider].estimate(part.request) for part in parts])
            error = self._refusal(order, choice, cost)
            if error is None:
                self._hold(choice.provider, ceiling(cost.high or ZERO))
                return cost, None
            first = first or (cost, error)
        assert first is not None  # noqa: S101  # the caller looked: there are choices
        return first

    def _not_bought(self, order: Order, choice: Choice) -> list[Part]:
        """The calls that were not made before."""
        if order.force:
            return list(choice.parts)
        prints = [one.fingerprint(choice.provider) for one in choice.parts]
        known = bought(self.context.book, prints)
        return [part for part, name in zip(choice.parts, prints, strict=True) if name not in known]

    def _refusal(self, order: Order, choice: Choice, cost: CostEstimate) -> BudgetError | None:
        limits = Limits(
            self.context.month_budget, self.context.provider_budgets, order.run_max_cost, order.spec.max_cost
        )
        balances = Balances(self._month, self._provider(choice.provider), self._run)
        return refusal(ceiling(cost.high or ZERO), choice.provider, limits, balances, self.month)

    def _provider(self, name: str) -> Balance:
        if name not in self._providers:
            with self.context.book.database.read() as connection:
                self._providers[name] = balance_of_provider(connection, self.month, name)
        return self._providers[name]

    def _hold(self, provider: str, amount: Decimal) -> None:
        self._month = _more(self._month, amount)
        self._run = _more(self._run, amount)
        self._providers[provider] = _more(self._provider(provider), amount)


def _more(balance: Balance, amount: Decimal) -> Balance:
    return replace(balance, reserved=balance.reserved + amount)
