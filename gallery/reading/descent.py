"""Whom an asset descends from."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from gallery.store.chunks import chunked
from gallery.store.tables import asset


def ancestors_of(
    connection: Connection, ids: Iterable[str], changed: Mapping[str, Sequence[str]] | None = None
) -> set[str]:
    """The ids of everything that these descend from, generation by generation.

    `changed`: id → parents of those whose parents are about to change.
    """
    about_to = changed or {}
    found: set[str] = set()
    level = set(ids)
    while level:
        parents: set[str] = set()
        for piece in chunked(sorted(level - about_to.keys())):
            for listed in connection.execute(select(asset.c.parents).where(asset.c.id.in_(piece))).scalars():
                parents.update(listed)
        for name in level & about_to.keys():
            parents.update(about_to[name])
        level = parents - found
        found |= parents
    return found
