"""Finding assets page by page. Pages go on from the last asset seen, so a late page costs what the first one does."""

import base64
import binascii
import hashlib
import json
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from gallery.arguments import one_text, whole_number
from gallery.context import GalleryContext
from gallery.moments import from_rfc3339, rfc3339
from gallery.paths import ProjectPaths
from gallery.query.parsing import parse
from gallery.query.sql import condition
from gallery.rows import STATES, VIEW_COLUMNS, State, in_state, view_of
from gallery.tables import asset
from gallery.views import AssetView, Page
from ontology.errors import InvalidInputError

MAX_LIMIT = 500
DEFAULT_LIMIT = 100


def search(
    context: GalleryContext,
    query: str = "",
    *,
    limit: int = DEFAULT_LIMIT,
    cursor: str | None = None,
    state: State = "live",
) -> Page:
    """The assets of one state that match, newest first (then by id). Live ones are neither trashed nor missing.

    `limit` is 1-500; `cursor` comes from the page before, of the same query and state. Raises `InvalidInputError`.
    """
    matching = _matching(context, query, state)
    if not 1 <= whole_number("limit", limit) <= MAX_LIMIT:
        raise InvalidInputError(f"a page has 1 to {MAX_LIMIT} assets, not {limit}", hint="use the cursor for more")
    paths = ProjectPaths(context.root)
    mark = _mark(query, state)
    wanted = matching if cursor is None else matching & _after(*_read_cursor(one_text("cursor", cursor), mark))
    with context.database.read() as connection:
        newest = select(*VIEW_COLUMNS).where(wanted).order_by(asset.c.created_at.desc(), asset.c.id).limit(limit + 1)
        found = [view_of(row, paths) for row in connection.execute(newest)]
        total = None
        if cursor is None:
            total = len(found)
            if total > limit:
                total = connection.execute(select(func.count()).select_from(asset).where(matching)).scalar_one()
    following = _cursor(found[limit - 1], mark) if len(found) > limit else None
    return Page(tuple(found[:limit]), total, following)


def count(context: GalleryContext, query: str = "", *, state: State = "live") -> int:
    """How many assets of one state match. Raises `InvalidInputError`."""
    matching = _matching(context, query, state)
    with context.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(asset).where(matching)).scalar_one())


def _matching(context: GalleryContext, query: str, state: State) -> ColumnElement[bool]:
    if state not in STATES:
        raise InvalidInputError(f"`state` must be one of {', '.join(STATES)}", hint="`live` is what everybody sees")
    return condition(parse(one_text("query", query), context.ontology)) & in_state(state)


def _after(moment: datetime, asset_id: str) -> ColumnElement[bool]:
    # The first comparison says nothing new, but it is one that the index can be entered by.
    older = (asset.c.created_at < moment) | (asset.c.id > asset_id)
    return (asset.c.created_at <= moment) & older


def _cursor(last: AssetView, mark: str) -> str:
    content = json.dumps([rfc3339(last.created_at), last.id, mark], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, expected: str) -> tuple[datetime, str]:
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        moment, asset_id, mark = json.loads(content)
        after = (from_rfc3339(moment), str(asset_id))
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidInputError("this is not a cursor of a page", hint="take the one from the page before") from error
    if mark != expected:
        raise InvalidInputError(
            "this cursor belongs to another query", hint="repeat the query of the page it came from, or leave it out"
        )
    return after


def _mark(query: str, state: State) -> str:
    """Ties a cursor to its query and state."""
    words = query.split() if state == "live" else [*query.split(), f"\0{state}"]  # which stands in no query
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:8]
