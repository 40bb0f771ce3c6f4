"""What one batch did to each of its assets, for whoever looks closer at the journal."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.reading.arguments import whole_number
from gallery.store.tables import asset, change
from gallery.views import Json
from ontology.errors import InvalidInputError

MOST = 1_000


@dataclass(frozen=True, slots=True)
class AssetChange:
    """The touched fields of one asset before and after a batch. `path` is where its file is now."""

    id: str
    path: str
    before: dict[str, Any]
    after: dict[str, Any]

    def to_json(self) -> Json:
        """`{id, path, before, after}`."""
        return {"id": self.id, "path": self.path, "before": self.before, "after": self.after}


def batch_changes(
    context: GalleryContext, number: int, *, limit: int = 200, after: str | None = None
) -> tuple[AssetChange, ...]:
    """The assets that a batch changed, by id; `after`: those behind this id. () for a batch that there is not.

    Raises `InvalidInputError` unless `limit` is 1-1,000.
    """
    if not 1 <= whole_number("limit", limit) <= MOST:
        raise InvalidInputError(f"1 to {MOST} changes can be listed, not {limit}", hint="choose a limit in between")
    listed = (
        select(asset.c.id, asset.c.path, change.c.before, change.c.after)
        .join(change, change.c.asset_key == asset.c.key)
        .where(change.c.batch_seq == whole_number("batch", number))
        .order_by(asset.c.id)
        .limit(limit)
    )
    if after is not None:
        listed = listed.where(asset.c.id > after)
    with context.database.read() as connection:
        return tuple(AssetChange(*row) for row in connection.execute(listed))
