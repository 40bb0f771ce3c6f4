"""Reading all candidates for one answer, a block at a time, so that what is read stays in the processor's cache.

Objects in which nothing is out of the ordinary are checked by the few types and values that occur in each field, and
nothing is kept of them but their tags; the rest is read again of the few that are looked at closely. Where anything
else turns up, all candidates are read by `read_columns`, from the beginning: it is the one place that knows what odd
things mean, and which candidate is to be blamed first.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress, count
from operator import not_
from types import NoneType
from typing import Any

from resolver.candidate import Candidate, read_created, read_rating
from resolver.columns import LISTS, MEDIA, RATING_TYPES, checked_iterable, read_columns
from resolver.errors import CandidateError

BLOCK = 1024
"""So many candidates a block: with their tags some hundred kilobytes."""

ID_TYPES = {int, str}
DATES = {datetime, NoneType}


@dataclass(frozen=True, slots=True)
class ReadCandidates:
    """All candidates, known to be usable; a candidate is named by its position.

    `tags` are as they are spelled, and `spellings` holds each of them once; `marked` are the candidates that have one
    of the tags asked for, spelled just so. `media_types` are those that occur, None or "" for an absent one. `rating`
    gives the rating at a position, absent as 0, and `candidate` makes the candidate there, given its canonical tags.
    """

    assets: Sequence[Any]
    tags: Sequence[Collection[str]]
    marked: Sequence[int]
    spellings: Collection[str]
    media_types: Collection[str | None]
    rating: Callable[[int], float]
    candidate: Callable[[int, frozenset[str]], Candidate]


def read_all(assets: Iterable[Any], marks: frozenset[str]) -> ReadCandidates:
    """Every candidate; those that have one of `marks` among their tags are marked.

    Marking here costs half of what it does later, when the tags have left the cache. Raises CandidateError for the
    first that cannot be read, then for two with one id.
    """
    rows = list(checked_iterable(assets))
    found = _ordinary_objects(rows, marks)
    if found is None:
        columns = read_columns(rows)
        found = ReadCandidates(
            columns.assets,
            columns.tags,
            list(positions_with(marks, columns.tags)),
            columns.spellings,
            set(columns.media_types),
            lambda position: columns.ratings[position] or 0,
            columns.candidate,
        )
    return found


def positions_with(wanted: frozenset[str], tags: Iterable[Collection[str]], start: int = 0) -> Iterator[int]:
    """Where, counted from `start`, tags stand that hold one of those wanted."""
    # Every candidate comes through here once or more for every request, so the loop is left to the built-in functions.
    return compress(count(start), map(not_, map(wanted.isdisjoint, tags)))


def _ordinary_objects(rows: Sequence[Any], marks: frozenset[str]) -> ReadCandidates | None:
    """The candidates, where they are objects with nothing out of the ordinary; else None, and nothing is used up."""
    ids: set[Any] = set()
    tags: list[Collection[str]] = []
    marked: list[int] = []
    spellings: set[Any] = set()
    media_types: set[Any] = set()
    try:
        for start in range(0, len(rows), BLOCK):
            block = rows[start : start + BLOCK]
            if not _are_ordinary(block):
                return None
            ids.update([row.id for row in block])
            media_types.update([row.media_type for row in block])
            found = [row.tags for row in block]
            spellings.update(*found)
            tags += found
            marked += positions_with(marks, found, start)
    except (AttributeError, TypeError, CandidateError):  # TypeError: a value that cannot be hashed, a tag among them
        return None
    if len(ids) < len(rows) or "" in ids or not media_types <= MEDIA or not set(map(type, spellings)) <= {str}:
        return None

    def candidate(position: int, canonical: frozenset[str]) -> Candidate:
        row = rows[position]
        created = read_created(row.created_at, row.id)
        return Candidate(row, row.id, canonical, row.media_type or "image", row.rating or 0, created)

    return ReadCandidates(
        rows, tags, marked, spellings, media_types, lambda position: rows[position].rating or 0, candidate
    )


def _are_ordinary(rows: Sequence[Any]) -> bool:
    """Whether ids, tags, ratings and dates are such as can be used as they are; what tags hold is not looked at.

    An attribute that is written out is read twice as fast as one whose name is given. Raises AttributeError where one
    is missing, TypeError and CandidateError for an unusable rating.
    """
    return (
        not any(issubclass(kind, Mapping) for kind in {type(row) for row in rows})
        and {type(row.id) for row in rows} <= ID_TYPES
        and {type(row.tags) for row in rows} <= LISTS
        and {type(row.created_at) for row in rows} <= DATES
        and {type(row.rating) for row in rows} <= RATING_TYPES
        and all(read_rating(rating, "") is not None for rating in {row.rating for row in rows})
    )
