"""What stands beside an asset: in the order of a query, and in the alphabet of ids."""

from dataclasses import dataclass

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.query.sql_order import steps, stretches, stretches_before
from gallery.reading.rows import VIEW_COLUMNS, is_live, view_of
from gallery.searching.search import reading
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset
from gallery.views import AssetView

_HEX_DIGITS = frozenset("0123456789abcdef")
_ID_LENGTH = 17


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The ids before and after an asset; None at either end."""

    previous: str | None = None
    next: str | None = None


def neighbours(context: GalleryContext, asset_id: str, query: str = "") -> Neighbours:
    """What comes before and after the asset of this full id in the order of a query, which need not find it itself.

    Costs what a page of one asset costs, wherever in the order it is. Nothing for an asset that there is not. Raises
    as `search` does.
    """
    with reading(context, query) as (connection, asked, matching):
        order = steps(asked.sorts)
        place = connection.execute(select(*(step.column for step in order)).where(asset.c.id == asset_id)).first()
        if place is None:
            return Neighbours()
        ids = select(asset.c.id).where(matching)
        sides: list[str | None] = []
        for side in (stretches_before(order, list(place)), stretches(order, list(place))):
            found = (connection.execute(ids.where(one).order_by(*by).limit(1)).scalar() for one, by in side)
            sides.append(next((each for each in found if each is not None), None))
    return Neighbours(*sides)


def nearest(context: GalleryContext, text: str, *, limit: int = 6) -> tuple[AssetView, ...]:
    """Live assets whose ids begin as the text does, for as long as any do; none for what does not look like an id."""
    wanted = text.strip().lower()[:_ID_LENGTH]
    paths = ProjectPaths(context.root)
    with context.database.read() as connection:
        for length in range(len(wanted), 1, -1):
            start = wanted[:length]
            if not (start.startswith("a") and set(start) <= _HEX_DIGITS):
                continue
            like = (asset.c.id >= start) & (asset.c.id < start + "g") & is_live()
            rows = connection.execute(select(*VIEW_COLUMNS).where(like).order_by(asset.c.id).limit(limit)).all()
            if rows:
                return tuple(view_of(row, paths) for row in rows)
    return ()
