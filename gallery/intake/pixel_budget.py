"""A bound on the pixels that are decoded at one time: memory must not grow with the number of threads."""

import threading
from types import TracebackType


class PixelBudget:
    """So many pixels for all threads together. Threads come in in the order in which they asked."""

    def __init__(self, pixels: int) -> None:
        self._free = pixels
        self._whole = pixels
        self._queue = threading.Lock()
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)

    def spend(self, pixels: int) -> "_Share":
        """Hold so many pixels for a `with`; wait until they are free. More than there are at all are held alone."""
        return _Share(self, min(pixels, self._whole))

    def _take(self, share: int) -> None:
        with self._queue, self._lock:  # whoever waits for much is not overtaken for ever by those who want little
            while self._free < share:
                self._changed.wait()
            self._free -= share

    def _give_back(self, share: int) -> None:
        with self._lock:
            self._free += share
            self._changed.notify()  # one at most waits here: the others stand in the queue behind it


class _Share:
    """Pixels of a budget. No generator: it is made for each picture, and has fewer steps this way."""

    __slots__ = ("_budget", "_pixels")

    def __init__(self, budget: PixelBudget, pixels: int) -> None:
        self._budget = budget
        self._pixels = pixels

    def __enter__(self) -> None:
        self._budget._take(self._pixels)  # noqa: SLF001  # its own

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._budget._give_back(self._pixels)  # noqa: SLF001  # as above
