"""Long lists in pieces: a statement takes only so many parameters."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

STATEMENT_ITEMS = 500
"""So many values stand in one `IN (…)`."""


def chunked(items: Sequence[T], size: int = STATEMENT_ITEMS) -> Iterator[Sequence[T]]:
    """The items in order, so many at a time; the last piece may be shorter, an empty list has none."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
