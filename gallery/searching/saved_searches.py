"""Searches saved by name. A query uses one as `@name`; it then means what is saved at that moment.

Saving, renaming and removing are batches of the journal like any other change.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from gallery.context import GalleryContext
from gallery.journal.batches import Origin, apply
from gallery.journal.records import Record
from gallery.query.faults import nearest
from gallery.query.fields import Surroundings
from gallery.query.parsing import parse
from gallery.query.syntax import renamed_in, searches_in
from gallery.reading.arguments import one_text
from gallery.store.tables import collection, saved_search
from gallery.views import BulkResult, ItemResult, SavedSearch
from ontology.errors import ConflictError, InvalidInputError, NotFoundError
from ontology.escaping import visible

MAX_NAME = 60
_NAME = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")


def saved_searches(context: GalleryContext) -> tuple[SavedSearch, ...]:
    """All of them, by name."""
    with context.database.read() as connection:
        rows = connection.execute(select(saved_search).order_by(saved_search.c.name))
        return tuple(map(_view, rows))


def get_search(context: GalleryContext, name: str) -> SavedSearch:
    """The search of this name. Raises `NotFoundError` naming the nearest."""
    with context.database.read() as connection:
        return _view(_row(connection, _plain(name)))


def save_search(
    context: GalleryContext,
    name: str,
    query: str,
    *,
    replace: bool = False,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> BulkResult:
    """Save a query under a name of `a-z`, digits, `_` and inner hyphens. Outcome: saved, changed or unchanged.

    Raises `InvalidInputError` for a bad name, an empty query, or one that cannot be read or leads back to itself;
    `ConflictError` (code `exists`) where the name stands for another query and `replace` is not given.
    """
    wanted, text = _new_name(name), one_text("query", query, may_be_empty=False).strip()
    with context.database.read() if dry_run else context.database.write() as connection:
        searches = search_texts(connection)
        before = searches.get(wanted)
        refuse_unreadable(connection, context, wanted, searches | {wanted: text})
        if before == text:
            return BulkResult((ItemResult(wanted, "unchanged"),), None)
        if before is not None and not replace:
            raise ConflictError(
                f"@{wanted} is saved already, as `{visible(before, limit=200)}`",
                hint="choose another name, or say that it is to be replaced",
                code="exists",
            )
        change = Record("search", wanted, None if before is None else {"query": before}, {"query": text})
        batch = None if dry_run else apply(connection, context, "search", records=[change], origin=origin)
    return BulkResult((ItemResult(wanted, "saved" if before is None else "changed"),), batch)


def refuse_unreadable(connection: Connection, context: GalleryContext, name: str, searches: Mapping[str, str]) -> None:
    """Raise `InvalidInputError` for a bad name, or a query among these that cannot be read or leads back to itself."""
    wanted = _new_name(name)
    around = _around(connection, context, searches)
    parse(searches[name], context.ontology, around)
    parse(f"@{wanted}", context.ontology, around)


def rename_search(
    context: GalleryContext, name: str, new_name: str, *, origin: Origin = "hand", dry_run: bool = False
) -> BulkResult:
    """Give a search another name, in the searches that use it too. Outcomes: renamed, then changed for each of those.

    Raises `NotFoundError`, `InvalidInputError` for a bad name, `ConflictError` (code `exists`) for one that is taken.
    """
    old, new = _plain(name), _new_name(new_name)
    with context.database.read() if dry_run else context.database.write() as connection:
        row, searches = _row(connection, old), search_texts(connection)
        if new in searches:
            raise ConflictError(f"@{new} is saved already", hint="choose another name", code="exists")
        whole = {"query": renamed_in(row.query, old, new), "saved_at": _view(row).to_json()["saved_at"]}
        changes = [Record("search", old, whole | {"query": row.query}, None), Record("search", new, None, whole)]
        users = _users(old, searches)
        changes += [
            Record("search", user, {"query": searches[user]}, {"query": renamed_in(searches[user], old, new)})
            for user in users
        ]
        batch = None if dry_run else apply(connection, context, "search", records=changes, origin=origin)
    return BulkResult((ItemResult(new, "renamed"), *(ItemResult(user, "changed") for user in users)), batch)


def remove_search(context: GalleryContext, name: str, *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
    """Forget a search. Outcome: removed. Raises `NotFoundError`, and `ConflictError` (`in_use`) while others use it."""
    wanted = _plain(name)
    with context.database.read() if dry_run else context.database.write() as connection:
        row = _row(connection, wanted)
        users = _users(wanted, search_texts(connection))
        if users:
            named = ", ".join(f"@{user}" for user in users)
            raise ConflictError(f"@{wanted} is used by {named}", hint="change or remove those first", code="in_use")
        before = {"query": row.query, "saved_at": _view(row).to_json()["saved_at"]}
        change = Record("search", wanted, before, None)
        batch = None if dry_run else apply(connection, context, "search", records=[change], origin=origin)
    return BulkResult((ItemResult(wanted, "removed"),), batch)


def surroundings(context: GalleryContext, text: str) -> Surroundings:
    """What a query with this text may refer to. Only what it could name is read from the database."""
    names_searches = "@" in text or "search:" in text.lower()
    if not names_searches and "collection:" not in text.lower():
        return Surroundings(context.now())
    with context.database.read() as connection:
        return _around(connection, context, search_texts(connection) if names_searches else {})


def _around(connection: Connection, context: GalleryContext, searches: Mapping[str, str]) -> Surroundings:
    collections = frozenset(connection.execute(select(collection.c.name)).scalars())
    return Surroundings(context.now(), collections, searches)


def search_texts(connection: Connection) -> dict[str, str]:
    """The query of every saved search, by name."""
    rows = connection.execute(select(saved_search.c.name, saved_search.c.query))
    return {row.name: row.query for row in rows}


def _users(name: str, searches: Mapping[str, str]) -> Sequence[str]:
    return sorted(other for other, text in searches.items() if other != name and name in searches_in(text))


def _plain(name: Any) -> str:
    return one_text("name", name, may_be_empty=False).strip().removeprefix("@")


def _new_name(name: Any) -> str:
    wanted = _plain(name)
    if len(wanted) > MAX_NAME or not _NAME.fullmatch(wanted):
        raise InvalidInputError(
            f"`{visible(wanted, limit=MAX_NAME)}` cannot be the name of a search",
            hint=f"up to {MAX_NAME} of a-z, 0-9, _ and inner hyphens, e.g. night-gates",
        )
    return wanted


def _row(connection: Connection, name: str) -> Row[Any]:
    row = connection.execute(select(saved_search).where(saved_search.c.name == name)).first()
    if row is None:
        near = nearest(name, search_texts(connection))
        hint = f"did you mean @{near}?" if near else "`callsheet searches ls` lists them"
        raise NotFoundError(f"there is no saved search `{visible(name, limit=MAX_NAME)}`", hint=hint)
    return row


def _view(row: Row[Any]) -> SavedSearch:
    return SavedSearch(row.name, row.query, row.saved_at)
