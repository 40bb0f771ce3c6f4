"""The gallery as a grid of small pictures. Only those that are seen are read."""

from collections.abc import Iterator

from rich.segment import Segment
from textual.strip import Strip

from tui.graphics import drawing_in
from tui.listing import Listing, Selection
from tui.literal import fitted
from tui.widgets.picture import Finder
from tui.widgets.small_pictures import SmallPictures
from tui.widgets.walking import Walker

CELL_WIDTH = 22
"""Cells are about so wide; they stretch or shrink until they fill the line."""

_EDGES = 2
_PICTURE_SHAPE = 9 / 20


class AssetGrid(Walker):
    """Pictures side by side, the name below each."""

    HELP = """
The grid of what the filter finds. Arrows move, Space selects, v begins a range, x goes back to the list.
● is selected. The name below the cursor is shown inverted.
"""

    def __init__(self, listing: Listing, selection: Selection, find: Finder, **named: str) -> None:
        super().__init__(listing, selection, **named)
        self._pictures = SmallPictures(self, find)
        self._has_pictures = True

    def on_mount(self) -> None:
        """Names alone where no pictures are wanted."""
        self._has_pictures = drawing_in(self.app) != "none"

    @property
    def per_row(self) -> int:
        """As many as fill the width best."""
        return max(1, round(self.scrollable_content_region.width / CELL_WIDTH))

    @property
    def picture_size(self) -> tuple[int, int]:
        """Columns and rows of each picture."""
        columns = max(1, self.scrollable_content_region.width // self.per_row - _EDGES)
        return columns, 0 if not self._has_pictures else max(1, round(columns * _PICTURE_SHAPE))

    @property
    def row_height(self) -> int:
        """The picture, its name, and a line between; the name alone without pictures."""
        return self.picture_size[1] + 2 if self._has_pictures else 1

    def _left(self, column: int) -> int:
        """Where a column begins. What cannot be shared evenly makes some one cell wider than others."""
        return self.scrollable_content_region.width * column // self.per_row

    def place_below(self, x: int, y: int) -> int | None:
        """The picture that a mouse points at."""
        column = next((column for column in range(self.per_row) if x < self._left(column + 1)), None)
        if column is None:
            return None
        place = (y + round(self.scroll_y)) // self.row_height * self.per_row + column
        return place if place < self.listing.total else None

    def render_line(self, y: int) -> Strip:
        """One line of what is seen, through all pictures side by side."""
        if not self.listing.total:
            return self.empty_line(y)
        row, line = divmod(y + round(self.scroll_offset.y), self.row_height)
        first, per_row = row * self.per_row, self.per_row
        widths = [self._left(column + 1) - self._left(column) for column in range(per_row)]
        return Strip.join([self._cell_line(first + column, line, widths[column]) for column in range(per_row)])

    def _cell_line(self, place: int, line: int, width: int) -> Strip:
        asset_id = self.listing.id_at(place) if place < self.listing.total else None
        if asset_id is None:
            return Strip.blank(width, self.rich_style)
        columns, rows = self.picture_size
        if line == rows:
            return Strip(list(self._name_line(place, asset_id, width)), width)
        strips = self._pictures.strips(asset_id, columns, rows)
        line -= (rows - len(strips)) // 2
        if not 0 <= line < len(strips):
            return Strip.blank(width, self.rich_style)
        edge, rest = Segment(" ", self.rich_style), Segment(" " * (width - columns - 1), self.rich_style)
        return Strip([edge, *strips[line].apply_style(self.rich_style), rest], width)

    def _name_line(self, place: int, asset_id: str, width: int) -> Iterator[Segment]:
        view = self.listing.view_at(place)
        if view is None:
            self.ask_for(place // self.per_row)
        ground = self.ground(place)
        mark = "●" if asset_id in self.selection else " "
        yield Segment(mark, ground + self.look("mark"))
        name = asset_id if view is None else view.path.rpartition("/")[2]
        yield Segment(fitted(name, width - 2), ground + self.look("head" if view else "dim"))
        yield Segment(" ", self.rich_style)
