"""What list and grid share: a cursor over a listing of any length, a selection, and asking for what is seen."""

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ontology.escaping import visible
from tui.listing import Listing, Selection
from tui.literal import strip_of
from tui.messages import Highlighted, Opened, SelectionChanged, ViewsWanted


class Walker(ScrollView, inherit_bindings=False):
    """Rows of cells of one size. It draws only what is seen, so its length costs nothing."""

    BINDINGS: ClassVar[list[BindingType]] = []  # the screen's commands move it, so that keys can be given otherwise
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "walker--cursor", "walker--selected", "walker--mark", "walker--dim", "walker--head",
        "walker--character", "walker--location", "walker--role", "walker--camera", "walker--free",
    }  # fmt: skip
    DEFAULT_CSS = """
    Walker { background: $background; overflow-x: hidden; scrollbar-size-vertical: 1; }
    Walker .walker--cursor { background: $block-cursor-blurred-background; color: $block-cursor-blurred-foreground; }
    Walker:focus .walker--cursor { background: $primary-muted; color: $text; text-style: bold; }
    Walker .walker--selected { background: $boost; }
    Walker .walker--mark { color: $text-warning; text-style: bold; }
    Walker .walker--dim { color: $text-muted; }
    Walker .walker--head { color: $text; }
    Walker .walker--character { color: $text-primary; }
    Walker .walker--location { color: $text-success; }
    Walker .walker--role { color: $text-warning; }
    Walker .walker--camera { color: $text-accent; }
    Walker .walker--free { color: $text-muted; }
    """
    can_focus = True
    cursor: reactive[int] = reactive(0, repaint=False)

    def __init__(self, listing: Listing, selection: Selection, *, id: str, classes: str = "") -> None:  # noqa: A002  # Textual's word
        super().__init__(id=id, classes=classes)
        self.listing = listing
        self.selection = selection
        self.range_from: int | None = None
        self._asked: tuple[int, int] | None = None
        self._instead: Sequence[str] = ()

    @property
    def per_row(self) -> int:
        """How many assets stand side by side."""
        return 1

    @property
    def row_height(self) -> int:
        """Lines of a row."""
        return 1

    @property
    def page(self) -> int:
        """How many rows are seen at once."""
        return max(1, self.scrollable_content_region.height // self.row_height)

    def show(self, listing: Listing, *, at: int = 0) -> None:
        """Another listing, with the cursor at a place of it."""
        self.listing = listing
        self.range_from = None
        self.listing_changed()
        self.set_reactive(Walker.cursor, self._within(at))
        self.follow_cursor()
        self.tell_cursor()

    def say_instead(self, lines: Sequence[str]) -> None:
        """What stands in the place of finds while there are none."""
        if lines != self._instead:
            self._instead = lines
            self.refresh()

    def empty_line(self, y: int) -> Strip:
        """A line below the last find, counted from the top of what is seen."""
        width = self.scrollable_content_region.width
        if self.listing.total:
            return Strip.blank(width, self.rich_style)
        lines = [
            part
            for line in self._instead
            for part in wrap(visible(line), max(20, width - 4), replace_whitespace=False) or [""]
        ]
        if not 0 <= y - 1 < len(lines):
            return Strip.blank(width, self.rich_style)
        look = self.look("head" if y == 1 else "dim")
        return strip_of([("  ", None), (lines[y - 1], look)], width, self.rich_style)

    def listing_changed(self) -> None:
        """The listing holds other ids, or assets that were not known."""
        self._asked = None
        rows = -(-self.listing.total // self.per_row)
        self.virtual_size = Size(self.scrollable_content_region.width, rows * self.row_height)
        if self.cursor != self._within(self.cursor):
            self.cursor = self._within(self.cursor)
        self.refresh()

    def _within(self, place: int) -> int:
        return max(0, min(place, self.listing.total - 1))

    def move(self, rows: int = 0, columns: int = 0, *, extend: bool = False) -> None:
        """Move the cursor; `extend` selects what it passes over."""
        before = self.cursor
        target = self._within(before + rows * self.per_row + columns)
        if extend:
            self.select_between(before, target)
        self.cursor = target
        if self.range_from is not None:
            self.select_between(self.range_from, target)

    def move_to(self, place: int) -> None:
        """Put the cursor at a place."""
        self.move(columns=place - self.cursor)

    def to_end(self, *, last: bool) -> None:
        """Put the cursor at the first or the last place."""
        self.move_to(self.listing.total - 1 if last else 0)

    def watch_cursor(self, before: int, now: int) -> None:
        """Show where it stands now."""
        if before != now:
            self._refresh_place(before)
            self._refresh_place(now)
            self.follow_cursor()
            self.tell_cursor()

    def follow_cursor(self) -> None:
        """Scroll until the cursor is seen."""
        top = self.cursor // self.per_row * self.row_height
        region = Region(0, top, self.scrollable_content_region.width, self.row_height)
        self.scroll_to_region(region, animate=False, force=True, x_axis=False)

    def tell_cursor(self) -> None:
        """Say which asset the cursor stands on."""
        self.post_message(Highlighted(self.cursor, self.current))

    @property
    def current(self) -> str | None:
        """The id of the asset below the cursor."""
        return self.listing.id_at(self.cursor)

    def select_between(self, one: int, other: int) -> None:
        """Select everything from one place to another."""
        self.selection.add(self.listing.ids(min(one, other), max(one, other)))
        self.tell_selection()

    def toggle(self) -> None:
        """Select the asset below the cursor or let it go, and step on."""
        if self.current is not None:
            self.selection.toggle(self.current)
            self.tell_selection()
            self.move(columns=1)

    def tell_selection(self) -> None:
        """Say that the selection is another one."""
        self.refresh()
        self.post_message(SelectionChanged(self.selection.count(self.listing)))

    def _refresh_place(self, place: int) -> None:
        top = place // self.per_row * self.row_height - round(self.scroll_y)
        self.refresh(Region(0, top, self.size.width, self.row_height))

    def ask_for(self, row: int) -> None:
        """A row is drawn whose assets are not known: ask for them and for those around it, once."""
        first = max(0, round(self.scroll_y) // self.row_height - self.page) * self.per_row
        last = min(self.listing.known - 1, first + 3 * self.page * self.per_row)
        if row * self.per_row <= last and self._asked != (first, last):
            self._asked = (first, last)
            self.post_message(ViewsWanted(first, last))

    def on_resize(self) -> None:
        """Another width may hold another number side by side."""
        self.listing_changed()
        self.follow_cursor()

    def place_below(self, x: int, y: int) -> int | None:  # noqa: ARG002  # the grid looks at both
        """The place that a mouse points at, in cells from the corner of what is seen."""
        place = (y + round(self.scroll_y)) // self.row_height
        return place if 0 <= place < self.listing.total else None

    def on_click(self, event: events.Click) -> None:
        """A click moves, with Ctrl it selects, with Shift up to here; a double click opens."""
        offset = event.get_content_offset(self)
        place = None if offset is None else self.place_below(offset.x, offset.y)
        if place is None:
            return
        if event.shift:
            self.select_between(self.cursor, place)
        self.cursor = place
        if event.ctrl and self.current is not None:
            self.selection.toggle(self.current)
            self.tell_selection()
        if event.chain > 1 and self.current is not None:
            self.post_message(Opened(self.current))

    def look(self, name: str) -> Style:
        """The style of a part, in the colours of the theme, without a background of its own."""
        return self.get_component_rich_style(f"walker--{name}", partial=True)

    def ground(self, place: int) -> Style:
        """The background of a place: below the cursor, selected, or neither."""
        base = self.rich_style
        if place == self.cursor:
            return base + self.get_component_rich_style("walker--cursor", partial=True)
        asset_id = self.listing.id_at(place)
        if asset_id is not None and asset_id in self.selection:
            return base + self.get_component_rich_style("walker--selected", partial=True)
        return base
