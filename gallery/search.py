"""Finding assets page by page. Pages go on from the last asset seen, so a late page costs what the first one does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

from gallery.arguments import one_text, whole_number
from gallery.context import GalleryContext
from gallery.cursors import Place, read_cursor, write_cursor
from gallery.deadline import checked_seconds, deadline
from gallery.paths import ProjectPaths
from gallery.query.parsing import parse
from gallery.query.sql import Plan, condition, grounded
from gallery.query.sql_order import Step, steps, stretches
from gallery.query.tree import Has, Query
from gallery.rows import STATES, VIEW_COLUMNS, State, in_state, view_of
from gallery.saved_searches import surroundings
from gallery.tables import asset
from gallery.views import Page
from ontology.errors import InvalidInputError

MAX_LIMIT = 500
DEFAULT_LIMIT = 100

COMMON = 10_000
"""From so many finds on, walking through the order until a page is full is quicker than gathering all of them."""


@dataclass(frozen=True)
class _Search:
    """A question made ready. `mark` is what a cursor goes with."""

    text: str
    query: Query
    state: State
    seconds: float

    @property
    def mark(self) -> str:
        return f"{self.state} {' '.join(self.text.split())}"


def search(
    context: GalleryContext,
    query: str = "",
    *,
    limit: int = DEFAULT_LIMIT,
    cursor: str | None = None,
    state: State = "live",
    deadline: float | None = None,
) -> Page:
    """The assets of one state that match, in the order the query asks for: newest first (then by id) without one.

    `docs/query.md` describes the language. Live assets are neither trashed nor missing; a query that asks for
    `is:trashed` or `is:missing` looks there. `limit` is 1-500; `cursor` comes from the page before, of the same query
    and state; `deadline` (seconds) defaults to that of the context. Raises `InvalidInputError` and `DeadlineError`.
    """
    asked = _asked(context, query, state, deadline)
    if not 1 <= whole_number("limit", limit) <= MAX_LIMIT:
        raise InvalidInputError(f"a page has 1 to {MAX_LIMIT} assets, not {limit}", hint="use the cursor for more")
    order = steps(asked.query.sorts)
    place = None if cursor is None else read_cursor(one_text("cursor", cursor), asked.mark)
    if place is not None and len(place.values) != len(order):
        raise InvalidInputError("this is not a cursor of a page", hint="take the one from the page before")
    with context.database.read() as connection, _limited(connection, asked):
        asked = replace(asked, query=replace(asked.query, node=grounded(asked.query.node, connection)))
        total = _count(connection, asked) if place is None else None
        is_common = place.is_common if place is not None else total is not None and total > COMMON
        rows = _rows(connection, asked, order, place, limit + 1, "walk" if is_common else "gather")
    following = None
    if len(rows) > limit:
        following = write_cursor(Place(tuple(rows[limit - 1][len(VIEW_COLUMNS) :]), is_common), asked.mark)
    paths = ProjectPaths(context.root)
    return Page(tuple(view_of(row, paths) for row in rows[:limit]), total, following)


def count(context: GalleryContext, query: str = "", *, state: State = "live", deadline: float | None = None) -> int:
    """How many assets of one state match. Raises as `search` does."""
    asked = _asked(context, query, state, deadline)
    with context.database.read() as connection, _limited(connection, asked):
        node = grounded(asked.query.node, connection)
        return _count(connection, replace(asked, query=replace(asked.query, node=node)))


def _asked(context: GalleryContext, query: str, state: State, seconds: float | None) -> _Search:
    if state not in STATES:
        raise InvalidInputError(f"`state` must be one of {', '.join(STATES)}", hint="`live` is what everybody sees")
    text = one_text("query", query)
    tree = parse(text, context.ontology, surroundings(context, text))
    limit = context.search_seconds if seconds is None else checked_seconds(seconds)
    return _Search(text, tree, _state(tree, state), limit)


def _state(query: Query, state: State) -> State:
    """Where to look: `is:trashed` and `is:missing`, asked for as such, lead out of the live assets."""
    if state == "live":
        asked = query.conjuncts()
        if Has("trashed") in asked:
            return "trashed"
        if Has("missing") in asked:
            return "missing"
    return state


def _limited(connection: Connection, asked: _Search) -> Any:
    return deadline(connection, asked.seconds, asked.text)


def _count(connection: Connection, asked: _Search) -> int:
    matching = condition(asked.query.node) & in_state(asked.state)
    return int(connection.execute(select(func.count()).select_from(asset).where(matching)).scalar_one())


def _rows(
    connection: Connection, asked: _Search, order: Sequence[Step], place: Place | None, limit: int, plan: Plan
) -> list[Row[Any]]:
    """So many rows after the place: the columns of a view, then the values by which they are sorted."""
    matching = condition(asked.query.node, plan) & in_state(asked.state)
    selected = select(*VIEW_COLUMNS, *(step.column.label(f"sort_{n}") for n, step in enumerate(order))).where(matching)
    found: list[Row[Any]] = []
    for stretch, ordering in stretches(order, None if place is None else place.values):
        if len(found) < limit:
            page = selected.where(stretch).order_by(*ordering).limit(limit - len(found))
            found += connection.execute(page).all()
    return found
