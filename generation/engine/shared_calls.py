"""What jobs that share a call owe each other: who asks for it, and how all of them stand when it has ended."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from generation.engine.context import GenerationContext
from generation.errors import ContentRejectedError, ProviderFailedError
from generation.ledger import jobs, purchasing
from generation.ledger.sharing import is_guest, is_shared, names_of_call
from generation.ledger.states import OPEN, JobEvent
from generation.ledger.views import AttemptView, JobView
from ontology.errors import ConflictError

_IN_VAIN: Final = "shared_in_vain"


def who_asks(context: GenerationContext, pending: AttemptView) -> int:
    """The job that asks for a call: of several that share it, the first that is not over."""
    if not is_shared(pending.client_request_id):
        return pending.job_key
    keys = [item.job_key for item in purchasing.shares_of(context.book, pending)]
    return next((key for key in keys if jobs.get_job(context.book, key).state in OPEN), pending.job_key)


def refuse_what_ended_in_vain(context: GenerationContext, key: int, fingerprint: str) -> None:
    """Raises what a call came to that another job made for this one too, that was charged, and that gave nothing.

    It is not bought again unasked. Who goes on with the job after that has been told, and buys it anew.
    """
    job = jobs.get_job(context.book, key)
    for item in job.attempts:
        if item.error is None or item.state != "settled" or item.fingerprint != fingerprint:
            continue
        if is_guest(item.client_request_id) and names_of_call(item.client_request_id)[0] not in _told(job):
            _note_in_vain(context, job, item)
            said = item.error
            if said["code"] == ContentRejectedError.code:
                raise ContentRejectedError(said["message"], hint=said["hint"], charged="yes")
            raise ProviderFailedError(said["message"], hint=said["hint"], code=said["code"], charged="yes")


def follow(
    context: GenerationContext, attempt: AttemptView, event: JobEvent, error: Mapping[str, Any] | None = None
) -> None:
    """When a call of unknown outcome is decided, the other jobs that shared it go the same step.

    One that has other calls of unknown outcome stays where it is.
    """
    for other in purchasing.shares_of(context.book, attempt):
        job = jobs.get_job(context.book, other.job_key)
        if error is not None and is_guest(other.client_request_id):
            _note_in_vain(context, job, other)
        if other.job_key == attempt.job_key or any(item.state == "unknown" for item in job.attempts):
            continue
        with suppress(ConflictError):  # it was cancelled, or somebody else was faster
            if job.state == "queued" and event == "charge":
                jobs.step(context.book, job.key, "lose")
            if job.state == "unknown" or event == "charge":
                jobs.step(context.book, job.key, event, error=error)


def _told(job: JobView) -> set[str]:
    return {str(step["call"]) for step in job.trace if step.get("step") == _IN_VAIN}


def _note_in_vain(context: GenerationContext, job: JobView, attempt: AttemptView) -> None:
    first = names_of_call(attempt.client_request_id)[0]
    jobs.note(context.book, job.key, [{"step": _IN_VAIN, "provider": attempt.provider, "call": first}])
