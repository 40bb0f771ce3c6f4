"""Finding assets page by page. Pages go on from the last asset seen, so a late page costs what the first one does."""

import base64
import binascii
import hashlib
import json
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from gallery.context import GalleryContext
from gallery.moments import from_rfc3339, rfc3339
from gallery.paths import ProjectPaths
from gallery.query.parsing import parse
from gallery.query.sql import condition
from gallery.rows import VIEW_COLUMNS, is_live, view_of
from gallery.tables import asset
from gallery.views import AssetView, Page
from ontology.errors import InvalidInputError

MAX_LIMIT = 500
DEFAULT_LIMIT = 100


def search(context: GalleryContext, query: str = "", *, limit: int = DEFAULT_LIMIT, cursor: str | None = None) -> Page:
    """The assets that match, newest first (then by id), neither trashed nor missing ones.

    `limit` is 1-500; `cursor` comes from the page before, of the same query. Raises `InvalidInputError`.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidInputError(f"a page has 1 to {MAX_LIMIT} assets, not {limit}", hint="use the cursor for more")
    matching = condition(parse(query, context.ontology)) & is_live()
    paths = ProjectPaths(context.root)
    wanted = matching if cursor is None else matching & _after(*_read_cursor(cursor, query))
    with context.database.read() as connection:
        newest = select(*VIEW_COLUMNS).where(wanted).order_by(asset.c.created_at.desc(), asset.c.id).limit(limit + 1)
        found = [view_of(row, paths) for row in connection.execute(newest)]
        total = None
        if cursor is None:
            total = len(found)
            if total > limit:
                total = connection.execute(select(func.count()).select_from(asset).where(matching)).scalar_one()
    following = _cursor(found[limit - 1], query) if len(found) > limit else None
    return Page(tuple(found[:limit]), total, following)


def count(context: GalleryContext, query: str = "") -> int:
    """How many assets match. Raises `InvalidInputError`."""
    matching = condition(parse(query, context.ontology)) & is_live()
    with context.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(asset).where(matching)).scalar_one())


def _after(moment: datetime, asset_id: str) -> ColumnElement[bool]:
    # The first comparison says nothing new, but it is one that the index can be entered by.
    older = (asset.c.created_at < moment) | (asset.c.id > asset_id)
    return (asset.c.created_at <= moment) & older


def _cursor(last: AssetView, query: str) -> str:
    content = json.dumps([rfc3339(last.created_at), last.id, _mark(query)], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, query: str) -> tuple[datetime, str]:
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        moment, asset_id, mark = json.loads(content)
        after = (from_rfc3339(moment), str(asset_id))
    except (ValueError, TypeError, binascii.Error) as error:
        raise InvalidInputError("this is not a cursor of a page", hint="take the one from the page before") from error
    if mark != _mark(query):
        raise InvalidInputError(
            "this cursor belongs to another query", hint="repeat the query of the page it came from, or leave it out"
        )
    return after


def _mark(query: str) -> str:
    """Ties a cursor to its query."""
    return hashlib.sha256(" ".join(query.split()).encode()).hexdigest()[:8]
