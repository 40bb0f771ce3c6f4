"""The candidates of every slot: a strip of small pictures for each, the first match at the left."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from resolver import Match
from tui.literal import Piece, fitted, strip_of
from tui.question import SlotKey
from tui.slots import Slot
from tui.widgets.canvas import Canvas
from tui.widgets.picture import Finder
from tui.widgets.small_pictures import SmallPictures

CARD_WIDTH = 20
_LEAST_PICTURE, _MOST_PICTURE = 3, 9
_AROUND_PICTURE = 3
"""The head of the slot above it, its name and its tier below."""


class Candidates(Canvas):
    """A cursor over cards. `first`: the one that a prefill takes; `pinned`: put there by hand."""

    HELP = """
A strip for each slot of the question, best first; a prefill takes the first of each. Arrows move. Enter pins another
one as the first, x excludes one, w tells why one is not the first. ! is a warning; beside it stands what is known.
"""
    DEFAULT_CSS = "Candidates { overflow-x: hidden; }"

    @dataclass
    class Moved(Message):
        """The cursor stands on another card, or on an empty slot."""

    @dataclass
    class Opened(Message):
        """A card was clicked twice."""

    def __init__(self, find: Finder) -> None:
        super().__init__(id="candidates")
        self.slots: Sequence[Slot] = ()
        self.pins: Mapping[SlotKey, str] = {}
        self.row = self.column = 0
        self._tops: list[int] = [0]
        self._first: dict[int, int] = {}
        self._pictures = SmallPictures(self, find)
        self.empty: Sequence[str] = ()

    @property
    def slot(self) -> Slot | None:
        """The slot that the cursor is in."""
        return self.slots[self.row] if 0 <= self.row < len(self.slots) else None

    @property
    def current(self) -> Match | None:
        """The candidate below the cursor."""
        slot = self.slot
        return slot.matches[self.column] if slot is not None and self.column < len(slot.matches) else None

    def show(self, slots: Sequence[Slot], pins: Mapping[SlotKey, str]) -> None:
        """Another answer; the cursor stays with its slot and picture where they are still there."""
        slot, match = self.slot, self.current
        self.slots, self.pins = slots, pins
        keys = [one.key for one in slots]
        self.row = keys.index(slot.key) if slot is not None and slot.key in keys else 0
        ids = [one.asset.id for one in self.slot.matches] if self.slot is not None else []
        self.column = ids.index(match.asset.id) if match is not None and match.asset.id in ids else 0
        self._first = {}
        self._moved()

    def move(self, rows: int = 0, columns: int = 0) -> None:
        """Another slot, or another card of this one."""
        if rows:
            self.row = max(0, min(self.row + (1 if rows > 0 else -1), len(self.slots) - 1))
        slot = self.slot
        count = len(slot.matches) if slot is not None else 0
        self.column = max(0, min(self.column + columns, count - 1))
        self._moved()

    def to_end(self, *, last: bool) -> None:
        """The first or last card of the slot."""
        slot = self.slot
        self.column = max(0, len(slot.matches) - 1) if last and slot is not None else 0
        self._moved()

    def _moved(self) -> None:
        self._lay_out()
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Another size of the pictures."""
        self._lay_out()

    @property
    def picture_height(self) -> int:
        """As high as one strip may be, so that it is seen whole."""
        room = self.scrollable_content_region.height - _AROUND_PICTURE
        return max(_LEAST_PICTURE, min(_MOST_PICTURE, room))

    @property
    def per_row(self) -> int:
        """How many cards stand side by side."""
        return max(1, self.scrollable_content_region.width // CARD_WIDTH)

    def _lay_out(self) -> None:
        card = self.picture_height + 2
        heights = [1 + (card if slot.matches else 1) + 1 for slot in self.slots]
        self._tops = [0, *accumulate(heights)]
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, max(0, self._tops[-1] - 1))
        first = self._first.get(self.row, 0)
        self._first[self.row] = max(min(first, self.column), self.column - self.per_row + 1)
        if self.slots:
            top = self._tops[self.row]
            region = Region(0, top, width, heights[self.row] - 1)
            self.scroll_to_region(region, animate=False, force=True, x_axis=False)
        self.refresh()

    def _slot_at(self, y: int) -> tuple[int, int]:
        """Which slot is drawn on a line, and on which of its lines."""
        row = bisect_right(self._tops, y) - 1
        return row, y - self._tops[row]

    def on_click(self, event: events.Click) -> None:
        """A click moves, a double click pins."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row, _ = self._slot_at(offset.y + round(self.scroll_y))
        if row < len(self.slots):
            column = self._first.get(row, 0) + offset.x // CARD_WIDTH
            self.row, self.column = row, max(0, min(column, len(self.slots[row].matches) - 1))
            self._moved()
            if event.chain > 1 and self.current is not None:
                self.post_message(self.Opened())

    def render_line(self, y: int) -> Strip:
        """A line through the cards of one slot."""
        width = self.scrollable_content_region.width
        if not self.slots:
            said = self.empty[y] if y < len(self.empty) else ""
            return strip_of([(said, self.look("dim"))], width, self.rich_style)
        row, line = self._slot_at(y + round(self.scroll_offset.y))
        if row >= len(self.slots):
            return Strip.blank(width, self.rich_style)
        slot = self.slots[row]
        if line == 0:
            return strip_of(self._head(row, slot), width, self.rich_style)
        if not slot.matches:
            return strip_of([("  nothing fits" if line == 1 else "", self.look("bad"))], width, self.rich_style)
        return self._cards(row, slot, line - 1, width)

    def _head(self, row: int, slot: Slot) -> list[Piece]:
        first = self._first.get(row, 0)
        more = len(slot.matches) - first - self.per_row
        sides = (f"{first}← " if first else "") + (f"→{more}" if more > 0 else "")
        mark = "▸ " if row == self.row else "  "
        return [
            (mark, self.look("mark")),
            (f"{slot.title}  ", self.look("head" if row == self.row else "text")),
            (f"{slot.summary}  ", self.look("dim" if slot.gap is None else "mark")),
            (sides, self.look("dim")),
        ]

    def _cards(self, row: int, slot: Slot, line: int, width: int) -> Strip:
        first = self._first.get(row, 0)
        strips = [
            self._card_line(slot, column, line, below_cursor=row == self.row and column == self.column)
            for column in range(first, min(len(slot.matches), first + self.per_row))
        ]
        return Strip.join(strips).extend_cell_length(width, self.rich_style).crop(0, width)

    def _card_line(self, slot: Slot, column: int, line: int, *, below_cursor: bool) -> Strip:
        match = slot.matches[column]
        inner, height = CARD_WIDTH - 2, self.picture_height
        ground = self.ground(below_cursor=below_cursor)
        if line == height:
            name = str(getattr(match.asset, "path", match.asset.id)).rpartition("/")[2]
            mark = "▶" if below_cursor else " "
            return strip_of([(mark, self.look("mark")), (fitted(name, inner), self.look("text"))], CARD_WIDTH, ground)
        if line > height + 1:
            return Strip.blank(CARD_WIDTH, self.rich_style)
        if line > height:
            return strip_of(self._tier(slot, column, match), CARD_WIDTH, self.rich_style)
        strips = self._pictures.strips(str(match.asset.id), inner, height)
        line -= (height - len(strips)) // 2
        if not 0 <= line < len(strips):
            return Strip.blank(CARD_WIDTH, self.rich_style)
        edge = Segment(" ", self.rich_style)
        return Strip([edge, *strips[line].apply_style(self.rich_style), edge], CARD_WIDTH)

    def _tier(self, slot: Slot, column: int, match: Match) -> list[Piece]:
        pinned = self.pins.get(slot.key) == match.asset.id
        word = " pinned" if pinned else " first" if column == 0 else ""
        return [
            (f" {match.tier}", self.look("good" if match.tier == "exact" else "dim")),
            (" !" * bool(match.warnings), self.look("mark")),
            (word, self.look("mark" if pinned else "dim")),
        ]
