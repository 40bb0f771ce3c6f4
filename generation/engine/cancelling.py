"""Cancelling a job, also one whose call a provider has accepted and works on."""

from contextlib import suppress
from datetime import timedelta

from generation.engine.context import GenerationContext
from generation.engine.keeping import error_body
from generation.errors import ProviderError
from generation.ledger import jobs, purchasing
from generation.ledger.sharing import is_shared
from generation.ledger.views import AttemptView, JobView
from generation.providers.base import CallContext
from ontology.errors import CallsheetError


def cancel_job(context: GenerationContext, name: str) -> JobView:
    """Have the job cancelled: at once where nobody works on it, else by whoever does.

    Where the provider does not agree to stop a call that it has accepted, the job is of unknown outcome. A call that
    others share is not stopped: they want it still. Raises `ConflictError` for a job that is over, or is of unknown
    outcome already.
    """
    job = jobs.get_job(context.book, name)
    pending = [item for item in job.attempts if item.state == "pending" and not is_shared(item.client_request_id)]
    if job.state == "working" or not pending:
        return jobs.request_cancel(context.book, job.key)
    fault = CallsheetError(
        "it was cancelled, but the provider works on it and may charge for it",
        hint=f"look at the provider's account, then: callsheet queue resolve {job.id} --charged AMOUNT | --poll",
        code="cancel_refused",
    )
    for attempt in pending:
        if _agrees(context, attempt):
            purchasing.release(context.book, attempt.key)
        else:
            purchasing.lose(context.book, attempt.key, error=error_body(fault))
    if any(item.state == "unknown" for item in jobs.get_job(context.book, job.key).attempts):
        return jobs.step(context.book, job.key, "lose", error=error_body(fault))
    return jobs.request_cancel(context.book, job.key)


def _agrees(context: GenerationContext, attempt: AttemptView) -> bool:
    provider = context.providers.get(attempt.provider)
    if provider is None or attempt.remote_id is None:
        return False
    lend = CallContext(
        attempt.client_request_id,
        deadline=context.book.now() + timedelta(seconds=context.call_seconds),
        now=context.book.now,
        cancelled=lambda: False,
    )
    with suppress(ProviderError):
        return provider.cancel(attempt.remote_id, lend)
    return False
