"""Pictures as lines of cells: two pixels in each, drawn with the half block; shades where there is no colour."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from PIL import Image
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

HALF_BLOCK = "▀"
SHADES = " ░▒▓█"
BACKDROP = (32, 32, 36)
"""What shows through transparent pixels: a dark grey on which light and dark drawings both stand out."""


def picture_strips(path: Path, columns: int, rows: int, *, colour: bool = True) -> list[Strip]:
    """A picture fitted into so many cells, centred, every line so many cells wide.

    `path` is a thumbnail: small, and written by us. Raises OSError for what cannot be read.
    """
    if columns < 1 or rows < 1:
        return []
    with Image.open(path) as opened:
        opened.draft("RGB", (columns, rows * 2))
        picture = _on_backdrop(opened.convert("RGBA"))
    picture.thumbnail((columns, rows * 2))
    lines = _half_blocks(picture) if colour else _shades(picture)
    left = (columns - picture.width) // 2
    return [line.extend_cell_length(columns) if not left else _moved(line, left, columns) for line in lines]


def opaque_picture(path: Path) -> Image.Image:
    """A whole picture on the backdrop. Raises OSError for what cannot be read."""
    with Image.open(path) as opened:
        return _on_backdrop(opened.convert("RGBA"))


def _moved(line: Strip, left: int, columns: int) -> Strip:
    return Strip([Segment(" " * left), *line], left + line.cell_length).extend_cell_length(columns)


def _on_backdrop(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", picture.size, (*BACKDROP, 255))
    return Image.alpha_composite(ground, picture).convert("RGB")


def _half_blocks(picture: Image.Image) -> Iterator[Strip]:
    pixels, width = picture.tobytes(), picture.width
    for top in range(0, picture.height, 2):
        upper = pixels[3 * top * width : 3 * (top + 1) * width]
        lower = pixels[3 * (top + 1) * width : 3 * (top + 2) * width]
        yield Strip([*_runs(upper, lower)], width)


def _runs(upper: bytes, lower: bytes) -> Iterator[Segment]:
    """The cells of a line; neighbours of the same colours are one segment."""
    last, count = None, 0
    for place in range(0, len(upper), 3):
        pair = (upper[place : place + 3], lower[place : place + 3])
        if pair != last:
            if last is not None:
                yield Segment(HALF_BLOCK * count, _style(*last))
            last, count = pair, 0
        count += 1
    if last is not None:
        yield Segment(HALF_BLOCK * count, _style(*last))


@lru_cache(20_000)
def _style(upper: bytes, lower: bytes) -> Style:
    return Style(color=_colour(upper), bgcolor=_colour(lower) if lower else None)


def _colour(rgb: bytes) -> Color:
    return Color.from_rgb(*rgb)


def _shades(picture: Image.Image) -> Iterator[Strip]:
    """One of five shades for each cell, of its two pixels together."""
    grey = picture.convert("L").resize((picture.width, max(1, (picture.height + 1) // 2)))
    pixels = grey.tobytes()
    for row in range(grey.height):
        line = pixels[row * grey.width : (row + 1) * grey.width]
        yield Strip([Segment("".join(SHADES[value * len(SHADES) // 256] for value in line))], grey.width)
