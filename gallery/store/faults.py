"""What the database driver and the operating system report, as errors that name the file and the way out."""

import errno
import os
import shutil
from pathlib import Path

from ontology.errors import CallsheetError, ConflictError, IntegrityError

_LOCKED = ("locked", "busy")
_DAMAGED = ("malformed", "not a database", "corrupt")
_FULL = ("disk is full",)
_PERHAPS_FULL = ("disk i/o error", "unable to open")
"""What SQLite also says when it finds no room for its log or the log's index."""

_ROOM = 256 * 1024
"""Bytes below which a disk is called full: the log's index alone takes 32 KiB at a time."""

_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def newest_backup(backups: Path) -> Path | None:
    """The latest copy of the database, by the time in its file; None where none can be found."""
    try:
        copies = [*backups.glob("*.db"), *backups.glob("[!.]*/database.db")]
        found = [(path.stat().st_mtime_ns, path) for path in copies]
    except OSError:
        return None
    return max(found)[1] if found else None


def as_callsheet_error(error: Exception, path: Path, backups: Path) -> CallsheetError:
    """The error that a caller can act on, for what the driver or SQLAlchemy raised about the file at `path`."""
    reported = str(getattr(error, "orig", None) or error)
    lowered = reported.lower()
    if any(word in lowered for word in _LOCKED):
        return ConflictError(
            f"the database {path} is locked by another program",
            hint="wait for the other command to end, or close the program that uses it, then try again",
            code="locked",
        )
    if any(word in lowered for word in _DAMAGED):
        return damaged(path, backups, reported)
    if any(word in lowered for word in _FULL):
        return full(path)
    if any(word in lowered for word in _PERHAPS_FULL) and not _has_room(path):
        return full(path)
    return CallsheetError(
        f"the database {path} cannot be used: {reported}",
        hint="check that the disk works and that you may read and write the file and its folder",
        code="storage",
    )


def unreachable(path: Path, error: OSError) -> CallsheetError:
    """The error for a file or folder of the gallery's own that the system does not let us use."""
    if error.errno in _NO_SPACE:
        return full(path)
    obstacle = next(filter(os.path.isfile, path.parents), None) if _is_blocked(error) else None
    if obstacle is not None:
        return CallsheetError(
            f"{obstacle} is a file, where a folder belongs", hint="move it away, then try again", code="storage"
        )
    if isinstance(error, PermissionError):
        return CallsheetError(
            f"you may not use {path}",
            hint="change the permissions of it and of its folder, or work as the user who owns them",
            code="storage",
        )
    return CallsheetError(
        f"{path} cannot be used: {error.strerror or error}",
        hint="check that the disk works and that you may read and write there",
        code="storage",
    )


def full(path: Path) -> CallsheetError:
    """The error for a disk without room for what was to be written beside or into the file."""
    return CallsheetError(
        f"no room left on the disk of {path}; nothing was changed",
        hint="free some space: even reading needs a little",
        code="disk_full",
    )


def damaged(path: Path, backups: Path, reported: str) -> IntegrityError:
    """The error for a file whose pages contradict themselves; it names the newest backup."""
    return IntegrityError(
        f"the database {path} is damaged: {' '.join(reported.split())}",
        hint=_way_back(path, backups),
        code="damaged_database",
    )


def emptied(path: Path, backups: Path) -> IntegrityError:
    """The error for a file that holds nothing although there was a gallery; it names the newest backup."""
    return IntegrityError(
        f"the database {path} is empty, although there was a gallery here",
        hint=_way_back(path, backups),
        code="damaged_database",
    )


def _way_back(path: Path, backups: Path) -> str:
    backup = newest_backup(backups)
    if backup is not None:
        return f"move {path.name}* away, then copy the newest backup to its place: {backup}"
    return (
        f"there is no backup in {backups}: put back a copy of your own; "
        f"or move {path.name}* away and add the pictures again, without their tags"
    )


def _is_blocked(error: OSError) -> bool:
    """Whether something on the way is no folder."""
    return isinstance(error, NotADirectoryError | FileExistsError)


def _has_room(path: Path) -> bool:
    """Whether the disk has some space left; a disk that cannot be asked is not called full."""
    folder = next((parent for parent in path.parents if os.path.lexists(parent)), path)
    try:
        return shutil.disk_usage(folder).free >= _ROOM
    except OSError:
        return True
