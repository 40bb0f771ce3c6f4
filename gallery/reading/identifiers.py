"""From what people type to assets: an id, or the beginning of one that no other asset shares."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.reading.arguments import one_text
from gallery.store.chunks import chunked
from gallery.store.tables import asset
from gallery.views import ItemError
from ontology.errors import InvalidInputError, NotFoundError
from ontology.escaping import visible

_ID_OR_PREFIX = re.compile(r"a[0-9a-f]{0,16}")
_AFTER_HEX = "g"  # sorts behind every digit of an id
_LISTED = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """An asset that was asked for: its full id and key; or, as it was written, the one that there is not, and why."""

    id: str
    key: int | None
    error: ItemError | None = None


def resolve_id(context: GalleryContext, prefix: str) -> str:
    """The full id. Trashed and missing assets count too: whoever names one by id wants that one.

    Raises `NotFoundError`, and `InvalidInputError` with the list when the prefix is not unique.
    """
    with context.database.read() as connection:
        return find_id(connection, prefix)


def find_id(connection: Connection, prefix: str) -> str:
    """As `resolve_id`, within a transaction."""
    wanted = one_text("asset_id", prefix).strip().lower()
    if not _ID_OR_PREFIX.fullmatch(wanted):
        raise _unknown(prefix)
    in_range = (asset.c.id >= wanted) & (asset.c.id < wanted + _AFTER_HEX)
    found = connection.execute(select(asset.c.id).where(in_range).order_by(asset.c.id).limit(_LISTED + 1)).scalars()
    ids = list(found)
    if not ids:
        raise _unknown(prefix)
    if len(ids) > 1 and ids[0] != wanted:
        more = ", …" if len(ids) > _LISTED else ""
        raise InvalidInputError(
            f"`{wanted}` is the beginning of several ids: {', '.join(ids[:_LISTED])}{more}",
            hint="add digits until only one is left",
            code="ambiguous_id",
        )
    return str(ids[0])


def find_assets(connection: Connection, wanted: Iterable[str]) -> list[Asked]:
    """What is meant by each of these ids, in their order and each asset once; an unknown one with the reason.

    Raises `InvalidInputError` for an ambiguous prefix: a change must not hit assets that nobody meant.
    """
    names = list(dict.fromkeys(wanted))
    keys: dict[str, int] = {}
    for piece in chunked([name for name in names if _ID_OR_PREFIX.fullmatch(name)]):
        rows = connection.execute(select(asset.c.id, asset.c.key).where(asset.c.id.in_(piece)))
        keys.update((row.id, row.key) for row in rows)
    asked: dict[str, Asked] = {}
    for name in names:
        found = Asked(name, keys[name]) if name in keys else _ask(connection, name)
        asked.setdefault(found.id, found)
    return list(asked.values())


def _ask(connection: Connection, name: str) -> Asked:
    try:
        full = find_id(connection, name)
    except NotFoundError as error:
        return Asked(name, None, ItemError.of(error))
    return Asked(full, int(connection.execute(select(asset.c.key).where(asset.c.id == full)).scalar_one()))


def _unknown(given: str) -> NotFoundError:
    return NotFoundError(
        f"there is no asset `{visible(given, limit=60)}`", hint="`callsheet ls` lists the assets with their ids"
    )
