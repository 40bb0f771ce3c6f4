"""Screens over one canvas."""

from tui.screens.cursor import CursorScreen
from tui.widgets.canvas import Canvas


class Moving(CursorScreen):
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

    @property
    def walked(self) -> Canvas:
        """The canvas."""
        return self.canvas
