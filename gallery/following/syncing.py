"""One pass that brings the gallery in step with folders: what is new comes in, what is gone becomes missing."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlalchemy import not_, select

from gallery.context import GalleryContext
from gallery.following import roots
from gallery.following.departing import depart
from gallery.intake import ingest
from gallery.intake.held import Held
from gallery.intake.ingest import Progress
from gallery.journal.batches import Origin
from gallery.reading.arguments import several_paths
from gallery.store.paths import ProjectPaths, is_gone, shown
from gallery.store.tables import asset_path
from gallery.views import AddItem, AddResult, ItemError
from ontology.errors import CallsheetError

ROWS_AT_ONCE = 1000
"""So many known files are looked for at one time, and marked in one transaction."""


def sync(
    context: GalleryContext,
    folders: Path | str | Iterable[Path | str],
    *,
    tags: str | Iterable[str] = (),
    dry_run: bool = False,
    accept_root: bool = False,
    progress: Progress | None = None,
    origin: Origin = "hand",
) -> AddResult:
    """Take in what is in the folders as `add` does, then note which known files of theirs are gone.

    Outcomes: those of `add`, and `missing` (no file of the asset is left), `copy_gone` (one of several). The folders
    are remembered, with the disks mounted in them: a folder that is gone, empty or another one is no deletion. Then
    nothing is changed, unless `accept_root` says that it is meant (see `gallery.following.roots`); for a disk that was
    mounted within, its files are left alone and the item is `failed`. Raises what `roots.check` and `ingest.add` raise.
    """
    named = several_paths("folders", folders)
    paths = ProjectPaths(context.root)
    wanted = list(dict.fromkeys(paths.stored(str(folder)) for folder in named))
    with context.database.read() as connection:
        for folder in wanted:
            roots.check(connection, paths, folder, accept=accept_root)
    foreseen: dict[int, Held] = {}
    if dry_run:
        added, foreseen = ingest.rehearse(context, named, tags=tags, progress=progress)
    else:
        added = ingest.add(context, named, tags=tags, progress=progress, origin=origin)
    lost = {} if accept_root else lost_within(context, paths, wanted)
    items = [AddItem(shown(folder), None, "failed", ItemError.of(error)) for folder, error in lost.items()]
    batches = list(added.batches)
    for gone in _gone_files(context, paths, wanted, list(lost)):
        run = batches[0] if batches else None
        departed, batch = depart(context, paths, gone, origin=origin, run=run, dry_run=dry_run, foreseen=foreseen)
        items += departed
        batches += [] if batch is None else [batch]
    if not dry_run:
        _remember(context, paths, wanted, accept_root=accept_root)
    return AddResult((*added.results, *items), tuple(batches))


def lost_within(context: GalleryContext, paths: ProjectPaths, folders: Sequence[str]) -> dict[str, CallsheetError]:
    """The remembered folders within these (and not these themselves) that are not what they were, each with why."""
    with context.database.read() as connection:
        found = roots.unavailable(connection, paths)
    tops = [paths.absolute(folder) for folder in folders]
    return {
        path: error
        for path, error in found.items()
        if path not in folders and any(paths.absolute(path).is_relative_to(top) for top in tops)
    }


def _remember(context: GalleryContext, paths: ProjectPaths, folders: Sequence[str], *, accept_root: bool) -> None:
    if accept_root:
        for folder in lost_within(context, paths, folders):
            roots.forget(context, folder)
    for folder in folders:
        roots.remember(context, paths, folder)


def _gone_files(
    context: GalleryContext, paths: ProjectPaths, folders: Sequence[str], left_alone: list[str]
) -> Iterator[list[str]]:
    """Known files of the folders that are no longer there, some at a time; the database is not held meanwhile."""
    condition = roots.in_folders(paths, list(folders)) & not_(roots.in_folders(paths, left_alone))
    last = ""
    while True:
        with context.database.read() as connection:
            following = select(asset_path.c.path).where(condition, asset_path.c.path > last)
            names = list(connection.execute(following.order_by(asset_path.c.path).limit(ROWS_AT_ONCE)).scalars())
        if not names:
            return
        last = names[-1]
        gone = [name for name in names if is_gone(paths.absolute(name))]
        if gone:
            yield gone
