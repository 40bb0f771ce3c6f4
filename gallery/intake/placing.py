"""Deciding what a file is to the gallery. The rules: contract, assets, and `docs/gallery.md`.

Only copies change here; `gallery.intake.storing` writes what differs in the end.
"""

from collections.abc import Sequence
from dataclasses import replace

from gallery.context import GalleryContext
from gallery.intake.held import Held, Looked, Stock, possible_ids
from gallery.intake.media import Picture
from gallery.journal.tagging import clash_error
from gallery.store.moments import rfc3339
from gallery.store.paths import ProjectPaths, is_gone, was_respelt
from gallery.views import AddItem, ItemError
from ontology.tags import MAX_TAGS


class Placing:
    """Places one file after the other; each sees what became of those before it."""

    def __init__(self, context: GalleryContext, paths: ProjectPaths, stock: Stock) -> None:
        self._context = context
        self._paths = paths
        self._stock = stock

    def place(self, looked: Looked, tags: Sequence[str]) -> AddItem:
        """Decide what the file is, change the copies, give it the tags."""
        owner = self._stock.by_path.get(looked.path)
        # Without a hash: between the look and this transaction somebody may have taken the path away from its asset.
        twin = owner if looked.picture is None else self._stock.by_sha256.get(looked.picture.sha256)
        if twin is not None and twin.trashed:
            return AddItem(looked.path, twin.id, "in_trash")
        if twin is not None:
            outcome = self._place_known_bytes(looked, owner, twin)
        elif looked.picture is None:
            error = ItemError("changed_meanwhile", "the gallery changed while it was added", "add it again")
            return AddItem(looked.path, None, "failed", error)
        else:
            twin, outcome = self._place_new_bytes(looked, looked.picture, owner)
        return _noticed(self._tag(looked.path, twin, outcome, tags), looked.picture)

    def _place_known_bytes(self, looked: Looked, owner: Held | None, twin: Held) -> str:
        was_missing = twin.missing_since is not None
        if owner is twin:
            twin.files[looked.path] = (looked.size, looked.mtime_ns)
            twin.missing_since = None
            return "relinked" if was_missing else "known"
        if owner is not None:
            self._take_away(looked.path, owner)
        dead = [path for path in twin.files if is_gone(self._paths.absolute(path))]
        respelt = [path for path in twin.files if self._was_respelt(path, looked.path)]
        is_move = len(dead) + len(respelt) == len(twin.files)
        for path in (dead if is_move else []) + respelt:
            self._take_away(path, twin)
        self._give(looked, twin)
        return "relinked" if was_missing or is_move else "copy"

    def _was_respelt(self, old: str, new: str) -> bool:
        return was_respelt(self._paths.absolute(old), self._paths.absolute(new))

    def _place_new_bytes(self, looked: Looked, picture: Picture, owner: Held | None) -> tuple[Held, str]:
        if owner is None or owner.trashed or self._has_old_bytes_elsewhere(owner, looked.path):
            if owner is not None:
                self._take_away(looked.path, owner)
            return self._new(looked, picture), "added"
        self._stock.by_sha256.pop(owner.sha256, None)
        owner.sha256, owner.picture = picture.sha256, picture
        self._stock.by_sha256[owner.sha256] = owner
        owner.missing_since = None
        if owner.tags:  # they were given to the old picture: somebody should look at them again
            owner.edited_at = rfc3339(self._context.now())
        owner.files[looked.path] = (looked.size, looked.mtime_ns)
        return owner, "changed"

    def _has_old_bytes_elsewhere(self, owner: Held, path: str) -> bool:
        """Whether another file of the asset is still as it was, by size and time."""
        return any(_is_unchanged(self._paths, other, facts) for other, facts in owner.files.items() if other != path)

    def _new(self, looked: Looked, picture: Picture) -> Held:
        free = next(name for name in possible_ids(picture.sha256) if name not in self._stock.taken_ids)
        self._stock.taken_ids.add(free)
        held = Held(id=free, sha256=picture.sha256, path=looked.path, picture=picture)
        self._stock.held.append(held)
        self._stock.by_sha256[held.sha256] = held
        self._give(looked, held)
        return held

    def _give(self, looked: Looked, held: Held) -> None:
        held.files[looked.path] = (looked.size, looked.mtime_ns)
        held.missing_since = None
        if held.path not in held.files:
            held.path = looked.path
        self._stock.by_path[looked.path] = held

    def _take_away(self, path: str, held: Held) -> None:
        """The file at this path is another asset's now, or gone. Without any file left the asset is missing."""
        del held.files[path]
        self._stock.by_path.pop(path, None)
        if held.files:
            held.path = held.path if held.path in held.files else next(iter(held.files))
        elif held.missing_since is None:
            held.missing_since = rfc3339(self._context.now())

    def _tag(self, path: str, held: Held, outcome: str, tags: Sequence[str]) -> AddItem:
        present = set(map(self._context.ontology.canonical, held.tags))
        new = [tag for tag in tags if tag not in present]
        if len(held.tags) + len(new) > MAX_TAGS:
            message = f"it would have {len(held.tags) + len(new)} tags, {MAX_TAGS} are the most"
            return AddItem(path, held.id, "failed", ItemError("too_many_tags", message, "take some away first"))
        clash = clash_error(held.tags, [*held.tags, *new], self._context.ontology)
        if clash is not None:
            return AddItem(path, held.id, "failed", clash)
        held.tags += new
        return AddItem(path, held.id, outcome)


def _noticed(item: AddItem, picture: Picture | None) -> AddItem:
    """With what stood in the picture's bytes, or beside it, and could not be read."""
    if picture is None or not picture.embedded.troubles:
        return item
    hint = "the picture is whole; only what it says of its making is lost"
    return replace(item, notice=ItemError("unreadable_text", "; ".join(picture.embedded.troubles), hint))


def _is_unchanged(paths: ProjectPaths, stored: str, facts: tuple[int, int]) -> bool:
    try:
        status = paths.absolute(stored).stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == facts
