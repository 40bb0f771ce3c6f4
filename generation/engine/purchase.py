"""One purchase: reserved, marked as sent, called, stored, settled, each committed before the next begins.

Whatever goes wrong ends in the ledger: released where nothing was charged, settled where it was, *unknown* where nobody
can tell. Nothing is called twice unless the first call surely did not start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from generation.engine import keeping
from generation.engine.context import GenerationContext
from generation.engine.control import Control
from generation.engine.finding import found_again
from generation.engine.insisting import insist
from generation.engine.keeping import cost_of_failure, error_body
from generation.engine.recovery import settle_dead
from generation.engine.retrying import LONGEST_WAIT, asks_to_come_back, wait_before_retry
from generation.engine.shared_calls import refuse_what_ended_in_vain, who_asks
from generation.engine.signals import CancelledError, LaterError, LostError, StoppedError
from generation.engine.telling import Teller
from generation.errors import ProviderError, TransientError
from generation.ledger import jobs, purchasing
from generation.ledger.budgets import Limits
from generation.ledger.costing import Booked
from generation.ledger.purchasing import Along, Bought, InFlight, Quote, Reserved, Undecided
from generation.ledger.sharing import is_shared, names_of_call
from generation.ledger.views import AttemptView, JobView, job_name
from generation.money import ZERO, text_of
from generation.providers.base import CallContext, Done, Pending, Provider, Submission
from generation.request import GenerationRequest
from ontology.errors import CallsheetError

_LOOK_SECONDS: Final = 0.2
_LEAST_POLL_SECONDS: Final = 0.1
_ASIDE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be bought: the request, of which provider, and what it may cost. `along`: who may share the call."""

    job: JobView
    provider: Provider
    request: GenerationRequest
    quote: Quote
    limits: Limits
    along: Along | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought, or had been before (`cached`). `outputs` as they stand in the ledger."""

    attempt: AttemptView
    cached: bool

    @property
    def outputs(self) -> tuple[Mapping[str, Any], ...]:
        """Keys into the storage of results, with what is known of each."""
        return tuple(self.attempt.outputs)


def buy(context: GenerationContext, wanted: Wanted, control: Control, tell: Teller) -> Purchase:
    """Buy it once, or find what was bought.

    Raises `BudgetError`, `ProviderError` when it failed for good, `CallsheetError` where the result cannot be stored,
    and the engine's signals.
    """
    own = _own_pending(context, wanted)
    if own is not None:
        return _Call(context, wanted, control, tell, own).resume()
    failures = 0
    while True:
        control.check()
        refuse_what_ended_in_vain(context, wanted.job.key, wanted.quote.fingerprint)
        with context.gates.enter(wanted.quote.provider, control.wait):
            found = purchasing.reserve(context.book, wanted.quote, wanted.limits, wanted.along)
            if isinstance(found, Reserved):
                tell("generation.reserved", cost=text_of(found.attempt.reserved), provider=wanted.quote.provider)
                call = _Call(context, wanted, control, tell, found.attempt)
                try:
                    return call.make()
                except ProviderError as error:
                    failures += 1
                    seconds = _seconds_until_retry(context, failures, error)
        if isinstance(found, Bought):
            if found.attempt.job_key == wanted.job.key and is_shared(found.attempt.client_request_id):
                return Purchase(found.attempt, cached=False)  # bought for this job, by the call of another
            tell("generation.cached", provider=wanted.quote.provider)
            return Purchase(found.attempt, cached=True)
        if isinstance(found, Undecided):
            raise LostError(found.attempt)
        if isinstance(found, InFlight):
            _stand_aside(context, found.attempt, control)
            continue
        context.gates.hold(wanted.quote.provider, seconds)
        tell("generation.waiting", wait_seconds=round(seconds, 3), attempt=failures, provider=wanted.quote.provider)
        control.wait(seconds)


def _stand_aside(context: GenerationContext, other: AttemptView, control: Control) -> None:
    """Wait a little while another job buys the same. Raises `LaterError` where that waits for its provider itself."""
    if other.state == "pending" and not context.owner.is_alive(other.owner):
        same = job_name(who_asks(context, other))
        message = f"{same} has asked {other.provider} for the same and waits for it"
        error = CallsheetError(message, hint=f"`callsheet queue run {same}` asks for it", code="same_under_way")
        raise LaterError(context.book.now() + timedelta(seconds=_ASIDE_SECONDS), error)
    if not context.owner.is_alive(other.owner):
        settle_dead(context, other)
    control.wait(_LOOK_SECONDS)


def _seconds_until_retry(context: GenerationContext, failures: int, error: ProviderError) -> float:
    """How long to wait before the call is made again. Raises the error where it is not, or `LaterError`."""
    later = asks_to_come_back(error)
    if later is not None:
        raise LaterError(context.book.now() + timedelta(seconds=later), error) from error
    seconds = wait_before_retry(failures, error, context.chance())
    if seconds is None:
        raise error
    return seconds


def _own_pending(context: GenerationContext, wanted: Wanted) -> AttemptView | None:
    """The call that the provider has accepted and that this job asks for, from before this process."""
    job = jobs.get_job(context.book, wanted.job.key)
    found = next(
        (
            item
            for item in job.attempts
            if item.state == "pending" and item.fingerprint == wanted.quote.fingerprint and item.remote_id is not None
        ),
        None,
    )
    if found is None or who_asks(context, found) != wanted.job.key:
        return None
    return purchasing.whole_call(context.book, found)


class _Call:
    """One call under way."""

    def __init__(
        self, context: GenerationContext, wanted: Wanted, control: Control, tell: Teller, attempt: AttemptView
    ) -> None:
        self._context = context
        self._wanted = wanted
        self._control = control
        self._tell = tell
        self._attempt = attempt
        shares = len(names_of_call(attempt.client_request_id))
        self._request = replace(wanted.request, n=wanted.request.n * shares)
        self._lend = CallContext(
            client_request_id=attempt.client_request_id,
            deadline=context.book.now() + context.call_time,
            now=context.book.now,
            cancelled=lambda: control.cancelled() or control.stopped(),
            sent=attempt.sent_at or context.book.now(),
        )

    def make(self) -> Purchase:
        """Mark it as sent, make it, and follow it to its end."""
        provider, request = self._wanted.provider, self._request
        try:
            self._control.check()
        except (CancelledError, StoppedError):
            purchasing.release(self._context.book, self._attempt.key)
            raise
        purchasing.mark_sent(self._context.book, self._attempt.key)
        self._tell("generation.sent", provider=provider.name, model=self._wanted.quote.model)
        return self._guarded(lambda: provider.submit(request, self._lend))

    def resume(self) -> Purchase:
        """Ask for a call that the provider accepted before."""
        remote_id = self._attempt.remote_id
        assert remote_id is not None  # noqa: S101  # `_own_pending` looks for it
        purchasing.adopt(self._context.book, self._attempt.key)
        return self._guarded(lambda: Pending(remote_id, 0.0))

    def _guarded(self, start: Any) -> Purchase:
        try:
            result = self._followed(start())
        except ProviderError as error:
            return self._failed(error)
        except (CallsheetError, StoppedError, CancelledError, LostError, LaterError):
            raise
        except Exception as error:  # the seam to an adapter: a fault of it must not look as if nothing was sent
            fault = CallsheetError(f"{type(error).__name__}: {error}", hint="a fault of the adapter", code="internal")
            self._lose(fault)
            raise LostError(self._attempt, fault) from error
        return self._kept(result)

    def _followed(self, submission: Submission) -> Any:
        """The result, after as many polls as it takes."""
        known = self._attempt.state == "pending"
        while isinstance(submission, Pending):
            remote_id = submission.remote_id
            if not known:
                self._name(remote_id)
                self._tell("generation.accepted", provider=self._wanted.quote.provider, remote_id=remote_id)
                known = True
            pause = submission.poll_after
            self._wait_for(submission)
            try:
                submission = self._wanted.provider.poll(remote_id, self._request, self._lend)
            except TransientError as error:
                asked = min(error.retry_after or 0.0, LONGEST_WAIT)
                submission = Pending(remote_id, max(pause, asked, 1.0))  # asking is free
        return submission.result

    def _name(self, remote_id: str) -> None:
        """Write down how the provider calls it, before anybody waits."""
        insist(lambda: purchasing.mark_pending(self._context.book, self._attempt.key, remote_id))

    def _wait_for(self, pending: Pending) -> None:
        """Until the next poll. A call that is not waited for any more stays in the ledger, to be asked for later."""
        try:
            self._control.wait(max(pending.poll_after, _LEAST_POLL_SECONDS))
        except StoppedError:
            purchasing.disown(self._context.book, self._attempt.key)
            raise
        except CancelledError:
            if is_shared(self._attempt.client_request_id):  # others want it still, and ask for it
                purchasing.disown(self._context.book, self._attempt.key)
                raise
            if self._wanted.provider.cancel(pending.remote_id, self._lend):
                purchasing.release(self._context.book, self._attempt.key)
                raise
            fault = CallsheetError(
                "it was cancelled, but the provider works on it and may charge for it", code="cancel_refused"
            )
            self._lose(fault)
            raise LostError(self._attempt, fault) from None
        if self._context.book.now() >= self._lend.deadline:
            purchasing.disown(self._context.book, self._attempt.key)
            moment = self._context.book.now() + timedelta(seconds=max(pending.poll_after, 60.0))
            message = f"{self._wanted.quote.provider} has not finished after {self._context.call_seconds:g} s"
            raise LaterError(moment, TransientError(message, hint="`callsheet queue run` asks again"))

    def _failed(self, error: ProviderError) -> Purchase:
        """Book a failure. Raises the error, or `LostError`; a recovered result is returned."""
        body = error_body(error)
        if error.charged == "no" and error.outcome_known:
            insist(lambda: purchasing.release(self._context.book, self._attempt.key, error=body))
            self._tell("generation.released", provider=self._wanted.quote.provider, code=error.code)
            raise error
        if error.charged == "yes":
            cost = cost_of_failure(error, self._attempt)
            insist(lambda: purchasing.settle(self._context.book, self._attempt.key, cost, error=body))
            told = text_of(cost.amount)
            self._tell("generation.settled", provider=self._wanted.quote.provider, cost=told, code=error.code)
            raise error
        found = self._recovered()
        if found is not None:
            return found
        self._lose(error)
        raise LostError(self._attempt, error) from error

    def _recovered(self) -> Purchase | None:
        """The result of a call whose answer was lost, from the provider's own history; None where it cannot tell."""
        try:
            found = found_again(self._context, self._attempt, self._wanted.provider, self._request, self._lend)
            if found is None:
                return None
            result = found.result if isinstance(found, Done) else self._followed(found)
        except ProviderError:
            return None
        return self._kept(result)

    def _lose(self, error: CallsheetError) -> None:
        insist(lambda: purchasing.lose(self._context.book, self._attempt.key, error=error_body(error)))
        self._tell("generation.lost", provider=self._wanted.quote.provider, code=error.code)

    def _kept(self, result: Any) -> Purchase:
        """Store, then settle. What was paid for and cannot be stored is booked all the same."""
        try:
            record = keeping.keep(self._context, self._attempt, result)
        except CallsheetError as error:
            amount = result.cost.amount if result.cost.amount is not None else self._attempt.estimate_high or ZERO
            cost, body = Booked(amount, result.cost.source), error_body(error)
            insist(lambda: purchasing.settle(self._context.book, self._attempt.key, cost, error=body))
            raise
        self._tell("generation.stored", outputs=len(record["outputs"]))
        settled = insist(lambda: keeping.book_record(self._context, self._attempt, record))
        self._tell(
            "generation.settled",
            provider=settled.provider,
            model=settled.model,
            cost=text_of(settled.cost),
            discrepancy=settled.discrepancy,
            duration_seconds=_seconds(settled),
        )
        return Purchase(settled, cached=False)


def _seconds(attempt: AttemptView) -> float | None:
    if attempt.sent_at is None or attempt.ended_at is None:
        return None
    return round((attempt.ended_at - attempt.sent_at).total_seconds(), 3)
