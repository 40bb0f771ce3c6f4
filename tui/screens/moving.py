"""Screens with one cursor."""

from tui.screens.base import CallsheetScreen
from tui.widgets.canvas import Canvas


class Moving(CallsheetScreen):
    """Commands that move the cursor of the screen's canvas. What is told of its place stands in `#about`."""

    DEFAULT_CSS = """
    Moving.-told Canvas { display: none; }
    Moving.-told #about, Moving.-told.-narrow #about, Moving.-told.-normal #about {
        width: 1fr; max-width: 100%; height: 1fr; max-height: 100%; border: none;
    }
    """

    def leave(self) -> bool:
        """Esc: back from what is told to the list."""
        told = self.has_class("-told")
        self.remove_class("-told")
        return told

    def do_large(self) -> None:
        """What is told in the place of the list, or beside it again."""
        self.toggle_class("-told")

    @property
    def canvas(self) -> Canvas:
        """What has the cursor."""
        return self.query_one(Canvas)

    def do_down(self) -> None:
        """One row down."""
        self.canvas.move(rows=1)

    def do_up(self) -> None:
        """One row up."""
        self.canvas.move(rows=-1)

    def do_right(self) -> None:
        """One to the right."""
        self.canvas.move(columns=1)

    def do_left(self) -> None:
        """One to the left."""
        self.canvas.move(columns=-1)

    def do_page_down(self) -> None:
        """As many rows down as are seen."""
        self.canvas.move(rows=self.canvas.page)

    def do_page_up(self) -> None:
        """As many rows up as are seen."""
        self.canvas.move(rows=-self.canvas.page)

    def do_first(self) -> None:
        """The first place."""
        self.canvas.to_end(last=False)

    def do_last(self) -> None:
        """The last place."""
        self.canvas.to_end(last=True)
