"""One picture, drawn in cells. It is read and scaled in a thread; the newest wish wins."""

from collections.abc import Callable
from pathlib import Path

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from ontology.errors import CallsheetError
from tui.literal import fitted
from tui.pictures import picture_strips

Finder = Callable[[str], Path]
"""Id → the file of its thumbnail. Raises CallsheetError."""


class Picture(Widget):
    """Shows the asset it was told last. Without colours it shades; where there is nothing to draw it says why."""

    HELP = "The picture, drawn in half blocks: two pixels in each cell; in shades where there is no colour."
    DEFAULT_CSS = """
    Picture { height: 1fr; width: 1fr; background: $background; color: $text-muted; }
    """

    def __init__(self, find: Finder, *, id: str | None = None) -> None:  # noqa: A002  # Textual's word
        super().__init__(id=id)
        self._find = find
        self.asset_id: str | None = None
        self._lines: list[Strip] = []
        self._words = ""

    def show(self, asset_id: str | None) -> None:
        """Draw this asset; None: nothing."""
        if asset_id != self.asset_id:
            self.asset_id = asset_id
            self._draw()

    def on_resize(self) -> None:
        """Draw it in its new size."""
        self._draw()

    def _draw(self) -> None:
        asset_id, size = self.asset_id, self.content_size
        if asset_id is None or not size:
            self._shown(asset_id, [], "")
            return
        colour = not self.app.no_color
        self.run_worker(
            lambda: self._read(asset_id, size, colour=colour), thread=True, exclusive=True, exit_on_error=True
        )

    def _read(self, asset_id: str, size: Size, *, colour: bool) -> None:
        try:
            lines, words = picture_strips(self._find(asset_id), size.width, size.height, colour=colour), ""
        except CallsheetError as error:
            lines, words = [], error.message
        except (OSError, ValueError) as error:
            lines, words = [], f"cannot be drawn: {error}"
        if self.is_attached:
            self.app.call_from_thread(self._shown, asset_id, lines, words)

    def _shown(self, asset_id: str | None, lines: list[Strip], words: str) -> None:
        if asset_id == self.asset_id:
            self._lines, self._words = lines, words
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of it, in the middle of the room there is."""
        width, height = self.content_size
        if self._words and y == height // 2:
            return Strip([Segment(fitted(self._words, width), self.rich_style)], width)
        line = y - max(0, (height - len(self._lines)) // 2)
        if 0 <= line < len(self._lines):
            return self._lines[line].apply_style(self.rich_style)
        return Strip.blank(width, self.rich_style)
