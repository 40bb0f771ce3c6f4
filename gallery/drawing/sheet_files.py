"""Sheets as files: PNG and JPEG take a file for each page when one is not enough, a PDF holds them all."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from PIL import Image

from gallery.drawing.files import checked_suffix, page_files, written_whole
from gallery.drawing.sheet_page import Cell, Grid, draw_page
from gallery.store.targets import refuse_targets

SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".pdf")
_PDF: Final = ".pdf"
_JPEG_QUALITY, _PDF_DPI = 88, 120


def sheet_files(path: Path, number: int, grid: Grid, *, force: bool) -> tuple[Path, ...]:
    """The files that a sheet of `number` cells takes.

    Raises InvalidInputError for the suffix, ConflictError for a file that exists unless `force`.
    """
    pages = -(-number // grid.per_page)
    files = [path] if checked_suffix(path, SUFFIXES) == _PDF else page_files(path, pages)
    refuse_targets(files, force=force)
    return tuple(files)


def write_sheet(files: tuple[Path, ...], cells: Iterable[Cell], number: int, grid: Grid, title: str) -> None:
    """Draw `number` cells into the files of `sheet_files`. They are read one at a time; one page is in memory.

    Raises CallsheetError (`storage`). Pages that are finished stay when a later one fails.
    """
    pages = _pages(iter(cells), number, grid, title)
    if files[0].suffix.lower() == _PDF:
        _write_pdf(files[0], pages, title)
        return
    for file, page in zip(files, pages, strict=True):
        with written_whole(file) as draft:
            page.save(draft, quality=_JPEG_QUALITY)  # PNG has none and lets it pass


def _pages(cells: Iterator[Cell], number: int, grid: Grid, title: str) -> Iterator[Image.Image]:
    pages = -(-number // grid.per_page)
    for page in range(1, pages + 1):
        mark = f"{page} of {pages}" if pages > 1 else ""
        on_page = min(number - (page - 1) * grid.per_page, grid.per_page)
        yield draw_page(islice(cells, on_page), on_page, grid, title=title, mark=mark)


def _write_pdf(path: Path, pages: Iterable[Image.Image], title: str) -> None:
    """All pages in one file, to which each is appended."""
    with written_whole(path) as draft:
        for page in pages:
            page.save(draft, "PDF", append=draft.exists(), resolution=_PDF_DPI, title=title or "Contact sheet")
