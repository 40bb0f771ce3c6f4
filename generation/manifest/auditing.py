"""Entries of the manifest that were made here and whose picture is no longer there to be loaded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gallery.context import GalleryContext
from gallery.reading.trashed_files import trashed_files
from gallery.store.paths import ProjectPaths
from generation.manifest.integrating import ManifestPlan
from generation.manifest.listing import Listed
from generation.manifest.reading import read_manifest
from generation.manifest.recording import remove_all


@dataclass(frozen=True, slots=True)
class StrayEntry:
    """An entry whose file is gone, or whose asset, by its id, is in the trash."""

    entry: Listed
    file: str
    trashed: str | None = None

    @property
    def may_go(self) -> bool:
        """Whether it can be taken out: its asset is in the trash, and nobody put anything else into the entry."""
        return self.trashed is not None and not self.entry.has_more


def stray_entries(plan: ManifestPlan, gallery: GalleryContext, assets: Path) -> list[StrayEntry]:
    """Those of the entries that say that they were generated; `assets`: the folder that their paths begin in.

    Raises `ManifestError` and `CallsheetError`; a manifest that is not there has none.
    """
    if not plan.path.is_file():
        return []
    places = ProjectPaths(gallery.root)
    listed = [
        (entry, path, places.stored(str(assets / path)))
        for entry in read_manifest(plan.path)
        for path in entry.paths
        if entry.generated
    ]
    trashed = trashed_files(gallery, [stored for _, _, stored in listed])
    return list(_strays(listed, trashed, assets))


def _strays(listed: Iterable[tuple[Listed, str, str]], trashed: dict[str, str], assets: Path) -> Iterator[StrayEntry]:
    for entry, path, stored in listed:
        if stored in trashed:
            yield StrayEntry(entry, path, trashed[stored])
        elif not (assets / path).is_file():
            yield StrayEntry(entry, path)


def take_out(plan: ManifestPlan, strays: Iterable[StrayEntry]) -> list[StrayEntry]:
    """Take the entries out whose assets are in the trash; those. What follows the manifest waits for the next run.

    An entry whose file is merely gone stays, as it may be on another machine, and one with fields of the user's.
    Raises as `remove_all`.
    """
    ours = [stray for stray in strays if stray.may_go]
    names = list(dict.fromkeys((*stray.entry.section, stray.entry.key) for stray in ours))
    remove_all(plan.path, names, lock_file=plan.lock_file, waiting=plan.waiting)
    return ours
