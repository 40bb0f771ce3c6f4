"""The part of Browse that moves the cursor and the selection."""

from tui.screens.browse_base import BrowseBase
from tui.screens.cursor import CursorScreen
from tui.widgets.filter_line import FilterLine
from tui.widgets.walking import Walker


class BrowseMoves(BrowseBase, CursorScreen):
    """Commands over whatever list or grid is shown."""

    @property
    def walked(self) -> Walker:
        """The list or the grid, whichever is shown."""
        return self.finds

    def do_filter(self) -> None:
        """Type a filter."""
        self.query_one(FilterLine).edit()

    def do_select(self) -> None:
        """Select the picture and step on."""
        self.finds.toggle()

    def do_range(self) -> None:
        """Begin a range at the cursor, or end it."""
        finds = self.finds
        finds.range_from = finds.cursor if finds.range_from is None else None
        if finds.range_from is not None:
            finds.select_between(finds.range_from, finds.range_from)
        finds.tell_selection()

    def do_extend_down(self) -> None:
        """Select this and the next row."""
        self.finds.move(rows=1, extend=True)

    def do_extend_up(self) -> None:
        """Select this and the row before."""
        self.finds.move(rows=-1, extend=True)

    def do_everything(self) -> None:
        """Select all that match, or none of them."""
        finds = self.finds
        finds.selection.clear(everything=finds.selection.count(finds.listing) < finds.listing.total)
        finds.tell_selection()
