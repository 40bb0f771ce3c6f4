"""The gallery as a grid of small pictures. Only those that are seen are read."""

from collections.abc import Iterator
from functools import partial

from rich.segment import Segment
from textual.strip import Strip

from ontology.errors import CallsheetError
from tui.listing import Listing, Selection
from tui.literal import fitted
from tui.pictures import picture_strips
from tui.widgets.picture import Finder
from tui.widgets.walking import Walker

CELL_WIDTH = 22
PICTURE_WIDTH = CELL_WIDTH - 2
PICTURE_HEIGHT = 9
MOST_PICTURES = 600
_AT_ONCE = 8


class AssetGrid(Walker):
    """Pictures side by side, the name below each."""

    HELP = """
The grid of what the filter finds. Arrows move, Space selects, v begins a range, x goes back to the list.
● is selected. The name below the cursor is shown inverted.
"""

    def __init__(self, listing: Listing, selection: Selection, find: Finder, **named: str) -> None:
        super().__init__(listing, selection, **named)
        self._find = find
        self._pictures: dict[str, list[Strip]] = {}
        self._wanted: list[str] = []
        self._reading = False

    @property
    def per_row(self) -> int:
        """As many as there is room for."""
        return max(1, self.scrollable_content_region.width // CELL_WIDTH)

    @property
    def row_height(self) -> int:
        """The picture, its name, and a line between."""
        return PICTURE_HEIGHT + 2

    def place_below(self, x: int, y: int) -> int | None:
        """The picture that a mouse points at."""
        column = x // CELL_WIDTH
        place = (y + round(self.scroll_y)) // self.row_height * self.per_row + column
        return place if column < self.per_row and place < self.listing.total else None

    def render_line(self, y: int) -> Strip:
        """One line of what is seen, through all pictures side by side."""
        row, line = divmod(y + round(self.scroll_offset.y), self.row_height)
        first = row * self.per_row
        strips = [self._cell_line(first + column, line) for column in range(self.per_row)]
        joined = Strip.join(strips)
        return joined.extend_cell_length(self.scrollable_content_region.width, self.rich_style)

    def _cell_line(self, place: int, line: int) -> Strip:
        asset_id = self.listing.id_at(place) if place < self.listing.total else None
        if asset_id is None:
            return Strip.blank(CELL_WIDTH, self.rich_style)
        if line == PICTURE_HEIGHT:
            return Strip(list(self._name_line(place, asset_id)), CELL_WIDTH)
        strips = self._picture(asset_id)
        line -= (PICTURE_HEIGHT - len(strips)) // 2
        if not 0 <= line < len(strips):
            return Strip.blank(CELL_WIDTH, self.rich_style)
        edge = Segment(" ", self.rich_style)
        return Strip([edge, *strips[line].apply_style(self.rich_style), edge], CELL_WIDTH)

    def _name_line(self, place: int, asset_id: str) -> Iterator[Segment]:
        view = self.listing.view_at(place)
        if view is None:
            self.ask_for(place // self.per_row)
        ground = self.ground(place)
        mark = "●" if asset_id in self.selection else " "
        yield Segment(mark, ground + self.look("mark"))
        name = asset_id if view is None else view.path.rpartition("/")[2]
        yield Segment(fitted(name, CELL_WIDTH - 2), ground + self.look("head" if view else "dim"))
        yield Segment(" ", self.rich_style)

    def _picture(self, asset_id: str) -> list[Strip]:
        found = self._pictures.get(asset_id)
        if found is None:
            self._pictures[asset_id] = found = []
            self._wanted.append(asset_id)
            if not self._reading:
                self._reading = True
                self.call_after_refresh(self._begin_reading)
        return found

    def _begin_reading(self) -> None:
        self.run_worker(partial(self._read, colour=not self.app.no_color), thread=True, exit_on_error=True)

    def _read(self, *, colour: bool) -> None:
        """What was asked for last is read first: it is what is seen now."""
        while self._wanted:
            asked = [self._wanted.pop() for _ in range(min(_AT_ONCE, len(self._wanted)))]
            drawn = {asset_id: self._drawn(asset_id, colour=colour) for asset_id in asked}
            if not (self.is_attached and self.app.is_running):
                return
            self.app.call_from_thread(self._show, drawn)
        self._reading = False

    def _drawn(self, asset_id: str, *, colour: bool) -> list[Strip]:
        try:
            return picture_strips(self._find(asset_id), PICTURE_WIDTH, PICTURE_HEIGHT, colour=colour)
        except (CallsheetError, OSError, ValueError):
            return [Strip([Segment(fitted("no picture".center(PICTURE_WIDTH), PICTURE_WIDTH))], PICTURE_WIDTH)]

    def _show(self, drawn: dict[str, list[Strip]]) -> None:
        self._pictures.update(drawn)
        while len(self._pictures) > MOST_PICTURES:
            del self._pictures[next(iter(self._pictures))]
        self.refresh()
