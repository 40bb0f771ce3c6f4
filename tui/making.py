"""What is being made here while a person goes on working: each run in a thread of its own, told by the engine's events.

A run is no job of `tui.jobs`: Esc does not end it, leaving a screen neither. When the program ends, what was sent is
waited for, and the rest stays in the queue.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ontology.errors import CallsheetError
from tui.context import Project
from tui.jobs import as_callsheet_error

if TYPE_CHECKING:
    from generation.engine.control import Stop
    from generation.events import Event, Hook
    from generation.ledger.views import JobView
    from generation.service import Generation, Planned, Refused

Made = Sequence["JobView | Refused | Planned"]
Work = Callable[["Generation", "Stop"], Made]
_SECONDS_TO_LOOK = 0.1


@dataclass(slots=True)
class Run:
    """`title` says what is made. `ended` is set when nothing of it is under way any more."""

    title: str
    stop: "Stop"
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is, and since when, in seconds of the clock."""

    spec_id: str
    words: str
    since: float


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a run: its jobs, or the error for which there are none."""

    run: Run
    jobs: Made = ()
    error: CallsheetError | None = None


class Making:
    """The runs of this program. `told` and `over` are called in the threads that work: they must not wait."""

    def __init__(
        self,
        services: Project,
        clock: Callable[[], float],
        told: "Hook",
        over: Callable[[Ending], None],
    ) -> None:
        self._services, self._clock, self._told, self._over = services, clock, told, over
        self.runs: list[Run] = []
        self.steps: dict[str, Step] = {}

    def begin(self, title: str, work: Work) -> Run:
        """Have something made beside the screen."""
        from generation.engine.control import Stop  # noqa: PLC0415  # the engine; the first paint comes before it

        run = Run(title, Stop())
        self.runs.append(run)
        threading.Thread(target=self._carry_out, args=(run, work), name="making", daemon=True).start()
        return run

    def _carry_out(self, run: Run, work: Work) -> None:
        try:
            ending = Ending(run, work(self._services.generation_told(self._told), run.stop))
        except Exception as error:  # noqa: BLE001  # the seam: whatever happens in there, the screen goes on
            ending = Ending(run, error=as_callsheet_error(error))
        run.ended.set()
        with suppress(RuntimeError):  # the program has ended, and nobody listens any more
            self._over(ending)

    def take(self, event: "Event") -> None:
        """Note how far a job is."""
        from generation.job_words import EVENTS, is_end  # noqa: PLC0415  # loaded by the engine that tells

        if is_end(event):
            self.steps.pop(event.job, None)
        else:
            self.steps[event.job] = Step(event.spec_id, EVENTS[event.name], self._clock())

    def take_end(self, ending: Ending) -> None:
        """Forget a run that is over."""
        self.runs = [run for run in self.runs if run is not ending.run]
        if not self.runs:
            self.steps.clear()

    def seconds(self, job: str) -> float | None:
        """How long the job has been at its step; None where nothing of it is known here."""
        step = self.steps.get(job)
        return None if step is None else self._clock() - step.since

    @property
    def is_running(self) -> bool:
        """Whether anything is being made."""
        return any(not run.ended.is_set() for run in self.runs)

    @property
    def line(self) -> str:
        """What is told of it on other screens; empty when nothing is made."""
        if not self.is_running:
            return ""
        steps = list(self.steps.values())
        told = f"{steps[-1].spec_id}: {steps[-1].words}" if steps else self.runs[-1].title
        more = f" (and {len(steps) - 1:,} more)" if len(steps) > 1 else ""
        return f"Generating {told}{more}"

    def stop(self) -> bool:
        """Begin nothing any more; whether there was anything. What was sent comes to its end."""
        running = [run for run in self.runs if not run.ended.is_set()]
        for run in running:
            run.stop.set()
        return bool(running)

    def wait(self) -> None:
        """Until the last run has ended. Ctrl-C ends the waiting."""
        for run in self.runs:
            while not run.ended.wait(_SECONDS_TO_LOOK):
                pass
