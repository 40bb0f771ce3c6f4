"""Hashes of likeness that are missing: those of pictures that came in before hashes were kept."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, bindparam, select, update

from gallery.checks.database import REPAIR
from gallery.checks.findings import Finding
from gallery.context import GalleryContext
from gallery.likeness.dhash import dhash_of_thumbnail
from gallery.store.tables import asset
from gallery.store.thumbnails import find_thumbnail

_ROWS_AT_ONCE = 1000
_TRIED = 50


def check_likeness(context: GalleryContext, connection: Connection) -> Iterator[Finding]:
    """Whether `similar` misses pictures. A few are tried: most that lack a hash have no features, and never get one."""
    tried = _next_without(connection, 0)[:_TRIED]
    if any(_hash(context, sha256) is not None for _, sha256 in tried):
        message = "some pictures came in before likeness was kept: `similar` does not find them"
        yield Finding("no_likeness", "info", message, REPAIR)


def fill_likeness(context: GalleryContext) -> int:
    """Work out the missing hashes from thumbnails; how many there are now. Nothing that a person said is changed."""
    filled, last = 0, 0
    while True:
        with context.database.read() as connection:
            rows = _next_without(connection, last)
        if not rows:
            return filled
        last = rows[-1][0]
        hashes = [{"of_key": key, "of_sha256": sha256, "found": _hash(context, sha256)} for key, sha256 in rows]
        known = [row for row in hashes if row["found"] is not None]
        if known:
            matches = (asset.c.key == bindparam("of_key")) & (asset.c.sha256 == bindparam("of_sha256"))
            with context.database.write() as connection:
                connection.execute(update(asset).where(matches).values(dhash=bindparam("found")), known)
        filled += len(known)


def _next_without(connection: Connection, after: int) -> Sequence[tuple[int, str]]:
    """Pictures without a hash. Sounds never have one: their waveforms look alike where they do not sound alike."""
    lacking = asset.c.dhash.is_(None) & (asset.c.media_type != "audio") & (asset.c.key > after)
    wanted = select(asset.c.key, asset.c.sha256).where(lacking)
    return [(row.key, row.sha256) for row in connection.execute(wanted.order_by(asset.c.key).limit(_ROWS_AT_ONCE))]


def _hash(context: GalleryContext, sha256: str) -> int | None:
    thumbnail = find_thumbnail(context.data_dir, sha256)
    return None if thumbnail is None else dhash_of_thumbnail(thumbnail)
