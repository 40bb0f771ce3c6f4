"""A whole library as JSON Lines: header, the assets by id, collections, saved searches, and a line that counts.

Without the last line a file was cut off, which is noticed before anything is taken from it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.exchange.entries import CollectionEntry, Found, SearchEntry, Unreadable
from gallery.exchange.line_reading import MAX_LINE, numbered_lines
from gallery.exchange.parsing import AssetBody, CollectionBody, SearchBody, parsed
from gallery.exchange.results import ExportResult
from gallery.exchange.stored import stored_assets
from gallery.store.moments import rfc3339, utc
from gallery.store.tables import asset, collection, collection_member, saved_search
from gallery.views import ItemError
from ontology.errors import InvalidInputError
from ontology.escaping import visible

FORMAT: Final = "callsheet-library"
VERSION: Final = 1
_MEMBERS_AT_ONCE = 1000
_SHOWN = 60


def write_library(context: GalleryContext, file: BinaryIO, query: str | None, target: str) -> ExportResult:
    """Write everything, or the assets that the query finds. Raises `InvalidInputError` for the query."""
    counts = {"asset": 0, "collection": 0, "search": 0}
    with context.database.read() as connection:
        _line(file, {"type": "header", "format": FORMAT, "version": VERSION})
        for item in stored_assets(context, connection, query, "all"):
            _line(file, {"type": "asset", **item.to_json()})
            counts["asset"] += 1
        if query is None:
            for body in (*_collections(connection), *_searches(connection)):
                _line(file, body)
                counts[body["type"]] += "label" in body or body["type"] == "search"
    names = {"assets": "asset", "collections": "collection", "searches": "search"}
    _line(file, {"type": "end", **{name: counts[kind] for name, kind in names.items()}})
    return ExportResult(target, counts["asset"], counts["collection"], counts["search"])


def _line(file: BinaryIO, body: dict[str, Any]) -> None:
    file.write(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _collections(connection: Connection) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(collection).order_by(collection.c.name)).all():
        joined = select(asset.c.id).join(collection_member, collection_member.c.asset_key == asset.c.key)
        ordered = joined.where(collection_member.c.collection_key == row.key).order_by(
            collection_member.c.position, collection_member.c.asset_key
        )
        ids = list(connection.execute(ordered).scalars())
        made = {"label": row.label, "created_at": rfc3339(row.created_at)}
        yield {"type": "collection", "name": row.name, **made, "assets": ids[:_MEMBERS_AT_ONCE]}
        for start in range(_MEMBERS_AT_ONCE, len(ids), _MEMBERS_AT_ONCE):
            yield {"type": "collection", "name": row.name, "assets": ids[start : start + _MEMBERS_AT_ONCE]}


def _searches(connection: Connection) -> Iterator[dict[str, Any]]:
    for row in connection.execute(select(saved_search).order_by(saved_search.c.name)):
        yield {"type": "search", "name": row.name, "query": row.query, "saved_at": rfc3339(row.saved_at)}


@dataclass
class LibrarySource:
    """The entries of a library file, which must be seekable. Made by `open_library`."""

    file: BinaryIO
    total: int
    is_foreign: bool = False
    knows_ids: bool = True

    def __iter__(self) -> Iterator[Found]:
        """A line each; what cannot be read is told and passed over."""
        for number, line in numbered_lines(self.file):
            if number == 1 or (line is not None and not line.strip()):
                continue
            found = _found(f"line {number}", line)
            if found is not None:
                yield found


def open_library(file: BinaryIO, name: str, *, incomplete: bool = False) -> LibrarySource:
    """The library in the file. Raises `InvalidInputError` for another format or version, and for one that was cut off.

    `incomplete`: take what is there even so.
    """
    _check_header(file, name)
    counted, lines = {"asset": 0, "collection": 0, "search": 0}, 0
    end: dict[str, Any] | None = None
    for number, line in numbered_lines(file):
        lines = number
        kind = _kind_of(line)
        if kind == "end":
            end = _json(line)
        elif kind in counted and line is not None:
            counted[kind] += kind != "collection" or b'"label":' in line
    promised = None if end is None else {"asset": end.get("assets"), "collection": end.get("collections")}
    if (promised is None or any(promised[kind] != counted[kind] for kind in promised)) and not incomplete:
        told = "its last line is not there" if promised is None else f"{promised['asset']} assets were written"
        raise InvalidInputError(
            f"{visible(name)} is not whole: {told}, {counted['asset']} are there",
            hint="export or fetch it again; --incomplete takes what is there",
            code="truncated",
        )
    return LibrarySource(file, max(lines - 2, 0))


def _check_header(file: BinaryIO, name: str) -> None:
    line = next(iter(numbered_lines(file)), (1, b""))[1]
    header = _json(line)
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        is_wide = line is not None and (line[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in line[:8])
        hint = "save it as UTF-8" if is_wide else "`callsheet export FILE.jsonl` makes one; see --format for others"
        raise InvalidInputError(f"{visible(name)} is no library of Callsheet", hint=hint, code="foreign_format")
    if header.get("version") != VERSION:
        shown = visible(repr(header.get("version")), limit=_SHOWN)
        raise InvalidInputError(
            f"{visible(name)} is of version {shown} of the format, {VERSION} is known here",
            hint="update Callsheet",
            code="unknown_version",
        )


def _json(line: bytes | None) -> Any:
    try:
        return None if line is None else json.loads(line)
    except (ValueError, RecursionError):
        return None


def _kind_of(line: bytes | None) -> str | None:
    """The type of a line of ours, which is its first field; other writers' lines are parsed."""
    if line is None:
        return None
    if line.startswith(b'{"type":"'):
        return line[9:30].partition(b'"')[0].decode("ascii", "replace")
    body = _json(line)
    return str(body.get("type")) if isinstance(body, dict) else None


def _found(where: str, line: bytes | None) -> Found | None:
    if line is None:
        return Unreadable(where, ItemError("too_long", f"the line has more than {MAX_LINE:,} bytes", "shorten it"))
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return Unreadable(where, ItemError("not_utf8", "the line is no UTF-8 text", "save the file as UTF-8"))
    kind = _kind_of(line)
    if kind == "asset":
        body = parsed(AssetBody, line)
        return Unreadable(where, body) if isinstance(body, ItemError) else body.entry(where)
    if kind == "collection":
        group = parsed(CollectionBody, line)
        if isinstance(group, ItemError):
            return Unreadable(where, group)
        return CollectionEntry(where, group.name, group.label, group.created_at, tuple(group.assets))
    if kind == "search":
        saved = parsed(SearchBody, line)
        if isinstance(saved, ItemError):
            return Unreadable(where, saved)
        return SearchEntry(where, saved.name, saved.query, utc(saved.saved_at))
    if kind == "end":
        return None
    named = (
        "is no JSON object with a type" if kind is None else f"is of the unknown type `{visible(kind, limit=_SHOWN)}`"
    )
    return Unreadable(where, ItemError("unknown_line", f"the line {named}", "a newer version may know it"))
