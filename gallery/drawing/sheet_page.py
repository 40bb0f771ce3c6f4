"""One page of a contact sheet: small pictures in a grid, each with its caption."""

from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from gallery.drawing.lettering import drawable, font, shortened, wrapped

PAGE_HEIGHT = 3_000
"""Rows are put on a page until it is so many pixels high; one row there always is."""

_MARGIN, _GAP, _TITLE, _LINE = 24, 16, 40, 17
_CAPTION_PIXELS, _TITLE_PIXELS = 13, 22
_GROUND, _FRAME, _INK, _SOFT = "#ffffff", "#eef1f4", "#1b2430", "#5b6675"


@dataclass(frozen=True, slots=True)
class Grid:
    """How a sheet is laid out: pictures in a row, pixels of the square that each is fitted into, lines of a caption."""

    columns: int
    size: int
    lines: int

    @property
    def cell_height(self) -> int:
        """Pixels from one row to the next."""
        return self.size + (self.lines * _LINE + 6 if self.lines else 0) + _GAP

    @property
    def per_page(self) -> int:
        """Pictures on a full page."""
        return self.columns * max(1, (PAGE_HEIGHT - 2 * _MARGIN - _TITLE) // self.cell_height)


@dataclass(frozen=True, slots=True)
class Cell:
    """A picture, or why there is none; None: the place stays empty. Below it words, or lines as they are."""

    picture: Image.Image | str | None
    caption: str | tuple[str, ...]


def draw_page(cells: Iterable[Cell], number: int, grid: Grid, *, title: str, mark: str) -> Image.Image:
    """A page of `number` cells, which are read one at a time; title and page mark above them where there are any."""
    columns = grid.columns
    width = 2 * _MARGIN + columns * grid.size + (columns - 1) * _GAP
    head = _TITLE if title or mark else 0
    rows = max(1, -(-number // columns))
    page = Image.new("RGB", (width, 2 * _MARGIN + head + rows * grid.cell_height - _GAP), _GROUND)
    pen = ImageDraw.Draw(page)
    if head:
        _draw_head(pen, width - 2 * _MARGIN, title, mark)
    for place, cell in enumerate(cells):
        row, column = divmod(place, columns)
        corner = (_MARGIN + column * (grid.size + _GAP), _MARGIN + head + row * grid.cell_height)
        _draw_cell(page, pen, corner, cell, grid)
    return page


def _draw_head(pen: ImageDraw.ImageDraw, room: float, title: str, mark: str) -> None:
    letters = font(_TITLE_PIXELS)
    behind = letters.getlength(mark) + _GAP if mark else 0
    pen.text((_MARGIN, _MARGIN), shortened(drawable(title), letters, room - behind), _INK, letters)
    pen.text((_MARGIN + room, _MARGIN), mark, _SOFT, letters, anchor="ra")


def _draw_cell(page: Image.Image, pen: ImageDraw.ImageDraw, corner: tuple[int, int], cell: Cell, grid: Grid) -> None:
    if cell.picture is None:
        return
    left, top = corner
    letters, size = font(_CAPTION_PIXELS), grid.size
    pen.rectangle((left, top, left + size - 1, top + size - 1), _FRAME)
    if isinstance(cell.picture, str):
        words = shortened(drawable(cell.picture), letters, size - 8)
        pen.text((left + size / 2, top + size / 2), words, _SOFT, letters, anchor="mm")
    else:
        _paste(page, cell.picture, corner, size)
    for number, line in enumerate(_lines(cell.caption, grid)):
        pen.text((left, top + size + 6 + number * _LINE), line, _INK, letters)


def _lines(caption: str | tuple[str, ...], grid: Grid) -> list[str]:
    letters = font(_CAPTION_PIXELS)
    if isinstance(caption, tuple):
        return [shortened(drawable(line), letters, grid.size) for line in caption[: grid.lines]]
    return wrapped(drawable(caption), letters, grid.size, grid.lines) if grid.lines else []


def _paste(page: Image.Image, picture: Image.Image, corner: tuple[int, int], size: int) -> None:
    """Fitted into the square, in its middle; what shines through stands on the frame's colour."""
    scale = size / max(picture.size)
    wanted = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    if scale < 1:  # small pictures are not blown up
        picture = picture.resize(wanted, Image.Resampling.LANCZOS)
    place = (corner[0] + (size - picture.width) // 2, corner[1] + (size - picture.height) // 2)
    page.paste(picture, place, picture if picture.mode == "RGBA" else None)
