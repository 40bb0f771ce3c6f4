"""A list of lines with a cursor, of any length: history, findings, terms, the pictures of a call."""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from tui.literal import strip_of
from tui.widgets.canvas import Canvas


@dataclass(frozen=True, slots=True)
class Row:
    """One line: texts from anywhere with the names of their looks. `key` tells it again; a head cannot be chosen."""

    key: Hashable
    pieces: tuple[tuple[str, str], ...]
    is_head: bool = False


class RowList(Canvas):
    """Shows rows; `empty` is said where there are none."""

    HELP = "A list. Arrows, PgUp, PgDn, Home and End move, Enter opens the line below the cursor, a double click too."
    DEFAULT_CSS = "RowList { overflow-x: hidden; }"

    @dataclass
    class Moved(Message):
        """The cursor stands on another row; None where there is none."""

        row: Row | None

    @dataclass
    class Opened(Message):
        """A row was clicked twice."""

        row: Row

    class Widened(Message):
        """The list has another width than before: rows that are made for a width have to be made anew."""

    def __init__(self, *, id: str = "rows", empty: str = "") -> None:  # noqa: A002  # Textual's word
        super().__init__(id=id)
        self.empty = empty
        self.rows: Sequence[Row] = ()
        self._places: list[int] = []
        self.cursor = 0
        self._known_width = 0

    @property
    def width(self) -> int:
        """Columns of the list, a scroll bar among them: it does not depend on how many rows there are."""
        return self.outer_size.width

    @property
    def current(self) -> Row | None:
        """The row below the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) and self._places else None

    def show(self, rows: Sequence[Row], *, at: Hashable | None = None) -> None:
        """Other rows. The cursor goes to the row with the key `at`, else it stays on the row where it was."""
        wanted = at if at is not None else self.current.key if self.current is not None else None
        self.rows = rows
        self._places = [place for place, row in enumerate(rows) if not row.is_head]
        found = next((place for place in self._places if rows[place].key == wanted), None)
        self.cursor = self._nearest(self.cursor) if found is None else found
        self._lay_out()
        self.post_message(self.Moved(self.current))

    def _nearest(self, place: int) -> int:
        if not self._places:
            return 0
        return self._places[min(bisect_left(self._places, place), len(self._places) - 1)]

    def _lay_out(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.rows))
        self._follow()
        self.refresh()

    def on_resize(self) -> None:
        """Another size."""
        self._lay_out()
        if self.width != self._known_width:
            self._known_width = self.width
            self.post_message(self.Widened())

    def move(self, rows: int = 0, columns: int = 0) -> None:  # noqa: ARG002  # a list has one column
        """Step over rows that can be chosen."""
        if self._places:
            step = bisect_left(self._places, self.cursor) + rows
            self._go(self._places[max(0, min(step, len(self._places) - 1))])

    def to_end(self, *, last: bool) -> None:
        """The first or last row."""
        if self._places:
            self._go(self._places[-1 if last else 0])

    def _go(self, place: int) -> None:
        if place != self.cursor:
            self.cursor = place
            self._follow()
            self.refresh()
            self.post_message(self.Moved(self.current))

    def _follow(self) -> None:
        top = self.cursor
        while top > 0 and self.rows and self.rows[top - 1].is_head:
            top -= 1  # the head above stays in sight
        width = self.scrollable_content_region.width
        self.scroll_to_region(Region(0, top, width, self.cursor - top + 1), animate=False, force=True, x_axis=False)

    def on_click(self, event: events.Click) -> None:
        """A click moves, a double click opens."""
        offset = event.get_content_offset(self)
        place = None if offset is None else offset.y + round(self.scroll_y)
        if place is not None and place < len(self.rows) and not self.rows[place].is_head:
            self._go(place)
            if event.chain > 1 and self.current is not None:
                self.post_message(self.Opened(self.current))

    def render_line(self, y: int) -> Strip:
        """One row of what is seen."""
        place, width = y + round(self.scroll_offset.y), self.scrollable_content_region.width
        if place >= len(self.rows):
            said = f" {self.empty}" if y == 0 and not self.rows else ""
            return strip_of([(said, self.look("dim"))], width, self.rich_style)
        row = self.rows[place]
        ground = self.ground(below_cursor=place == self.cursor and not row.is_head)
        return strip_of([(text, self.look(look)) for text, look in row.pieces], width, ground)
