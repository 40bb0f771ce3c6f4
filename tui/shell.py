"""The app without its screens: what every screen may ask of it. Screens import this, the app imports the screens."""

from abc import abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, TypeVar

from textual.app import App
from textual.notifications import SeverityLevel
from textual.worker import get_current_worker

from ontology.errors import CallsheetError
from ontology.escaping import visible
from tui.context import TuiContext
from tui.jobs import Job, JobStopped, as_callsheet_error
from tui.messages import GalleryChanged
from tui.state import TuiState
from tui.subject import Subject
from tui.widgets.job_line import JobLine

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_SAVES = 2.0
NOTICE_SECONDS = 6.0

Result = TypeVar("Result")


class Shell(App[None]):
    """Context, memory, jobs, notices, and following what other processes change."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = True

    def __init__(self, context: TuiContext, **options: Any) -> None:
        super().__init__(**options)
        self.context = context
        self.state = TuiState(context.state_file)
        self.jobs: list[Job] = []
        self._batch = -1
        self._own_batches: set[int] = set()

    @abstractmethod
    def go(self, screen: str, subject: Subject | None = None) -> None:
        """Open a screen by its name."""

    def on_mount(self) -> None:
        """Begin to look for changes, and to save what is remembered."""
        if self.state.trouble:
            self.tell(self.state.trouble, severity="warning")
        self.set_interval(SECONDS_BETWEEN_SAVES, self.save_state)
        self.set_interval(SECONDS_BETWEEN_LOOKS, self.look_for_changes)
        self.look_for_changes()

    def on_unmount(self) -> None:
        """Remember for the next start."""
        for job in self.jobs:
            job.stop()
        self.save_state()

    def save_state(self) -> None:
        """Write what is remembered; a disk that does not take it is told, once."""
        try:
            self.state.save()
        except OSError as error:
            if not self.state.trouble:
                self.state.trouble = str(error)
                self.tell_error(as_callsheet_error(error))

    def tell(self, text: str, *, title: str = "", severity: SeverityLevel = "information") -> None:
        """A notice. The text may quote data: it is shown literally."""
        self.notify(visible_lines(text), title=title, severity=severity, timeout=NOTICE_SECONDS, markup=False)

    def tell_error(self, error: CallsheetError) -> None:
        """What went wrong, and what to do."""
        hint = f"\n→ {error.hint}" if error.hint else ""
        self.notify(visible_lines(error.message + hint), title="Not done", severity="error", timeout=10, markup=False)

    def run_job(
        self,
        title: str,
        work: Callable[[Job], Result],
        done: Callable[[Result], None],
        *,
        group: str = "job",
        quiet: bool = False,
        failed: Callable[[CallsheetError], None] | None = None,
    ) -> Job:
        """Do `work` in a thread, then `done` with its result on the screen's side.

        A newer job of the same group stops the older one, whose result is dropped. Errors become notices, or go to
        `failed`. `quiet`: it is too short to be shown as running.
        """
        job = Job(title, lambda so_far, of: self.call_from_thread(self._progress, job, so_far, of))
        if not quiet:
            self.jobs.append(job)
            self.job_changed()

        def run() -> None:
            worker = get_current_worker()
            job.overtaken = lambda: worker.is_cancelled
            try:
                result = work(job)
            except JobStopped:
                outcome: Callable[[], None] = lambda: None  # noqa: E731  # nothing is left to do
            except Exception as error:  # noqa: BLE001  # the seam: whatever happens in there, the screen goes on
                told = as_callsheet_error(error)
                outcome = lambda: (failed or self.tell_error)(told)  # noqa: E731  # see above
            else:
                outcome = lambda: done(result)  # noqa: E731  # see above
            if not worker.is_cancelled:
                self.call_from_thread(self._ended, job, outcome)

        self.run_worker(run, name=title, group=group, exclusive=True, thread=True, exit_on_error=True)
        return job

    def stop_jobs(self) -> bool:
        """Ask everything that is shown as running to end; whether there was anything."""
        running = [job for job in self.jobs if not job.stopped]
        for job in running:
            job.stop()
        return bool(running)

    def job_changed(self, done: int = 0, of: int = 0) -> None:
        """Show the newest of the running jobs, or that there is none."""
        job = self.jobs[-1] if self.jobs else None
        for line in self.screen.query(JobLine):
            line.show(job, done, of)

    def _progress(self, job: Job, done: int, of: int) -> None:
        if job in self.jobs:
            self.job_changed(done, of)

    def _ended(self, job: Job, outcome: Callable[[], None]) -> None:
        if job in self.jobs:
            self.jobs.remove(job)
            self.job_changed()
        if self.is_running:
            outcome()

    def change(self, title: str, work: Callable[[Job], Result], done: Callable[[Result], None]) -> None:
        """As `run_job`, for work that changes the gallery: screens hear of it without waiting for the next look."""

        def then(result: Result) -> None:
            batch = getattr(result, "batch", None)
            if isinstance(batch, int):
                self._own_batches.add(batch)
            done(result)
            self.look_for_changes()

        self.run_job(title, work, then, group=f"change-{title}", quiet=True)

    def look_for_changes(self) -> None:
        """See whether the journal has grown, here or in another process."""
        look = self.context.services.gallery.last_batch
        self.run_job("", lambda _: look(), self._seen, group="follow", quiet=True, failed=lambda _: None)

    def _seen(self, batch: int) -> None:
        before, self._batch = self._batch, batch
        if before not in (-1, batch):
            by_us = set(range(before + 1, batch + 1)) <= self._own_batches
            self._own_batches = {own for own in self._own_batches if own > batch}
            with suppress(IndexError):
                for screen in self.screen_stack:
                    screen.post_message(GalleryChanged(batch, by_us))


def visible_lines(text: str) -> str:
    """Text with its line ends, everything unseen spelled out."""
    return "\n".join(visible(line) for line in text.split("\n"))
