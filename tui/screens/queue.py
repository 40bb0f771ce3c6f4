"""Queue: what is made, what waits and for whom, what it cost, and what a person has to decide."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from generation.engine.orders import order_of
from generation.foreseeing import Budget, budget_of
from generation.job_words import UNKNOWN_CHOICES, ResolveAs
from generation.ledger.views import JobView, job_name
from generation.money import text_of, usd
from generation.specs.model import Spec
from ontology.errors import CallsheetError, ConflictError
from tui.commands.moving import DETAILS, MOVING
from tui.commands.queue import QUEUE
from tui.commands.registry import Command
from tui.job_text import job_text, queue_rows
from tui.jobs import Job
from tui.literal import literal
from tui.messages import QueueChanged
from tui.screens.chooser import ChooserScreen
from tui.screens.entry import Field, FormScreen
from tui.screens.generating import ask_and_make
from tui.screens.listed import ListedScreen
from tui.subject import Subject
from tui.widgets.picture import Picture
from tui.widgets.rows import Row, RowList

AT_ONCE, MOST_OPEN = 200, 1_000
SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_TO_REST = 0.1


@dataclass(frozen=True, slots=True)
class Seen:
    """The queue at a moment."""

    jobs: Sequence[JobView]
    budget: Budget


class QueueScreen(ListedScreen):
    """Jobs of every process by lane; those that wait for a person first. Older ones are read at the end of the list."""

    NAME: ClassVar[str] = "queue"
    OWN: ClassVar[tuple[Command, ...]] = (*QUEUE, *MOVING, *DETAILS)
    EMPTY = "nothing was made yet: G in Prefill, Coverage or Browse"
    HELP = """
