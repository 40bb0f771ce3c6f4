"""Contact sheets: what a query finds, as pictures with captions, in the order of the query."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, get_args

from PIL import Image

from gallery.context import GalleryContext
from gallery.details import thumbnail
from gallery.drawing.files import checked_suffix, page_files, written_whole
from gallery.drawing.sheet_page import Cell, Grid, draw_page
from gallery.intake.rebuilding import rebuild_thumbnail
from gallery.reading.arguments import whole_number
from gallery.searching.search import search
from gallery.store.targets import refuse_targets
from gallery.views import AssetView
from ontology.errors import InvalidInputError, NotFoundError

Caption = Literal["id", "name", "tags", "none"]

DEFAULT_LIMIT: Final = 500
MAX_LIMIT: Final = 10_000
DEFAULT_COLUMNS, MAX_COLUMNS = 6, 20
DEFAULT_SIZE, MIN_SIZE, MAX_SIZE = 160, 48, 256
SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".pdf")
_CAPTION_LINES: Final = {"id": 1, "name": 1, "tags": 3, "none": 0}
_LEAST_COLUMNS: Final = 3
_PAGE_OF_SEARCH: Final = 200
_JPEG_QUALITY, _PDF_DPI = 88, 120


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """How a sheet looks. `size` is the side of the square of each picture, in pixels.

    Raises InvalidInputError for what is out of bounds.
    """

    columns: int = DEFAULT_COLUMNS
    size: int = DEFAULT_SIZE
    caption: Caption = "name"
    title: str | None = None

    def __post_init__(self) -> None:
        _within("columns", self.columns, 1, MAX_COLUMNS)
        _within("size", self.size, MIN_SIZE, MAX_SIZE)
        if self.caption not in get_args(Caption):
            raise InvalidInputError(
                f"`caption` is not {self.caption!r}", hint=f"give one of {', '.join(get_args(Caption))}"
            )

    def grid(self, number: int) -> Grid:
        """The layout for so many pictures: few take fewer columns, but leave room for a title."""
        return Grid(min(self.columns, max(number, _LEAST_COLUMNS)), self.size, _CAPTION_LINES[self.caption])


@dataclass(frozen=True, slots=True)
class ContactSheet:
    """What was drawn: the files, how many assets of all that match, and the ids of those whose picture is not there."""

    files: tuple[Path, ...]
    assets: int
    total: int
    without_picture: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """`{files, assets, total, without_picture}`."""
        return {
            "files": [str(path) for path in self.files],
            "assets": self.assets,
            "total": self.total,
            "without_picture": list(self.without_picture),
        }


def contact_sheet(
    context: GalleryContext,
    path: Path | str,
    query: str = "",
    *,
    limit: int = DEFAULT_LIMIT,
    options: SheetOptions | None = None,
    force: bool = False,
    dry_run: bool = False,
) -> ContactSheet:
    """Draw the first `limit` (1-10,000) assets that a query finds, in its order.

    PNG and JPEG take a file for each page when one is not enough (`FILE-1.png`, `FILE-2.png`, …); a PDF holds them all.
    One page is in memory at a time. Thumbnails that are gone are made anew; an asset without any file keeps its place.
    Raises InvalidInputError for options, query or suffix, NotFoundError when nothing is found, ConflictError for a file
    that exists unless `force`, and CallsheetError (`storage`). Pages that are finished stay when a later one fails.
    """
    look = options or SheetOptions()
    _within("limit", limit, 1, MAX_LIMIT)
    place = Path(path)
    suffix = checked_suffix(place, SUFFIXES)
    total = search(context, query, limit=1).total or 0
    if not total:
        raise NotFoundError("no asset matches: there is nothing to draw", hint=f"callsheet search {query}".rstrip())
    shown = min(total, limit)
    pages = -(-shown // look.grid(shown).per_page)
    files = [place] if suffix == ".pdf" else page_files(place, pages)
    refuse_targets(files, force=force)
    if dry_run:
        return ContactSheet(tuple(files), shown, total, ())
    sheet = _Sheet(context, query, look, shown)
    if suffix == ".pdf":
        sheet.write_pdf(place, pages)
    else:
        for file, page in zip(files, sheet.pages(pages), strict=True):
            with written_whole(file) as draft:
                page.save(draft, quality=_JPEG_QUALITY)  # PNG has none and lets it pass
    return ContactSheet(tuple(files), sheet.drawn, total, tuple(sheet.without_picture))


class _Sheet:
    """A sheet while it is drawn. The assets are read from the search as they are needed."""

    def __init__(self, context: GalleryContext, query: str, options: SheetOptions, shown: int) -> None:
        self._context = context
        self._caption: Caption = options.caption
        self._grid = options.grid(shown)
        self._title = options.title if options.title is not None else query
        self._assets = islice(_found(context, query), shown)
        self._left = shown
        self.drawn = 0
        self.without_picture: list[str] = []

    def pages(self, number: int) -> Iterator[Image.Image]:
        """The pages, one at a time."""
        grid = self._grid
        for page in range(1, number + 1):
            mark = f"{page} of {number}" if number > 1 else ""
            cells = map(self._cell, islice(self._assets, grid.per_page))
            on_page = min(self._left, grid.per_page)
            self._left -= on_page
            yield draw_page(cells, on_page, grid, title=self._title, mark=mark)

    def write_pdf(self, path: Path, number: int) -> None:
        """All pages in one file, to which each is appended."""
        with written_whole(path) as draft:
            for page in self.pages(number):
                page.save(
                    draft, "PDF", append=draft.exists(), resolution=_PDF_DPI, title=self._title or "Contact sheet"
                )

    def _cell(self, asset: AssetView) -> Cell:
        self.drawn += 1
        picture = _picture(self._context, asset.id)
        if picture is None:
            self.without_picture.append(asset.id)
        return Cell("no picture" if picture is None else picture, _caption(asset, self._caption))


def _found(context: GalleryContext, query: str) -> Iterator[AssetView]:
    cursor = None
    while True:
        page = search(context, query, limit=_PAGE_OF_SEARCH, cursor=cursor)
        yield from page.assets
        cursor = page.cursor
        if cursor is None:
            return


def _picture(context: GalleryContext, asset_id: str) -> Image.Image | None:
    """The thumbnail; made anew when it is gone, or cannot be read. None where nothing is left to make it of."""
    try:
        return _opened(thumbnail(context, asset_id))
    except (NotFoundError, OSError):
        pass
    try:
        made = rebuild_thumbnail(context, asset_id)
        return None if made is None else _opened(made)
    except OSError:
        return None


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.draft("RGB", (MAX_SIZE, MAX_SIZE))  # where the picture itself stands in
        opened = image.convert("RGBA" if image.has_transparency_data else "RGB")
    opened.thumbnail((MAX_SIZE, MAX_SIZE))
    return opened


def _caption(asset: AssetView, caption: Caption) -> str:
    match caption:
        case "id":
            return asset.id
        case "name":
            return asset.path.rpartition("/")[2]
        case "tags":
            return " ".join(asset.tags) or "untagged"
        case "none":
            return ""


def _within(name: str, value: int, low: int, high: int) -> None:
    if not low <= whole_number(name, value) <= high:
        raise InvalidInputError(f"`{name}` is {low} to {high}, not {value}", hint="see `callsheet sheet --help`")
