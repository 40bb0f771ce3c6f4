"""Whether the gallery holds a picture already that is not yet an asset itself."""

from typing import Final

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.embedded.facts import MADE_HERE
from gallery.likeness.similar import near_duplicates
from gallery.reading.rows import is_live
from gallery.store.chunks import chunked
from gallery.store.tables import asset, generation

COPY_DISTANCE: Final = 4
"""So many of 64 bits differ at most between copies of one picture: other sizes, other formats."""


def find_alike(context: GalleryContext, sha256: str, looks: int | None, *, but_of_spec: str) -> str | None:
    """The id of a live asset with these bytes, else of the one that looks most like it; None where there is none.

    `looks`: the difference hash. What was made here by the spec `but_of_spec` does not count.
    """
    with context.database.read() as connection:
        same = connection.execute(select(asset.c.key).where((asset.c.sha256 == sha256) & is_live())).scalars()
        near = [] if looks is None else near_duplicates(connection, looks, COPY_DISTANCE)
        keys = [*same, *(key for key, _ in sorted(near, key=lambda item: (item[1], item[0])))]
        own = _made_by(connection, keys, but_of_spec)
        first = next((key for key in keys if key not in own), None)
        return None if first is None else connection.execute(select(asset.c.id).where(asset.c.key == first)).scalar()


def _made_by(connection: Connection, keys: list[int], spec_id: str) -> set[int]:
    of_spec = select(generation.c.asset_key).where(
        (generation.c.source == MADE_HERE) & (generation.c.spec_id == spec_id)
    )
    found: set[int] = set()
    for piece in chunked(keys):
        found.update(connection.execute(of_spec.where(generation.c.asset_key.in_(piece))).scalars())
    return found
