"""The table of coverage: drawn cell by cell, its head and first column always in sight."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from tui.coverage_table import Cell, Line, Table
from tui.facets import facet_of
from tui.literal import Piece, fitted, strip_of
from tui.widgets.canvas import Canvas

_LEAST_COLUMN, _MOST_COLUMN = 7, 13
_NAME_LEAST, _NAME_MOST = 20, 34


class CoverageGrid(Canvas):
    """A cursor over cells. A number is a count, `gap` a picture that the resolver misses, · none."""

    HELP = """
Rows are characters and places, columns roles and camera views. A number: so many pictures. gap: the resolver misses
one. ·: none. Enter shows the pictures, or drafts a spec for what is missing. n goes to the next gap.
"""
    DEFAULT_CSS = "CoverageGrid { overflow-x: hidden; }"

    @dataclass
    class Moved(Message):
        """The cursor stands on another cell."""

        cell: Cell | None

    @dataclass
    class Opened(Message):
        """A cell was clicked twice."""

        cell: Cell

    def __init__(self) -> None:
        super().__init__(id="grid")
        self.table = Table()
        self.row = self.column = self._first = 0

    @property
    def current(self) -> Cell | None:
        """The cell below the cursor."""
        line = self._line(self.row)
        return line.cells[self.column] if line is not None and self.column < len(line.cells) else None

    def _line(self, row: int) -> Line | None:
        return self.table.lines[row] if 0 <= row < len(self.table.lines) else None

    def show(self, table: Table) -> None:
        """Another table; the cursor stays on its cell where that is still there."""
        before = self.current
        self.table = table
        places = [
            (row, column)
            for row, line in enumerate(table.lines)
            for column, cell in enumerate(line.cells)
            if before is not None and cell is not None and (cell.identity, cell.mark) == (before.identity, before.mark)
        ]
        self.row, self.column = places[0] if places else (0, 0)
        if not places:
            self._settle(1)
        self._moved()

    def move(self, rows: int = 0, columns: int = 0) -> None:
        """One cell on; where a row has no such cell, to the nearest that it has."""
        if rows:
            self.row = max(0, min(self.row + rows, len(self.table.lines) - 1))
            self._settle(1 if rows > 0 else -1)
        if columns:
            self._step(1 if columns > 0 else -1)
        self._moved()

    def _settle(self, direction: int) -> None:
        """Leave a head, then a cell that cannot be."""
        line = self._line(self.row)
        while line is not None and not line.cells:
            self.row += direction
            line = self._line(self.row)
        if line is None:
            self.row -= direction
            while (line := self._line(self.row)) is not None and not line.cells:
                self.row -= direction
        if line is not None and line.cells and line.cells[min(self.column, len(line.cells) - 1)] is None:
            there = [place for place, cell in enumerate(line.cells) if cell is not None]
            self.column = min(there, key=lambda place: abs(place - self.column), default=0)

    def _step(self, direction: int) -> None:
        line = self._line(self.row)
        place = self.column + direction
        while line is not None and 0 <= place < len(line.cells):
            if line.cells[place] is not None:
                self.column = place
                return
            place += direction

    def to_end(self, *, last: bool) -> None:
        """The first or last row."""
        self.row = len(self.table.lines) - 1 if last else 0
        self._settle(-1 if last else 1)
        self._moved()

    def to_next_gap(self) -> bool:
        """The next cell that is a gap, round the end; whether there is one."""
        gaps = [
            (row, column)
            for row, line in enumerate(self.table.lines)
            for column, cell in enumerate(line.cells)
            if cell is not None and cell.is_gap
        ]
        if gaps:
            self.row, self.column = next((place for place in gaps if place > (self.row, self.column)), gaps[0])
            self._moved()
        return bool(gaps)

    def _moved(self) -> None:
        self._lay_out()
        self.post_message(self.Moved(self.current))

    def on_resize(self) -> None:
        """Another width."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, len(self.table.lines) + 1)
        self._first = min(self._first, self.column)
        while self._first < self.column and self._end_of(self.column) > width:
            self._first += 1
        region = Region(0, max(0, self.row - 1), width, 3)  # what stands above it too: the head covers a line
        self.scroll_to_region(region, animate=False, force=True, x_axis=False)
        self.refresh()

    @property
    def _name_width(self) -> int:
        return max(_NAME_LEAST, min(_NAME_MOST, self.scrollable_content_region.width // 3))

    @property
    def _seen(self) -> range:
        """The columns that are seen whole."""
        width, end, column = self.scrollable_content_region.width, self._name_width, self._first
        while column < len(self.table.columns) and end + self._width_of(column) <= width:
            end += self._width_of(column)
            column += 1
        return range(self._first, column)

    def _end_of(self, column: int) -> int:
        return self._name_width + sum(map(self._width_of, range(self._first, column + 1)))

    def _width_of(self, column: int) -> int:
        return max(_LEAST_COLUMN, min(_MOST_COLUMN, len(self._title(column)) + 2))

    def _title(self, column: int) -> str:
        mark = self.table.columns[column]
        return "pov" if mark == "role:pov:player" else mark.rpartition(":")[2]

    def on_click(self, event: events.Click) -> None:
        """A click moves, a double click opens."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y == 0:
            return
        row, x = offset.y - 1 + round(self.scroll_y), offset.x - self._name_width
        line = self._line(row)
        for column in self._seen:
            x -= self._width_of(column)
            if x < 0 <= x + self._width_of(column) and line is not None and line.cells and line.cells[column]:
                self.row, self.column = row, column
                self._moved()
                if event.chain > 1 and self.current is not None:
                    self.post_message(self.Opened(self.current))
                return

    def render_line(self, y: int) -> Strip:
        """The head, or one row of what is seen."""
        width = self.scrollable_content_region.width
        row = y - 1 + round(self.scroll_offset.y)
        line = self._line(row)
        if y == 0:
            return strip_of(self._head(), width, self.rich_style)
        if line is None:
            return Strip.blank(width, self.rich_style)
        if not line.cells:
            return strip_of([(line.label, self.look("head"))], width, self.rich_style)
        return strip_of(self._cells(row, line), width, self.rich_style)

    def _head(self) -> Iterator[Piece]:
        behind = len(self.table.columns) - self._seen.stop
        sides = [f"← {self._first}"] if self._first else []
        sides += [f"→ {behind} more"] if behind else []
        yield fitted("  ".join(sides), self._name_width), self.look("dim")
        for column in self._seen:
            look = "head" if column == self.column else facet_of(self.table.columns[column]).name
            yield self._right(self._title(column), self._width_of(column)), self.look(look)

    def _cells(self, row: int, line: Line) -> Iterator[Piece]:
        named = f"{line.identity}  {line.label}" if line.label else line.identity
        name_look = "head" if row == self.row else facet_of(line.identity).name
        yield fitted(named, self._name_width - 1) + " ", self.look(name_look)
        for column in self._seen:
            cell = line.cells[column]
            text, look = _shown(cell)
            style = self.look(look)
            if row == self.row and column == self.column:
                style += self.look("cursor")
                if cell is not None:
                    text = f"[{text}]"  # told without colour, too
            yield self._right(text, self._width_of(column)), style

    @staticmethod
    def _right(text: str, width: int) -> str:
        shown = fitted(text, min(width - 1, max(1, len(text))))
        return f"{shown:>{width}}"


def _shown(cell: Cell | None) -> tuple[str, str]:
    if cell is None:
        return "", "dim"
    if cell.count:
        return f"{cell.count:,}", "text"
    return ("gap", "bad") if cell.is_gap else ("·", "dim")
