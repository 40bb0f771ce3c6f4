"""Opening a batch of the journal: what it did to each asset, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.journal.history import MAX_HISTORY, Filter, history_page
from gallery.reading.arguments import one_text, whole_number
from gallery.store.tables import asset, change
from gallery.views import BatchView, Json
from ontology.errors import InvalidInputError, NotFoundError

_MOST_DIGITS = 18
_BEYOND_NUMBERS = 2**63


@dataclass(frozen=True, slots=True)
class AssetChange:
    """What a batch did to one asset: the touched fields before and after. `path` is where it lies now."""

    asset: str
    path: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def to_json(self) -> Json:
        """`{asset, path, before, after}`."""
        return {"asset": self.asset, "path": self.path, "before": dict(self.before), "after": dict(self.after)}


@dataclass(frozen=True, slots=True)
class OpenedBatch:
    """A batch and some of its changes, in the order the assets were added; `cursor` leads on, None at the end."""

    batch: BatchView
    changes: tuple[AssetChange, ...]
    cursor: str | None

    def to_json(self) -> Json:
        """The batch, `changes` and `cursor`."""
        return {
            **self.batch.to_json(),
            "changes": [item.to_json() for item in self.changes],
            "cursor": self.cursor,
        }


def open_batch(context: GalleryContext, number: int, *, limit: int = 50, cursor: str | None = None) -> OpenedBatch:
    """One batch with what it did to assets. `cursor` is of the page before.

    Raises `NotFoundError` for a batch that there is not, `InvalidInputError` for what is no cursor and unless `limit`
    is 1-10,000.
    """
    if not 1 <= whole_number("limit", limit) <= MAX_HISTORY:
        raise InvalidInputError(f"1 to {MAX_HISTORY} changes can be listed, not {limit}", hint="choose one in between")
    wanted = whole_number("batch", number)
    start = -1 if cursor is None else _read_cursor(cursor)
    found: tuple[BatchView, ...] = ()
    if 0 < wanted < _BEYOND_NUMBERS - 1:
        found = history_page(context, limit=1, wanted=Filter(before=wanted + 1)).batches
    if not found or found[0].seq != wanted:
        raise NotFoundError(f"there is no batch {wanted}", hint="`callsheet history` lists them")
    with context.database.read() as connection:
        rows = _rows(connection, wanted, start, limit + 1)
    changes = tuple(AssetChange(row.id, row.path, row.before, row.after) for row in rows[:limit])
    return OpenedBatch(found[0], changes, str(rows[limit - 1].key) if len(rows) > limit else None)


def _rows(connection: Connection, number: int, after: int, limit: int) -> list[Any]:
    columns = (asset.c.key, asset.c.id, asset.c.path, change.c.before, change.c.after)
    wanted = (
        select(*columns)
        .join_from(change, asset, asset.c.key == change.c.asset_key)
        .where(change.c.batch_seq == number, change.c.asset_key > after)
        .order_by(change.c.asset_key)
        .limit(limit)
    )
    return list(connection.execute(wanted))


def _read_cursor(cursor: str) -> int:
    given = one_text("cursor", cursor)
    if not (given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS):
        raise InvalidInputError("this is not a cursor of a batch", hint="take the one from the page before")
    return int(given)
