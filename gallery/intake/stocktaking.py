"""Fetching every asset that a chunk of files can concern: a few queries, however many files."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, select

from gallery.intake.held import Held, Looked, Stock, possible_ids
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.pieces import PIECE
from gallery.store.tables import asset, asset_path

_HELD_COLUMNS = (
    asset.c.key,
    asset.c.id,
    asset.c.sha256,
    asset.c.path,
    asset.c.tags,
    asset.c.trashed_at,
    asset.c.missing_since,
    asset.c.edited_at,
)

_Matches = Callable[[BindParameter[Any]], Any]


def take_stock(connection: Connection, looked: Sequence[Looked]) -> Stock:
    """The assets that have one of the paths or one of the hashes, with all their files."""
    stock = Stock()
    names = [item.path for item in looked]
    hashes = [item.picture.sha256 for item in looked if item.picture is not None]
    owners = _column(connection, asset_path.c.asset_key, asset_path.c.path.in_, names)
    rows = {row.key: row for row in _rows(connection, asset.c.key.in_, sorted(set(owners)))}
    rows.update({row.key: row for row in _rows(connection, asset.c.sha256.in_, hashes)})
    by_key = {key: _held(row) for key, row in sorted(rows.items())}
    _load_files(connection, stock, by_key)
    for held in by_key.values():
        held.before = held.facts()
        stock.held.append(held)
        stock.by_sha256[held.sha256] = held
    stock.taken_ids.update(_taken_ids(connection, hashes))
    return stock


def _taken_ids(connection: Connection, hashes: Sequence[str]) -> set[str]:
    """Of the ids that these hashes could get, those in use. The second choices matter only where the first is taken."""
    first = {sha256: next(possible_ids(sha256)) for sha256 in hashes}
    taken = set(_column(connection, asset.c.id, asset.c.id.in_, list(first.values())))
    wanted_by = Counter(first.values())
    crowded = [sha256 for sha256, name in first.items() if name in taken or wanted_by[name] > 1]
    others = [name for sha256 in crowded for name in islice(possible_ids(sha256), 1, None)]
    return taken.union(_column(connection, asset.c.id, asset.c.id.in_, others))


def _column(connection: Connection, column: Any, matches: _Matches, values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    for piece in chunked(values):
        found += connection.execute(select(column).where(matches(PIECE)), {PIECE.key: piece}).scalars()
    return found


def _rows(connection: Connection, matches: _Matches, values: Sequence[Any]) -> Iterator[Any]:
    for piece in chunked(values):
        yield from connection.execute(select(*_HELD_COLUMNS).where(matches(PIECE)), {PIECE.key: piece})


def _held(row: Row[Any]) -> Held:
    return Held(
        id=row.id,
        sha256=row.sha256,
        path=row.path,
        key=row.key,
        tags=list(row.tags),
        trashed=row.trashed_at is not None,
        missing_since=None if row.missing_since is None else rfc3339(row.missing_since),
        edited_at=None if row.edited_at is None else rfc3339(row.edited_at),
    )


def _load_files(connection: Connection, stock: Stock, by_key: dict[int, Held]) -> None:
    columns = (asset_path.c.asset_key, asset_path.c.path, asset_path.c.size, asset_path.c.mtime_ns)
    for piece in chunked(list(by_key)):
        statement = select(*columns).where(asset_path.c.asset_key.in_(piece)).order_by(asset_path.c.key)
        for key, path, size, mtime_ns in connection.execute(statement):
            by_key[key].files[path] = (size, mtime_ns)
            stock.by_path[path] = by_key[key]
            stock.stored_files[path] = (key, size, mtime_ns)
