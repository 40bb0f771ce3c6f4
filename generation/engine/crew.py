"""Several jobs at a time, in threads that end with the program.

The first Ctrl-C lets calls that were sent come to their end and leaves the rest in the queue; the second one leaves at
once: what was sent by then is told apart by the ledger the next time.
"""

import queue
import threading
from collections.abc import Sequence

from generation.engine.context import GenerationContext
from generation.engine.control import Stop
from generation.engine.merging import Alike
from generation.engine.running import run_job
from generation.ledger.views import JobView


def run_jobs(context: GenerationContext, keys: Sequence[int], stop: Stop | None = None) -> list[JobView]:
    """Run these jobs; how each stands at the end, in the order of the keys; those not begun are left out.

    Raises `KeyboardInterrupt` after an orderly stop, and at once when interrupted again. An unforeseen error of a job
    is raised after all others have ended.
    """
    halt = stop if stop is not None else Stop()
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for key in keys:
        waiting.put(key)
    crew = _Crew(context, halt, waiting, Alike(keys))
    # Waited for by events of our own: a `join` that Ctrl-C interrupts takes its thread for ended.
    ends = [threading.Event() for _ in range(min(max(1, context.workers), len(keys)))]
    for number, end in enumerate(ends):
        threading.Thread(target=crew.work, args=(end,), name=f"generate-{number}", daemon=True).start()
    interrupted = False
    while not all(end.is_set() for end in ends):
        try:
            for end in ends:
                end.wait(_LOOK_SECONDS)
        except KeyboardInterrupt:
            if interrupted:
                raise
            interrupted = True
            halt.set()
    if interrupted:
        raise KeyboardInterrupt
    if crew.faults:
        raise crew.faults[0]
    return [crew.ended[key] for key in keys if key in crew.ended]


_LOOK_SECONDS = 0.05


class _Crew:
    def __init__(self, context: GenerationContext, stop: Stop, waiting: "queue.SimpleQueue[int]", alike: Alike) -> None:
        self._context = context
        self._alike = alike
        self._stop = stop
        self._waiting = waiting
        self.ended: dict[int, JobView] = {}
        self.faults: list[BaseException] = []

    def work(self, end: threading.Event) -> None:
        """One job after the other, until none is left or the program is to end."""
        try:
            while not self._stop.is_set():
                self._one(self._waiting.get_nowait())
        except queue.Empty:
            pass
        finally:
            end.set()

    def _one(self, key: int) -> None:
        try:
            self.ended[key] = run_job(self._context, key, self._stop, self._alike)
        except Exception as error:  # noqa: BLE001  # raised again in the caller's thread
            self.faults.append(error)
