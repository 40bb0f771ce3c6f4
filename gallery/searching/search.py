"""Finding assets page by page. Pages go on from the last asset seen, so a late page costs what the first one does."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from gallery.context import GalleryContext
from gallery.query.parsing import parse
from gallery.query.sql import condition, grounded
from gallery.query.sql_gathering import among, gathered
from gallery.query.sql_order import Step, steps, stretches
from gallery.query.sql_text import Unindexed
from gallery.query.tree import Everything, Has, Node, Query
from gallery.reading.arguments import one_text, whole_number
from gallery.reading.cursors import Place, read_cursor, write_cursor
from gallery.reading.rows import STATES, VIEW_COLUMNS, State, in_state, view_of
from gallery.searching.saved_searches import surroundings
from gallery.store.deadline import checked_seconds
from gallery.store.deadline import deadline as limited
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset
from gallery.views import Page
from ontology.errors import InvalidInputError

MAX_LIMIT = 500
DEFAULT_LIMIT = 100

COMMON = 10_000
"""From so many finds on, walking through the order until a page is full is quicker than gathering all of them."""

IDS_AT_ONCE = 5_000


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
    with context.database.read() as connection, limited(connection, asked.seconds, asked.text):
        found = _found(connection, asked, place)
        rows = _rows(connection, found.condition, order, place, limit + 1) if found.total != 0 else []
    following = None
    if len(rows) > limit:
        following = write_cursor(Place(tuple(rows[limit - 1][len(VIEW_COLUMNS) :]), found.is_common), asked.mark)
    paths = ProjectPaths(context.root)
    return Page(tuple(view_of(row, paths) for row in rows[:limit]), found.total if place is None else None, following)


def ids_in_order(
    context: GalleryContext, query: str = "", *, state: State = "live", deadline: float | None = None
) -> Iterator[list[str]]:
    """The ids that `search` finds, in its order, some thousands at a time and all from one moment of the database.

    For who shows a whole gallery and reads of each asset no more than it shows. Exhaust or close the iterator.
    Raises as `search` does.
    """
    asked = _asked(context, query, state, deadline)
    with context.database.read() as connection, limited(connection, asked.seconds, asked.text):
        found = _found(connection, asked, None)
        if found.total == 0:
            return
        reading = connection.execution_options(yield_per=IDS_AT_ONCE)
        for stretch, ordering in stretches(steps(asked.query.sorts), None):
            ids = reading.execute(select(asset.c.id).where(found.condition, stretch).order_by(*ordering)).scalars()
            yield from (list(piece) for piece in ids.partitions())


def matching_ids(context: GalleryContext, query: str) -> list[str]:
    """The ids of all assets that match, in order: what a change of everything found is about. Raises as `search`."""
    return [asset_id for some in ids_in_order(context, query) for asset_id in some]


@contextmanager
def reading(context: GalleryContext, query: str) -> Iterator[tuple[Connection, Query, ColumnElement[bool]]]:
    """For who walks the order of a query by himself: the connection, the query read, and what it finds as a condition.

    Nothing is counted. Raises as `search` does.
    """
    asked = _asked(context, query, "live", None)
    with context.database.read() as connection, limited(connection, asked.seconds, asked.text):
        is_all = grounded(asked.query.node, connection) == Everything()
        yield connection, asked.query, _found(connection, asked, Place((), is_common=is_all)).condition


def count(context: GalleryContext, query: str = "", *, state: State = "live", deadline: float | None = None) -> int:
    """How many assets of one state match. Raises as `search` does."""
    asked = _asked(context, query, state, deadline)
    with context.database.read() as connection, limited(connection, asked.seconds, asked.text):
        return _count(connection, grounded(asked.query.node, connection), asked.state)


@dataclass(frozen=True)
class Selection:
    """What a query finds, for those who count it: the condition for rows of `asset`, and how many there are by state.

    `everything`: the condition holds for every live asset.
    """

    condition: ColumnElement[bool]
    states: Mapping[str, int]
    state: State
    everything: bool


def selection(connection: Connection, context: GalleryContext, query: str) -> Selection:
    """What `search` finds, as of the connection's moment. Raises as `search` does."""
    asked = _asked(context, query, "live", None)
    with limited(connection, asked.seconds, asked.text):
        node = grounded(asked.query.node, connection)
        states: dict[str, int] = {state: _count(connection, node, state) for state in STATES}
        if node == Everything():
            # Every row is wanted: in the order of the table, and not of an index that happens to know who is live.
            live = Unindexed(asset.c.trashed_at).is_(None) & Unindexed(asset.c.missing_since).is_(None)
            return Selection(live, states, asked.state, everything=True)
        return Selection(among(gathered(connection, node, asked.state)), states, asked.state, everything=False)


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


@dataclass(frozen=True)
class _Found:
    """What matches, as a condition, and how many; None for what an earlier page has counted."""

    condition: ColumnElement[bool]
    total: int | None
    is_common: bool


def _found(connection: Connection, asked: _Search, place: Place | None) -> _Found:
    """What is common is met soon on a walk through the order. What is rare is gathered, for every page anew."""
    node = grounded(asked.query.node, connection)
    walking = condition(node, ordered_by=asked.query.sorts[0].field) & in_state(asked.state)
    if place is not None and place.is_common:
        return _Found(walking, None, is_common=True)
    if node == Everything():
        return _Found(walking, _count(connection, node, asked.state), is_common=True)
    keys = gathered(connection, node, asked.state)
    return _Found(walking if len(keys) > COMMON else among(keys), len(keys), len(keys) > COMMON)


def _count(connection: Connection, node: Node, state: State) -> int:
    if node == Everything():
        return int(connection.execute(select(func.count()).select_from(asset).where(in_state(state))).scalar_one())
    return len(gathered(connection, node, state))


def _rows(
    connection: Connection, matching: ColumnElement[bool], order: Sequence[Step], place: Place | None, limit: int
) -> list[Row[Any]]:
    """So many rows after the place: the columns of a view, then the values by which they are sorted."""
    columns: list[ColumnElement[Any]] = [*VIEW_COLUMNS]
    columns += [step.column.label(f"sort_{n}") for n, step in enumerate(order)]
    selected = select(*columns).where(matching)
    found: list[Row[Any]] = []
    for stretch, ordering in stretches(order, None if place is None else place.values):
        if len(found) < limit:
            page = selected.where(stretch).order_by(*ordering).limit(limit - len(found))
            found += connection.execute(page).all()
    return found
