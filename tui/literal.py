"""The one place where data becomes something to show: literal text, never markup, with nothing in it that acts.

Everything that comes out of a project (names, tags, prompts, paths, messages that quote them) goes through here.
Control, bidi and zero-width characters are spelled out by `ontology.escaping.visible`.
"""

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from ontology.escaping import visible

ELLIPSIS = "…"
Piece = tuple[str, Style | None]
"""A text from anywhere, and how to draw it."""


def literal(text: str, style: str = "", *, limit: int | None = None) -> Content:
    """One line of text for a widget, as it is. `style` is a style of ours, never one from data."""
    return Content(visible(text, limit=limit)) if not style else Content.styled(visible(text, limit=limit), style)


def literal_lines(text: str, style: str = "") -> Content:
    """Text of several lines, whose line ends stay line ends."""
    shown = "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))
    return Content(shown) if not style else Content.styled(shown, style)


def joined(parts: Iterable[Content], separator: str = "\n") -> Content:
    """Pieces that were made literal, one behind the other."""
    return Content(separator).join(parts)


def fitted(text: str, width: int) -> str:
    """The text made visible in exactly so many cells: cut with an ellipsis, or filled up with spaces."""
    if width <= 0:
        return ""
    shown = visible(text, limit=width + 1)
    if cell_len(shown) <= width:
        return set_cell_size(shown, width)
    return set_cell_size(set_cell_size(shown, width - 1) + ELLIPSIS, width)


def strip_of(pieces: Iterable[Piece], width: int, fill: Style | None = None) -> Strip:
    """A line of exactly so many cells: the pieces one behind the other, cut where the line ends."""
    return Strip(list(_segments(pieces, width, fill)), width)


def _segments(pieces: Iterable[Piece], width: int, fill: Style | None) -> Iterator[Segment]:
    left = width
    for text, style in pieces:
        if left <= 0:
            return
        shown = visible(text, limit=left + 1)
        taken = cell_len(shown)
        if taken > left:
            shown, taken = fitted(shown, left), left
        left -= taken
        yield Segment(shown, fill + style if fill is not None and style is not None else style or fill)
    if left > 0:
        yield Segment(" " * left, fill)
