"""What is asked before money is spent: who would make it, what it may cost at most, and what is left of the budget."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from generation.errors import BudgetError, ProviderError
from generation.ledger.budgets import Balance, month_of
from generation.money import MICRO, ZERO, ceiling, text_of
from generation.ordering import Ordering, Wanted
from generation.result import CostEstimate
from generation.service import Generation, Planned, Refused
from generation.specs.model import Spec
from ontology.errors import CallsheetError


@dataclass(frozen=True, slots=True)
class Budget:
    """How a UTC month stands, in dollars."""

    month: str
    balance: Balance
    limit: Decimal

    @property
    def remaining(self) -> Decimal:
        """What may still be spent: what is reserved or of unknown outcome counts like what is spent."""
        return max(self.limit - self.balance.taken, ZERO)

    @property
    def words(self) -> str:
        """The month in one line."""
        left = f"${text_of(self.remaining)} of ${text_of(self.limit)} left"
        held = f"${text_of(self.balance.spent)} spent · ${text_of(self.balance.reserved)} reserved"
        unknown = f" · ${text_of(self.balance.unknown)} unknown" if self.balance.unknown else ""
        return f"{self.month}: {left} · {held}{unknown}"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What specs would lead to. `most`: what they may cost at most, in dollars; None: nobody knows a price.

    What was bought before costs nothing. `refused`: the limit that says no to some of it, if any.
    """

    jobs: tuple[Planned | Refused, ...]
    budget: Budget
    most: Decimal | None
    refused: BudgetError | None = None

    @property
    def is_free(self) -> bool:
        """Whether it surely costs nothing."""
        return self.most == ZERO

    @property
    def obstacle(self) -> CallsheetError | None:
        """Why nothing of it can be made; None where at least one can, or a person is to make it."""
        if self.refused is not None and len(self.jobs) == 1:
            return self.refused
        found = [_obstacle(job) for job in self.jobs]
        return None if None in found else next(iter(found), None)

    @property
    def lines(self) -> tuple[str, ...]:
        """For each spec who makes it and what it may cost, then the month. They quote names of the project."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[str]:
        for job in self.jobs:
            yield f"{job.spec_id}: {_told(job)}"
        if len(self.jobs) > 1 and self.most is not None:
            yield f"all of it at most ${text_of(self.most)}"
        elif self.is_free and any(
            isinstance(job, Planned) and job.plan.choices and not _is_free(job) for job in self.jobs
        ):
            yield "it was bought before: this costs nothing"
        yield self.budget.words
        if self.refused is not None:
            yield f"not all of it: {self.refused.message}"


def budget_of(generation: Generation) -> Budget:
    """How the present month stands."""
    context = generation.context
    return Budget(month_of(context.book.now()), generation.balance(), context.month_budget)


def foresee(generation: Generation, specs: Sequence[Spec]) -> Foreseen:
    """What these specs would lead to. Nothing is written and nothing is sent."""
    found = Ordering(generation).foresee(Wanted(lambda: specs))
    jobs = tuple(job for job in found.jobs if isinstance(job, Planned | Refused))
    said = found.verdict
    most = said.high
    if most:
        most = ceiling(most) + sum((_beyond(job, spec) for job, spec in zip(jobs, specs, strict=True)), ZERO)
    return Foreseen(jobs, Budget(said.month, said.balance, said.limit), most, said.refused)


def _beyond(job: Planned | Refused, spec: Spec) -> Decimal:
    """What a spec may cost beyond its estimate: purchases that `retry_below` allows, and rounding.

    Each call is reserved for in whole micro-dollars.
    """
    if isinstance(job, Refused) or job.estimate is None or not job.estimate.high:
        return ZERO
    parts = len(job.plan.choices[0].parts)
    again = 0 if spec.retry_below is None else max(0, spec.retry_below.max_purchases - parts)
    return ceiling(job.estimate.high * again) + MICRO * (parts + again - 1)


def _is_free(job: Planned) -> bool:
    return job.estimate is not None and job.estimate.high == ZERO


def _obstacle(job: Planned | Refused) -> CallsheetError | None:
    if isinstance(job, Refused):
        return job.error
    error = job.to_json()["error"]
    return None if error is None else ProviderError(error["message"], hint=error["hint"], code=error["code"])


def _told(job: Planned | Refused) -> str:
    if isinstance(job, Refused):
        return f"cannot be made: {job.error.message}"
    if not job.plan.choices:
        return "nobody is asked; it is parked for a person" if job.plan.manual else "no provider can make it"
    choice = job.plan.choices[0]
    passed = [item.message for item in job.plan.decisions if not item.chosen]
    if job.plan.stand_in:
        return "; ".join(["this machine makes a stand-in, at no cost", *passed])
    model = f":{choice.decision.model}" if choice.decision.model else ""
    instead = f"; not by {', '.join(passed)}" if passed else ""
    return f"{choice.provider}{model}, {price_text(choice.estimate)}{instead}"


def price_text(estimate: CostEstimate) -> str:
    """`$0.04`, `$0.04 to $0.07`."""
    if estimate.high is None:
        return f"nobody knows its price ({estimate.basis})"
    low, high = text_of(estimate.low), text_of(estimate.high)
    price = f"${high}" if low in (None, high) else f"${low} to ${high}"
    return f"{price}, which is a guess" if estimate.guess else price
