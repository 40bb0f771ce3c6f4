"""One job from its order to its assets: routed, bought, finished, placed. Every end is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from generation.engine.context import GenerationContext
from generation.engine.control import Control, Stop
from generation.engine.finishing import Chosen, finish, refuse_without_libraries
from generation.engine.integrating import integrate_result, notice, refuse_broken_manifest
from generation.engine.keeping import error_body
from generation.engine.merging import Alike, Companion, along, limits_of
from generation.engine.orders import Order, order_of
from generation.engine.placing import Maker, Placed, place, refuse_taken_place
from generation.engine.planning import Choice, Part, Plan, plan
from generation.engine.purchase import Purchase, Wanted, buy
from generation.engine.routing import why_none
from generation.engine.signals import CancelledError, LaterError, LostError, ManualError, StoppedError
from generation.engine.telling import Teller, teller
from generation.errors import BudgetError, ContentRejectedError, ProviderError
from generation.ledger import jobs
from generation.ledger.purchasing import Quote
from generation.ledger.states import JobEvent
from generation.ledger.views import JobView
from generation.money import text_of
from ontology.errors import CallsheetError, ConflictError

_LOOK_SECONDS: Final = 0.2
_PLACING_SECONDS: Final = 20.0
_NO_KEY: Final = "set the key of one of them, or name another with --provider; `local` makes stand-ins of pictures"


def run_job(context: GenerationContext, key: int, stop: Stop, alike: Alike | None = None) -> JobView:
    """Work on the job until it is over, or has to wait; how it stands then. Another process's job is left alone.

    `alike`: who else is run, and may share its calls.
    """
    job = jobs.claim(context.book, key)
    if job is None:
        return jobs.get_job(context.book, key)
    try:
        order = order_of(job.asked)
    except (KeyError, TypeError, ValueError) as error:
        fault = CallsheetError(
            f"the order of {job.id} cannot be read: {error!r}", hint="order it again", code="internal"
        )
        return jobs.step(context.book, key, "fail", error=error_body(fault))
    tell = teller(context.hook, job.id, job.spec_id, order.spec.log_level)
    control = Control(stop, lambda: jobs.is_cancelled(context.book, key), context.monotonic)
    return _Ended(context, job, tell).of(_Run(context, job, order, control, tell, alike or Alike()))


@dataclass
class _Run:
    context: GenerationContext
    job: JobView
    order: Order
    control: Control
    tell: Teller
    alike: Alike

    def go(self) -> JobView:
        """The whole way. Raises what ends it early."""
        spec = self.order.spec
        self.tell("generation.started", operation=spec.operation)
        self.control.check()
        self._refuse_taken_place()
        refuse_broken_manifest(self.context, spec)
        refuse_without_libraries(spec)
        planned = plan(self.context, self.order)
        self._take_note(planned)
        choice, purchases = self._buy_somewhere(planned)
        # From here on nothing asks whether to stop: what was paid for is finished and placed.
        chosen = self._finished(choice, purchases)
        return self._placed(purchases, chosen)

    def _refuse_taken_place(self) -> None:
        """A file of no asset may be what another job of the same spec takes in at this moment: that is waited for."""
        deadline = self.context.monotonic() + _PLACING_SECONDS
        while True:
            others = jobs.is_made_elsewhere(self.context.book, self.order.spec.id, self.job.key)
            try:
                refuse_taken_place(self.context, self.order.spec)
            except ConflictError:
                if not others or self.context.monotonic() >= deadline:
                    raise
                self.control.wait(_LOOK_SECONDS)
            else:
                return

    def _take_note(self, planned: Plan) -> None:
        steps = [item.to_json() for item in planned.decisions] + [notice(message) for message in planned.notices]
        jobs.note(self.context.book, self.job.key, steps)
        for item in planned.decisions:
            self.tell("generation.routed", provider=item.route.provider, model=item.model, code=item.code)

    def _buy_somewhere(self, planned: Plan) -> tuple[Choice, list[Purchase]]:
        """From the first route that gives it. Raises the last error where none does, `ManualError` at a chain's end."""
        last: CallsheetError | None = None
        for choice in self._under_way_first(planned.choices):
            try:
                return choice, self._buy(choice)
            except BudgetError as error:  # a later route may be cheaper
                last = last or error
                self._hop(choice, error)
            except ContentRejectedError as error:
                if self.order.spec.on_rejected != "next":
                    raise
                last = error
                self._hop(choice, error)
            except ProviderError as error:
                if not error.hops:
                    raise
                last = error
                self._hop(choice, error)
        if planned.manual:
            raise ManualError(_instructions(self.order, planned, last))
        if last is not None:
            raise last
        raise ProviderError(f"no provider can make it: {why_none(planned.decisions)}", hint=_NO_KEY, code="no_route")

    def _under_way_first(self, choices: Sequence[Choice]) -> list[Choice]:
        """Who works on a call of this job is asked for it before anybody else is."""
        attempts = jobs.get_job(self.context.book, self.job.key).attempts
        asked = {item.provider for item in attempts if item.state == "pending"}
        return sorted(choices, key=lambda choice: choice.provider not in asked)

    def _hop(self, choice: Choice, error: CallsheetError) -> None:
        step = {"step": "hop", "provider": choice.provider, "code": error.code, "message": error_body(error)["message"]}
        jobs.note(self.context.book, self.job.key, [step])
        self.tell("generation.routed", provider=choice.provider, code=error.code)

    def _buy(self, choice: Choice) -> list[Purchase]:
        jobs.note(self.context.book, self.job.key, [], provider=choice.provider, model=choice.decision.model)
        companions = self.alike.of(self.context, self.job.key)
        return [self.buy_part(choice, part, companions, fresh=self.order.force) for part in choice.parts]

    def buy_part(self, choice: Choice, part: Part, companions: Sequence[Companion] = (), *, fresh: bool) -> Purchase:
        """One call, which companions may share."""
        provider = self.context.providers[choice.provider]
        quote = Quote(
            job_key=self.job.key,
            provider=choice.provider,
            model=part.request.model,
            fingerprint=part.fingerprint(choice.provider),
            estimate=provider.estimate(part.request),
            fresh=fresh,
            whole=len(choice.parts) == 1 and part == choice.parts[0],
        )
        sharing = along(self.context, choice, part, companions, provider)
        wanted = Wanted(self.job, provider, part.request, quote, limits_of(self.context, self.order), sharing)
        return buy(self.context, wanted, self.control, self.tell)

    def _finished(self, choice: Choice, purchases: list[Purchase]) -> Chosen:
        """Processed and scored; bought again while the score is too low and the spec allows it."""
        spec = self.order.spec
        chosen = finish(self.context, spec, purchases)
        rule = spec.retry_below
        bought = len(choice.parts)
        while rule is not None and chosen.best is not None and chosen.best < rule.score and bought < rule.max_purchases:
            last = choice.parts[-1]
            part = Part(last.request, last.number + 1 + bought - len(choice.parts), last.variant)
            step = {"step": "retry_below", "score": round(chosen.best, 4), "wanted": rule.score, "purchase": bought + 1}
            jobs.note(self.context.book, self.job.key, [step])
            purchases.append(self.buy_part(choice, part, fresh=False))
            bought += 1
            chosen = finish(self.context, spec, purchases)
        self.tell("generation.processed", pictures=len(chosen.pictures), score=chosen.best)
        return chosen

    def _placed(self, purchases: list[Purchase], chosen: Chosen) -> JobView:
        stand_in = any(bool(output.get("stand_in")) for item in purchases for output in item.outputs)
        bought = purchases[0].attempt
        maker = Maker(bought.provider, bought.model, _cost_of_each(purchases), stand_in)
        placed = place(self.context, self.job, self.order, chosen.pictures, maker)
        assets = list(dict.fromkeys(item.id for item in placed.added.results if item.id is not None))
        batches = placed.added.batches
        ends: dict[str, Any] = {"assets": assets, "batch": batches[-1] if batches else None}
        self._take_note_of_files(placed, chosen, stand_in=stand_in)
        try:
            steps = integrate_result(self.context, self.order.spec, placed.files, maker, _made_at(purchases))
        except CallsheetError as error:  # what was made is kept, and `queue run` writes the entry at no cost
            body = error_body(error)
            self.tell("generation.failed", code=body["code"], message=body["message"], hint=body["hint"])
            return jobs.step(self.context.book, self.job.key, "fail", error=body, **ends)
        jobs.note(self.context.book, self.job.key, steps)
        self.tell("generation.integrated", assets=assets)
        outcome = "made" if not all(item.cached for item in purchases) else "cached" if batches else "unchanged"
        ended = jobs.step(self.context.book, self.job.key, "finish", outcome=outcome, **ends)
        self.tell("generation.finished", outcome=outcome, cost=text_of(ended.spent), assets=assets)
        return ended

    def _take_note_of_files(self, placed: Placed, chosen: Chosen, *, stand_in: bool) -> None:
        outcomes = {item.id: item.outcome for item in placed.added.results}
        steps = [{"step": "place", "outcome": outcomes.get(item.asset), **item.to_json()} for item in placed.files]
        steps += [notice(message) for message in chosen.notices]
        jobs.note(self.context.book, self.job.key, steps, stand_in=stand_in)


