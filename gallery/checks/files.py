"""Whether the files are still where they were, and still what they were."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from gallery.context import GalleryContext
from gallery.findings import Finding, number_of
from gallery.media import MediaError, read_file
from gallery.paths import ProjectPaths
from gallery.tables import asset, asset_path
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

    A folder outside the project that is not there (a drive that is not plugged in) is reported as such, and so is a
    gallery whose files are all gone: neither is taken for a deletion.
    """
    paths = ProjectPaths(context.root)
    gone: dict[str, list[_Tracked]] = defaultdict(list)
    unreachable: dict[str, int] = defaultdict(int)
    present: set[str] = set()
    for file in _tracked(connection):
        place = paths.absolute(file.path)
        exists, can_be_known = _look(place)
        if exists:
            present.add(file.asset_id)
            yield from _judge(file, place)
        elif not can_be_known or (not paths.is_inside(file.path) and not place.parent.exists()):
            unreachable[str(place.parent)] += 1
        else:
            gone[file.asset_id].append(file)
    for folder, number in unreachable.items():
        files = number_of(number, "file")
        message = f"{files} out of reach: {visible(folder)} is not there, or may not be looked into"
        yield Finding(
            "folder_unavailable", "warning", message, "plug the drive in, or add the files where they are now"
        )
    yield from _missing(gone, present)


def _look(place: Path) -> tuple[bool, bool]:
    """Whether the file is there, and whether that can be known."""
    try:
        return place.exists(), True
    except OSError:
        return False, False


def _tracked(connection: Connection) -> Iterator[_Tracked]:
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
        .order_by(asset_path.c.key)
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
        return status.st_mtime_ns == file.mtime_ns or _sha256(place) == file.sha256
    except (OSError, MediaError):
        return False


def _sha256(place: Path) -> str:
    return hashlib.sha256(read_file(str(place)).data).hexdigest()


def _missing(gone: dict[str, list[_Tracked]], present: set[str]) -> Iterator[Finding]:
    fully = {asset_id: files for asset_id, files in gone.items() if asset_id not in present}
    if len(fully) > 1 and not present:
        message = f"the files of all {len(fully)} assets are gone, which is rather an unplugged drive than a deletion"
        yield Finding("everything_missing", "error", message, "plug it in; to drop the assets, `callsheet rm` them")
        return
    for asset_id, files in gone.items():
        for file in files:
            name = visible(file.path)
            if asset_id in present:
                hint = f"the asset has other files; `callsheet add` {name} when it is back"
                yield Finding("missing_copy", "info", f"{name} is gone", hint, asset_id, file.path)
            elif not file.is_missing:
                hint = "add the folder where it is now, or run `callsheet doctor --repair` to mark it missing"
                yield Finding("missing_file", "warning", f"{name} is gone", hint, asset_id, file.path)
