"""Making what was ordered while somebody serves: threads that take jobs as they come, and look for what is due.

Several processes may serve one project: a job is claimed in the ledger, so that only one makes it. What is not begun
when the program ends stays queued, and whoever serves next goes on with what was ordered from afar.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from generation.engine.control import Stop
from generation.engine.merging import Alike
from generation.engine.recovery import sweep
from generation.engine.running import run_job
from generation.ledger.ordering import due_orders
from generation.service import Generation
from ontology.errors import CallsheetError

SECONDS_BETWEEN_LOOKS: Final = 2.0
_LOOK_SECONDS: Final = 0.1

Faults = Callable[[BaseException], None]


@dataclass
class _Together:
    """Jobs that were handed over at once: what follows on a run follows when the last of them stands still."""

    keys: Sequence[int]
    left: int = field(init=False)
    alike: Alike = field(init=False)

    def __post_init__(self) -> None:
        self.left = len(self.keys)
        self.alike = Alike(self.keys)


class Background:
    """The threads. `generation` gives what they work with, asked for each job; `faults` hears what was unforeseen.

    Nothing is started before there is something to do, or `watch` is called.
    """

    def __init__(self, generation: Callable[[], Generation], faults: Faults) -> None:
        self._generation, self._faults = generation, faults
        self._stop = Stop()
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[tuple[_Together, int] | None] = queue.SimpleQueue()
        self._taken: set[int] = set()
        self._threads: list[threading.Thread] = []
        self._watcher: threading.Thread | None = None

    def watch(self) -> None:
        """From now on look for what is due, also what was left behind when a server ended."""
        with self._lock:
            if self._watcher is None and not self._ended.is_set():
                self._watcher = threading.Thread(target=self._look, name="generate-look", daemon=True)
                self._watcher.start()

    def add(self, keys: Sequence[int]) -> None:
        """Make these jobs, unless they are being made. Those of an order belong into one call."""
        self.watch()
        most = max(1, self._generation().context.workers)  # what cannot be worked with leaves nothing taken
        with self._lock:
            fresh = [key for key in keys if key not in self._taken]
            if not fresh or self._ended.is_set():
                return
            self._taken.update(fresh)
            together = _Together(fresh)
            for key in fresh:
                self._waiting.put((together, key))
            self._grow(len(fresh), most)

    def _grow(self, wanted: int, most: int) -> None:
        while len(self._threads) < most and wanted > 0:
            wanted -= 1
            name = f"generate-behind-{len(self._threads)}"
            self._threads.append(threading.Thread(target=self._work, name=name, daemon=True))
            self._threads[-1].start()

    def close(self, leave: Callable[[], bool] = lambda: False) -> None:
        """Begin nothing any more, and wait for calls that were sent, unless `leave` says that it is enough.

        What is left then is told apart by the ledger the next time.
        """
        self._ended.set()
        self._stop.set()
        with self._lock:
            threads = [*self._threads, *([self._watcher] if self._watcher is not None else [])]
        for _ in threads:
            self._waiting.put(None)
        for thread in threads:
            while thread.is_alive() and not leave():
                thread.join(_LOOK_SECONDS)

    @property
    def working(self) -> int:
        """How many jobs wait or are being made here."""
        return len(self._taken)

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            together, key = item
            try:
                if not self._stop.is_set():
                    run_job(self._generation().context, key, self._stop, together.alike)
            except Exception as error:  # noqa: BLE001  # the last seam: the job says that it failed, the log why
                self._faults(error)
            finally:
                self._done(together, key)

    def _done(self, together: _Together, key: int) -> None:
        with self._lock:
            self._taken.discard(key)
            together.left -= 1
            is_last = together.left == 0
        if is_last and not self._stop.is_set():
            try:
                self._generation().conclude(together.keys)
            except Exception as error:  # noqa: BLE001  # see above
                self._faults(error)

    def _look(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            try:
                context = self._generation().context
                if context.book.database.exists():
                    sweep(context)
                    self.add(due_orders(context.book, context.book.now()))
            except CallsheetError:
                continue  # locked for a moment, or of another version: the next look tells
            except Exception as error:  # noqa: BLE001  # see above
                self._faults(error)
