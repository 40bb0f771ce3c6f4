"""A bound on the pixels that are decoded at one time: memory must not grow with the number of threads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class PixelBudget:
    """So many pixels for all threads together. Threads come in in the order in which they asked."""

    def __init__(self, pixels: int) -> None:
        self._free = pixels
        self._whole = pixels
        self._queue = threading.Lock()
        self._changed = threading.Condition()

    @contextmanager
    def spend(self, pixels: int) -> Iterator[None]:
        """Hold so many pixels for the block; wait until they are free. More than there are at all are held alone."""
        share = min(pixels, self._whole)
        with self._queue, self._changed:  # whoever waits for much is not overtaken for ever by those who want little
            self._changed.wait_for(lambda: self._free >= share)
            self._free -= share
        try:
            yield
        finally:
            with self._changed:
                self._free += share
                self._changed.notify_all()
