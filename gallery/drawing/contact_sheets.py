"""Contact sheets: what a query finds, as pictures with captions, in the order of the query."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, get_args

from gallery.context import GalleryContext
from gallery.drawing.files import checked_suffix
from gallery.drawing.sheet_files import SUFFIXES, sheet_files, write_sheet
from gallery.drawing.sheet_page import Cell, Grid
from gallery.drawing.sheet_pictures import MAX_SIZE, small_picture
from gallery.reading.arguments import whole_number
from gallery.searching.search import search
from gallery.views import AssetView
from ontology.errors import InvalidInputError, NotFoundError

Caption = Literal["id", "name", "tags", "none"]

DEFAULT_LIMIT: Final = 500
MAX_LIMIT: Final = 10_000
DEFAULT_COLUMNS, MAX_COLUMNS = 6, 20
DEFAULT_SIZE, MIN_SIZE = 160, 48
_CAPTION_LINES: Final = {"id": 1, "name": 1, "tags": 3, "none": 0}
_LEAST_COLUMNS: Final = 3
_PAGE_OF_SEARCH: Final = 200


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
    checked_suffix(place, SUFFIXES)
    total = search(context, query, limit=1).total or 0
    if not total:
        raise NotFoundError("no asset matches: there is nothing to draw", hint=f"callsheet search {query}".rstrip())
    shown = min(total, limit)
    grid = look.grid(shown)
    files = sheet_files(place, shown, grid, force=force)
    if dry_run:
        return ContactSheet(files, shown, total, ())
    cells = _Cells(context, query, look.caption, shown)
    write_sheet(files, cells, shown, grid, look.title if look.title is not None else query)
    return ContactSheet(files, cells.drawn, total, tuple(cells.without_picture))


class _Cells:
    """The cells of a sheet while it is drawn. The assets are read from the search as they are needed."""

    def __init__(self, context: GalleryContext, query: str, caption: Caption, shown: int) -> None:
        self._context = context
        self._caption: Caption = caption
        self._assets = islice(_found(context, query), shown)
        self.drawn = 0
        self.without_picture: list[str] = []

    def __iter__(self) -> Iterator[Cell]:
        for asset in self._assets:
            self.drawn += 1
            picture = small_picture(self._context, asset.id)
            if picture is None:
                self.without_picture.append(asset.id)
            yield Cell("no picture" if picture is None else picture, _caption(asset, self._caption))


def _found(context: GalleryContext, query: str) -> Iterator[AssetView]:
    cursor = None
    while True:
        page = search(context, query, limit=_PAGE_OF_SEARCH, cursor=cursor)
        yield from page.assets
        cursor = page.cursor
        if cursor is None:
            return


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
