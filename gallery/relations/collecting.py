"""Collections: named, ordered sets of assets, e.g. the approved references of a character.

Every change is a batch with one record, so undo takes back its own part alone. A member has a place that sorts
(`gallery.relations.ordering`): moving one writes one row, however many there are. Members in the trash, or whose files
are gone, are hidden and keep their place.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, case, func, insert, select

from gallery.context import GalleryContext
from gallery.journal.batches import Origin, apply
from gallery.journal.recorded.collection import is_taken
from gallery.journal.records import Record, read_record
from gallery.query.syntax import collection_renamed_in, collections_in
from gallery.reading.arguments import one_text, several_texts, whole_number
from gallery.reading.identifiers import Asked, find_assets, find_id
from gallery.reading.rows import VIEW_COLUMNS, is_live, view_of
from gallery.relations.ordering import places_between
from gallery.searching.saved_searches import search_texts
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset, collection, collection_member
from gallery.views import BulkResult, CollectionPage, CollectionView, ItemError, ItemResult
from ontology.cleaning import clean
from ontology.errors import ConflictError, InvalidInputError, NotFoundError
from ontology.escaping import visible
from ontology.tags import MAX_TAG_LENGTH, is_free_word

MAX_LIMIT = 500
DEFAULT_LIMIT = 100

_KIND: Final = "collection"
_IN_ORDER = (collection_member.c.position, collection_member.c.asset_key)


def collections(context: GalleryContext) -> tuple[CollectionView, ...]:
    """All collections by name, with how many members each has."""
    with context.database.read() as connection:
        return tuple(_view(row) for row in connection.execute(_counted().order_by(collection.c.name)))


def collections_of(context: GalleryContext, asset_id: str) -> tuple[CollectionView, ...]:
    """The collections that an asset is in, by name. Raises `NotFoundError`, and `InvalidInputError` as `find_id`."""
    with context.database.read() as connection:
        found = find_id(connection, asset_id)
        held = select(collection_member.c.collection_key).join(asset, asset.c.key == collection_member.c.asset_key)
        mine = _counted().where(collection.c.key.in_(held.where(asset.c.id == found)))
        return tuple(_view(row) for row in connection.execute(mine.order_by(collection.c.name)))


def collection_page(
    context: GalleryContext, name: str, *, limit: int = DEFAULT_LIMIT, cursor: str | None = None
) -> CollectionPage:
    """The live members in order, 1-500 at a time; `cursor` comes from the page before.

    Raises `NotFoundError` for an unknown name, `InvalidInputError`.
    """
    if not 1 <= whole_number("limit", limit) <= MAX_LIMIT:
        raise InvalidInputError(f"a page has 1 to {MAX_LIMIT} assets, not {limit}", hint="use the cursor for more")
    paths = ProjectPaths(context.root)
    with context.database.read() as connection:
        found = _find(connection, name)
        members = _members(found.key).add_columns(*VIEW_COLUMNS).where(is_live())
        if cursor is not None:
            place, key = _read_cursor(cursor)
            beyond = (collection_member.c.position == place) & (collection_member.c.asset_key > key)
            members = members.where((collection_member.c.position > place) | beyond)
        rows = connection.execute(members.order_by(*_IN_ORDER).limit(limit + 1)).all()
        view = _view(connection.execute(_counted().where(collection.c.key == found.key)).one())
    following = f"{rows[limit - 1].position}-{rows[limit - 1].asset_key}" if len(rows) > limit else None
    return CollectionPage(view, tuple(view_of(row[2:], paths) for row in rows[:limit]), following)


def create(
    context: GalleryContext,
    name: str,
    ids: str | Iterable[str] = (),
    *,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> BulkResult:
    """Make a collection; the name as it was typed becomes its label. Outcomes: created, then those of `add`.

    Raises `InvalidInputError` for what cannot be a name, `ConflictError` (`taken`) when there is one of that name.
    """
    folded, names = collection_name(name), several_texts("ids", ids)
    with context.database.read() if dry_run else context.database.write() as connection:
        if is_taken(connection, folded):
            hint = f"`callsheet collection add {folded} ID` adds to it"
            raise ConflictError(f"there is a collection `{folded}` already", hint=hint, code="taken")
        wanted = find_assets(connection, names)
        ids_found = [item.id for item in wanted if item.key is not None]
        members = dict(zip(ids_found, places_between(None, None, ids_found), strict=True))
        made = {"name": folded, "label": name.strip(), "created_at": rfc3339(context.now()), "members": members}
        seq = None if dry_run else _write(connection, context, new_key(connection, made), None, made, origin, folded)
    added = [ItemResult(item.id, "failed" if item.error else "added", item.error) for item in wanted]
    return BulkResult((_of_collection(folded, "created"), *added), seq)


def add(
    context: GalleryContext,
    name: str,
    ids: str | Iterable[str],
    *,
    at: int | None = None,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> BulkResult:
    """Put assets into a collection: at the end, or so that the first stands at place `at` (from 1) of those shown.

    Outcomes: added, unchanged (is in it already, and stays where it is), failed. Raises `NotFoundError` for an unknown
    collection, `InvalidInputError` for an ambiguous id or a place below 1.
    """
    names = several_texts("ids", ids)
    with context.database.read() if dry_run else context.database.write() as connection:
        found = _find(connection, name)
        wanted = find_assets(connection, names)
        present = _places(connection, found.key, wanted)
        new = [item.id for item in wanted if item.key is not None and item.id not in present]
        changes = _placed(connection, found.key, new, at, {})
        seq = _change(connection, context, found, dict.fromkeys(new), changes, origin, dry_run=dry_run)
    return BulkResult(tuple(_result(item, "added", changes) for item in wanted), seq)


def move(
    context: GalleryContext,
    name: str,
    ids: str | Iterable[str],
    *,
    to: int,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> BulkResult:
    """Let members stand together, in the order given, the first at place `to` (from 1) of those shown.

    Outcomes: moved, unchanged (they stand there), failed (`not_found`, `no_member`). Raises as `add`.
    """
    names = several_texts("ids", ids)
    with context.database.read() if dry_run else context.database.write() as connection:
        found = _find(connection, name)
        wanted = find_assets(connection, names)
        present = _places(connection, found.key, wanted)
        moved = [item.id for item in wanted if item.id in present]
        changes = _placed(connection, found.key, moved, to, present)
        seq = _change(connection, context, found, present, changes, origin, dry_run=dry_run)
    return BulkResult(tuple(_result(_member(item, found, present), "moved", changes) for item in wanted), seq)


def remove(
    context: GalleryContext, name: str, ids: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False
) -> BulkResult:
    """Take assets out of a collection. Outcomes: removed, unchanged (is not in it), failed. Raises as `add`."""
    names = several_texts("ids", ids)
    with context.database.read() if dry_run else context.database.write() as connection:
        found = _find(connection, name)
        wanted = find_assets(connection, names)
        present = _places(connection, found.key, wanted)
        changes: dict[str, str | None] = dict.fromkeys(present)
        seq = _change(connection, context, found, present, changes, origin, dry_run=dry_run)
    return BulkResult(tuple(_result(item, "removed", changes) for item in wanted), seq)


def rename(
    context: GalleryContext, name: str, new_name: str, *, origin: Origin = "hand", dry_run: bool = False
) -> BulkResult:
    """Give a collection another name and label, and write the name in the saved searches that name it.

    Outcomes: renamed, then changed for each of those searches; unchanged. Raises as `create` and `add`, and
    `InvalidInputError` for a name that a search cannot take in, e.g. as it would be too long.
    """
    folded = collection_name(new_name)
    with context.database.read() if dry_run else context.database.write() as connection:
        found = _find(connection, name)
        if is_taken(connection, folded, but=found.key):
            raise ConflictError(
                f"there is a collection `{folded}` already",
                hint="choose another name, or remove that one",
                code="taken",
            )
        before = {"name": found.name, "label": found.label}
        after = {"name": folded, "label": new_name.strip()}
        if before == after:
            return BulkResult((_of_collection(folded, "unchanged"),), None)
        renamed = Record(_KIND, str(found.key), before, after, folded)
        searches = _renamed_searches(connection, context, found.name, folded)
        records = [renamed, *searches]
        seq = None if dry_run else apply(connection, context, _KIND, records=records, origin=origin)
    changed = (ItemResult(f"search:{search.name}", "changed") for search in searches)
    return BulkResult((_of_collection(folded, "renamed"), *changed), seq)


def discard(context: GalleryContext, name: str, *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
    """Remove a collection; its assets stay as they are. Outcome: removed.

    Raises `NotFoundError`, and `ConflictError` (`in_use`) while saved searches name it.
    """
    with context.database.read() if dry_run else context.database.write() as connection:
        found = _find(connection, name)
        _refuse_used(connection, context, found.name)
        before = read_record(connection, context, _KIND, str(found.key))
        seq = None if dry_run else _write(connection, context, found.key, before, None, origin, found.name)
    return BulkResult((_of_collection(found.name, "removed"),), seq)


def collection_name(text: str) -> str:
    """The name under which a collection is known: as free words are spelt. Raises `InvalidInputError`."""
    name = clean(one_text("name", text))
    if not is_free_word(name) or len(name) > MAX_TAG_LENGTH:
        raise InvalidInputError(
            f"`{visible(text, limit=60)}` cannot be the name of a collection",
            hint=f"letters, digits and _ - . ( ) ' ! + &, at most {MAX_TAG_LENGTH}",
        )
    return name


def new_key(connection: Connection, made: dict[str, Any]) -> int:
    """A number that no collection has had: the database counts. The row itself is written by the record."""
    values = {"name": made["name"], "label": made["label"], "created_at": func.now()}
    key = int(connection.execute(insert(collection).values(values).returning(collection.c.key)).scalar_one())
    connection.execute(collection.delete().where(collection.c.key == key))
    return key


def _find(connection: Connection, name: str) -> Row[Any]:
    wanted = clean(one_text("name", name))
    row = connection.execute(select(collection).where(collection.c.name == wanted)).first()
    if row is None:
        raise NotFoundError(
            f"there is no collection `{visible(name, limit=60)}`", hint="`callsheet collection ls` lists them"
        )
    return row


def _users(connection: Connection, context: GalleryContext, name: str) -> dict[str, str]:
    """The saved searches that name the collection themselves, by name."""
    dotted = _KIND in context.ontology.namespaces
    texts = sorted(search_texts(connection).items())
    return {search: text for search, text in texts if name in collections_in(text, dotted=dotted)}


def _renamed_searches(connection: Connection, context: GalleryContext, old: str, new: str) -> list[Record]:
    if old == new:  # the label alone
        return []
    dotted = _KIND in context.ontology.namespaces
    return [
        Record("search", search, {"query": text}, {"query": collection_renamed_in(text, old, new, dotted=dotted)})
        for search, text in _users(connection, context, old).items()
    ]


def _refuse_used(connection: Connection, context: GalleryContext, name: str) -> None:
    users = _users(connection, context, name)
    if users:
        named = ", ".join(f"@{user}" for user in users)
        raise ConflictError(f"`{name}` is used by {named}", hint="change or remove those first", code="in_use")


def _counted() -> Select[Any]:
    live = func.sum(case((asset.c.key.is_not(None) & is_live(), 1), else_=0))  # an empty one has a row without asset
    return (
        select(*collection.c, live.label("size"), (func.count(asset.c.key) - live).label("hidden"))
        .join(collection_member, collection_member.c.collection_key == collection.c.key, isouter=True)
        .join(asset, asset.c.key == collection_member.c.asset_key, isouter=True)
        .group_by(*collection.c)
    )


def _view(row: Row[Any]) -> CollectionView:
    return CollectionView(row.name, row.label, row.created_at, int(row.size), int(row.hidden))


def _members(key: int) -> Select[Any]:
    return (
        select(collection_member.c.position, collection_member.c.asset_key)
        .join(asset, asset.c.key == collection_member.c.asset_key)
        .where(collection_member.c.collection_key == key)
    )


def _read_cursor(cursor: str) -> tuple[str, int]:
    place, _, key = one_text("cursor", cursor).rpartition("-")
    if not place or not key.isdecimal():
        raise InvalidInputError("this is not a cursor of a collection", hint="take the one from the page before")
    return place, int(key)


def _places(connection: Connection, key: int, wanted: Sequence[Asked]) -> dict[str, str]:
    """Where those of the assets stand that are members."""
    present: dict[str, str] = {}
    for piece in chunked([item.key for item in wanted if item.key is not None]):
        of_piece = _members(key).add_columns(asset.c.id).where(collection_member.c.asset_key.in_(piece))
        present.update((row.id, row.position) for row in connection.execute(of_piece))
    return present


def _placed(
    connection: Connection, key: int, ids: Sequence[str], at: int | None, present: dict[str, str]
) -> dict[str, str | None]:
    """The places of these assets when they stand together at `at` (None: the end); {} when they do already."""
    if at is not None and whole_number("place", at) < 1:
        raise InvalidInputError(f"places are counted from 1, not {at}", hint="1 is the beginning")
    if not ids:
        return {}
    low, high = _neighbours(connection, key, at, set(present.values()))
    stand = [present[name] for name in ids if name in present]
    bounds = [*([low] if low else []), *stand, *([high] if high else [])]
    if len(stand) == len(ids) and all(one < two for one, two in pairwise(bounds)):
        return {}
    return dict(zip(ids, places_between(low, high, ids), strict=True))


def _neighbours(connection: Connection, key: int, at: int | None, moved: set[str]) -> tuple[str | None, str | None]:
    """The places between which something stands at `at` of those shown; the moved ones are not counted."""
    high = None
    if at is not None:
        shown = _members(key).where(is_live()).order_by(*_IN_ORDER).limit(at + len(moved))
        others = [row.position for row in connection.execute(shown) if row.position not in moved]
        high = others[at - 1] if len(others) >= at else None
    before = _members(key)
    if high is not None:
        before = before.where(collection_member.c.position < high)
    backwards = before.order_by(collection_member.c.position.desc()).limit(1 + len(moved))
    low = next((row.position for row in connection.execute(backwards) if row.position not in moved), None)
    return low, high


def _change(
    connection: Connection,
    context: GalleryContext,
    found: Row[Any],
    before: dict[str, Any],
    after: dict[str, str | None],
    origin: Origin,
    *,
    dry_run: bool,
) -> int | None:
    if dry_run or not after:
        return None
    was = {name: before.get(name) for name in after}
    return _write(connection, context, found.key, {"members": was}, {"members": after}, origin, found.name)


def _write(
    connection: Connection,
    context: GalleryContext,
    key: int,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    origin: Origin,
    label: str,
) -> int:
    return apply(connection, context, _KIND, records=[Record(_KIND, str(key), before, after, label)], origin=origin)


def _member(item: Asked, found: Row[Any], present: dict[str, str]) -> Asked:
    if item.key is None or item.id in present:
        return item
    hint = f"`callsheet collection add {found.name} {item.id}`"
    return Asked(item.id, None, ItemError("no_member", f"{item.id} is not in `{found.name}`", hint))


def _result(item: Asked, outcome: str, changes: dict[str, str | None]) -> ItemResult:
    if item.key is None:
        return ItemResult(item.id, "failed", item.error)
    return ItemResult(item.id, outcome if item.id in changes else "unchanged")


def _of_collection(name: str, outcome: str) -> ItemResult:
    return ItemResult(f"{_KIND}:{name}", outcome)
