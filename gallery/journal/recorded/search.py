"""Saved searches as the journal sees them: by their name, `{query, saved_at}`."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from gallery.context import GalleryContext
from gallery.store.moments import from_rfc3339, rfc3339
from gallery.store.tables import saved_search


def read(
    connection: Connection,
    context: GalleryContext,  # noqa: ARG001  # every kind is asked alike
    name: str,
    elements: Collection[str] | None = None,  # noqa: ARG001  # see above
) -> dict[str, Any] | None:
    """`{query, saved_at}`, or None where there is no search of this name."""
    row = connection.execute(select(saved_search).where(saved_search.c.name == name)).first()
    return None if row is None else {"query": row.query, "saved_at": rfc3339(row.saved_at)}


def write(
    connection: Connection,
    context: GalleryContext,
    name: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Save, replace or forget. `saved_at` may be left out: then it is now."""
    if after is None:
        connection.execute(delete(saved_search).where(saved_search.c.name == name))
        return
    values = {name: after[name] for name in ("query",) if name in after}
    moment = from_rfc3339(after["saved_at"]) if "saved_at" in after else context.now()
    if before is None:
        connection.execute(insert(saved_search).values(name=name, saved_at=moment, **values))
    else:
        connection.execute(update(saved_search).where(saved_search.c.name == name).values(saved_at=moment, **values))
