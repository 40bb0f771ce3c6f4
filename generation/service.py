"""Generation as one object: what `Workspace.generation` is, and what every face calls."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from secrets import token_hex
from typing import Any

from gallery.store.moments import from_rfc3339, rfc3339
from generation.engine import resolving
from generation.engine.cancelling import cancel_job
from generation.engine.context import GenerationContext
from generation.engine.control import Stop
from generation.engine.crew import run_jobs
from generation.engine.finishing import refuse_without_libraries
from generation.engine.inputs import settled_inputs
from generation.engine.integrating import end_run
from generation.engine.keeping import error_body
from generation.engine.orders import Order
from generation.engine.placing import refuse_taken_place
from generation.engine.planning import Plan, plan
from generation.engine.prefills import spec_of_prefill
from generation.engine.previewing import preview_of
from generation.engine.pricing import Price, price_of
from generation.engine.promoting import final_of
from generation.engine.recovery import sweep
from generation.engine.reporting import keep_report
from generation.engine.routing import why_none
from generation.engine.styling import styled
from generation.engine.telling import teller
from generation.errors import BudgetError
from generation.health import LAST_CALLS, LAST_JOBS, HealthReport, health_parts
from generation.ledger import jobs
from generation.ledger.budgets import Balance, month_of
from generation.ledger.jobs import NewJob
from generation.ledger.reports import CostReport, cost_report, last_calls
from generation.ledger.rows import balance_of_month
from generation.ledger.states import OPEN
from generation.ledger.views import JobView
from generation.manifest.auditing import StrayEntry, stray_entries, take_out
from generation.manifest.integrating import Integrated, ManifestPlan, follow_now
from generation.money import ZERO, text_of, usd
from generation.providers.base import Health
from generation.result import CostEstimate, Total, total_of
from generation.specs.model import Spec
from ontology.errors import CallsheetError, ConflictError, InvalidInputError
from ontology.normalize import normalize_tags


@dataclass(frozen=True, slots=True)
class Refused:
    """A spec for which no job was begun, and why."""

    spec_id: str
    error: CallsheetError

    def to_json(self) -> dict[str, Any]:
        """In the shape of a job."""
        return {
            "id": None,
            "spec_id": self.spec_id,
            "status": "failed",
            "provider": None,
            "model": None,
            "cost": text_of(ZERO),
            "assets": [],
            "outcome": None,
            "error": error_body(self.error),
        }


@dataclass(frozen=True, slots=True)
class Planned:
    """What a spec would lead to. `estimate` None: no provider can make it."""

    spec_id: str
    plan: Plan
    estimate: CostEstimate | None
    is_preview: bool = False

    def to_json(self) -> dict[str, Any]:
        """In the shape of a job, with the estimate and every decision."""
        first = self.plan.choices[0] if self.plan.choices else None
        status = "planned" if first is not None else "manual" if self.plan.manual else "failed"
        error = None
        if first is None and not self.plan.manual:
            error = {
                "code": "no_route",
                "message": why_none(self.plan.decisions),
                "hint": "set a key, or another provider",
            }
        return {
            "id": None,
            "spec_id": self.spec_id,
            "status": status,
            "provider": first.provider if first is not None else None,
            "model": first.decision.model if first is not None else None,
            "cost": text_of(self.estimate.high) if self.estimate is not None else None,
            "assets": [],
            "outcome": "dry_run",
            "stand_in": self.plan.stand_in,
            "estimate": None if self.estimate is None else self.estimate.to_json(),
            "preview": self.is_preview,
            "notices": list(self.plan.notices),
            "trace": [item.to_json() for item in self.plan.decisions],
            "error": error,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of every spec, in their order. `spent` by this run, in dollars."""

    jobs: tuple[JobView | Refused | Planned, ...]
    spent: Decimal = ZERO

    def only(self) -> JobView:
        """The one job. Raises the error of a spec for which none was begun, and `BudgetError` where a limit said no."""
        (found,) = self.jobs
        if isinstance(found, Refused):
            raise found.error
        if isinstance(found, Planned):
            raise InvalidInputError("a dry run makes no job", hint="leave dry_run out")
        if found.state == "refused" and found.error is not None:
            raise budget_error(found.error)
        return found

    @property
    def estimate(self) -> Total | None:
        """What a dry run comes to; None where things were made."""
        planned = [item for item in self.jobs if isinstance(item, Planned)]
        return total_of(item.estimate for item in planned) if planned else None

    def to_json(self) -> dict[str, Any]:
        """`{jobs, spent}` (contract §6); of a dry run also `estimate`: `{low, high, unknown}`."""
        body = {"jobs": [item.to_json() for item in self.jobs], "spent": text_of(self.spent)}
        return body if self.estimate is None else body | {"estimate": self.estimate.to_json()}