def _made_at(purchases: list[Purchase]) -> datetime | None:
    """When the last of them was settled."""
    return max((item.attempt.ended_at for item in purchases if item.attempt.ended_at is not None), default=None)


def _cost_of_each(purchases: list[Purchase]) -> Decimal | None:
    """What one picture came to: of what was bought, shared out; a purchase of before counts at its price then."""
    costs = [item.attempt.cost for item in purchases]
    pictures = sum(len(item.outputs) for item in purchases)
    known = [cost for cost in costs if cost is not None]
    return None if len(known) < len(costs) or not pictures else sum(known, Decimal(0)) / pictures


def _instructions(order: Order, planned: Plan, last: CallsheetError | None) -> str:
    spec = order.spec
    place_ = spec.integration.manifest_path if spec.integration is not None else None
    where = f"assets/{place_}" if place_ is not None else f"assets/generated/{spec.id}.png"
    tags = " ".join(f"--add {tag}" for tag in spec.tags)
    then = f"callsheet add {where}, then callsheet tag ID {tags}" if tags else f"callsheet add {where}"
    why = last.message if last is not None else why_none(planned.decisions)
    inputs = ", ".join(str(item.asset_id) for item in spec.inputs)
    using = f" from {inputs}" if inputs else ""
    return f"make it by hand{using} and save it as {where}, then: {then}. The prompt: {spec.prompt} ({why})"


