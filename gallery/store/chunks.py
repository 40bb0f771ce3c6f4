"""Long lists in pieces: a statement takes only so many parameters."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam

T = TypeVar("T")

STATEMENT_ITEMS = 500
"""So many values stand in one `IN (…)`."""
PIECE: BindParameter[Any] = bindparam("piece", expanding=True)
"""For `column.in_(PIECE)`, with the values at execution: a list in its place would be looked at value by value."""


def chunked(items: Sequence[T], size: int = STATEMENT_ITEMS) -> Iterator[Sequence[T]]:
    """The items in order, so many at a time; the last piece may be shorter, an empty list has none."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
