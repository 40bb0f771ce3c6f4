"""One picture, drawn in cells. It is read and scaled in a thread; the newest wish wins."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PIL.Image import Image
from rich.segment import Segment
from textual.app import ComposeResult
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from ontology.errors import CallsheetError
from tui.graphics import Drawing, drawing_in, is_in_pixels, pixel_child
from tui.literal import fitted
from tui.pictures import opaque_picture, picture_strips

Finder = Callable[[str], Path]
"""Id → the file of its thumbnail. Raises CallsheetError."""


class Picture(Widget):
    """Shows the asset it was told last. Without colours it shades; where there is nothing to draw it says why."""

    HELP = "The picture, drawn in half blocks: two pixels in each cell; in shades where there is no colour."
    DEFAULT_CSS = """
    Picture { height: 1fr; width: 1fr; background: $background; color: $text-muted; align: center middle; }
    Picture.-hidden { display: none; }
    Picture #pixels { width: auto; height: auto; }
    """

    def __init__(self, find: Finder, *, id: str | None = None) -> None:  # noqa: A002  # Textual's word
        super().__init__(id=id)
        self._find = find
        self.asset_id: str | None = None
        self._lines: list[Strip] = []
        self._words = ""

    @property
    def _drawing(self) -> Drawing:
        return drawing_in(self.app)

    def compose(self) -> ComposeResult:
        """Nothing, or what draws in pixels."""
        if is_in_pixels(self._drawing):
            yield pixel_child(self._drawing)

    def on_mount(self) -> None:
        """Leave the room to others where no pictures are wanted."""
        self.set_class(self._drawing == "none", "-hidden")

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
            self._pixels_shown(asset_id, None, "")
            return
        if self._drawing == "none":
            return
        colour, in_pixels = not self.app.no_color, is_in_pixels(self._drawing)
        read = self._read_pixels if in_pixels else partial(self._read, size=size, colour=colour)
        self.run_worker(partial(read, asset_id), thread=True, exclusive=True, exit_on_error=True)

    def _read_pixels(self, asset_id: str) -> None:
        picture, words = None, ""
        try:
            picture = opaque_picture(self._find(asset_id))
        except CallsheetError as error:
            words = error.message
        except (OSError, ValueError) as error:
            words = f"cannot be drawn: {error}"
        if self.is_attached:
            self.app.call_from_thread(self._pixels_shown, asset_id, picture, words)

    def _pixels_shown(self, asset_id: str | None, picture: Image | None, words: str) -> None:
        if asset_id == self.asset_id:
            for child in self.children:
                child.image = picture  # type: ignore[attr-defined]  # `pixel_child` made it
            self._lines, self._words = [], words
            self.refresh()

    def _read(self, asset_id: str, *, size: Size, colour: bool) -> None:
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
