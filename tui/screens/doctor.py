"""Doctor: whether the project is well, what to do where it is not, and repair of what is safe."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.content import Content

from gallery.checks.findings import SEVERITIES, Finding
from tui.commands.doctor import DOCTOR
from tui.commands.moving import DETAILS, MOVING
from tui.commands.registry import Command
from tui.jobs import Job
from tui.literal import joined, literal, literal_lines
from tui.screens.entry import ConfirmScreen
from tui.screens.listed import ListedScreen
from tui.subject import Subject
from tui.widgets.rows import Row

_LOOKS = {"error": "bad", "warning": "mark", "info": "dim"}
_SIGNS = {"error": "✗ error", "warning": "! warning", "info": "  info"}
MOST_ALIKE = 200
"""So many findings of one kind are listed."""

_WHAT_REPAIR_DOES = """
It rebuilds the indexes of tags and lineage, makes missing thumbnails anew,
marks files that are gone or are back (undo takes that back), takes in what a
stopped run has left, and sweeps leftovers of its own.

No file of yours is touched. A damaged database is left as it is.
""".strip()


class DoctorScreen(ListedScreen):
    """Examines when it is opened; findings by severity, the gravest first."""

    NAME: ClassVar[str] = "doctor"
    OWN: ClassVar[tuple[Command, ...]] = (*DOCTOR, *MOVING, *DETAILS)
    EMPTY = "nothing found yet"
    HELP = """
What the examination found: ✗ damage, ! what is worth a look, then what is good to know. Beside the list stands what to
do. r repairs what is safe, f reads every file and goes on where it was stopped, Esc stops.
"""

    def on_mount(self) -> None:
        """Examine."""
        self.findings: Sequence[Finding] = ()
        self._examine()

    def _examine(self, *, full: bool = False, repair: bool = False) -> None:
        title = "Repairing" if repair else "Reading every file" if full else "Examining"
        found: list[Finding] = []

        def work(job: Job) -> list[Finding]:
            def progress(done: int, of: int, _: str) -> None:
                job.report(done, of)

            for finding in self.context.examine(full=full, repair=repair, progress=progress):
                found.append(finding)
                if not repair:
                    job.check()
            return found

        self.show_head(f"Doctor · {title.lower()} …")
        done, stopped = (lambda found: self._examined(found, "")), (lambda: self._stopped(found))
        if repair:
            self.shell.change(title, work, done, undone=stopped)
        else:
            self.shell.run_job(title, work, done, group="doctor", stopped=stopped)

    def _stopped(self, found: Sequence[Finding]) -> None:
        self._examined(found, " · stopped: this is not everything")

    def _examined(self, found: Iterable[Finding], note: str) -> None:
        self.findings = sorted(found, key=lambda one: -SEVERITIES.index(one.severity))
        counts = Counter(one.severity for one in self.findings)
        told = [f"{counts[name]:,} {name}{'s' if counts[name] != 1 else ''}" for name in ("error", "warning")]
        well = "the project is well" if not (counts["error"] or counts["warning"]) else " · ".join(told)
        self.show_head(f"Doctor · {well}{note}")
        self.rows.show(list(self._rows()), at=0)
        self.show_status(f"{len(self.findings):,} findings")

    def _rows(self) -> Iterable[Row]:
        alike: Counter[str] = Counter()
        for place, finding in enumerate(self.findings):
            alike[finding.code] += 1
            if alike[finding.code] <= MOST_ALIKE:
                sign = (f"{_SIGNS[finding.severity]:<10} ", _LOOKS[finding.severity])
                yield Row(place, (sign, (f"{finding.code:<18} ", "dim"), (finding.message, "text")))
        for code, number in alike.items():
            if number > MOST_ALIKE:
                told = f"           … and {number - MOST_ALIKE:,} more of {code}"
                yield Row(f"more-{code}", ((told, "dim"),), is_head=True)

    def told_of(self, row: Row) -> Content:
        """The finding, and what to do."""
        finding = self.findings[int(str(row.key))]
        lines = [literal(finding.code, "bold"), literal_lines(finding.message)]
        lines += [literal("")] if finding.hint or finding.path else []
        lines += [literal_lines(f"→ {finding.hint}", "$text-accent")] if finding.hint else []
        lines += [literal(finding.path, "$foreground-muted")] if finding.path else []
        return joined(lines)

    @property
    def finding(self) -> Finding | None:
        """The finding below the cursor."""
        row = self.rows.current
        return None if row is None else self.findings[int(str(row.key))]

    def do_open(self) -> None:
        """The picture that the finding is about."""
        finding = self.finding
        if finding is None or finding.asset is None:
            self.shell.tell("this finding is about no single asset", severity="warning")
            return
        self.shell.go("browse", Subject(query=f"id:{finding.asset}"))

    def do_again(self) -> None:
        """Examine again."""
        self._examine()

    def do_full(self) -> None:
        """Read every file."""
        self._examine(full=True)

    def do_repair(self) -> None:
        """Ask, then repair."""

        def decided(yes: bool | None) -> None:
            if yes:
                self._examine(repair=True)

        self.app.push_screen(ConfirmScreen("Repair what is safe?", literal_lines(_WHAT_REPAIR_DOES)), decided)
