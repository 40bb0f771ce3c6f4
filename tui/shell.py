"""The app without its screens: what every screen may ask of it. Screens import this, the app imports the screens."""

from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import on
from textual._context import NoActiveAppError
from textual.css.query import NoMatches
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import get_current_worker

from gallery.project_files import Refreshed
from ontology.errors import CallsheetError, OntologyError
from ontology.escaping import visible
from tui.commands.registry import Command
from tui.context import TuiContext
from tui.graphics import Drawing, is_in_pixels
from tui.job_notices import notices_of
from tui.jobs import Job, JobStopped, as_callsheet_error
from tui.making import Ending, Making
from tui.messages import EngineTold, GalleryChanged, QueueChanged, RunEnded, VocabularyChanged
from tui.state import TuiState
from tui.subject import Subject
from tui.tag_sets import TagSets
from tui.typed import KeysInOrder
from tui.widgets.job_line import JobLine

if TYPE_CHECKING:
    from generation.events import Event

SECONDS_UNTIL_SHOWN = 0.3
"""What ends sooner is not shown as running."""

SECONDS_UNTIL_COUNTED = 0.5
"""The first paint comes before the pickers' numbers."""

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_SAVES = 2.0
NOTICE_SECONDS = 6.0

Result = TypeVar("Result")


