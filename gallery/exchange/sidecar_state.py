"""What was last read from a sidecar, or written into it: what tells which side has changed since.

A sidecar that holds what it held then says nothing new. One that was edited while its asset stayed the same replaces
what the asset has. Where both changed, the usual rule of an import holds.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from gallery.exchange.entries import Entry
from gallery.exchange.sidecar_text import digest_of, sidecar_text
from gallery.exchange.stored import assets_by_key
from gallery.store.chunks import chunked
from gallery.store.tables import sidecar


def is_read(entry: Entry) -> bool:
    """Whether the entry comes from a sidecar that holds what it held when it was last read or written."""
    return entry.sidecar is not None and entry.sidecar.base == entry.sidecar.digest


def unchanged_since(connection: Connection, pairs: Sequence[tuple[Entry, Row[Any] | None]]) -> set[str]:
    """Of entries with their assets, the `where` of those whose asset is as their sidecar was last read or written."""
    keys = {
        entry.where: row.key
        for entry, row in pairs
        if row is not None and entry.sidecar is not None and entry.sidecar.base is not None and not is_read(entry)
    }
    assets = assets_by_key(connection, sorted(set(keys.values())))
    now = {item.row.key: digest_of(sidecar_text(item)) for item in assets}
    return {
        entry.where
        for entry, _ in pairs
        if entry.where in keys and entry.sidecar is not None and entry.sidecar.base == now[keys[entry.where]]
    }


def digests(connection: Connection, paths: Iterable[str]) -> dict[str, str]:
    """Of these pictures (stored form), what their sidecars held when they were last read or written."""
    found: dict[str, str] = {}
    for piece in chunked(sorted(set(paths))):
        rows = connection.execute(select(sidecar.c.path, sidecar.c.digest).where(sidecar.c.path.in_(piece)))
        found.update((row.path, row.digest) for row in rows)
    return found


def note(connection: Connection, seen: Sequence[tuple[str, str]]) -> None:
    """Remember for each picture what its sidecar holds now."""
    latest = dict(seen)
    for piece in chunked(list(latest)):
        connection.execute(delete(sidecar).where(sidecar.c.path.in_(piece)))
    if latest:
        connection.execute(insert(sidecar), [{"path": path, "digest": digest} for path, digest in latest.items()])
