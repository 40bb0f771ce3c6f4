"""How many calls a provider is sent at a time, and how often: one gate for each provider of this process."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pace:
    """The most calls at a time, and in a minute (None: any number)."""

    at_once: int = 4
    per_minute: float | None = None


@dataclass
class _Gate:
    pace: Pace
    places: threading.BoundedSemaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_start: float = 0.0


class Gates:
    """The gates of all providers. `monotonic` tells seconds, `wait` sleeps and raises where the wait is given up."""

    def __init__(self, paces: Mapping[str, Pace], monotonic: Callable[[], float]) -> None:
        self._paces = paces
        self._monotonic = monotonic
        self._gates: dict[str, _Gate] = {}
        self._lock = threading.Lock()

    @contextmanager
    def enter(self, provider: str, wait: Callable[[float], None]) -> Iterator[None]:
        """Stand at the gate until a call may be made; leave it at the end of the block."""
        gate = self._gate(provider)
        while not gate.places.acquire(blocking=False):
            wait(_LOOK)
        try:
            while (left := self._until_start(gate)) > 0:
                wait(left)
            yield
        finally:
            gate.places.release()

    def hold(self, provider: str, seconds: float) -> None:
        """Let nobody through for so long: the provider asked for it."""
        gate = self._gate(provider)
        with gate.lock:
            gate.next_start = max(gate.next_start, self._monotonic() + seconds)

    def _until_start(self, gate: _Gate) -> float:
        """Seconds until the next call may start; 0 takes that place."""
        with gate.lock:
            now = self._monotonic()
            if now < gate.next_start:
                return gate.next_start - now
            if gate.pace.per_minute:
                gate.next_start = now + 60.0 / gate.pace.per_minute
            return 0.0

    def _gate(self, provider: str) -> _Gate:
        with self._lock:
            if provider not in self._gates:
                pace = self._paces.get(provider, Pace())
                self._gates[provider] = _Gate(pace, threading.BoundedSemaphore(pace.at_once))
            return self._gates[provider]


_LOOK = 0.05
