"""Calls of unknown outcome: what a person says of them, or what the provider tells. Nothing is sent."""

from datetime import timedelta
from decimal import Decimal

from generation.engine import keeping
from generation.engine.context import GenerationContext
from generation.engine.finding import found_again
from generation.engine.keeping import cost_of_failure, error_body
from generation.engine.orders import order_of
from generation.engine.planning import plan
from generation.engine.shared_calls import follow
from generation.errors import ProviderError, TransientError
from generation.ledger import jobs, purchasing
from generation.ledger.costing import Booked
from generation.ledger.sharing import names_of_call
from generation.ledger.views import AttemptView, JobView
from generation.money import text_of
from generation.providers.base import CallContext, Done, Provider, Submission
from generation.request import GenerationRequest
from ontology.errors import ConflictError


def say_charged(context: GenerationContext, name: str, amount: Decimal) -> JobView:
    """It was charged, this much, and nothing came of it. Raises `ConflictError` where nothing is unknown.

    `amount` is for the whole call, also where several jobs share it.
    """
    job = jobs.get_job(context.book, name)
    first, *others = _unknown(job)
    body = {
        "code": "charged_without_result",
        "message": f"the call was charged ${text_of(amount)}, and its result is lost",
        "hint": f"`callsheet queue run {job.id}` buys it again",
    }
    purchasing.settle(context.book, first.key, Booked(amount, "reported"), error=body)
    follow(context, first, "charge", body)
    if others or job.state != "unknown":
        return jobs.get_job(context.book, job.key)
    return jobs.step(context.book, job.key, "charge", error=body)


def say_not_charged(context: GenerationContext, name: str) -> JobView:
    """It was not charged: what is held is free, and the job is queued again. Raises as `say_charged`."""
    job = jobs.get_job(context.book, name)
    for attempt in _unknown(job):
        purchasing.release(context.book, attempt.key)
        follow(context, attempt, "release")
    if job.state != "unknown":
        return jobs.get_job(context.book, job.key)
    return jobs.step(context.book, job.key, "release", error=None)


def ask_provider(context: GenerationContext, name: str) -> JobView:
    """Ask the provider what became of the calls. What it knows is booked, and the job queued again.

    A call that has ended without a result is booked as such, and the job has failed: nothing is bought again unasked.

    Raises `ConflictError` as `say_charged`, and where the provider cannot tell (`still_unknown`); `ProviderError`.
    """
    job = jobs.get_job(context.book, name)
    failure: ProviderError | None = None
    for attempt in _unknown(job):
        provider, request = _asked_of(context, job, attempt)
        lend = CallContext(
            names_of_call(attempt.client_request_id)[0],
            deadline=context.book.now() + timedelta(seconds=context.call_seconds),
            now=context.book.now,
            cancelled=lambda: False,
            sent=attempt.sent_at,
        )
        try:
            found = _found(context, provider, request, attempt, lend)
        except ProviderError as error:
            if attempt.remote_id is None or not _booked(context, attempt, error):
                raise
            failure = error
            follow(context, attempt, "charge", error_body(error))
            continue
        if found is None:
            raise ConflictError(
                f"{attempt.provider} cannot tell what became of the call of {job.id}",
                hint=f"look at your account there, then: callsheet queue resolve {job.id} --charged AMOUNT"
                " | --not-charged",
                code="still_unknown",
            )
        if isinstance(found, Done):
            record = keeping.keep(context, attempt, found.result)
            keeping.book_record(context, attempt, record)
        else:
            purchasing.mark_pending(context.book, attempt.key, found.remote_id)
            purchasing.disown(context.book, attempt.key)
        follow(context, attempt, "retry")
    if job.state != "unknown":
        return jobs.get_job(context.book, job.key)
    if failure is not None:
        return jobs.step(context.book, job.key, "charge", error=error_body(failure))
    return jobs.step(context.book, job.key, "retry", error=None)


def _booked(context: GenerationContext, attempt: AttemptView, error: ProviderError) -> bool:
    """Book a call that the provider tells to have ended without a result; whether it tells."""
    if not error.outcome_known or error.charged == "unknown" or isinstance(error, TransientError):
        return False
    if error.charged == "no":
        purchasing.release(context.book, attempt.key, error=error_body(error))
    else:
        cost = cost_of_failure(error, purchasing.whole_call(context.book, attempt))
        purchasing.settle(context.book, attempt.key, cost, error=error_body(error))
    return True


def _unknown(job: JobView) -> list[AttemptView]:
    found = [item for item in job.attempts if item.state == "unknown"]
    if not found:
        raise ConflictError(
            f"{job.id} is {job.state}, and no call of it is of unknown outcome",
            hint=f"`callsheet queue show {job.id}` tells how it stands",
            code="nothing_unknown",
        )
    return found


def _asked_of(context: GenerationContext, job: JobView, attempt: AttemptView) -> tuple[Provider, GenerationRequest]:
    """The provider and the very request. Raises `ConflictError` where the inputs are not what they were."""
    order = order_of(job.asked)
    for choice in plan(context, order).choices:
        for part in choice.parts:
            if part.fingerprint(choice.provider) == attempt.fingerprint:
                shares = len(names_of_call(attempt.client_request_id))
                return context.providers[choice.provider], part.shared_by(shares).request
    raise ConflictError(
        f"what {job.id} asked {attempt.provider} for cannot be put together again",
        hint="its inputs have changed or its provider is not here; say --charged AMOUNT or --not-charged",
        code="still_unknown",
    )


def _found(
    context: GenerationContext, provider: Provider, request: GenerationRequest, attempt: AttemptView, lend: CallContext
) -> Submission | None:
    if attempt.remote_id is not None:
        return provider.poll(attempt.remote_id, request, lend)
    return found_again(context, attempt, provider, request, lend)
