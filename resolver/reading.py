"""Reading all candidates for one answer, a block at a time, so that what is read stays in the processor's cache.

Objects in which nothing is out of the ordinary are checked by the few types and values that occur in each field, and
nothing is kept of them but their tags; the rest is read again of the few that are looked at closely. Where anything
else turns up, all candidates are read by `read_columns`, from the beginning: it is the one place that knows what odd
things mean, and which candidate is to be blamed first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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

    `tags` are as they are spelled, and `spellings` holds each of them once. `media_types` are those that occur, None or
    "" for an absent one. `candidate` makes the candidate at a position, given its canonical tags.
    """

    assets: Sequence[Any]
    tags: Sequence[Collection[str]]
    spellings: Collection[str]
    media_types: Collection[str | None]
    candidate: Callable[[int, frozenset[str]], Candidate]


def read_all(assets: Iterable[Any]) -> ReadCandidates:
    """Every candidate. Raises CandidateError for the first that cannot be read, then for two with one id."""
    rows = list(checked_iterable(assets))
    found = _ordinary_objects(rows)
    if found is None:
        columns = read_columns(rows)
        found = ReadCandidates(
            columns.assets, columns.tags, columns.spellings, set(columns.media_types), columns.candidate
        )
    return found


def _ordinary_objects(rows: Sequence[Any]) -> ReadCandidates | None:
    """The candidates, where they are objects with nothing out of the ordinary; else None, and nothing is used up."""
    ids: set[Any] = set()
    tags: list[Collection[str]] = []
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
    except (AttributeError, TypeError, CandidateError):  # TypeError: a value that cannot be hashed, a tag among them
        return None
    if len(ids) < len(rows) or "" in ids or not media_types <= MEDIA or not set(map(type, spellings)) <= {str}:
        return None

    def candidate(position: int, canonical: frozenset[str]) -> Candidate:
        row = rows[position]
        created = read_created(row.created_at, row.id)
        return Candidate(row, row.id, canonical, row.media_type or "image", row.rating or 0, created)

    return ReadCandidates(rows, tags, spellings, media_types, candidate)


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
