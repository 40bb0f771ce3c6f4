"""Coverage: what there is of everybody and every place, and what is missing."""

from collections.abc import Callable, Mapping
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
        self._only_gaps = self.kept.get("only_gaps") is True
        self._drafted: dict[tuple[str, str], str] = {}
        self._count()

    @property
    def grid(self) -> CoverageGrid:
        """The table."""
        return self.query_one(CoverageGrid)

    def _count(self) -> None:
        def done(found: Mapping[str, Any]) -> None:
            self._table = coverage_table(found, self.services.ontology)
            self._show()

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
        drafted = self._drafted.get((cell.identity, cell.mark))
        return f"drafted in {drafted}; G generates it" if drafted else "none; Enter drafts a spec, G generates it"

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
        drafted = self._drafted.get((cell.identity, cell.mark))
        if drafted:
            self.shell.tell(f"drafted already: {drafted}", severity="warning")
            return
        self._draft(cell)

    def _draft(self, cell: Cell, then: Callable[[str], None] | None = None) -> None:
        """Draft the spec of a gap; `then` hears where it lies."""
        services = self.services

        def work() -> Mapping[str, Any]:
            draft = services.draft_spec(gap_of_cell(cell.identity, cell.mark, services.ontology))
            return services.save_spec(draft["file_name"], draft["text"])

        def done(saved: Mapping[str, Any]) -> None:
            path = self._drafted[cell.identity, cell.mark] = saved["path"]
            self._moved()
            if then is None:
                self.shell.tell(f"drafted {path}: look it over, then G generates it")
            else:
                self.shell.tell(f"drafted {path}")
                then(path)

        self.shell.change("Drafting a spec", lambda _: work(), done)

    def do_generate(self) -> None:
        """Have what is missing made, after asking; its spec is drafted where there is none."""
        cell = self.grid.current
        if cell is None or cell.count:
            self.shell.tell("there is a picture already\n→ n goes to the next gap", severity="warning")
            return
        drafted = self._drafted.get((cell.identity, cell.mark))
        if drafted is None:
            self._draft(cell, self._generate)
        else:
            self._generate(drafted)

    def _generate(self, path: str) -> None:
        from tui.screens.generating import ask_and_make  # noqa: PLC0415  # the engine, which looking does not need

        ask_and_make(self, lambda: self.services.specs.select(path))

    def do_next_gap(self) -> None:
        """The next gap."""
        if not self.grid.to_next_gap():
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
