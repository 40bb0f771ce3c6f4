"""Collections as the journal sees them: by their key, `{name, label, created_at, members: {asset id: place}}`."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gallery.context import GalleryContext
from gallery.store.chunks import chunked
from gallery.store.moments import from_rfc3339, rfc3339
from gallery.store.tables import asset, collection, collection_member
from gallery.views import ItemError
from ontology.errors import ConflictError


def read(
    connection: Connection,
    context: GalleryContext,  # noqa: ARG001  # every kind is asked alike
    name: str,
    elements: Collection[str] | None = None,
) -> dict[str, Any] | None:
    """The whole collection, or with those members alone; None where it does not exist."""
    row = connection.execute(select(collection).where(collection.c.key == int(name))).first()
    if row is None:
        return None
    joined = (
        select(asset.c.id, collection_member.c.position)
        .join(asset, asset.c.key == collection_member.c.asset_key)
        .where(collection_member.c.collection_key == row.key)
    )
    members: dict[str, str] = {}
    if elements is None:
        members.update((row[0], row[1]) for row in connection.execute(joined.order_by(collection_member.c.position)))
    else:
        for piece in chunked(sorted(elements)):
            members.update((row[0], row[1]) for row in connection.execute(joined.where(asset.c.id.in_(piece))))
    return {"name": row.name, "label": row.label, "created_at": rfc3339(row.created_at), "members": members}


def write(
    connection: Connection,
    context: GalleryContext,  # noqa: ARG001  # every kind is asked alike
    name: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    """Make, change or remove it. Raises `ConflictError` when another collection has the name."""
    key = int(name)
    if after is None:
        connection.execute(delete(collection_member).where(collection_member.c.collection_key == key))
        connection.execute(delete(collection).where(collection.c.key == key))
        return
    values = {field: after[field] for field in ("name", "label") if field in after}
    if "name" in values:
        _refuse_taken(connection, key, values["name"])
    if before is None:
        connection.execute(insert(collection).values(key=key, created_at=from_rfc3339(after["created_at"]), **values))
    elif values:
        connection.execute(update(collection).where(collection.c.key == key).values(**values))
    _write_members(connection, key, after.get("members", {}), is_new=before is None)


def is_taken(connection: Connection, name: str, *, but: int | None = None) -> bool:
    """Whether a collection (another than `but`) has this name."""
    found = connection.execute(select(collection.c.key).where(collection.c.name == name)).scalar_one_or_none()
    return found is not None and found != but


def refusal(connection: Connection, name: str, after: Mapping[str, Any] | None) -> ItemError | None:
    """Why this value cannot come back: another collection took the name. None: it can."""
    wanted = None if after is None else after.get("name")
    if wanted is None or not is_taken(connection, wanted, but=int(name)):
        return None
    return ItemError.of(_taken(wanted))


def _taken(name: str) -> ConflictError:
    return ConflictError(f"there is a collection `{name}` already", hint="choose another name", code="taken")


def _refuse_taken(connection: Connection, key: int, name: str) -> None:
    if is_taken(connection, name, but=key):
        raise _taken(name)


def _write_members(connection: Connection, key: int, members: Mapping[str, str | None], *, is_new: bool) -> None:
    keys: dict[str, int] = {}
    for piece in chunked(list(members)):
        keys.update(
            (row[0], row[1]) for row in connection.execute(select(asset.c.id, asset.c.key).where(asset.c.id.in_(piece)))
        )
    if not is_new and members:
        gone = (collection_member.c.collection_key == key) & (collection_member.c.asset_key == bindparam("of_asset"))
        connection.execute(delete(collection_member).where(gone), [{"of_asset": keys[name]} for name in members])
    rows = [
        {"collection_key": key, "asset_key": keys[name], "position": place}
        for name, place in members.items()
        if place is not None
    ]
    if rows:
        connection.execute(insert(collection_member), rows)
