"""Stopping and cancelling: asked between steps and during every wait."""

import threading
from collections.abc import Callable
from typing import Final

from generation.engine.signals import CancelledError, StoppedError

_LOOK_SECONDS: Final = 0.5
_NAP_SECONDS: Final = 0.1


class Stop:
    """Set when the program is to end; shared by all jobs of a run."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """End at the next opportunity: calls that were sent are waited for."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether the program is to end."""
        return self._event.is_set()

    def sleep(self, seconds: float) -> None:
        """Sleep, at most until it is set."""
        self._event.wait(max(seconds, 0.0))


class Control:
    """One job's view of it. `is_cancelled` asks the ledger, at most twice a second; `monotonic` tells seconds."""

    def __init__(self, stop: Stop, is_cancelled: Callable[[], bool], monotonic: Callable[[], float]) -> None:
        self._stop = stop
        self._ask = is_cancelled
        self._monotonic = monotonic
        self._asked = -_LOOK_SECONDS
        self._cancelled = False

    def cancelled(self) -> bool:
        """Whether somebody cancelled the job."""
        now = self._monotonic()
        if not self._cancelled and now - self._asked >= _LOOK_SECONDS:
            self._asked = now
            self._cancelled = self._ask()
        return self._cancelled

    def stopped(self) -> bool:
        """Whether the program is to end."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raises `CancelledError` or `StoppedError`."""
        if self.cancelled():
            raise CancelledError
        if self.stopped():
            raise StoppedError

    def wait(self, seconds: float) -> None:
        """Sleep. Raises as `check`, as soon as there is reason to."""
        end = self._monotonic() + seconds
        self.check()
        while (left := end - self._monotonic()) > 0:
            self._stop.sleep(min(left, _NAP_SECONDS))
            self.check()
