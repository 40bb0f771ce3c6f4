"""Reading all candidates for one answer, a block at a time, so that what is read stays in the processor's cache.

A block in which nothing is out of the ordinary is checked by the few types and values that occur in each field. Where a
block holds anything else, all candidates are read by `read_columns` instead, from the beginning: it is the one place
that knows what odd things mean, and which candidate is to be blamed first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

from resolver.candidate import read_created, read_rating
from resolver.columns import CREATED_TYPES, LISTS, MEDIA, RATING_TYPES, Columns, checked_iterable, read_columns
from resolver.errors import CandidateError

BLOCK = 1024
"""So many candidates a block: with their tags some hundred kilobytes."""

ID_TYPES = {int, str}
FIELDS = ("id", "tags", "media_type", "rating", "created_at")


class Block(NamedTuple):
    """The fields of some candidates as they are, each list in the order of the candidates."""

    ids: list[Any]
    tags: list[Any]
    media_types: list[Any]
    ratings: list[Any]
    created: list[Any]


def read_in_blocks(assets: Iterable[Any]) -> Columns:
    """What `read_columns` gives, sooner. Raises CandidateError as it does."""
    rows = list(checked_iterable(assets))
    return _ordinary(rows) or read_columns(rows)


def _ordinary(rows: Sequence[Any]) -> Columns | None:
    """The columns, where nothing in them is out of the ordinary; else None, and nothing has been used up."""
    whole = Block([], [], [], [], [])
    spellings: set[Any] = set()
    for start in range(0, len(rows), BLOCK):
        block = _block(rows[start : start + BLOCK])
        if not _is_ordinary(block):
            return None
        for column, more in zip(whole, block, strict=True):
            column += more
        try:
            spellings.update(*block.tags)
        except TypeError:  # a tag that is no text, and cannot be hashed either
            return None
    ids = set(whole.ids)
    if len(ids) < len(rows) or "" in ids or not set(map(type, spellings)) <= {str}:
        return None
    return Columns(rows, whole.ids, whole.tags, whole.media_types, whole.ratings, whole.created, frozenset(spellings))


def _block(rows: Sequence[Any]) -> Block:
    """The fields of some candidates, objects or mappings; None where one has none."""
    kinds = set(map(type, rows))
    if not any(issubclass(kind, Mapping) for kind in kinds):
        return _of_objects(rows)
    if all(issubclass(kind, Mapping) for kind in kinds):
        return Block(*([row.get(name) for row in rows] for name in FIELDS))
    return Block(
        *([row.get(name) if isinstance(row, Mapping) else getattr(row, name, None) for row in rows] for name in FIELDS)
    )


def _of_objects(rows: Sequence[Any]) -> Block:
    # An attribute that is written out is read twice as fast as one whose name is given.
    try:
        return Block(
            [row.id for row in rows],
            [row.tags for row in rows],
            [row.media_type for row in rows],
            [row.rating for row in rows],
            [row.created_at for row in rows],
        )
    except AttributeError:
        return Block(*(list(map(getattr, rows, repeat(name), repeat(None))) for name in FIELDS))


def _is_ordinary(block: Block) -> bool:
    """Whether every field of a block can be used as it is; what tags hold and whether ids differ is not looked at."""
    try:
        return (
            set(map(type, block.ids)) <= ID_TYPES
            and set(map(type, block.tags)) <= LISTS
            and set(block.media_types) <= MEDIA
            and set(map(type, block.ratings)) <= RATING_TYPES
            and all(read_rating(rating, "") is not None for rating in set(block.ratings))
            and _all_dates(block.created)
        )
    except (TypeError, CandidateError):
        return False


def _all_dates(created: Collection[Any]) -> bool:
    """Whether all are dates, texts or absent. Raises CandidateError for a text that is no date."""
    kinds = set(map(type, created))
    if str in kinds:
        for text in {moment for moment in created if isinstance(moment, str)}:
            read_created(text, "")
    return kinds <= CREATED_TYPES
