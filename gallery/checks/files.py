"""Whether the files are still where they were, and still what they were by size and time."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, select

from gallery.checks.findings import Finding, number_of
from gallery.checks.hashing import hash_of
from gallery.context import GalleryContext
from gallery.following.roots import unavailable
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset, asset_path
from ontology.escaping import visible

_ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class _Tracked:
    """One file as the database has it; `size` in bytes."""

    asset_id: str
    sha256: str
    is_missing: bool
    path: str
    size: int
    mtime_ns: int


def check_files(context: GalleryContext, connection: Connection) -> Iterator[Finding]:
    """Missing, found again and changed files of all assets outside the trash.

    A folder outside the project that is not there (a drive that is not plugged in), a watched folder that is not what
    it was (see `gallery.following.roots`), and a gallery whose files are all gone are reported as such: none is taken
    for a deletion. Memory does not grow with the gallery.
    """
    look = _Look(ProjectPaths(context.root), tuple(unavailable(connection, ProjectPaths(context.root))))
    if (count := _all_missing(connection, look)) > 1:
        message = f"the files of all {count} assets are gone, which is rather an unplugged drive than a deletion"
        yield Finding("everything_missing", "error", message, "plug it in; to drop the assets, `callsheet rm` them")
        return
    unreachable: Counter[str] = Counter()
    for asset_id, files in groupby(_tracked(connection), key=lambda file: file.asset_id):
        yield from _of_asset(asset_id, list(files), look, unreachable)
    for folder, number in unreachable.items():
        files_told = number_of(number, "file")
        message = f"{files_told} out of reach: {visible(folder)} is not there, or may not be looked into"
        yield Finding(
            "folder_unavailable", "warning", message, "plug the drive in, or add the files where they are now"
        )


def _of_asset(asset_id: str, files: list[_Tracked], look: "_Look", unreachable: Counter[str]) -> Iterator[Finding]:
    gone: list[_Tracked] = []
    is_anywhere = False
    for file in files:
        folder = look.out_of_reach(file)
        if folder is not None:
            unreachable[folder] += 1
        elif look.is_there(file):
            is_anywhere = True
            yield from _judge(file, look.place(file))
        else:
            gone.append(file)
    for file in gone:
        name = visible(file.path)
        if is_anywhere:
            hint = f"the asset has other files; `callsheet add` {name} when it is back"
            yield Finding("missing_copy", "info", f"{name} is gone", hint, asset_id, file.path)
        elif not file.is_missing and len(gone) == len(files):
            hint = "add the folder where it is now, or run `callsheet doctor --repair` to mark it missing"
            yield Finding("missing_file", "warning", f"{name} is gone", hint, asset_id, file.path)


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks at files. `lost`: stored paths of watched folders that are not what they were."""

    paths: ProjectPaths
    lost: tuple[str, ...]

    def place(self, file: _Tracked) -> Path:
        return self.paths.absolute(file.path)

    def is_there(self, file: _Tracked) -> bool:
        try:
            return self.place(file).exists()
        except OSError:
            return False

    def out_of_reach(self, file: _Tracked) -> str | None:
        """The folder because of which it cannot be told whether the file is there."""
        for folder in self.lost:
            if self.place(file).is_relative_to(self.paths.absolute(folder)):
                return folder
        place = self.place(file)
        try:
            if place.exists():
                return None
        except OSError:
            return str(place.parent)
        is_unplugged = not self.paths.is_inside(file.path) and not place.parent.exists()
        return str(place.parent) if is_unplugged else None


def _all_missing(connection: Connection, look: _Look) -> int:
    """How many assets there are when not one of their files is there; 0 as soon as one is, or is out of reach."""
    count = 0
    for _, files in groupby(_tracked(connection), key=lambda file: file.asset_id):
        if any(look.is_there(file) or look.out_of_reach(file) is not None for file in files):
            return 0
        count += 1
    return count


def _tracked(connection: Connection) -> Iterator[_Tracked]:
    """All files outside the trash, those of an asset together."""
    columns = (
        asset.c.id,
        asset.c.sha256,
        asset.c.missing_since,
        asset_path.c.path,
        asset_path.c.size,
        asset_path.c.mtime_ns,
    )
    rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(
        select(*columns)
        .join(asset_path, asset_path.c.asset_key == asset.c.key)
        .where(asset.c.trashed_at.is_(None))
        .order_by(asset.c.key, asset_path.c.key)
    )
    for asset_id, sha256, missing_since, path, size, mtime_ns in rows:
        yield _Tracked(asset_id, sha256, missing_since is not None, path, size, mtime_ns)


def _judge(file: _Tracked, place: Path) -> Iterator[Finding]:
    """Of a file that is there."""
    name = visible(file.path)
    if not _is_same(file, place):
        hint = f"`callsheet add {name}` takes in its new version"
        yield Finding("changed_file", "warning", f"{name} was changed", hint, file.asset_id, file.path)
    elif file.is_missing:
        hint = "run `callsheet doctor --repair`, or add it again"
        yield Finding("found_file", "warning", f"{name} is back", hint, file.asset_id, file.path)


def _is_same(file: _Tracked, place: Path) -> bool:
    """By size and time, and where only the time differs by content: copying and restoring change times."""
    try:
        status = os.stat(place)  # noqa: PTH116  # once for each file of the gallery
        if status.st_size != file.size:
            return False
        return status.st_mtime_ns == file.mtime_ns or hash_of(place) == file.sha256
    except OSError:
        return False
