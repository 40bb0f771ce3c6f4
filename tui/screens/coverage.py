"""Coverage: what there is of everybody and every place, and what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from resolver import gap_of_cell
from tui.commands.coverage import COVERAGE
from tui.commands.moving import MOVING
from tui.commands.registry import Command
from tui.coverage_table import Cell, Table, coverage_table
from tui.literal import literal
from tui.messages import GalleryChanged, VocabularyChanged
from tui.screens.moving import Moving
from tui.subject import Subject
from tui.widgets.coverage_grid import CoverageGrid
from tui.widgets.job_line import JobLine


@dataclass(frozen=True, slots=True)
class SpecOfGap:
    """The spec that fills a gap: what it is selected by, where it stands, and whether it was drafted just now."""

    name: str
    path: str
    is_new: bool


class CoverageScreen(Moving):
    """Counts are those of the resolver's index, so they cost the same for any gallery."""

    NAME: ClassVar[str] = "coverage"
    OWN: ClassVar[tuple[Command, ...]] = (*COVERAGE, *MOVING)
    AUTO_FOCUS = "#grid"
    HELP = CoverageGrid.HELP
    DEFAULT_CSS = """
    CoverageScreen #head { height: 1; background: $panel; color: $text; padding: 0 1; }
    CoverageScreen #grid { height: 1fr; }
    """

    def compose(self) -> ComposeResult:
        """Head, table, what is told of the cell, keys."""
        yield Static("", id="head", markup=False)
        yield CoverageGrid()
        yield Static("", id="status", markup=False)
        yield JobLine()
        yield self.keys()

    def on_mount(self) -> None:
        """Count."""
        self._table = Table()
        self._is_counted = self._awaits_gap = False
        self._only_gaps = self.kept.get("only_gaps") is True
        self._specs: dict[tuple[str, str], SpecOfGap] = {}
        self._count()

    @property
    def grid(self) -> CoverageGrid:
        """The table."""
        return self.query_one(CoverageGrid)

    def _count(self) -> None:
        def done(found: Mapping[str, Any]) -> None:
            self._table = coverage_table(found, self.services.ontology)
            self._is_counted = True
            self._show()
            if self._awaits_gap:
                self.do_next_gap()

        self.shell.run_job("Counting", lambda _: self.services.coverage(), done, group="coverage")

    def _show(self) -> None:
        table = self._table
        if self._only_gaps:
            table = Table(table.columns, tuple(line for line in table.lines if line.has_gap or not line.cells))
        self.grid.show(table)
        rows = sum(bool(line.cells) for line in table.lines)
        only = " · only rows with a gap" if self._only_gaps else ""
        gaps = f"{table.gaps:,} {'gap' if table.gaps == 1 else 'gaps'}"
        self.query_one("#head", Static).update(literal(f"Coverage · {rows:,} rows · {gaps}{only}"))

    @on(CoverageGrid.Moved)
    def _moved(self) -> None:
        cell = self.grid.current
        if cell is None:
            told = "there is nothing to cover: the vocabulary has no characters and no places"
            told = "no gap: everybody and every place has a picture" if self._only_gaps else told
        else:
            told = f"{cell.identity} · {cell.mark}: {self._told_of(cell)}"
        self.query_one("#status", Static).update(literal(told))

    def _told_of(self, cell: Cell) -> str:
        if cell.count:
            return f"{cell.count:,} {'asset' if cell.count == 1 else 'assets'}; Enter shows"
        spec = self._specs.get((cell.identity, cell.mark))
        return f"{spec.path} makes it; G generates it" if spec else "none; Enter drafts a spec, G generates it"

    @on(CoverageGrid.Opened)
    def _opened(self) -> None:
        self.do_open()

    def do_open(self) -> None:
        """Browse what there is, or draft what there is not."""
        cell = self.grid.current
        if cell is None:
            return
        if cell.count:
            self.shell.go("browse", Subject(query=cell.query))
            return
        if (cell.identity, cell.mark) in self._specs:
            self._tell_of(self._specs[cell.identity, cell.mark])
        else:
            self._find_spec(cell, self._tell_of)

    def _tell_of(self, spec: SpecOfGap) -> None:
        if spec.is_new:
            self.shell.tell(f"drafted {spec.path}: look it over, then G generates it")
        else:
            self.shell.tell(f"{spec.path} makes it already: G generates it", severity="warning")

    def _find_spec(self, cell: Cell, then: Callable[[SpecOfGap], None]) -> None:
        """The project's spec that fills a gap, else a draft of one; `then` hears of it."""
        services = self.services

        def work() -> SpecOfGap:
            from generation.specs.filling import filling  # noqa: PLC0415  # specs, which looking does not need

            gap = gap_of_cell(cell.identity, cell.mark, services.ontology)
            for spec in filling(gap, services.specs.values()):
                return SpecOfGap(spec.id, spec.place.file if spec.place else spec.id, is_new=False)
            draft = services.draft_spec(gap)
            path = services.save_spec(draft["file_name"], draft["text"])["path"]
            return SpecOfGap(path, path, is_new=True)

        def done(found: SpecOfGap) -> None:
            self._specs[cell.identity, cell.mark] = replace(found, is_new=False)
            then(found)  # first: what was written is told also to whoever has left this screen
            self._moved()

        self.shell.change("Looking for a spec", lambda _: work(), done)

    def do_generate(self) -> None:
        """Have what is missing made, after asking; its spec is drafted where there is none."""
        cell = self.grid.current
        if cell is None or cell.count:
            self.shell.tell("there is a picture already\n→ n goes to the next gap", severity="warning")
        elif (spec := self._specs.get((cell.identity, cell.mark))) is not None:
            self._generate(spec)
        else:
            self._find_spec(cell, self._generate)

    def _generate(self, spec: SpecOfGap) -> None:
        from tui.screens.generating import ask_and_make  # noqa: PLC0415  # the engine, which looking does not need

        if spec.is_new:
            self.shell.tell(f"drafted {spec.path}")
        ask_and_make(self, lambda: self.services.specs.select(spec.name))

    def why_not(self, command: Command) -> str | None:
        """Nothing can be told of a cell before it is counted."""
        if not self._is_counted and command.id in ("coverage.open", "coverage.generate"):
            return "the pictures are being counted\n→ in a moment"
        return None

    def do_next_gap(self) -> None:
        """The next gap; who asks before they are counted is taken there when they are."""
        self._awaits_gap = not self._is_counted
        if self._is_counted and not self.grid.to_next_gap():
            self.shell.tell("there is no gap")

    def do_only_gaps(self) -> None:
        """All rows, or those with a gap."""
        self._only_gaps = not self._only_gaps
        self.keep(only_gaps=self._only_gaps)
        self._show()

    @on(GalleryChanged)
    def _gallery_changed(self) -> None:
        self._count()

    @on(VocabularyChanged)
    def _vocabulary_changed(self) -> None:
        self._count()
