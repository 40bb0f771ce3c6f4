"""Reading many candidates at once: one list for each field, checked by the few values and types that occur in it.

Going through candidates one by one costs ten times as much. That is done only where a column holds something out of
the ordinary, and then it finds the first candidate that cannot be used.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from operator import attrgetter, floordiv, itemgetter, sub
from types import NoneType
from typing import Any

from resolver.candidate import (
    EPOCH,
    MEDIA_TYPES,
    MICROSECOND,
    AssetId,
    Candidate,
    read_created,
    read_fields,
    read_rating,
)
from resolver.errors import CandidateError

LISTS = {list, tuple, set, frozenset}
MEDIA = {None, "", *MEDIA_TYPES}
CREATED_TYPES = {datetime, NoneType, str}
RATING_TYPES = {int, float, NoneType}


@dataclass(frozen=True, slots=True)
class Batch:
    """What an index needs of some candidates, each list in their order; `created` is microseconds since 1970, UTC.

    Ids, media types and ratings are known to be readable; that tags are texts is seen when they are numbered.
    """

    ids: Sequence[AssetId]
    tags: Sequence[Collection[str]]
    media_types: Sequence[str | None]
    ratings: Sequence[float | None]
    created: Sequence[int]

    def is_usual(self) -> bool:
        """Whether nothing but the tags can be out of the ordinary. Ids are not compared with each other."""
        return _are_usual(self.ids, self.media_types, self.ratings) and set(map(type, self.tags)) <= LISTS


@dataclass(frozen=True, slots=True)
class Columns:
    """The fields of all candidates, each list in the order of the candidates.

    `tags` are as they are spelled, and `spellings` holds each of them once. Ratings, dates and media types may still
    be absent or text, but are known to be readable; `created` may also hold microseconds since 1970.
    """

    assets: Sequence[Any]
    ids: Sequence[AssetId]
    tags: Sequence[Collection[str]]
    media_types: Sequence[str | None]
    ratings: Sequence[float | None]
    created: Sequence[Any]
    spellings: frozenset[str]

    def candidate(self, position: int, tags: frozenset[str]) -> Candidate:
        """The candidate at a position, with its canonical tags."""
        asset_id, created = self.ids[position], self.created[position]
        return Candidate(
            self.assets[position],
            asset_id,
            tags,
            self.media_types[position] or "image",
            self.ratings[position] or 0,
            created if isinstance(created, int) else read_created(created, asset_id),
        )

    def batch(self) -> Batch:
        """All that an index needs."""
        return Batch(self.ids, self.tags, self.media_types, self.ratings, self._moments())

    def _moments(self) -> list[int]:
        """Every date as microseconds since 1970, UTC; absent is OLDEST."""
        dates = self.created
        if set(map(type, dates)) == {datetime} and set(map(attrgetter("tzinfo"), dates)) == {UTC}:
            return since(EPOCH, dates)
        return [moment if isinstance(moment, int) else read_created(moment, "") for moment in dates]


def since(start: datetime, dates: Iterable[datetime]) -> list[int]:
    """Microseconds from a start; it has no zone where the dates have none. Raises TypeError where they differ."""
    return list(map(floordiv, map(sub, dates, repeat(start)), repeat(MICROSECOND)))


def read_columns(assets: Iterable[Any]) -> Columns:
    """Every candidate. Raises CandidateError for the first that cannot be read, then for two with one id."""
    rows = list(checked_iterable(assets))
    return _ordinary(rows) or _one_by_one(rows)


def checked_iterable(assets: Iterable[Any]) -> Iterable[Any]:
    """Candidates that can at least be gone through. Raises CandidateError."""
    if isinstance(assets, Mapping | str) or not isinstance(assets, Iterable):
        raise CandidateError(
            f"candidates are a {type(assets).__name__}, not a list of assets",
            candidate=assets,
            hint="give a list of objects or mappings with `id` and `tags`",
        )
    return assets


def _ordinary(rows: Sequence[Any]) -> Columns | None:
    """The columns, where nothing in them is out of the ordinary; else None, and nothing has been used up."""
    kinds = set(map(type, rows))
    ids, media_types, ratings, created = (
        _column(rows, kinds, name) for name in ("id", "media_type", "rating", "created_at")
    )
    tags = _column(rows, kinds, "tags")
    try:
        usual = (
            _are_usual(ids, media_types, ratings)
            and len(set(ids)) == len(ids)
            and _all_dates(created)
            and set(map(type, tags)) <= LISTS
        )
        spellings = frozenset().union(*tags) if usual else frozenset()
    except (TypeError, CandidateError):
        return None
    if not usual or not set(map(type, spellings)) <= {str}:
        return None
    return Columns(rows, ids, tags, media_types, ratings, created, spellings)


def _are_usual(ids: Sequence[Any], media_types: Sequence[Any], ratings: Sequence[Any]) -> bool:
    """Whether these are all ids, media types and ratings. Raises TypeError and CandidateError for some that are not."""
    return (
        set(map(type, ids)) <= {int, str}
        and "" not in ids
        and set(media_types) <= MEDIA
        and set(map(type, ratings)) <= RATING_TYPES
        and all(read_rating(rating, "") is not None for rating in set(ratings))
    )


def _column(rows: Sequence[Any], kinds: Collection[type], name: str) -> list[Any]:
    """One field of every candidate, object or mapping; None where it has none."""
    if kinds == {dict}:
        try:
            return list(map(itemgetter(name), rows))
        except KeyError:
            return [row.get(name) for row in rows]
    if any(issubclass(kind, Mapping) for kind in kinds):
        return [row.get(name) if isinstance(row, Mapping) else getattr(row, name, None) for row in rows]
    try:
        return list(map(attrgetter(name), rows))
    except AttributeError:
        return [getattr(row, name, None) for row in rows]


def _all_dates(created: Sequence[Any]) -> bool:
    """Whether all are dates, texts or absent. Raises CandidateError for a text that is no date."""
    kinds = set(map(type, created))
    if not kinds <= CREATED_TYPES:
        return False
    if str in kinds:
        for text in {moment for moment in created if isinstance(moment, str)}:
            read_created(text, "")
    return True


def _one_by_one(rows: Sequence[Any]) -> Columns:
    fields = [read_fields(row) for row in rows]
    seen: set[AssetId] = set()
    for found in fields:
        if found.id in seen:
            raise CandidateError(
                f"two candidates have the id {found.id!r}", candidate=found.id, hint="give each asset once"
            )
        seen.add(found.id)
    return Columns(
        rows,
        [found.id for found in fields],
        [found.tags for found in fields],
        [found.media_type for found in fields],
        [found.rating for found in fields],
        [found.created for found in fields],
        frozenset().union(*(found.tags for found in fields)),
    )
