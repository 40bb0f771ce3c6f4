"""Sheets of rows: each row one thing, its pictures side by side, and a place for each that is missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image

from gallery.context import GalleryContext
from gallery.drawing.sheet_files import sheet_files, write_sheet
from gallery.drawing.sheet_page import Cell, Grid
from gallery.drawing.sheet_pictures import small_picture
from ontology.errors import NotFoundError

MOST_COLUMNS: Final = 12
_SIZE, _LINES, _LEAST_COLUMNS, _KEPT = 176, 3, 3, 64


@dataclass(frozen=True, slots=True)
class RowCell:
    """A picture of a row; `asset_id` None where there is none, and `instead` stands in its place.

    `caption`: at most three lines.
    """

    asset_id: str | None
    caption: tuple[str, ...]
    instead: str = "missing"


def row_sheet(
    context: GalleryContext,
    path: Path | str,
    rows: Sequence[Sequence[RowCell]],
    *,
    title: str = "",
    force: bool = False,
    dry_run: bool = False,
) -> tuple[Path, ...]:
    """Draw the rows, one below the other; one that is longer than `MOST_COLUMNS` goes on in the next. The files.

    Raises NotFoundError where there is no cell, and as `sheet_files` and `write_sheet` do.
    """
    longest = max(map(len, rows), default=0)
    if not longest:
        raise NotFoundError("there is nothing to draw", hint="name a place or somebody in a scene")
    columns = min(max(longest, _LEAST_COLUMNS), MOST_COLUMNS)
    grid = Grid(columns, _SIZE, _LINES)
    number = sum(-(-len(row) // columns) * columns for row in rows)
    files = sheet_files(Path(path), number, grid, force=force)
    if not dry_run:
        write_sheet(files, _cells(context, rows, columns), number, grid, title)
    return files


def _cells(context: GalleryContext, rows: Sequence[Sequence[RowCell]], columns: int) -> Iterator[Cell]:
    @lru_cache(maxsize=_KEPT)
    def picture_of(asset_id: str) -> Image.Image | None:
        """The pictures of one scene come again in each of its shots."""
        return small_picture(context, asset_id)

    for row in rows:
        for cell in row:
            picture = None if cell.asset_id is None else picture_of(cell.asset_id)
            instead = cell.instead if cell.asset_id is None else "no picture"
            yield Cell(instead if picture is None else picture, cell.caption)
        for _ in range(-len(row) % columns):
            yield Cell(None, "")
