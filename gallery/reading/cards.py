"""What a grid of pictures shows of some assets, many at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.reading.arguments import several_texts
from gallery.reading.rows import VIEW_COLUMNS, view_of
from gallery.store.chunks import chunked
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset
from gallery.views import AssetView
from ontology.errors import InvalidInputError

MOST_CARDS = 200


@dataclass(frozen=True, slots=True)
class Card:
    """An asset, and the hash of its present bytes, under which pictures of it may be kept for ever."""

    view: AssetView
    sha256: str


def cards(context: GalleryContext, ids: Sequence[str]) -> tuple[Card, ...]:
    """The assets of these full ids, in their order; those that there are not are left out.

    Whether they are in the trash is not asked. Raises `InvalidInputError` for more than 200.
    """
    wanted = list(dict.fromkeys(several_texts("ids", ids)))
    if len(wanted) > MOST_CARDS:
        raise InvalidInputError(f"{len(wanted)} ids are too many at once", hint=f"ask for {MOST_CARDS} at a time")
    found = _cards(context, wanted)
    return tuple(found[asset_id] for asset_id in wanted if asset_id in found)


def views(context: GalleryContext, ids: Iterable[str]) -> dict[str, AssetView]:
    """The assets of these full ids by id, however many; those that there are not are left out."""
    return {asset_id: card.view for asset_id, card in _cards(context, list(dict.fromkeys(ids))).items()}


def _cards(context: GalleryContext, ids: Sequence[str]) -> dict[str, Card]:
    paths = ProjectPaths(context.root)
    found: dict[str, Card] = {}
    with context.database.read() as connection:
        for piece in chunked(ids):
            rows = connection.execute(select(*VIEW_COLUMNS, asset.c.sha256).where(asset.c.id.in_(piece)))
            found |= {row.id: Card(view_of(row, paths), row.sha256) for row in rows}
    return found
