"""Telling what happens to whoever listens."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from generation.events import Event, EventName, Hook, Level
from generation.ledger.states import JobState
from generation.ledger.views import JobView
from generation.money import text_of

Teller = Callable[..., None]
"""`tell(name, **keys)`; keys without a value are left out."""


def teller(hook: Hook, job: str, spec_id: str, level: Level = "info") -> Teller:
    """Tells the events of one job; `level` is the spec's `log_level`."""

    def tell(name: EventName, **keys: Any) -> None:
        event = Event(name, job, spec_id, {key: value for key, value in keys.items() if value is not None}, level)
        with suppress(Exception):  # the seam to listeners: a fault of theirs must not stop what moves money
            hook(event)

    return tell


_OF_STATES: Final[Mapping[JobState, EventName]] = {
    "queued": "generation.queued",
    "working": "generation.started",
    "waiting": "generation.waiting",
    "manual": "generation.parked",
    "unknown": "generation.lost",
    "done": "generation.finished",
    "failed": "generation.failed",
    "refused": "generation.refused",
    "cancelled": "generation.cancelled",
}


def event_of(job: JobView) -> Event:
    """The event that brought a job where it stands, for whoever learns of it from the ledger."""
    keys: dict[str, Any] = {"provider": job.provider, "model": job.model, "outcome": job.outcome}
    if job.state == "done":
        keys |= {"cost": text_of(job.spent), "assets": list(job.assets)}
    elif job.error is not None:
        keys |= {name: job.error.get(name) for name in ("code", "message", "hint")}
    return Event(_OF_STATES[job.state], job.id, job.spec_id, {name: said for name, said in keys.items() if said})
