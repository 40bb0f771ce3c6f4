"""Whether there are small copies of all assets, none too many, and no half-written files."""

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from gallery.checks.database import REPAIR
from gallery.context import GalleryContext
from gallery.faults import unreachable
from gallery.findings import Finding
from gallery.rows import is_live
from gallery.tables import asset
from gallery.thumbnails import FOLDER, TEMPORARY

STRAY_SECONDS = 3600
"""A half-written file this old has no writer any more."""


def check_thumbnails(context: GalleryContext, connection: Connection) -> Iterator[Finding]:
    """Missing (or empty) thumbnails of live assets, and those of bytes that no asset has any more.

    Raises `CallsheetError` (`storage`) when they may not be looked at.
    """
    kept = {path.stem: path for path in _files(context.data_dir / FOLDER) if not path.name.startswith(TEMPORARY)}
    whole = {stem for stem, path in kept.items() if _status(path).st_size > 0}
    known: set[str] = set()
    for asset_id, sha256, live in connection.execute(select(asset.c.id, asset.c.sha256, is_live())):
        known.add(sha256)
        if live and sha256 not in whole:
            yield Finding("missing_thumbnail", "warning", f"{asset_id} has no thumbnail", REPAIR, asset_id)
    for stem, path in kept.items():
        if stem not in known:
            yield Finding("orphan_thumbnail", "info", f"{path.name} belongs to no asset", REPAIR, path=str(path))


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
        return sorted(
            path for inner in folder.iterdir() if inner.is_dir() for path in inner.iterdir() if path.is_file()
        )
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise unreachable(folder, error) from error


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise unreachable(path, error) from error
