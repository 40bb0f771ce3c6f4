"""Changing assets, each in its own way, as one batch: what an import, a form or the demo project asks for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, select

from gallery.context import GalleryContext
from gallery.journal.batches import BatchKind, Change, Origin, apply
from gallery.journal.tagging import TagDelta, clash_error, tag_delta
from gallery.journal.versions import require_version
from gallery.reading.arguments import one_text, several_texts, whole_number
from gallery.reading.identifiers import Asked, find_assets
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.tables import asset
from gallery.views import BulkResult, ItemError, ItemResult
from ontology.errors import InvalidInputError
from ontology.tags import MAX_TAGS

KEEP: Final = -1
"""What stands for the rating or the note in an `Edit` that leaves it alone."""

MAX_RATING = 5
MAX_NOTE_LENGTH = 10_000
"""Characters (code points) of a note."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change in one asset. Tags: one may stand alone. `rating`: 0-5; `note`: a text of several lines.

    None takes rating or note away, `KEEP` leaves it. `replace`: added tags take the place of those that they do not go
    together with.
    """

    add: str | Iterable[str] = ()
    remove: str | Iterable[str] = ()
    rating: int | None = KEEP
    note: str | Literal[-1] | None = KEEP
    replace: bool = False


Pairs = list[tuple[Asked, Edit]]
"""Each asset that is to change, with its edit."""


def edit_each(
    context: GalleryContext, edits: Mapping[str, Edit], *, origin: Origin = "hand", dry_run: bool = False
) -> BulkResult:
    """Change each asset as its edit says; ids may be shortened.

    Outcomes, one for each asset in the order asked for: changed, unchanged, failed (`not_found`, `too_many_tags`,
    `clashing_tags`). One batch, and only when something changed. Tags that change by hand are confirmed by that, see
    `confirm`. Raises before anything is written: `TagError` for what cannot be a tag, `InvalidInputError` for a bad
    rating or note, a contradiction, an ambiguous id, or one asset named by two ids.
    """
    wanted = {name: _checked(edit) for name, edit in _items(edits)}
    deltas = {
        edit: tag_delta(context, edit.add, edit.remove, replaces=edit.replace)
        for edit in dict.fromkeys(wanted.values())
    }
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
    tags = (tuple(several_texts("add", edit.add)), tuple(several_texts("remove", edit.remove)))
    note = edit.note if edit.note in (None, KEEP) else _checked_note(edit.note)
    return Edit(*tags, edit.rating, note, replace=bool(edit.replace))


def _checked_note(given: Any) -> str | None:
    """The note as it was written; an empty one is none. Raises `InvalidInputError`."""
    text = one_text("note", given)
    if len(text) > MAX_NOTE_LENGTH:
        message = f"the note has {len(text):,} characters, {MAX_NOTE_LENGTH:,} are the most"
        raise InvalidInputError(message, hint="shorten it, or keep the text in a file and name that")
    if "\0" in text or any(0xD800 <= ord(char) <= 0xDFFF for char in text):  # noqa: PLR2004  # surrogates
        raise InvalidInputError("the note holds bytes that are no text", hint="save it as UTF-8, without NUL")
    return text if text.strip() else None


def change_tags(
    context: GalleryContext,
    ids: str | Iterable[str],
    *,
    add: str | Iterable[str] = (),
    remove: str | Iterable[str] = (),
    replace: bool = False,
    origin: Origin = "hand",
    dry_run: bool = False,
) -> BulkResult:
    """Add and remove tags of assets; ids may be shortened, and each asset is changed once.

    Outcomes and errors as `edit_each`.
    """
    return edit_all(context, ids, Edit(add, remove, replace=replace), origin=origin, dry_run=dry_run)


def edit_all(
    context: GalleryContext,
    ids: str | Iterable[str],
    edit: Edit,
    *,
    origin: Origin = "hand",
    dry_run: bool = False,
    if_version: int | None = None,
) -> BulkResult:
    """Change all these assets as one edit says; ids may be shortened, and each asset is changed once.

    Outcomes and errors as `edit_each`, and `ConflictError` (`stale`) where one has another version than `if_version`.
    """
    names = several_texts("ids", ids)
    edit = _checked(edit)
    deltas = {edit: tag_delta(context, edit.add, edit.remove, replaces=edit.replace)}

    def pairs(connection: Connection) -> Pairs:
        found = find_assets(connection, names)
        require_version(connection, found, if_version)
        return [(item, edit) for item in found]

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
        plan = _Plan(by_hand=origin == "hand")
        plan.consider(connection, pairs(connection), deltas)
        kind = _kind_of(plan.changes)
        seq = apply(connection, context, kind, plan.changes, origin=origin) if plan.changes and not dry_run else None
    return BulkResult(tuple(plan.results), seq)


_KINDS: Final[Mapping[frozenset[str], BatchKind]] = {
    frozenset({"tags"}): "tag",
    frozenset({"rating"}): "rate",
    frozenset({"note"}): "note",
}


def _kind_of(changes: Iterable[Change]) -> BatchKind:
    """What the journal calls it: by the one thing that it changes, or `edit`."""
    touched = {name for change in changes for name in change.after} - {"edited_at"}
    return _KINDS.get(frozenset(touched), "edit")


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
    by_hand: bool
    changes: list[Change] = field(default_factory=list)
    results: list[ItemResult] = field(default_factory=list)

    def consider(
        self, connection: Connection, pairs: Sequence[tuple[Asked, Edit]], deltas: Mapping[Edit, TagDelta]
    ) -> None:
        """Decide each asset, in order."""
        stored: dict[int, Any] = {}
        for piece in chunked([item.key for item, _ in pairs if item.key is not None]):
            columns = (asset.c.key, asset.c.tags, asset.c.rating, asset.c.note, asset.c.edited_at)
            for row in connection.execute(select(*columns).where(asset.c.key.in_(piece))):
                stored[row.key] = row
        for item, edit in pairs:
            if item.key is None:
                self.results.append(ItemResult(item.id, "failed", item.error))
            else:
                self.results.append(self._decide(item.id, stored[item.key], edit, deltas[edit]))

    def _decide(self, name: str, row: Row[Any], edit: Edit, delta: TagDelta) -> ItemResult:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        tagged = delta.on(row.tags)
        if len(tagged) > max(MAX_TAGS, len(row.tags)):
            message = f"it would have {len(tagged)} tags, {MAX_TAGS} are the most"
            return ItemResult(name, "failed", ItemError("too_many_tags", message, "take some away first"))
        clash = clash_error(row.tags, tagged, delta.ontology)
        if clash is not None:
            return ItemResult(name, "failed", clash)
        if tagged != row.tags:
            before["tags"], after["tags"] = row.tags, tagged
            if self.by_hand and row.edited_at is not None:
                before["edited_at"], after["edited_at"] = rfc3339(row.edited_at), None
        if edit.rating not in (KEEP, row.rating):
            before["rating"], after["rating"] = row.rating, edit.rating
        if edit.note not in (KEEP, row.note):
            before["note"], after["note"] = row.note, edit.note
        if not after:
            return ItemResult(name, "unchanged")
        self.changes.append(Change(row.key, before, after))
        return ItemResult(name, "changed")


def confirm(
    context: GalleryContext, ids: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False
) -> BulkResult:
    """Say that the tags still hold for assets whose files were edited in place; ids may be shortened.

    Outcomes: confirmed, unchanged (its file was not edited since), failed. Raises `InvalidInputError` for an ambiguous
    id.
    """
    names = several_texts("ids", ids)
    database = context.database
    edited: dict[int, str] = {}
    with database.read() if dry_run else database.write() as connection:
        wanted = find_assets(connection, names)
        for piece in chunked([item.key for item in wanted if item.key is not None]):
            of_piece = select(asset.c.key, asset.c.edited_at).where(
                asset.c.key.in_(piece), asset.c.edited_at.is_not(None)
            )
            edited.update((row.key, rfc3339(row.edited_at)) for row in connection.execute(of_piece))
        changes = [Change(key, {"edited_at": since}, {"edited_at": None}) for key, since in edited.items()]
        seq = apply(connection, context, "confirm", changes, origin=origin) if changes and not dry_run else None
    return BulkResult(tuple(_confirmed(item, edited) for item in wanted), seq)


def _confirmed(item: Asked, edited: Mapping[int, str]) -> ItemResult:
    if item.key is None:
        return ItemResult(item.id, "failed", item.error)
    return ItemResult(item.id, "confirmed" if item.key in edited else "unchanged")
