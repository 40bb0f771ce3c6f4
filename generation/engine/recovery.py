"""After a process died: what it had under way is brought to what is certain. Nothing is sent.

Reserved but not sent: released. Sent, and its result stored: settled by its record. Sent otherwise: *unknown*. Accepted
by the provider under a name: left to be asked for.
"""

from contextlib import suppress

from generation.engine.context import GenerationContext
from generation.engine.keeping import book_record, kept_record
from generation.ledger import jobs, purchasing
from generation.ledger.sharing import is_shared
from generation.ledger.states import IllegalStepError
from generation.ledger.views import AttemptView
from ontology.errors import ConflictError

_DIED = {
    "code": "outcome_unknown",
    "message": "the program ended after the call was sent and before its answer was kept",
    "hint": "look at the provider's account, then `callsheet queue resolve`",
}


def sweep(context: GenerationContext) -> None:
    """Settle what dead processes left. Cheap where there is nothing: two look-ups by index."""
    if not context.book.database.exists():
        return
    for attempt in jobs.attempts_in_flight(context.book):
        if not context.owner.is_alive(attempt.owner):
            settle_dead(context, attempt)
            _lose_queued(context, attempt)
    for job in jobs.working_jobs(context.book):
        if not context.owner.is_alive(job.owner):
            whole = jobs.get_job(context.book, job.key)
            lost = any(item.state == "unknown" for item in whole.attempts)
            try:
                if lost:
                    jobs.step(context.book, job.key, "lose", error=_DIED)
                else:
                    jobs.step(context.book, job.key, "interrupt")
            except ConflictError:
                continue  # somebody else swept it


def _lose_queued(context: GenerationContext, attempt: AttemptView) -> None:
    """A job that shared a call of unknown outcome before it was begun is of unknown outcome like the others."""
    if is_shared(attempt.client_request_id):
        job = jobs.get_job(context.book, attempt.job_key)
        if job.state == "queued" and any(item.state == "unknown" for item in job.attempts):
            with suppress(ConflictError):  # somebody else swept it
                jobs.step(context.book, job.key, "lose", error=_DIED)


def settle_dead(context: GenerationContext, attempt: AttemptView) -> None:
    """Bring one purchase of a dead process to what is certain."""
    try:
        if attempt.state == "reserved":
            purchasing.release(context.book, attempt.key)
        elif attempt.state == "sent":
            record = kept_record(context, attempt)
            if record is not None:
                book_record(context, attempt, record)
            else:
                purchasing.lose(context.book, attempt.key, error=_DIED)
        elif attempt.owner is not None:
            purchasing.disown(context.book, attempt.key)
    except IllegalStepError:
        return  # another process was faster
