"""Lineage: what an asset was made from, by which operation, and what was made from it.

A parent is named by its id. It may be unknown here (left behind in another library): it is kept and shown as such.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.journal.batches import Change, Origin, apply
from gallery.reading.arguments import one_text, several_texts, whole_number
from gallery.reading.descent import ancestors_of
from gallery.reading.identifiers import Asked, find_assets, find_id
from gallery.store.chunks import chunked
from gallery.store.tables import asset, asset_parent
from gallery.views import BulkResult, FamilyTree, ItemError, ItemResult, Relative
from ontology.cleaning import clean
from ontology.errors import InvalidInputError, NotFoundError
from ontology.escaping import visible
from ontology.tags import MAX_TAG_LENGTH, is_free_word
from resolver.prefill import OPERATIONS

KEEP: Final = -1
"""What stands for an operation that is left as it is."""

MAX_PARENTS = 256
MAX_DEPTH = 100
DEFAULT_DEPTH = 10
MOST_RELATIVES = 1000
"""So many relatives a tree shows in each direction; it says where there are more."""

_FULL_ID = re.compile(r"a[0-9a-f]{16}")

_Step = Callable[[Connection, Sequence[str], int], dict[str, list[str]]]


def link(
    context: GalleryContext,
    children: str | Iterable[str],
    *,
    parents: str | Iterable[str] | None = None,
    operation: str | Literal[-1] | None = KEEP,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> BulkResult:
    """Say what assets were made from: these parents in this order, in place of those they have (None: leave them).

    Outcomes: linked, unchanged, failed (`not_found`; `circle`: it is itself among the ancestors of its parents). Raises
    `NotFoundError` for a parent that is neither here nor a whole id, `InvalidInputError` for an ambiguous id, too many
    parents or what cannot be the name of an operation.
    """
    names = several_texts("children", children)
    asked = None if parents is None else several_texts("parents", parents)
    to: dict[str, Any] = {} if operation == KEEP else {"operation": operation_name(operation)}
    with context.database.read() if dry_run else context.database.write() as connection:
        circle: set[str] = set()
        if asked is not None:
            to["parents"] = _parent_ids(connection, asked)
            circle = {*to["parents"], *ancestors_of(connection, to["parents"])}
        wanted = find_assets(connection, names)
        changes = _changes(connection, [item for item in wanted if item.id not in circle], to)
        seq = apply(connection, context, "link", changes, origin=origin) if changes and not dry_run else None
    changed = {item.key for item in changes}
    return BulkResult(tuple(_result(item, changed, circle) for item in wanted), seq)


def operation_name(given: str | None) -> str | None:
    """The operation as it is stored: one word, those that can be prefilled in their own spelling; None for none.

    Raises `InvalidInputError`.
    """
    if given is None:
        return None
    name = clean(one_text("operation", given))
    if name.replace("-", "_") in OPERATIONS:
        return name.replace("-", "_")
    if not is_free_word(name) or len(name) > MAX_TAG_LENGTH:
        raise InvalidInputError(
            f"`{visible(given, limit=60)}` cannot be the name of an operation",
            hint=f"one of {', '.join(OPERATIONS)}, or a word of your own",
        )
    return name


def _parent_ids(connection: Connection, asked: Sequence[str]) -> list[str]:
    found: list[str] = []
    for item in find_assets(connection, asked):
        if item.key is None and not _FULL_ID.fullmatch(item.id):
            hint = "`callsheet ls` lists the assets; a parent that is elsewhere is named by its whole id"
            raise NotFoundError(f"there is no asset `{visible(item.id, limit=60)}`", hint=hint)
        found.append(item.id)
    if len(found) > MAX_PARENTS:
        raise InvalidInputError(
            f"{len(found)} parents are given, {MAX_PARENTS} are the most", hint="name the main ones"
        )
    return found


def _changes(connection: Connection, wanted: Sequence[Asked], to: Mapping[str, Any]) -> list[Change]:
    changes = []
    for piece in chunked([item.key for item in wanted if item.key is not None]):
        columns = (asset.c.key, asset.c.parents, asset.c.operation)
        for row in connection.execute(select(*columns).where(asset.c.key.in_(piece))):
            before = {name: getattr(row, name) for name in to if getattr(row, name) != to[name]}
            if before:
                changes.append(Change(row.key, before, {name: to[name] for name in before}))
    return changes


def _result(item: Asked, changed: set[int], circle: set[str]) -> ItemResult:
    if item.key is None:
        return ItemResult(item.id, "failed", item.error)
    if item.id in circle:
        message = f"{item.id} would be made from itself, by way of its parents"
        return ItemResult(item.id, "failed", ItemError("circle", message, f"`callsheet show {item.id} --tree`"))
    return ItemResult(item.id, "linked" if item.key in changed else "unchanged")


def family_tree(context: GalleryContext, asset_id: str, *, depth: int = DEFAULT_DEPTH) -> FamilyTree:
    """Ancestors and descendants of an asset, so many generations (1-100) in each direction, nearest first.

    One who is met on several ways stands in full where it is nearest, and is marked as repeated elsewhere. Raises
    `NotFoundError` and `InvalidInputError`.
    """
    if not 1 <= whole_number("depth", depth) <= MAX_DEPTH:
        raise InvalidInputError(f"a tree is 1 to {MAX_DEPTH} generations deep, not {depth}", hint="10 are the default")
    with context.database.read() as connection:
        found = find_id(connection, asset_id)
        up = _walk(connection, found, _parents_of, depth)
        down = _walk(connection, found, _children_of, depth)
        facts = _facts(connection, {found, *up, *down, *_named(up), *_named(down)})
    return FamilyTree(_grown(found, up, facts), _grown(found, down, facts))


_Edges = dict[str, tuple[list[str], bool]]
"""Id → its next relatives, and whether there are more that are left out."""


def _walk(connection: Connection, start: str, step: _Step, depth: int) -> _Edges:
    """The relatives generation by generation, until there are no more, or too many."""
    edges: _Edges = {}
    level, room = [start], MOST_RELATIVES
    for generation in range(depth + 1):
        following = step(connection, level, room + 1)
        next_level: dict[str, None] = {}
        for name in level:
            relatives = [other for other in following.get(name, []) if other != name]
            shown = relatives[:room] if generation < depth else []
            room -= len(shown)
            edges[name] = (shown, len(shown) < len(relatives))
            next_level.update(dict.fromkeys(shown))
        level = [name for name in next_level if name not in edges]
        if not level:
            break
    return edges


def _parents_of(connection: Connection, ids: Sequence[str], most: int) -> dict[str, list[str]]:  # noqa: ARG001  # bounded by itself
    found: dict[str, list[str]] = {}
    for piece in chunked(ids):
        listed = connection.execute(select(asset.c.id, asset.c.parents).where(asset.c.id.in_(piece)))
        found.update((row.id, row.parents) for row in listed)
    return found


def _children_of(connection: Connection, ids: Sequence[str], most: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    joined = select(asset_parent.c.parent_id, asset.c.id).join(asset, asset.c.key == asset_parent.c.asset_key)
    for piece in chunked(ids):
        of_piece = joined.where(asset_parent.c.parent_id.in_(piece))
        in_order = of_piece.order_by(asset_parent.c.parent_id, asset_parent.c.asset_key).limit(most)
        for parent, child in connection.execute(in_order):
            found.setdefault(parent, []).append(child)
    return found


def _named(edges: _Edges) -> Iterable[str]:
    return (name for relatives, _ in edges.values() for name in relatives)


def _facts(connection: Connection, ids: Iterable[str]) -> dict[str, Any]:
    columns = (asset.c.id, asset.c.path, asset.c.operation, asset.c.trashed_at, asset.c.missing_since)
    facts: dict[str, Any] = {}
    for piece in chunked(sorted(ids)):
        facts.update((row.id, row) for row in connection.execute(select(*columns).where(asset.c.id.in_(piece))))
    return facts


def _grown(start: str, edges: _Edges, facts: Mapping[str, Any]) -> Relative:
    """The edges as a tree. Whoever was met nearer to the start, or before, is not gone into again."""
    home = {start: start}
    for name, (relatives, _) in edges.items():
        for relative in relatives:
            home.setdefault(relative, name)

    def grow(name: str, below: str) -> Relative:
        row = facts.get(name)
        path, operation = (None, None) if row is None else (row.path, row.operation)
        if home[name] != below:
            return Relative(name, path, _state(row), operation, repeated=True)
        relatives, has_more = edges.get(name, ([], False))
        own = tuple(grow(relative, name) for relative in relatives)
        return Relative(name, path, _state(row), operation, relatives=own, has_more=has_more)

    return grow(start, start)


def _state(row: Any) -> str:
    if row is None:
        return "unknown"
    if row.trashed_at is not None:
        return "trashed"
    return "live" if row.missing_since is None else "missing"
