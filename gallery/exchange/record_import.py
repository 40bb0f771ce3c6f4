"""Collections and saved searches of an import: what is new is made, a collection that is there gets further members."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.exchange.entries import CollectionEntry, SearchEntry
from gallery.exchange.results import ImportItem
from gallery.journal.records import Record
from gallery.relations.collecting import new_key
from gallery.relations.ordering import places_between
from gallery.searching.saved_searches import refuse_unreadable, search_texts
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.tables import asset, collection, collection_member, saved_search
from gallery.views import ItemError
from ontology.errors import InvalidInputError
from ontology.escaping import visible


@dataclass
class Taken:
    """The records to write, and what is told of each."""

    records: list[Record] = field(default_factory=list)
    results: list[ImportItem] = field(default_factory=list)


def take_records(
    connection: Connection,
    context: GalleryContext,
    entries: Sequence[CollectionEntry | SearchEntry],
    renamed: Mapping[str, str],
    coming: Collection[str] | None,
    *,
    replace: bool,
) -> Taken:
    """Decide one collection (all its entries), or several searches.

    `coming`: on a dry run the assets that it did not write; None when this is none.
    """
    taken = Taken()
    searches = [item for item in entries if isinstance(item, SearchEntry)]
    if searches:
        queries = {item.name: item.query for item in searches} | search_texts(connection)
        for entry in {item.name: item for item in searches}.values():
            try:
                refuse_unreadable(connection, context, entry.name, queries | {entry.name: entry.query})
            except InvalidInputError as error:
                taken.results.append(ImportItem(f"search {entry.name}", None, "failed", ItemError.of(error)))
            else:
                _search(connection, entry, taken, replace=replace)
    collections = [item for item in entries if isinstance(item, CollectionEntry)]
    if collections:
        _collection(connection, collections, renamed, coming, taken)
    return taken


def _search(connection: Connection, entry: SearchEntry, taken: Taken, *, replace: bool) -> None:
    row = connection.execute(select(saved_search).where(saved_search.c.name == entry.name)).first()
    label = f"search {entry.name}"
    after = {"query": entry.query, "saved_at": rfc3339(entry.saved_at)}
    if row is None:
        taken.records.append(Record("search", entry.name, None, after))
        taken.results.append(ImportItem(label, None, "added"))
    elif row.query == entry.query:
        taken.results.append(ImportItem(label, None, "unchanged"))
    elif replace:
        before = {"query": row.query, "saved_at": rfc3339(row.saved_at)}
        taken.records.append(Record("search", entry.name, before, after))
        taken.results.append(ImportItem(label, None, "changed"))
    else:
        shown = (visible(row.query, limit=40), visible(entry.query, limit=40))
        message = f"it is `{shown[0]}` here and `{shown[1]}` there"
        problem = ItemError("conflict", message, "--replace takes what the file says")
        taken.results.append(ImportItem(label, None, "unchanged", None, (problem,)))


def _collection(
    connection: Connection,
    entries: Sequence[CollectionEntry],
    renamed: Mapping[str, str],
    coming: Collection[str] | None,
    taken: Taken,
) -> None:
    first = entries[0]
    label = f"collection {first.name}"
    wanted = list(dict.fromkeys(renamed.get(name, name) for entry in entries for name in entry.members))
    known = _known(connection, wanted) | set(wanted).intersection(coming or ())
    lost = [name for name in wanted if name not in known]
    problems = (_lost(lost),) if lost else ()
    members = [name for name in wanted if name in known]
    row = connection.execute(select(collection).where(collection.c.name == first.name)).first()
    if row is None:
        if first.label is None or first.created_at is None:
            error = ItemError("invalid", "its members come before it", "export the library again")
            taken.results.append(ImportItem(label, None, "failed", error))
            return
        after = {"name": first.name, "label": first.label, "created_at": rfc3339(first.created_at)}
        places = dict(zip(members, places_between(None, None, members), strict=True))
        key = new_key(connection, after) if coming is None else 0
        taken.records.append(Record("collection", str(key), None, after | {"members": places}, first.name))
        taken.results.append(ImportItem(label, None, "added", None, problems))
        return
    present = _present(connection, row.key)
    new = [name for name in members if name not in present]
    if new:
        places = dict(zip(new, places_between(max(present.values(), default=None), None, new), strict=True))
        before: dict[str, Any] = {"members": dict.fromkeys(new)}
        taken.records.append(Record("collection", str(row.key), before, {"members": places}, first.name))
    taken.results.append(ImportItem(label, None, "changed" if new else "unchanged", None, problems))


def _known(connection: Connection, ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for piece in chunked(ids):
        known.update(connection.execute(select(asset.c.id).where(asset.c.id.in_(piece))).scalars())
    return known


def _present(connection: Connection, key: int) -> dict[str, str]:
    joined = select(asset.c.id, collection_member.c.position).join(asset, asset.c.key == collection_member.c.asset_key)
    rows = connection.execute(joined.where(collection_member.c.collection_key == key))
    return {row.id: row.position for row in rows}


def _lost(ids: Sequence[str]) -> ItemError:
    more = ", …" if len(ids) > 3 else ""  # noqa: PLR2004  # enough to find the rest
    return ItemError("not_found", f"{len(ids)} of its assets are not here: {', '.join(ids[:3])}{more}")
