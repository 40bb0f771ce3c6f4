"""What people make of suggestions: accepting some, and turning others down so that they stay away."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.journal.batches import BatchKind, Change, apply
from gallery.journal.editing import Edit, edit_each
from gallery.journal.tagging import tag_delta
from gallery.reading.arguments import several_texts
from gallery.reading.identifiers import Asked, find_assets
from gallery.store.chunks import chunked
from gallery.store.tables import asset
from gallery.suggestions.standing import Standing
from gallery.suggestions.suggesting import suggest_each
from gallery.suggestions.values import Accepted, AssetSuggestions, Suggestion
from gallery.views import BulkResult, ItemError, ItemResult
from ontology.errors import InvalidInputError
from ontology.normalize import normalize_tags
from ontology.tags import MAX_TAGS


def accept(
    context: GalleryContext,
    ids: str | Iterable[str],
    tags: str | Iterable[str],
    *,
    sources: str | Iterable[str] | None = None,
    dry_run: bool = False,
) -> Accepted:
    """Give each of these assets those of the tags that are suggested for it, as one batch of origin `suggestion`.

    Raises `TagError` for what cannot be a tag, and what `suggest` raises.
    """
    wanted = set(normalize_tags(several_texts("tags", tags), context.ontology, policy=context.tag_policy))
    return _accept(context, ids, sources, lambda found: [one for one in found if one.tag in wanted], dry_run=dry_run)


def accept_above(
    context: GalleryContext,
    ids: str | Iterable[str],
    confidence: float,
    *,
    sources: str | Iterable[str] | None = None,
    dry_run: bool = False,
) -> Accepted:
    """Give each of these assets what is suggested with at least this confidence (0-1), as one batch.

    Of tags that contradict each other the surest alone is taken. Raises `InvalidInputError` for a confidence out of
    range, and what `suggest` raises.
    """
    number: Any = confidence  # callers may hand in anything
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 1:
        raise InvalidInputError("a confidence is a number from 0 to 1", hint="0.9 takes what is all but sure")
    standing = Standing(context)

    def sure(found: Sequence[Suggestion]) -> list[Suggestion]:
        return list(_compatible([one for one in found if one.confidence >= confidence], standing))

    return _accept(context, ids, sources, sure, dry_run=dry_run)


def _compatible(found: Iterable[Suggestion], standing: Standing) -> Iterator[Suggestion]:
    """Each that can stand beside those before it."""
    taken: list[str] = []
    for one in found:
        if standing.weight(one.tag, one.sources[0].source, taken) == 1:
            taken.append(one.tag)
            yield one


def _accept(
    context: GalleryContext,
    ids: str | Iterable[str],
    sources: str | Iterable[str] | None,
    choose: Callable[[Sequence[Suggestion]], list[Suggestion]],
    *,
    dry_run: bool,
) -> Accepted:
    results: dict[str, ItemResult] = {}
    chosen: dict[str, list[Suggestion]] = {}
    for found in suggest_each(context, ids, sources=sources, limit=None):
        results[found.id] = _unless_changed(found)
        if taken := choose(found.suggestions):
            chosen[found.id] = taken
    edits = {asset_id: Edit(add=tuple(one.tag for one in taken)) for asset_id, taken in chosen.items()}
    done = edit_each(context, edits, origin="suggestion", dry_run=dry_run)
    results.update((item.id, item) for item in done.results)
    written = [one for asset_id, taken in chosen.items() if results[asset_id].outcome == "changed" for one in taken]
    return Accepted(BulkResult(tuple(results.values()), done.batch), tuple(written))


def _unless_changed(found: AssetSuggestions) -> ItemResult:
    return ItemResult(found.id, "nothing") if found.error is None else ItemResult(found.id, "failed", found.error)


def reject(
    context: GalleryContext, ids: str | Iterable[str], tags: str | Iterable[str], *, dry_run: bool = False
) -> BulkResult:
    """Turn these tags down for these assets: they are not suggested again, until `unreject` or an undo.

    Outcomes: rejected, unchanged, failed. One batch. The tags an asset has stay as they are. Raises `TagError` for what
    cannot be a tag, `InvalidInputError` for an ambiguous id.
    """
    return _turn(context, ids, "reject", add=several_texts("tags", tags), dry_run=dry_run)


def unreject(
    context: GalleryContext, ids: str | Iterable[str], tags: str | Iterable[str], *, dry_run: bool = False
) -> BulkResult:
    """Let tags be suggested again that were turned down, in whatever spelling.

    Outcomes: allowed, unchanged, failed. Raises `InvalidInputError` for an ambiguous id.
    """
    return _turn(context, ids, "unreject", remove=several_texts("tags", tags), dry_run=dry_run)


_OUTCOMES = {"reject": "rejected", "unreject": "allowed"}


def _turn(
    context: GalleryContext,
    ids: str | Iterable[str],
    kind: BatchKind,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    dry_run: bool,
) -> BulkResult:
    names = several_texts("ids", ids)
    delta = tag_delta(context, add, remove)
    database = context.database
    with database.read() if dry_run else database.write() as connection:
        wanted = find_assets(connection, names)
        rejected: dict[int, list[str]] = {}
        for piece in chunked([item.key for item in wanted if item.key is not None]):
            rows = connection.execute(select(asset.c.key, asset.c.rejected).where(asset.c.key.in_(piece)))
            rejected.update((key, tags) for key, tags in rows)
        changes: list[Change] = []
        results = [_turned(item, rejected, delta.on, _OUTCOMES[kind], changes) for item in wanted]
        seq = apply(connection, context, kind, changes) if changes and not dry_run else None
    return BulkResult(tuple(results), seq)


def _turned(
    item: Asked,
    rejected: dict[int, list[str]],
    on: Callable[[Sequence[str]], list[str]],
    outcome: str,
    changes: list[Change],
) -> ItemResult:
    if item.key is None:
        return ItemResult(item.id, "failed", item.error)
    before = rejected[item.key]
    after = on(before)
    if after == before:
        return ItemResult(item.id, "unchanged")
    if len(after) > max(MAX_TAGS, len(before)):
        message = f"it would have {len(after)} rejected tags, {MAX_TAGS} are the most"
        return ItemResult(item.id, "failed", ItemError("too_many_tags", message, "allow some again first"))
    changes.append(Change(item.key, {"rejected": before}, {"rejected": after}))
    return ItemResult(item.id, outcome)
