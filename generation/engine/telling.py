"""Telling what happens to whoever listens."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from generation.events import Event, EventName, Hook, Level

Teller = Callable[..., None]
"""`tell(name, **keys)`; keys without a value are left out."""


def teller(hook: Hook, job: str, spec_id: str, level: Level = "info") -> Teller:
    """Tells the events of one job; `level` is the spec's `log_level`."""

    def tell(name: EventName, **keys: Any) -> None:
        event = Event(name, job, spec_id, {key: value for key, value in keys.items() if value is not None}, level)
        with suppress(Exception):  # the seam to listeners: a fault of theirs must not stop what moves money
            hook(event)

    return tell