What is made, by lanes. Unknown: a call was sent, and nobody knows whether it was charged; u says how it ended. Parked:
a person is to make it. r goes on with a job or tries it again, x cancels it, s stops what is made here after what was
sent. Nothing is ever sent twice by itself. The line above the list is the budget of the month.
"""
    DEFAULT_CSS = """
    QueueScreen #money { height: auto; max-height: 2; padding: 0 1; color: $foreground-muted; }
    QueueScreen #shown { height: 12; }
    QueueScreen.-normal #shown, QueueScreen.-narrow #shown, QueueScreen #shown.-none { display: none; }
    """
    _resting: Timer | None = None
    _seen: Seen | None = None

    def compose_tools(self) -> ComposeResult:
        """The money of the month."""
        yield Static("", id="money", markup=False)

    def compose_beside(self) -> ComposeResult:
        """What was made."""
        yield Picture(self.thumbnail, id="shown")

    def on_mount(self) -> None:
        """Read the queue, now and then again: another process may work on it."""
        self._whole: Mapping[int, JobView] = {}
        self._told: Hashable = None
        self._limit = AT_ONCE
        self._only_open = self.kept.get("only_open") is True
        self._reading = self._stale = False
        self.set_interval(SECONDS_BETWEEN_LOOKS, self._look)
        self._read()

    def _look(self) -> None:
        if self.is_current:
            self._read()

    @on(QueueChanged)
    def _queue_changed(self) -> None:
        self._read()

    def _read(self) -> None:
        """Once at a time; what changes meanwhile is read afterwards."""
        if self._reading:
            self._stale = True
            return
        self._reading, self._stale = True, False
        generation, limit, only_open = self.services.generation, self._limit, self._only_open

        def work(_: Job) -> Seen:
            found = {job.key: job for job in generation.queue(limit=MOST_OPEN)}
            if not only_open:
                found |= {job.key: job for job in generation.queue(everything=True, limit=limit)}
            return Seen(sorted(found.values(), key=lambda job: -job.key), budget_of(generation))

        def failed(error: CallsheetError) -> None:
            self._reading = False
            self.show_head("Queue · it cannot be read")
            self.show_status(error.message)

        self.shell.run_job("Reading the queue", work, self._show, group="queue", quiet=True, failed=failed)

    def _show(self, seen: Seen) -> None:
        self._reading = False
        if not self.is_mounted:
            return
        self._seen = seen
        self.query_one("#money", Static).update(literal(seen.budget.words))
        self._show_rows()
        running = sum(job.state == "working" for job in seen.jobs)
        unknown = sum(job.state == "unknown" for job in seen.jobs)
        told = [f"{running:,} running"] if running else []
        told += [f"{unknown:,} of unknown outcome"] if unknown else []
        self.show_head(" · ".join(["Queue", *(told or ["nothing is running"])]))
        only = "only open ones" if self._only_open else ""
        more = "" if self._only_open or len(seen.jobs) < self._limit else "older ones at the end"
        count = f"{len(seen.jobs):,} {'job' if len(seen.jobs) == 1 else 'jobs'}"
        self.show_status(" · ".join(filter(None, [count, only, more])))
        if self._stale:
            self._read()

    @on(RowList.Widened)
    def _show_rows(self) -> None:
        """The lines for the width that the list has."""
        if self._seen is not None:
            self.rows.show(list(queue_rows(self._seen.jobs, self.shell.making, self.rows.width)))

    @property
    def job(self) -> JobView | None:
        """The job below the cursor, as far as it is known."""
        row = self.rows.current
        return None if row is None else self._known(int(str(row.key)))

    def _known(self, key: int) -> JobView | None:
        listed = next((job for job in (self._seen.jobs if self._seen else ()) if job.key == key), None)
        whole = self._whole.get(key)
        return whole if whole is not None and listed is not None and whole.updated_at == listed.updated_at else listed

    def told_of(self, row: Row) -> Content:
        """The job as it is known; its calls follow once the cursor rests."""
        job = self._known(int(str(row.key)))
        return literal("") if job is None else job_text(job, self.shell.making)

    def show_details(self, told: Content | str) -> None:
        """Beside the list; who reads on in the same job is not sent back to its head."""
        key = None if self.rows.current is None else self.rows.current.key
        if key == self._told:
            self.query_one("#details", Static).update(told)
        else:
            self._told = key
            super().show_details(told)

    def moved_to(self, row: Row | None) -> None:
        """Show the picture, and read the calls once the cursor rests."""
        job = self.job
        picture = self.query_one(Picture)
        picture.set_class(job is None or not job.assets, "-none")
        picture.show(job.assets[0] if job is not None and job.assets else None)
        if self._resting is not None:
            self._resting.stop()
        if job is not None and self._whole.get(job.key) is not job:
            self._resting = self.set_timer(SECONDS_TO_REST, self._read_calls)
        if row is not None and self._seen is not None and row is self.rows.rows[-1] and not self._only_open:
            self._read_older()

    def _read_older(self) -> None:
        if self._seen is not None and len(self._seen.jobs) >= self._limit:
            self._limit += AT_ONCE
            self._read()

    def _read_calls(self) -> None:
        job = self.job
        if job is None:
            return
        generation, name = self.services.generation, job.id

        def done(found: JobView) -> None:
            self._whole = {found.key: found}
            row = self.rows.current if self.is_mounted else None
            if row is not None and row.key == found.key:
                self.show_details(self.told_of(row))

        self.shell.run_job("", lambda _: generation.job(name), done, group="job", quiet=True, failed=lambda _: None)

    def why_not(self, command: Command) -> str | None:
        """What a job does not allow, and what there is instead."""
        act, job = command.id.partition(".")[2], self.job
        if command in (*MOVING, *DETAILS) or act in ("run_all", "stop", "open_only"):
            return None
        if job is None:
            return "there is no job\n→ G in Prefill, Coverage or Browse makes something"
        if act == "open" and not job.assets:
            return f"{job.id} has made nothing"
        if act == "run" and job.state == "unknown":
            return f"a call of {job.id} is of unknown outcome\n→ u says how it ended"
        if act == "run" and job.state in ("working", "done"):
            return f"{job.id} is {'under way' if job.state == 'working' else 'done'}"
        if act == "resolve" and job.state != "unknown":
            return f"{job.id} is {job.state}: nothing of it is unknown"
        return None

    def do_open(self) -> None:
        """What was made, in Browse."""
        if (job := self.job) is not None and job.assets:
            self.shell.go("browse", Subject(query=" or ".join(f"id:{asset}" for asset in job.assets)))

    def do_run(self) -> None:
        """Go on with the job."""
        if (job := self.job) is not None:
            self._go_on([job.id])

    def do_run_all(self) -> None:
        """Go on with everything that is due, the oldest first: what is queued, and what has waited long enough."""
        generation = self.services.generation

        def done(keys: Sequence[int]) -> None:
            waiting = sum(job.state == "waiting" for job in (self._seen.jobs if self._seen else ()))
            if keys:
                self._go_on([job_name(key) for key in keys])
            elif waiting:
                self.shell.tell(
                    f"nothing is due; {waiting:,} still to wait\n→ r goes on with one now", severity="warning"
                )
            else:
                self.shell.tell("nothing is due", severity="warning")

        self.shell.run_job("Looking what is due", lambda _: generation.due(), done, group="due")

    def _go_on(self, names: Sequence[str]) -> None:
        generation = self.services.generation

        def find() -> list[Spec]:
            return [_spec_of(generation.job(name)) for name in names]

        ask_and_make(self, find, work=lambda engine, stop: engine.run(names, stop=stop))

    def do_cancel(self) -> None:
        """Cancel the job."""
        job, generation = self.job, self.services.generation
        if job is None:
            return

        def done(found: JobView) -> None:
            self.shell.tell(f"{found.id} is {'asked to stop' if found.state == 'working' else found.state}")
            self._read()

        self.shell.run_job("Cancelling", lambda _: generation.cancel(job.id), done, group=f"cancel-{job.id}")

    def do_stop(self) -> None:
        """Let what was sent come to its end, and begin nothing more."""
        if self.shell.making.stop():
            self.shell.tell("what was sent comes to its end; the rest stays in the queue: a goes on")
        else:
            self.shell.tell("nothing is being made here", severity="warning")

    def do_resolve(self) -> None:
        """Choose how the unknown call ended."""
        job = self.job
        if job is None:
            return

        def done(place: int | None) -> None:
            if place is not None:
                self._resolve(job, UNKNOWN_CHOICES[place].key)

        lines = [(literal(choice.title), literal(choice.meaning)) for choice in UNKNOWN_CHOICES]
        self.app.push_screen(ChooserScreen(f"How did the call of {job.id} end?", lines), done)

    def _resolve(self, job: JobView, how: ResolveAs) -> None:
        generation = self.services.generation
        if how == "poll":
            self._settle(job, lambda: generation.resolve(job.id, poll=True))
        elif how == "not_charged":
            self._settle(job, lambda: generation.resolve(job.id, not_charged=True))
        else:
            self._ask_how_much(job)

    def _ask_how_much(self, job: JobView) -> None:
        def done(found: dict[str, str] | None) -> None:
            if found is not None:
                with self.telling():
                    amount = usd(found["amount"], what="the amount")
                    self._settle(job, lambda: self.services.generation.resolve(job.id, charged=amount))

        field = Field("amount", "US dollars that the provider's account shows", text_of(job.unknown) or "", "0.04")
        self.app.push_screen(FormScreen("How much was charged?", [field]), done)

    def _settle(self, job: JobView, work: Callable[[], JobView]) -> None:
        def done(found: JobView) -> None:
            further = "; r sends it again" if found.state == "queued" else ""
            self.shell.tell(f"{found.id} is {found.state}{further}")
            if self in self.shell.screen_stack:  # it may have been left: asking a provider takes its time
                self._read()

        self.shell.run_job("Settling", lambda _: work(), done, group=f"settle {job.id}")

    def do_open_only(self) -> None:
        """All jobs, or those that something is still to become of."""
        self._only_open = not self._only_open
        self.keep(only_open=self._only_open)
        self._read()

    def do_copy_id(self) -> None:
        """Copy the job's id."""
        if (job := self.job) is not None:
            self.shell.copy_to_clipboard(job.id)
            self.shell.tell(f"copied {job.id}")

    def do_copy_prompt(self) -> None:
        """Copy what was asked for."""
        if (job := self.job) is not None:
            self.shell.copy_to_clipboard(str((job.asked.get("spec") or {}).get("prompt") or ""))
            self.shell.tell("copied the prompt")


def _spec_of(job: JobView) -> Spec:
    try:
        return order_of(job.asked).spec
    except (KeyError, TypeError, ValueError) as error:
        raise ConflictError(f"the order of {job.id} cannot be read", hint="order it anew from its spec") from error
