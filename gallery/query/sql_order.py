"""The order of a query in the database, and going on behind an asset without passing over those before it.

What comes after an asset is told in stretches, the nearest first: those that share its values and have a later id,
those with the next values, those without a value. Each is one range of an index, whatever page it is on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select, true

from gallery.query.sql import PIXELS
from gallery.query.tree import Sort
from gallery.store.tables import asset, collection, collection_member


@dataclass(frozen=True)
class Step:
    """One step of an order in the database."""

    column: ColumnElement[Any]
    descending: bool
    may_lack: bool

    def ordered(self) -> ColumnElement[Any]:
        """For ORDER BY, where some may lack a value."""
        return self.plainly_ordered().nulls_last() if self.may_lack else self.plainly_ordered()

    def plainly_ordered(self) -> ColumnElement[Any]:
        """For ORDER BY, where all have a value: an index serves it."""
        return self.column.desc() if self.descending else self.column.asc()


def steps(sorts: Sequence[Sort]) -> list[Step]:
    """The steps of an order, down to the id."""
    return [*map(_step, sorts), Step(asset.c.id, not sorts[0].descending, may_lack=False)]


Stretch = tuple[ColumnElement[bool], list[Any]]
"""A condition, and what to order by among the assets for which it holds."""


def stretches(order: Sequence[Step], after: Sequence[Any] | None) -> Iterator[Stretch]:
    """What comes after these values, one for each step, in the order of the whole; without them all there is."""
    if after is not None:
        yield from _after(order, after)
        return
    first, rest = order[0], [step.ordered() for step in order[1:]]
    if first.may_lack:
        yield first.column.is_not(None), [first.plainly_ordered(), *rest]
        yield first.column.is_(None), rest
    else:
        yield true(), [first.plainly_ordered(), *rest]


def _after(order: Sequence[Step], after: Sequence[Any]) -> Iterator[Stretch]:
    (step, *others), (value, *values) = order, after
    same = step.column.is_(None) if value is None else step.column == value
    if others:
        for inner, ordering in _after(others, values):
            yield and_(same, inner), ordering
    if value is None:
        return  # nothing comes after what has no value, but for equals
    rest = [other.ordered() for other in others]
    beyond = step.column < value if step.descending else step.column > value
    yield beyond, [step.plainly_ordered(), *rest]
    if step.may_lack:
        yield step.column.is_(None), rest


def stretches_before(order: Sequence[Step], values: Sequence[Any]) -> Iterator[Stretch]:
    """What comes before these values, one for each step, backwards: the nearest first."""
    (step, *others), (value, *rest) = order, values
    same = step.column.is_(None) if value is None else step.column == value
    if others:
        for inner, ordering in stretches_before(others, rest):
            yield and_(same, inner), ordering
    if value is None:
        earlier = step.column.is_not(None)
    else:
        earlier = step.column > value if step.descending else step.column < value
    yield earlier, [_backwards(step, nulls=False), *(_backwards(other, nulls=other.may_lack) for other in others)]


def _backwards(step: Step, *, nulls: bool) -> ColumnElement[Any]:
    turned = step.column.asc() if step.descending else step.column.desc()
    return turned.nulls_first() if nulls else turned


def _step(sort: Sort) -> Step:
    if sort.field == "collection":
        position = (
            select(collection_member.c.position)
            .join(collection, collection.c.key == collection_member.c.collection_key)
            .where(collection.c.name == sort.collection, collection_member.c.asset_key == asset.c.key)
            .scalar_subquery()
        )
        return Step(position, sort.descending, may_lack=True)
    return Step(_COLUMNS[sort.field], sort.descending, sort.field in _MAY_LACK)


_MAY_LACK = frozenset({"rating", "width", "height", "pixels", "duration"})
_COLUMNS: dict[str, ColumnElement[Any]] = {
    "created": asset.c.created_at,
    "added": asset.c.added_at,
    "rating": asset.c.rating,
    "path": asset.c.path,
    "width": asset.c.width,
    "height": asset.c.height,
    "pixels": PIXELS,
    "bytes": asset.c.bytes,
    "duration": asset.c.duration_ms,
}
