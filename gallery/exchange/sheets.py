"""A table of assets as CSV (RFC 4180, UTF-8): a row each, safe to open in a spreadsheet.

A cell that a spreadsheet would run as a formula gets an apostrophe in front, and so does one that begins with such an
apostrophe already; reading takes exactly one away again.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from gallery.context import GalleryContext
from gallery.exchange.entries import Found, Unreadable
from gallery.exchange.line_reading import MAX_LINE
from gallery.exchange.parsing import AssetBody, parsed
from gallery.exchange.results import ExportResult
from gallery.exchange.stored import stored_assets
from gallery.views import ItemError
from ontology.errors import InvalidInputError
from ontology.escaping import visible

COLUMNS: Final = (
    *("id", "path", "tags", "rating", "note", "operation", "parents", "rejected"),
    *("created_at", "media_type", "format", "width", "height", "duration", "bytes", "sha256"),
)
_LISTS = frozenset({"tags", "parents", "rejected"})
_KNOWN_BY = ("id", "path", "sha256")
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_SHOWN = 40
_BOM = b"\xef\xbb\xbf"


def write_sheet(context: GalleryContext, file: BinaryIO, query: str | None, target: str) -> ExportResult:
    """Write everything outside the trash, or what the query finds. Raises `InvalidInputError` for the query."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    count = 0
    with context.database.read() as connection:
        for item in stored_assets(context, connection, query, "kept"):
            body = item.to_json()
            rows.writerow([safe(_cell(body[name])) for name in COLUMNS])
            count += 1
    text.detach()
    return ExportResult(target, count)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else str(value)


def safe(cell: str) -> str:
    """The cell as a spreadsheet shows it, and never runs it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """The inverse of `safe`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


@dataclass
class SheetSource:
    """The rows of a table, from a seekable file. Made by `open_sheet`."""

    file: BinaryIO
    columns: tuple[str, ...]
    total: int = 0
    is_foreign: bool = False
    knows_ids: bool = False

    def __iter__(self) -> Iterator[Found]:
        """A row each, named by the line it begins in; empty ones are passed over."""
        rows = _rows(self.file)
        next(rows)
        strange = [visible(name, limit=_SHOWN) for name in self.columns if name not in COLUMNS]
        if strange:
            error = ItemError("unknown_field", f"nothing here can hold the columns {', '.join(strange)}")
            yield Unreadable("line 1", error)
        for number, row in rows:
            where = f"line {number}"
            if isinstance(row, ItemError):
                yield Unreadable(where, row)
            elif any(cell.strip() for cell in row):
                yield self._found(where, row)

    def _found(self, where: str, row: list[str]) -> Found:
        if len(row) != len(self.columns):
            message = f"the row has {len(row)} cells, the heading {len(self.columns)}"
            return Unreadable(where, ItemError("invalid", message, "are the quotes right?"))
        values: dict[str, Any] = {}
        for name, given in zip(self.columns, row, strict=True):
            if name not in COLUMNS:
                continue
            cell = plain(given)
            if name in _LISTS:
                values[name] = cell.split()
            elif name == "note":
                values[name] = cell or None
            else:
                values[name] = cell.strip() or None
        body = parsed(AssetBody, values)
        if isinstance(body, ItemError):
            return Unreadable(where, body)
        if body.path is not None:
            body.paths = [body.path]
        return body.entry(where)


def open_sheet(file: BinaryIO, name: str) -> SheetSource:
    """The table in the file. Raises `InvalidInputError` where the heading is not one of ours, or it is no UTF-8."""
    first = next(_rows(file), (1, list[str]()))[1]
    heading = [] if isinstance(first, ItemError) else [cell.strip().lower() for cell in first]
    if isinstance(first, ItemError) and first.code == "not_utf8":
        raise InvalidInputError(f"{visible(name)} is no UTF-8 text", hint="save it as CSV UTF-8", code="not_utf8")
    if not set(heading) & set(_KNOWN_BY) or len(set(heading)) != len(heading):
        raise InvalidInputError(
            f"{visible(name)} has no heading that names an asset",
            hint=f"its first line names columns, one of them {', '.join(_KNOWN_BY)}; separated by commas",
            code="foreign_format",
        )
    return SheetSource(file, tuple(heading))


def _rows(file: BinaryIO) -> Iterator[tuple[int, list[str] | ItemError]]:
    """Number of the first line and cells of each row. After bytes that are no text, or a quote without end, it ends."""
    lines = _Lines(file)
    rows = csv.reader(lines, strict=True)
    while True:
        begin = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except UnicodeDecodeError:
            yield lines.number, ItemError("not_utf8", "the line is no UTF-8 text", "save the file as CSV UTF-8")
            return
        except csv.Error as error:
            yield begin, ItemError("invalid", f"no CSV: {visible(str(error))}", "are the quotes right?")
            rows = csv.reader(lines, strict=True)
            continue
        yield begin, row


class _Lines:
    """Text lines with their ends, which belong to cells in quotes."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        self._file = file
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > MAX_LINE:
            while (rest := self._file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
            raise csv.Error(f"a line of more than {MAX_LINE:,} bytes")
        return (line.removeprefix(_BOM) if self.number == 1 else line).decode("utf-8")
