"""Counting the gallery. The database groups; what comes back is as long as there are values, not assets."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from gallery.context import GalleryContext
from gallery.reading.arguments import whole_number
from gallery.reading.rows import hidden_keys
from gallery.searching.search import Selection, selection
from gallery.statistics.facet_counts import facet_counts
from gallery.statistics.views import Ranking, Share, Statistics
from gallery.store.sql_months import UtcMonth
from gallery.store.tables import asset, asset_path, asset_tag, generation
from ontology.errors import InvalidInputError

Matching = ColumnElement[bool]
DEFAULT_TOP = 5
MAX_TOP = 1000


def statistics(context: GalleryContext, query: str = "", *, top: int = DEFAULT_TOP) -> Statistics:
    """The numbers of what a query finds, all of one moment; `top` (1-1000) values of each ranking.

    Raises `InvalidInputError`.
    """
    if not 1 <= whole_number("top", top) <= MAX_TOP:
        raise InvalidInputError(f"`top` is 1 to {MAX_TOP}, not {top}", hint="5 is usual")
    with context.database.read() as connection:
        found = selection(connection, context, query)
        matching, number = found.condition, found.states[found.state]
        kinds = _kinds(connection, matching)
        once = sum(kind.bytes for kind in kinds)
        files, on_disk = _files(connection, found)
        return Statistics(
            query=query,
            states=found.states,
            assets=number,
            bytes=once,
            tagged=_count(connection, matching & select(asset_tag.c.tag).where(_OF_ASSET).exists()),
            media_types=_shares(kinds, lambda kind: kind.media_type),
            formats=_shares(kinds, lambda kind: kind.format),
            ratings=_ratings(kinds),
            facets=facet_counts(connection, context.ontology, matching, everything=found.everything, top=top),
            months=_months(kinds),
            tools=_made(connection, matching, generation.c.tool, top),
            models=_made(connection, matching, generation.c.model, top),
            copies=files - number,
            copied_bytes=on_disk - once,
            alike=_alike(connection, matching),
        )


_OF_ASSET = asset_tag.c.asset_key == asset.c.key


def _count(connection: Connection, matching: Matching) -> int:
    return int(connection.execute(select(func.count()).select_from(asset).where(matching)).scalar_one())


class _Kind(NamedTuple):
    """The assets that are alike in the first four."""

    media_type: str
    format: str
    rating: int | None
    month: str
    assets: int
    bytes: int


def _kinds(connection: Connection, matching: Matching) -> list[_Kind]:
    """One pass for all that stands in the row of an asset."""
    columns = (asset.c.media_type, asset.c.format, asset.c.rating, UtcMonth(asset.c.created_at).label("month"))
    grouped = select(*columns, func.count(), func.sum(asset.c.bytes)).where(matching).group_by(*columns)
    return [
        _Kind(media_type, image_format, rating, month, int(assets), int(size))
        for media_type, image_format, rating, month, assets, size in connection.execute(grouped)
    ]


def _shares(kinds: Iterable[_Kind], value_of: Callable[[_Kind], str]) -> tuple[Share, ...]:
    """Most frequent first."""
    assets: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for kind in kinds:
        assets[value_of(kind)] += kind.assets
        size[value_of(kind)] += kind.bytes
    most = sorted(assets, key=lambda value: (-assets[value], value))
    return tuple(Share(value, assets[value], size[value]) for value in most)


def _ratings(kinds: Iterable[_Kind]) -> tuple[Share, ...]:
    """Best first, those without one last."""
    found: Counter[int | None] = Counter()
    for kind in kinds:
        found[kind.rating] += kind.assets
    return tuple(Share(rating, found[rating]) for rating in (5, 4, 3, 2, 1, 0, None) if found[rating])


def _files(connection: Connection, found: Selection) -> tuple[int, int]:
    """How many files there are, and their bytes. For all live assets: all files, less those of the few hidden ones."""
    every = select(func.count(), func.coalesce(func.sum(asset_path.c.size), 0))
    if not found.everything:
        of_asset = every.select_from(asset).join(asset_path, asset.c.key == asset_path.c.asset_key)
        number, size = connection.execute(of_asset.where(found.condition)).one()
        return int(number), int(size)
    number, size = connection.execute(every).one()
    hidden, their_size = connection.execute(every.where(asset_path.c.asset_key.in_(hidden_keys()))).one()
    return int(number) - int(hidden), int(size) - int(their_size)


def _months(kinds: Iterable[_Kind]) -> tuple[Share, ...]:
    """Oldest first."""
    return tuple(sorted(_shares(kinds, lambda kind: kind.month), key=lambda share: str(share.value)))


def _made(connection: Connection, matching: Matching, column: ColumnElement[str], top: int) -> Ranking:
    """What assets were made with."""
    number = func.count().label("number")
    grouped = select(column, number).join(asset, asset.c.key == generation.c.asset_key)
    grouped = grouped.where(matching, column.is_not(None)).group_by(column).order_by(number.desc(), column)
    rows = connection.execute(grouped).all()
    most = tuple(Share(value, int(assets)) for value, assets in rows[:top])
    return Ranking(sum(int(assets) for _, assets in rows), len(rows), most)


def _alike(connection: Connection, matching: Matching) -> int:
    number = func.count().label("number")
    groups = select(number).where(matching, asset.c.dhash.is_not(None)).group_by(asset.c.dhash).having(number > 1)
    return int(connection.execute(select(func.coalesce(func.sum(groups.subquery().c.number), 0))).scalar_one())
