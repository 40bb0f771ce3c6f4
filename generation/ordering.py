"""Ordering from afar: what is to be made is checked, priced, and written down once for each key; others make it.

An order is taken whole or not at all: a spec that cannot be made, or a limit that says no, leaves nothing behind.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from generation.engine.affording import Verdict, verdict
from generation.engine.finishing import refuse_without_libraries
from generation.engine.orders import Order, order_of
from generation.engine.placing import refuse_taken_place
from generation.engine.planning import Plan, plan
from generation.engine.recovery import sweep
from generation.engine.routing import why_none
from generation.engine.telling import teller
from generation.errors import ProviderError
from generation.ledger import jobs
from generation.ledger.ordering import OrderKey, as_ordered, ordered_before, queue_order, try_again
from generation.ledger.states import IllegalStepError
from generation.ledger.views import JobView
from generation.service import Generation, Outcome, Planned, Refused, new_job
from generation.specs.model import Spec
from ontology.errors import ConflictError, InvalidInputError

MOST_AT_ONCE = 500
"""So many specs make one order."""

_MISNAMED = frozenset({"unknown_provider", "unknown_model"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """`specs` finds what is to be made; it is asked when the order is new. The rest as `Generation.generate` has it."""

    specs: Callable[[], Sequence[Spec]]
    max_cost: Decimal | None = None
    force: bool = False
    providers: Sequence[str] = ()
    n: int | None = None
    preview: bool = False


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an order would lead to."""

    jobs: tuple[Planned | Refused | JobView, ...]
    verdict: Verdict
    providers: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """`{jobs, spent, estimate, budget, providers}`; these are all who could be named instead."""
        return Outcome(self.jobs).to_json() | self.verdict.to_json() | {"providers": list(self.providers)}


@dataclass(frozen=True, slots=True)
class Ordered:
    """The jobs as they were written down, and whether this was now."""

    jobs: tuple[JobView, ...]
    is_new: bool

    def to_json(self) -> dict[str, Any]:
        """`{run, jobs}`: the same however often the order is repeated."""
        return {"run": self.jobs[0].run, "jobs": [job.to_json() for job in self.jobs]}


class Ordering:
    """Orders for one project. Thread-safe."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._context = generation.context

    def foresee(self, wanted: Wanted) -> Foreseen:
        """Who would be asked, what it may cost, what the budget would do. Writes nothing."""
        found: list[Planned | Refused] = []
        priced: list[tuple[Order, Plan]] = []
        for order in map(self._order(wanted), self._adjusted(wanted)):
            one = self._generation.planned(order) if isinstance(order, Order) else order
            found.append(one)
            if isinstance(one, Planned) and isinstance(order, Order):
                priced.append((order, one.plan))
        return Foreseen(tuple(found), verdict(self._context, priced), tuple(self._context.providers))

    def order(self, key: OrderKey, wanted: Wanted) -> Ordered:
        """Write the jobs down, once for each key.

        Raises what keeps a spec from being made, `BudgetError`, `ProviderError` (`no_route`), and `InvalidInputError`
        where something else was ordered under the key.
        """
        sweep(self._context)
        known = ordered_before(self._context.book, key)
        if known:
            return self._ordered(known, is_new=False)
        orders = [_order_or_raise(found) for found in map(self._order(wanted), self._adjusted(wanted))]
        said = verdict(self._context, [(order, self._plan(order)) for order in orders])
        if said.refused is not None:
            raise said.refused
        keys, is_new = queue_order(self._context.book, key, [new_job(order) for order in orders])
        done = self._ordered(keys, is_new=is_new)
        if is_new:
            for job, order in zip(done.jobs, orders, strict=True):
                teller(self._context.hook, job.id, job.spec_id, order.spec.log_level)("generation.queued", run=job.run)
        return done

    def again(self, name: str, token: str | None = None) -> JobView:
        """Queue a job once more, also one that failed or was cancelled; with a token once for each.

        Raises `ConflictError` for one that is over, worked on, or of unknown outcome.
        """
        digest = None if token is None else sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
        job = self._generation.job(name)
        if digest is not None and any(step.get("token") == digest for step in job.trace):
            return job
        job = self._generation.refuse_running(name)
        try:
            try_again(self._context.book, job.key, digest)
        except IllegalStepError as error:
            raise ConflictError(f"{job.id} is over: {job.state}", hint="order it anew to have it made again") from error
        return jobs.get_job(self._context.book, job.key)

    def same_as(self, name: str) -> Spec:
        """The spec of a job, to have it made once more; of a preview that of the final picture.

        Raises `NotFoundError`, `ConflictError`.
        """
        job = jobs.get_job(self._context.book, name)
        try:
            order = order_of(job.asked)
        except (KeyError, TypeError, ValueError) as error:
            raise ConflictError(f"the order of {job.id} cannot be read", hint="order it from its spec") from error
        return order.final or order.spec

    def _ordered(self, keys: Sequence[int], *, is_new: bool) -> Ordered:
        return Ordered(tuple(as_ordered(jobs.get_job(self._context.book, key)) for key in keys), is_new)

    def _adjusted(self, wanted: Wanted) -> list[Spec]:
        specs = wanted.specs()
        if not specs or len(specs) > MOST_AT_ONCE:
            hint = "name a spec, a template or a prefilled call" if not specs else "order them in several parts"
            raise InvalidInputError(f"{len(specs)} specs cannot be ordered at once", hint=hint)
        return self._generation.adjusted(specs, providers=wanted.providers, n=wanted.n)

    def _order(self, wanted: Wanted) -> Callable[[Spec], Order | Refused]:
        return lambda spec: self._generation.order(
            spec, force=wanted.force, max_cost=wanted.max_cost, preview=wanted.preview
        )

    def _plan(self, order: Order) -> Plan:
        """The routes. Raises `ProviderError` where there is none, and nobody is to make it by hand.

        Where that is for names that nobody has, it is an `InvalidInputError`: trying again would not help.
        """
        if not jobs.is_made_elsewhere(self._context.book, order.spec.id):  # else its file may lie there already
            refuse_taken_place(self._context, order.spec)
        refuse_without_libraries(order.spec)
        found = plan(self._context, order)
        if not found.choices and not found.manual:
            if found.decisions and all(item.code in _MISNAMED for item in found.decisions):
                raise InvalidInputError(
                    f"nobody can be asked for {order.spec.id}: {why_none(found.decisions)}",
                    hint="name one of them, or leave `providers` out",
                    code=found.decisions[0].code,
                )
            raise ProviderError(
                f"no provider can make {order.spec.id}: {why_none(found.decisions)}",
                hint="set a key, or choose the provider `local` for a stand-in",
                code="no_route",
            )
        return found


def _order_or_raise(found: Order | Refused) -> Order:
    if isinstance(found, Refused):
        raise found.error
    return found
