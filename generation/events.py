"""What is told while things are made: one vocabulary for the log, the screens and whoever follows the events.

An event is a dotted name and keys, no sentence. Money is text in dollars, durations are in seconds.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal

SUBSYSTEM: Final = "asset-generation"

EventName = Literal[
    "generation.queued",
    "generation.started",
    "generation.routed",
    "generation.reserved",
    "generation.sent",
    "generation.accepted",
    "generation.waiting",
    "generation.stored",
    "generation.settled",
    "generation.released",
    "generation.lost",
    "generation.cached",
    "generation.processed",
    "generation.integrated",
    "generation.finished",
    "generation.failed",
    "generation.refused",
    "generation.parked",
    "generation.cancelled",
]
"""`routed`: a provider was chosen or passed over. `lost`: the outcome of a call is unknown. `waiting`: before another
attempt, or for a provider. `parked`: a person is to make it."""

NAMES: Final[tuple[EventName, ...]] = EventName.__args__  # type: ignore[attr-defined]  # of the alias

Level = Literal["debug", "info", "warning", "error"]

_LEVELS: Final[Mapping[EventName, Level]] = {
    "generation.queued": "debug",
    "generation.routed": "debug",
    "generation.reserved": "debug",
    "generation.stored": "debug",
    "generation.processed": "debug",
    "generation.waiting": "warning",
    "generation.parked": "warning",
    "generation.cancelled": "warning",
    "generation.lost": "error",
    "generation.failed": "error",
    "generation.refused": "error",
}


_RANK: Final[Mapping[Level, int]] = {"debug": 0, "info": 1, "warning": 2, "error": 3}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `log_level` is the spec's. `keys` are JSON values (`cost`, `duration_seconds`)."""

    name: EventName
    job: str
    spec_id: str
    keys: Mapping[str, Any] = field(default_factory=dict)
    log_level: Level = "info"

    @property
    def level(self) -> Level:
        """How much it matters; a spec's `log_level` is compared with it."""
        return _LEVELS.get(self.name, "info")

    @property
    def is_logged(self) -> bool:
        """Whether the spec wants it in the log; screens show what they like."""
        return _RANK[self.level] >= _RANK[self.log_level]

    def to_json(self) -> dict[str, Any]:
        """`{event, level, subsystem, job, spec_id, …}`."""
        head = {"event": self.name, "level": self.level, "subsystem": SUBSYSTEM, "job": self.job}
        return {**head, "spec_id": self.spec_id, **self.keys}


Hook = Callable[[Event], None]
"""Whoever listens. It is called in the threads that work, must be quick, and must not raise."""


def all_of(*hooks: Hook) -> Hook:
    """One that tells each of them in turn; a fault of one keeps the others from nothing."""

    def tell(event: Event) -> None:
        for hook in hooks:
            with suppress(Exception):  # the seam to listeners
                hook(event)

    return tell
