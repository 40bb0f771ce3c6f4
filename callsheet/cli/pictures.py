"""Pictures on a terminal: two pixels in each character cell, drawn with the upper half block."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from callsheet.cli import output

if TYPE_CHECKING:
    from PIL.Image import Image
    from rich.text import Text

HALF_BLOCK = "▀"
BACKDROP = (32, 32, 36)
"""What shows through transparent pixels: a dark grey on which light and dark drawings both stand out."""


def can_show_pictures() -> bool:
    """Whether stdout is a terminal with colours and block characters."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "")
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") == "dumb"
    return output.is_terminal(sys.stdout) and encoding == "utf8" and not plain


_PIXEL_TERMINALS = {
    "xterm-kitty",
    "xterm-ghostty",
    "foot",
    "foot-extra",
    "mlterm",
    "wezterm",
    "contour",
    "yaft-256color",
}
_PIXEL_PROGRAMS = {"WezTerm", "iTerm.app", "ghostty", "contour", "mintty", "rio", "WarpTerminal"}


def may_draw_pixels(environment: Mapping[str, str] | None = None) -> bool:
    """Whether the terminal calls itself one that knows Kitty's protocol or Sixel. It is not asked.

    Inside a multiplexer it is not: what is on the other side may change, and most pass no pixels on.
    """
    found = os.environ if environment is None else environment
    if found.get("NO_COLOR") or found.get("TMUX") or found.get("STY"):
        return False
    return found.get("TERM") in _PIXEL_TERMINALS or found.get("TERM_PROGRAM") in _PIXEL_PROGRAMS


def show_picture(path: Path, *, columns: int = 40, rows: int = 20) -> None:
    """Draw a picture on stdout."""
    output.console().print(picture_text(path, columns=columns, rows=rows))


def picture_text(path: Path, *, columns: int, rows: int) -> "Text":
    """A picture fitted into so many character cells, as styled text of one line a row."""
    from PIL import Image  # noqa: PLC0415  # Pillow, only to draw
    from rich.text import Text  # noqa: PLC0415  # see output.console()

    with Image.open(path) as opened:
        picture = _on_backdrop(opened.convert("RGBA"))
    picture.thumbnail((columns, rows * 2))
    return Text("\n").join(_lines(picture))


def _on_backdrop(picture: "Image") -> "Image":
    from PIL import Image  # noqa: PLC0415  # see picture_text()

    ground = Image.new("RGBA", picture.size, (*BACKDROP, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def _lines(picture: "Image") -> "Iterator[Text]":
    from rich.text import Text  # noqa: PLC0415  # see output.console()

    pixels, width = picture.tobytes(), picture.width
    for top in range(0, picture.height, 2):
        row = Text()
        for left in range(width):
            upper = _hex(pixels, top * width + left)
            lower = _hex(pixels, (top + 1) * width + left) if top + 1 < picture.height else "default"
            row.append(HALF_BLOCK, style=f"{upper} on {lower}")
        yield row


def _hex(pixels: bytes, position: int) -> str:
    """The colour of one pixel of RGB data."""
    return "#" + pixels[3 * position : 3 * position + 3].hex()
