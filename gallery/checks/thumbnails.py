"""Whether there are small copies of all assets, none too many, and no half-written files."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from gallery.checks.database import REPAIR
from gallery.checks.findings import Finding
from gallery.context import GalleryContext
from gallery.reading.rows import is_live
from gallery.store.faults import unreachable
from gallery.store.tables import asset
from gallery.store.thumbnails import FOLDER, TEMPORARY

_FOLDERS = 256
_IS_FOLDER = re.compile("[0-9a-f]{2}")

STRAY_SECONDS = 3600
"""A half-written file this old has no writer any more."""


def check_thumbnails(context: GalleryContext, connection: Connection, *, full: bool = False) -> Iterator[Finding]:
    """Missing (or empty) thumbnails of live assets, and those of bytes that no asset has any more.

    A full check looks into each whether it is whole. Folder by folder, so memory does not grow with the gallery. Raises
    `CallsheetError` (`storage`) when they may not be looked at.
    """
    folder = context.data_dir / FOLDER
    for first in (f"{number:02x}" for number in range(_FOLDERS)):
        yield from _of_folder(connection, folder / first, first, full=full)
    for path in _files(folder):
        if not _IS_FOLDER.fullmatch(path.parent.name) and not path.name.startswith(TEMPORARY):
            yield _orphan(path)


def _of_folder(connection: Connection, folder: Path, first: str, *, full: bool) -> Iterator[Finding]:
    kept = {path.stem: path for path in _listing(folder) if not path.name.startswith(TEMPORARY)}
    whole = {stem for stem, path in kept.items() if _status(path).st_size > 0 and not (full and _is_broken(path))}
    known: set[str] = set()
    begins = (asset.c.sha256 >= first) & (asset.c.sha256 < f"{first}g")
    for asset_id, sha256, live in connection.execute(select(asset.c.id, asset.c.sha256, is_live()).where(begins)):
        known.add(sha256)
        if live and sha256 not in whole:
            what = "broken thumbnail" if sha256 in kept else "thumbnail"
            message = f"{asset_id} has {'a' if sha256 in kept else 'no'} {what}"
            yield Finding("missing_thumbnail", "warning", message, REPAIR, asset_id)
    for stem, path in kept.items():
        if stem not in known:
            yield _orphan(path)


def _orphan(path: Path) -> Finding:
    return Finding("orphan_thumbnail", "info", f"{path.name} belongs to no asset", REPAIR, path=str(path))


def _is_broken(path: Path) -> bool:
    """Whether it does not begin and end as its format does."""
    try:
        content = path.read_bytes()
    except OSError:
        return True
    if path.suffix == ".jpg":
        return not (content.startswith(b"\xff\xd8") and content.endswith(b"\xff\xd9"))
    size = int.from_bytes(content[4:8], "little") + 8
    return not (content.startswith(b"RIFF") and content[8:12] == b"WEBP" and size == len(content))


def check_strays(context: GalleryContext) -> Iterator[Finding]:
    """What a killed program left half-written, in our own folder. Raises as `check_thumbnails`."""
    now = context.now().timestamp()
    data_dir = context.data_dir
    strays = [path for path in _files(data_dir / FOLDER) if path.name.startswith(TEMPORARY)]
    strays += [*data_dir.glob(".*.tmp*"), *context.database.backups.glob("*.partial*")]
    for path in sorted(strays):
        if now - _status(path).st_mtime > STRAY_SECONDS:
            yield Finding("stray_file", "warning", f"{path} was left half-written", REPAIR, path=str(path))


def _files(folder: Path) -> list[Path]:
    """All files two levels down; unlike a glob this does not pass over in silence what may not be listed."""
    try:
        return sorted(path for inner in folder.iterdir() if inner.is_dir() for path in _listing(inner))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreachable(folder, error) from error


def _listing(folder: Path) -> list[Path]:
    """The files of one folder."""
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreachable(folder, error) from error


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise unreachable(path, error) from error
