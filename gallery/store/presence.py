"""What stands at a database's place, before SQLite is asked: it takes an empty file for a new database."""

import os
import stat
from pathlib import Path

from gallery.store.access import may_write
from gallery.store.faults import emptied, unreachable
from gallery.store.thumbnails import FOLDER
from ontology.errors import CallsheetError

Identity = tuple[int, int]
"""Device and inode: a file that was put in another's place is another file."""


def status_of(path: Path) -> os.stat_result | None:
    """The status of a database file; None where nothing was added yet.

    Raises `CallsheetError` (`storage`) when that cannot be known, or something else stands there.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreachable(path, error) from error
    if stat.S_ISDIR(found.st_mode):
        raise CallsheetError(
            f"{path} is a folder, where the database belongs", hint="move it away, then try again", code="storage"
        )
    return found


def identity(status: os.stat_result) -> Identity:
    """Which file it is."""
    return status.st_dev, status.st_ino


def refuse_emptied(path: Path, backups: Path) -> None:
    """For a database file that holds nothing: raises `IntegrityError` when there was a gallery here before."""
    if _holds_entries(path.parent / FOLDER) or _holds_entries(backups) or _size(_log(path)):
        raise emptied(path, backups)


def is_frozen(path: Path) -> bool:
    """Whether the database can only be looked at, and stands whole in its one file: no write-ahead log beside it.

    SQLite itself cannot read such a file: it would first make the log, or leave one that the owner cannot write.
    """
    return not (may_write(path) and may_write(path.parent)) and not _size(_log(path))


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _holds_entries(folder: Path) -> bool:
    """Whether there is anything in the folder; one that may not be looked into is taken to hold something."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
