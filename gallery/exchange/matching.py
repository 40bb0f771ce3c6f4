"""Which asset an entry is about: the one with the same bytes, else of the same id, else at the same place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from gallery.exchange.entries import Entry
from gallery.store.chunks import chunked
from gallery.store.tables import asset, asset_path

_NAMES = (asset.c.key, asset.c.id, asset.c.sha256)
_COLUMNS = (
    *(*_NAMES, asset.c.trashed_at, asset.c.tags, asset.c.rejected, asset.c.rating),
    *(asset.c.note, asset.c.parents, asset.c.operation),
)


@dataclass
class Known:
    """The assets that a chunk of entries can be about."""

    by_sha256: dict[str, Row[Any]] = field(default_factory=dict)
    by_id: dict[str, Row[Any]] = field(default_factory=dict)
    by_path: dict[str, Row[Any]] = field(default_factory=dict)

    def match(self, entry: Entry) -> Row[Any] | None:
        """The asset of this entry.

        One that brings the facts of its asset is another picture than that with other bytes at its place.
        """
        found = self.by_sha256.get(entry.sha256 or "") or self.by_id.get(entry.id or "")
        if found is not None or entry.facts is not None:
            return found
        return next((self.by_path[path] for path in places(entry) if path in self.by_path), None)


def places(entry: Entry) -> list[str]:
    """Every place that the entry names, its main one first."""
    return list(dict.fromkeys([*([entry.path] if entry.path else []), *entry.paths]))


def known_assets(connection: Connection, entries: Sequence[Entry], *, names_only: bool = False) -> Known:
    """Look up, in a few queries, whatever these entries can be about. `names_only`: rows of key, id and hash."""
    known = Known()
    columns = _NAMES if names_only else _COLUMNS
    for row in _rows(connection, columns, asset.c.sha256.in_, (entry.sha256 for entry in entries)):
        known.by_sha256[row.sha256] = row
    others = [entry for entry in entries if entry.sha256 not in known.by_sha256]
    for row in _rows(connection, columns, asset.c.id.in_, (entry.id for entry in others)):
        known.by_id[row.id] = row
    owners: dict[str, int] = {}
    for piece in chunked(sorted({path for entry in others if entry.facts is None for path in places(entry)})):
        files = select(asset_path.c.path, asset_path.c.asset_key).where(asset_path.c.path.in_(piece))
        owners.update((row.path, row.asset_key) for row in connection.execute(files))
    by_key = {row.key: row for row in _rows(connection, columns, asset.c.key.in_, owners.values())}
    known.by_path.update({path: by_key[key] for path, key in owners.items()})
    return known


def _rows(connection: Connection, columns: Sequence[Any], matches: Any, values: Iterable[Any]) -> Iterator[Row[Any]]:
    for piece in chunked(sorted({value for value in values if value is not None})):
        rows: Sequence[Any] = connection.execute(select(*columns).where(matches(piece))).all()
        yield from rows
