"""Changing assets, each in its own way, as one batch: what an import, a form or the demo project asks for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, select

from gallery.arguments import several_texts, whole_number
from gallery.batches import Change, Origin, apply
from gallery.chunks import chunked
from gallery.context import GalleryContext
from gallery.identifiers import Asked, find_assets
from gallery.tables import asset
from gallery.tagging import TagDelta, tag_delta
from gallery.views import BulkResult, ItemError, ItemResult
from ontology.errors import InvalidInputError
from ontology.tags import MAX_TAGS

KEEP: Final = -1
"""The rating of an `Edit` that leaves the asset's rating alone."""

MAX_RATING = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change in one asset: tags (one may stand alone); `rating` 0-5, None to take it, `KEEP` to leave it."""

    add: str | Iterable[str] = ()
    remove: str | Iterable[str] = ()
    rating: int | None = KEEP


Pairs = list[tuple[Asked, Edit]]
"""Each asset that is to change, with its edit."""


def edit_each(
    context: GalleryContext, edits: Mapping[str, Edit], *, origin: Origin = "hand", dry_run: bool = False
) -> BulkResult:
    """Change each asset as its edit says; ids may be shortened.

    Outcomes, one for each asset in the order asked for: changed, unchanged, failed (`not_found`, `too_many_tags`). One
    batch, and only when something changed. Raises before anything is written: `TagError` for what cannot be a tag,
    `InvalidInputError` for a bad rating, a contradiction, an ambiguous id, or one asset named by two ids.
    """
    wanted = {name: _checked(edit) for name, edit in _items(edits)}
    deltas = {edit: tag_delta(context, edit.add, edit.remove) for edit in dict.fromkeys(wanted.values())}
    return _carry_out(context, lambda connection: _pairs(connection, wanted), deltas, origin=origin, dry_run=dry_run)


def _items(edits: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(edits, Mapping):
        raise InvalidInputError("`edits` must map ids to edits", hint="`{id: Edit(add=[…])}`")
    return zip(several_texts("edits", edits), edits.values(), strict=True)


def _checked(edit: Any) -> Edit:
    """The edit with tuples of tags. Raises `InvalidInputError`."""
    if not isinstance(edit, Edit):
        raise InvalidInputError("`edits` must hold an `Edit` for each asset", hint="`Edit(add=[…], remove=[…])`")
    if edit.rating is not None and edit.rating != KEEP and not 0 <= whole_number("rating", edit.rating) <= MAX_RATING:
        raise InvalidInputError(f"a rating is 0 to {MAX_RATING}, not {edit.rating}", hint="None takes it away")
    return Edit(tuple(several_texts("add", edit.add)), tuple(several_texts("remove", edit.remove)), edit.rating)


def change_tags(
    context: GalleryContext,
    ids: str | Iterable[str],
    *,
    add: str | Iterable[str] = (),
    remove: str | Iterable[str] = (),
    origin: Origin = "hand",
    dry_run: bool = False,
) -> BulkResult:
    """Add and remove tags of assets; ids may be shortened, and each asset is changed once.

    Outcomes and errors as `edit_each`.
    """
    names = several_texts("ids", ids)
    edit = _checked(Edit(add, remove))
    deltas = {edit: tag_delta(context, edit.add, edit.remove)}

    def pairs(connection: Connection) -> Pairs:
        return [(found, edit) for found in find_assets(connection, names)]

    return _carry_out(context, pairs, deltas, origin=origin, dry_run=dry_run)


def _carry_out(
    context: GalleryContext,
    pairs: Callable[[Connection], Pairs],
    deltas: Mapping[Edit, TagDelta],
    *,
    origin: Origin,
    dry_run: bool,
) -> BulkResult:
    database = context.database
    with database.read() if dry_run else database.write() as connection:
        plan = _Plan()
        plan.consider(connection, pairs(connection), deltas)
        kind = "tag" if all("rating" not in change.after for change in plan.changes) else "edit"
        seq = apply(connection, context, kind, plan.changes, origin=origin) if plan.changes and not dry_run else None
    return BulkResult(tuple(plan.results), seq)


def _pairs(connection: Connection, edits: Mapping[str, Edit]) -> Pairs:
    pairs: dict[str, tuple[Asked, Edit]] = {}
    for given, (name, edit) in zip(_each(connection, edits), edits.items(), strict=True):
        if given.id in pairs:
            raise InvalidInputError(f"{given.id} is named twice, once as `{name}`", hint="give one edit for each asset")
        pairs[given.id] = (given, edit)
    return list(pairs.values())


def _each(connection: Connection, names: Iterable[str]) -> Iterable[Asked]:
    """`find_assets` merges names of one asset; here each name must keep its place."""
    known = {item.id: item for item in find_assets(connection, names)}
    return [known.get(name) or find_assets(connection, [name])[0] for name in names]


@dataclass
class _Plan:
    changes: list[Change] = field(default_factory=list)
    results: list[ItemResult] = field(default_factory=list)

    def consider(
        self, connection: Connection, pairs: Sequence[tuple[Asked, Edit]], deltas: Mapping[Edit, TagDelta]
    ) -> None:
        """Decide each asset, in order."""
        stored: dict[int, tuple[list[str], int | None]] = {}
        for piece in chunked([item.key for item, _ in pairs if item.key is not None]):
            columns = (asset.c.key, asset.c.tags, asset.c.rating)
            for row in connection.execute(select(*columns).where(asset.c.key.in_(piece))):
                stored[row.key] = (row.tags, row.rating)
        for item, edit in pairs:
            if item.key is None:
                self.results.append(ItemResult(item.id, "failed", item.error))
            else:
                self.results.append(self._decide(item.id, item.key, *stored[item.key], edit, deltas[edit]))

    def _decide(
        self, name: str, key: int, tags: list[str], rating: int | None, edit: Edit, delta: TagDelta
    ) -> ItemResult:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        tagged = delta.on(tags)
        if len(tagged) > max(MAX_TAGS, len(tags)):
            message = f"it would have {len(tagged)} tags, {MAX_TAGS} are the most"
            return ItemResult(name, "failed", ItemError("too_many_tags", message, "take some away first"))
        if tagged != tags:
            before["tags"], after["tags"] = tags, tagged
        if edit.rating not in (KEEP, rating):
            before["rating"], after["rating"] = rating, edit.rating
        if not after:
            return ItemResult(name, "unchanged")
        self.changes.append(Change(key, before, after))
        return ItemResult(name, "changed")