@dataclass
class _Ended:
    """Whatever way a run ends, the job says so."""

    context: GenerationContext
    job: JobView
    tell: Teller

    def of(self, run: _Run) -> JobView:
        """Run it; how the job stands."""
        try:
            return run.go()
        except BudgetError as error:
            return self._end("refuse", error, "generation.refused")
        except LostError as lost:
            return self._end("lose", self._unknown(lost), "generation.lost")
        except LaterError as later:
            self.tell("generation.waiting", until=later.moment.isoformat(), code=later.error.code)
            return self._step("wait", error=error_body(later.error), resume_at=later.moment)
        except ManualError as manual:
            self.tell("generation.parked", hint=manual.instructions)
            body = {"code": "manual", "message": manual.instructions, "hint": None}
            return self._step("park", error=body)
        except CancelledError:
            self.tell("generation.cancelled")
            return self._step("cancel")
        except StoppedError:
            return self._step("interrupt")
        except CallsheetError as error:
            return self._end("fail", error, "generation.failed")
        except Exception as error:
            fault = CallsheetError(f"{type(error).__name__}: {error}", hint="a fault of Callsheet", code="internal")
            self._end("fail", fault, "generation.failed")
            raise

    def _end(self, event: JobEvent, error: CallsheetError, name: str) -> JobView:
        body = error_body(error)
        self.tell(name, code=body["code"], message=body["message"], hint=body["hint"])
        return self._step(event, error=body)

    def _step(self, event: JobEvent, **values: Any) -> JobView:
        return jobs.step(self.context.book, self.job.key, event, **values)

    def _unknown(self, lost: LostError) -> CallsheetError:
        name = self.job.id
        owner = f"j{lost.attempt.job_key}"
        why = f": {lost.error.message}" if lost.error is not None else ""
        held = text_of(lost.attempt.reserved)
        return CallsheetError(
            f"a call to {lost.attempt.provider} was sent and its outcome is unknown{why}; ${held} is held for it",
            hint=f"look at the provider's account, then: callsheet queue resolve {owner} --charged AMOUNT"
            f" | --not-charged | --poll" + ("" if owner == name else f" (of {owner}, which asked for the same)"),
            code="outcome_unknown",
        )
