"""Tags as assets hold them: counting them, and writing another one in the place of some."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Text, cast, func, select

from gallery.journal.batches import Change
from gallery.reading.rows import is_live
from gallery.store.chunks import chunked
from gallery.store.tables import asset, asset_tag


@dataclass(frozen=True, slots=True)
class Retagged:
    """One asset that is to change. `carries`: whether it is tagged so; else somebody turned the tag down there."""

    id: str
    change: Change
    carries: bool


def tag_counts(connection: Connection, *, live: bool = True) -> dict[str, int]:
    """Each stored tag → how many assets carry it, the live ones alone or all."""
    per_tag = select(asset_tag.c.tag, func.count()).group_by(asset_tag.c.tag)
    counts = {tag: int(number) for tag, number in connection.execute(per_tag)}
    if live:
        # All of them are counted from the index alone; few are in the trash or missing.
        hidden = per_tag.join_from(asset, asset_tag, asset.c.key == asset_tag.c.asset_key).where(~is_live())
        for tag, number in connection.execute(hidden):
            counts[tag] -= int(number)
    return counts


def carriers(connection: Connection, tags: Collection[str]) -> Iterator[tuple[str, int]]:
    """(tag, key) of every live asset that carries one of these tags, in no order."""
    for piece in chunked(sorted(tags)):
        joined = select(asset_tag.c.tag, asset_tag.c.asset_key).join(asset, asset.c.key == asset_tag.c.asset_key)
        rows = connection.execute(joined.where(asset_tag.c.tag.in_(piece), is_live()))
        yield from ((row.tag, row.asset_key) for row in rows)


def retagged(connection: Connection, forms: Collection[str], new: str) -> list[Retagged]:
    """What changes when one tag stands for all these, in tags and in what was turned down, in order of keys.

    Trashed and missing assets are among them. What stands there twice then stands there once, where it stood first.
    """
    keys = set(_tagged(connection, forms)) | set(_rejecting(connection, forms))
    found: list[Retagged] = []
    columns = (asset.c.key, asset.c.id, asset.c.tags, asset.c.rejected)
    for piece in chunked(sorted(keys)):
        rows = connection.execute(select(*columns).where(asset.c.key.in_(piece)).order_by(asset.c.key))
        found += (item for row in rows if (item := _retagged(row, forms, new)) is not None)
    return found


def _tagged(connection: Connection, forms: Collection[str]) -> Iterator[int]:
    for piece in chunked(sorted(forms)):
        yield from connection.execute(select(asset_tag.c.asset_key).where(asset_tag.c.tag.in_(piece))).scalars()


def _rejecting(connection: Connection, forms: Collection[str]) -> Iterator[int]:
    """Assets where somebody turned one of the tags down: few have turned down anything."""
    some = cast(asset.c.rejected, Text) != "[]"
    for key, rejected in connection.execute(select(asset.c.key, asset.c.rejected).where(some)):
        if not set(forms).isdisjoint(rejected):
            yield key


def _retagged(row: Any, forms: Collection[str], new: str) -> Retagged | None:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, tags in (("tags", row.tags), ("rejected", row.rejected)):
        renamed = _with(tags, forms, new)
        if renamed != tags:
            before[name], after[name] = tags, renamed
    return Retagged(row.id, Change(row.key, before, after), "tags" in after) if after else None


def _with(tags: Sequence[str], forms: Collection[str], new: str) -> list[str]:
    if set(forms).isdisjoint(tags):
        return list(tags)
    return list(dict.fromkeys(new if tag in forms else tag for tag in tags))