def budget_error(body: Mapping[str, Any]) -> BudgetError:
    """The error behind a job that was refused."""
    resets = body.get("resets")
    return BudgetError(
        body["message"],
        wanted=usd(body["wanted"]),
        limit=usd(body["limit"]),
        left=usd(body["left"]),
        resets=None if resets is None else from_rfc3339(resets),
        hint=body["hint"],
    )


class Generation:
    """Everything that makes assets, for one context. Thread-safe."""

    def __init__(self, context: GenerationContext) -> None:
        self.context = context

    def spec_of(self, prefill: Mapping[str, Any], *, providers: Sequence[str] | None = None) -> Spec:
        """See `generation.engine.prefills.spec_of_prefill`."""
        return spec_of_prefill(self.context, prefill, providers=providers)

    def generate(
        self,
        specs: Sequence[Spec],
        *,
        max_cost: Decimal | None = None,
        force: bool = False,
        providers: Sequence[str] | None = None,
        n: int | None = None,
        preview: bool = False,
        dry_run: bool = False,
        stop: Stop | None = None,
    ) -> Outcome:
        """Make what the specs say, each for itself: one that fails does not keep the others from being made.

        `max_cost`: the most this run may cost, in dollars. `providers` and `n` win over the specs'. `force`: buy also
        what was bought before. `preview`: the least that each model makes, to be looked at (see `promote`). A dry run
        decides and estimates, and writes nothing. Interrupted, what was not begun stays in the queue. Raises
        `KeyboardInterrupt`, and what the database raises.
        """
        wanted = self.adjusted(specs, providers=providers, n=n)
        if not dry_run:
            sweep(self.context)
        orders = [self.order(spec, force=force, max_cost=max_cost, preview=preview) for spec in wanted]
        return self._carried_out(orders, dry_run=dry_run, stop=stop)

    def promote(
        self,
        names: Sequence[str],
        *,
        max_cost: Decimal | None = None,
        providers: Sequence[str] | None = None,
        dry_run: bool = False,
        stop: Stop | None = None,
    ) -> Outcome:
        """Make the final pictures of previews, named by asset or by job: see `generation.engine.promoting`.

        Each for itself; what was bought before is found again. The rest as `generate` has it.
        """
        if not dry_run:
            sweep(self.context)
        orders: list[Order | Refused] = []
        for name in dict.fromkeys(names):
            try:
                found = final_of(self.context, name)
            except CallsheetError as error:
                orders.append(Refused(name, error))
                continue
            (spec,) = self.adjusted([found.spec], providers=providers, n=None)
            orders.append(replace(found, spec=spec, run_max_cost=max_cost))
        return self._carried_out(orders, dry_run=dry_run, stop=stop)

    def _carried_out(self, wanted: Sequence[Order | Refused], *, dry_run: bool, stop: Stop | None) -> Outcome:
        if dry_run:
            return Outcome(tuple(self.planned(item) if isinstance(item, Order) else item for item in wanted))
        orders = [item for item in wanted if isinstance(item, Order)]
        run = f"r{token_hex(6)}"
        keys = jobs.queue_jobs(self.context.book, run, [new_job(order) for order in orders]) if orders else []
        for key, order in zip(keys, orders, strict=True):
            teller(self.context.hook, f"j{key}", order.spec.id, order.spec.log_level)("generation.queued", run=run)
        run_jobs(self.context, keys, stop)
        end_run(self.context, [jobs.get_job(self.context.book, key) for key in keys])
        done = iter([jobs.get_job(self.context.book, key) for key in keys])
        results = tuple(next(done) if isinstance(item, Order) else item for item in wanted)
        spent = sum((item.spent for item in results if isinstance(item, JobView)), ZERO)
        outcome = Outcome(results, spent)
        keep_report(self.context, run, outcome.to_json())
        return outcome

    def adjusted(self, specs: Sequence[Spec], *, providers: Sequence[str] | None, n: int | None) -> list[Spec]:
        """With these providers and so many variations in place of the specs' own. Raises `InvalidInputError`."""
        if n is not None and n < 1:
            raise InvalidInputError(f"{n} variations cannot be made", hint="ask for 1 or more")
        chosen = [spec if not providers else replace(spec, providers=tuple(providers)) for spec in specs]
        if n is None:
            return chosen
        return [replace(spec, parameters={**spec.parameters, "n_variations": n}) for spec in chosen]

    def order(
        self, spec: Spec, *, force: bool = False, max_cost: Decimal | None = None, preview: bool = False
    ) -> Order | Refused:
        """The order of a spec: its inputs found, its tags checked, with the project's style, before there is a job."""
        gallery = self.context.gallery.context
        try:
            tags = normalize_tags(spec.tags, gallery.ontology, policy=gallery.tag_policy)
            settled = replace(spec, inputs=settled_inputs(self.context, spec), tags=tuple(tags))
            whole = styled(settled, self.context.style)
            if preview:
                return Order(preview_of(whole), force, max_cost, final=whole)
            return Order(whole, force, max_cost)
        except CallsheetError as error:
            return Refused(spec.id, error)

    def planned(self, order: Order) -> Planned | Refused:
        """What the order would lead to; nothing is written."""
        spec = order.spec
        try:
            refuse_taken_place(self.context, spec)
            refuse_without_libraries(spec)
            found = plan(self.context, order)
        except CallsheetError as error:
            return Refused(spec.id, error)
        first = found.choices[0].estimate if found.choices else None
        return Planned(spec.id, found, first, is_preview=order.final is not None)

    def price(self, spec: Spec) -> Price | None:
        """See `generation.engine.pricing.price_of`."""
        return price_of(self.context, spec)

    def queue(self, *, everything: bool = False, limit: int = 50) -> list[JobView]:
        """The open jobs, the newest first; `everything`: those that are over too."""
        self.look_after()
        return jobs.list_jobs(self.context.book, states=() if everything else sorted(OPEN), limit=limit)

    def job(self, name: str) -> JobView:
        """The job of this name, with its purchases. Raises `NotFoundError`."""
        self.look_after()
        return jobs.get_job(self.context.book, name)

    def cancel(self, name: str) -> JobView:
        """See `generation.engine.cancelling.cancel_job`."""
        return cancel_job(self.context, name)

    def due(self) -> list[int]:
        """Keys of the jobs that can be worked on now, the oldest first."""
        return jobs.due_jobs(self.context.book, self.context.book.now())

    def conclude(self, keys: Sequence[int]) -> None:
        """What follows when jobs were run one by one: constants and command after the manifest, and the report."""
        done = [jobs.get_job(self.context.book, key) for key in keys]
        end_run(self.context, done)
        over = tuple(job for job in done if job.state not in OPEN)
        if over:
            spent = sum((job.spent for job in over), ZERO)
            keep_report(self.context, over[0].run, Outcome(over, spent).to_json())

    def run(self, names: Sequence[str] = (), *, stop: Stop | None = None) -> list[JobView]:
        """Go on with these jobs, or with all that are due. Those named may have failed or been cancelled before.

        Raises `ConflictError` for one that is over, or has a call of unknown outcome.
        """
        sweep(self.context)
        keys = [self._again(name) for name in names] or self.due()
        run_jobs(self.context, keys, stop)
        end_run(self.context, [jobs.get_job(self.context.book, key) for key in keys])
        return [jobs.get_job(self.context.book, key) for key in keys]

    def _again(self, name: str) -> int:
        job = self.refuse_running(name)
        return job.key if job.state in {"queued", "waiting"} else jobs.step(self.context.book, job.key, "retry").key

    def refuse_running(self, name: str) -> JobView:
        """The job. Raises `ConflictError` where one may not go on: it is worked on, or a call is of unknown outcome."""
        job = self.job(name)
        if any(item.state == "unknown" for item in job.attempts):
            hint = f"callsheet queue resolve {job.id} --charged AMOUNT | --not-charged | --poll"
            raise ConflictError(f"a call of {job.id} is of unknown outcome", hint=hint, code="outcome_unknown")
        if job.state == "working":
            raise ConflictError(f"{job.id} is being worked on", hint="wait for it, or cancel it")
        return job

    def resolve(
        self,
        name: str,
        *,
        charged: Decimal | None = None,
        not_charged: bool = False,
        poll: bool = False,
        go_on: bool = True,
    ) -> JobView:
        """Settle a call of unknown outcome: say that it was charged, or that it was not, or ask the provider.

        `go_on`: whether what the provider had is taken in at once; else the job stays queued. Raises
        `InvalidInputError` unless exactly one of the three is given, and as `generation.engine.resolving`.
        """
        if (charged is not None) + not_charged + poll != 1:
            hint = "--charged AMOUNT, --not-charged, or --poll"
            raise InvalidInputError("say one thing about the call", hint=hint, code="usage")
        sweep(self.context)
        if charged is not None:
            return resolving.say_charged(self.context, name, charged)
        if not_charged:
            return resolving.say_not_charged(self.context, name)
        found = resolving.ask_provider(self.context, name)
        return self.run([found.id])[0] if go_on and found.state == "queued" else found

    def follow_manifest(self, *, dry_run: bool = False) -> Integrated:
        """Write the constants of the manifest as it is; run the command where they changed, or where it waits.

        A dry run tells which constants would change. Raises `InvalidInputError` where nothing is set to follow,
        `NotFoundError` where there is no manifest, and as `write_constants`.
        """
        return follow_now(self._manifest(), dry_run=dry_run)

    def stray_entries(self) -> list[StrayEntry]:
        """See `generation.manifest.auditing.stray_entries`."""
        plan = self.context.manifest
        return [] if plan is None else stray_entries(plan, self.context.gallery.context, self.context.assets.folder)

    def take_out_strays(self) -> list[StrayEntry]:
        """See `generation.manifest.auditing.take_out`."""
        return take_out(self._manifest(), self.stray_entries())

    def _manifest(self) -> ManifestPlan:
        if self.context.manifest is None:
            raise InvalidInputError("this project has no manifest", hint="set generation.manifest")
        return self.context.manifest

    def balance(self) -> Balance:
        """What is spent, held and of unknown outcome in this month: a sum, asked for as often as a screen likes."""
        month = month_of(self.context.book.now())
        with self.context.book.database.read() as connection:
            return balance_of_month(connection, month)

    def costs(self, month: str | None = None) -> CostReport:
        """See `generation.ledger.reports.cost_report`."""
        self.look_after()
        context = self.context
        return cost_report(context.book, month, context.month_budget, context.provider_budgets)

    def health(self) -> HealthReport:
        """How generation stands. Asks providers by free calls only."""
        costs = self.costs()
        providers = {name: self._health(name) for name in self.context.providers}
        recent = tuple(jobs.list_jobs(self.context.book, limit=LAST_JOBS))
        parts = health_parts(costs, providers, last_calls(self.context.book, LAST_CALLS))
        return HealthReport(rfc3339(self.context.book.now()), costs, providers, recent, parts)

    def look_after(self) -> None:
        """What dead processes left is brought to what is certain, where it can be, so that it is told as it is."""
        with suppress(CallsheetError):  # a project that may only be looked at
            sweep(self.context)

    def _health(self, name: str) -> Health:
        try:
            return self.context.providers[name].check()
        except CallsheetError as error:
            return Health("unwell", error.message)

    def close(self) -> None:
        """This process works on nothing any more."""
        self.context.owner.close()


def new_job(order: Order) -> NewJob:
    """What is written down for an order."""
    spec = order.spec
    return NewJob(spec.id, spec.asset_type, spec.operation, order.to_json())