class Shell(KeysInOrder):
    """Context, memory, jobs, notices, and following what other processes change."""

    ENABLE_COMMAND_PALETTE: ClassVar[bool] = True

    def __init__(self, context: TuiContext, **options: Any) -> None:
        super().__init__(**options)
        self.context = context
        self.state = TuiState(context.state_file)
        self.tag_sets = TagSets(self.state)
        self.uses: Mapping[str, int] = {}
        self._blind_for = ""
        self.jobs: list[Job] = []
        self._batch = -1
        self._own_batches: set[int] = set()
        self._changes: deque[Callable[[], None]] = deque()
        self._numbers = count()
        self.making = Making(context.services, context.clock, self._hear, self._hear_end)

    @property
    def drawing(self) -> Drawing:
        """How pictures are drawn. Where nobody looks, or colours are not wanted, in cells at most."""
        wanted = self.context.pictures
        return "blocks" if is_in_pixels(wanted) and (self.is_headless or self.no_color) else wanted

    @abstractmethod
    def go(self, screen: str, subject: Subject | None = None) -> None:
        """Open a screen by its name."""

    @abstractmethod
    def carry_out(self, command: Command) -> None:
        """Do what a command says."""

    def on_mount(self) -> None:
        """Begin to look for changes, and to save what is remembered."""
        if self.context.notice:
            self.tell(self.context.notice, severity="warning")
        if self.state.trouble:
            self.tell(self.state.trouble, severity="warning")
        self.set_interval(SECONDS_BETWEEN_SAVES, self.save_state)
        self.set_interval(SECONDS_BETWEEN_LOOKS, self.look_for_changes)
        self.call_after_refresh(self.look_for_changes)
        self.set_timer(SECONDS_UNTIL_COUNTED, self.count_uses)

    def on_unmount(self) -> None:
        """Remember for the next start."""
        for job in self.jobs:
            job.stop()
        self.making.stop()
        self.save_state()

    def count_uses(self) -> None:
        """Count how often each tag is used, for the pickers."""

        def done(uses: Mapping[str, int]) -> None:
            self.uses = uses

        self.run_job(
            "",
            lambda _: self.context.services.gallery.tag_uses(),
            done,
            group="uses",
            quiet=True,
            failed=lambda _: None,
        )

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
        stopped: Callable[[], None] = lambda: None,
    ) -> Job:
        """Do `work` in a thread, then `done` with its result on the screen's side.

        A newer job of the same group stops the older one, whose result is dropped. Errors become notices, or go to
        `failed`; what somebody stopped ends in `stopped`. `quiet`: it is never shown as running.

        Where the screen that asked has been left meanwhile, these may find its widgets gone: it is no error.
        """
        job = Job(title, lambda: self._from_thread(self._progress, job))
        asked_from = self.screen_stack[-1] if self.screen_stack else None
        if not quiet:
            self.jobs.append(job)
            self.set_timer(SECONDS_UNTIL_SHOWN, partial(self._still_running, job))

        def run() -> None:
            worker = get_current_worker()
            job.overtaken = lambda: worker.is_cancelled
            try:
                outcome = partial(done, work(job))
            except JobStopped:
                outcome = partial(stopped)
            except Exception as error:  # noqa: BLE001  # the seam: whatever happens in there, the screen goes on
                outcome = partial(failed or self.tell_error, as_callsheet_error(error))
            if not worker.is_cancelled:
                self._from_thread(self._ended, job, outcome, asked_from)

        self.run_worker(run, name=title, group=group, exclusive=True, thread=True, exit_on_error=True)
        return job

    def _from_thread(self, call: Callable[..., None], *given: Any) -> None:
        """Call on the screen's side; not once the program is ending, when nobody is there to listen."""
        try:
            self.call_from_thread(call, *given)
        except (RuntimeError, NoActiveAppError):
            if self.is_running:
                raise

    def stop_jobs(self) -> bool:
        """Ask everything that is shown as running to end; whether there was anything."""
        running = [job for job in self.jobs if not job.stopped]
        for job in running:
            job.stop()
        return bool(running)

    def job_changed(self) -> None:
        """Show the newest of the jobs that run for a while, else what is being made, or nothing."""
        shown = [job.line for job in self.jobs if job.is_shown]
        for screen in self.screen_stack:  # also below a window that is open
            for line in screen.query(JobLine):
                line.show(shown[-1] if shown else self.making.line)

    def _hear(self, event: "Event") -> None:
        self.post_message(EngineTold(event))

    def _hear_end(self, ending: Ending) -> None:
        self.post_message(RunEnded(ending))

    @on(EngineTold)
    def _engine_told(self, message: EngineTold) -> None:
        self.making.take(message.event)
        self.job_changed()
        self._queue_changed(message.event)

    @on(RunEnded)
    def _run_ended(self, message: RunEnded) -> None:
        self.making.take_end(message.ending)
        self.job_changed()
        self._queue_changed(None)
        for told in notices_of(message.ending):
            self.tell(told.text, title=told.title, severity=told.severity)
        self.look_for_changes()

    def _queue_changed(self, event: "Event | None") -> None:
        for screen in self.screen_stack:
            screen.post_message(QueueChanged(event))

    def _still_running(self, job: Job) -> None:
        if job in self.jobs:
            job.is_shown = True
            self.job_changed()

    def _progress(self, job: Job) -> None:
        if job.is_shown:
            self.job_changed()

    def _ended(self, job: Job, outcome: Callable[[], None], asked_from: Screen[Any] | None) -> None:
        if job in self.jobs:
            self.jobs.remove(job)
            self.job_changed()
        if not self.is_running:
            return
        try:
            outcome()
        except NoMatches:
            if asked_from in self.screen_stack:
                raise

    def change(
        self,
        title: str,
        work: Callable[[Job], Result],
        done: Callable[[Result], None],
        *,
        undone: Callable[[], None] = lambda: None,
    ) -> None:
        """As `run_job`, for work that changes the gallery: one after the other, in the order in which they came.

        Screens hear of it without waiting for the next look. `undone` is called where it failed or was stopped.
        """
        self._changes.append(partial(self._begin_change, title, work, done, undone))
        if len(self._changes) == 1:
            self._changes[0]()

    def _begin_change(
        self, title: str, work: Callable[[Job], Result], done: Callable[[Result], None], undone: Callable[[], None]
    ) -> None:
        def then(result: Result) -> None:
            batch = getattr(result, "batch", None)
            if isinstance(batch, int):
                self._own_batches.add(batch)
            try:
                done(result)
            finally:
                self._next_change()

        def stopped() -> None:
            try:
                undone()
            finally:
                self._next_change()

        def failed(error: CallsheetError) -> None:
            self.tell_error(error)
            stopped()

        group = f"change-{next(self._numbers)}"
        self.run_job(title, work, then, group=group, failed=failed, stopped=stopped)

    def _next_change(self) -> None:
        self._changes.popleft()
        self.look_for_changes()
        if self._changes:
            self._changes[0]()

    def look_for_changes(self) -> None:
        """See whether the journal has grown, or files of the project have changed, here or in another process."""
        services = self.context.services

        def look(_: Job) -> tuple[int, Refreshed]:
            return services.gallery.last_batch(), services.refresh()

        self.run_job("", look, lambda seen: self._seen(*seen), group="follow", quiet=True, failed=self._unseen)

    def _unseen(self, error: CallsheetError) -> None:
        """It is looked again soon, so what is wrong is told once; of a vocabulary, in the place of the finds."""
        if error.message != self._blind_for and not isinstance(error, OntologyError):
            self._blind_for = error.message
            self.tell_error(error)

    def _seen(self, batch: int, files: Refreshed) -> None:
        self._blind_for = ""
        for fault in files.faults:
            hint = f"\n→ {fault.hint}" if fault.hint else ""
            self.tell(fault.message + hint, title="A changed file cannot be used", severity="warning")
        if files.taken:
            for screen in self.screen_stack:
                screen.post_message(VocabularyChanged())
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
