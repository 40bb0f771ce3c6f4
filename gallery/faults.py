"""What the database driver reports, as errors that name the file and the way out."""

from pathlib import Path

from ontology.errors import CallsheetError, ConflictError, IntegrityError

_LOCKED = ("locked", "busy")
_DAMAGED = ("malformed", "not a database", "corrupt")
_FULL = ("disk is full",)


def newest_backup(backups: Path) -> Path | None:
    """The latest copy of the database, by the time in its file."""
    found = [(path.stat().st_mtime_ns, path) for path in backups.glob("*.db")]
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
        return CallsheetError(
            f"no room left to write {path}; nothing was changed", hint="free some space", code="disk_full"
        )
    return CallsheetError(
        f"the database {path} cannot be used: {reported}",
        hint="check that the disk works and that you may write to the file and its folder",
        code="storage",
    )


def damaged(path: Path, backups: Path, reported: str) -> IntegrityError:
    """The error for a file whose pages contradict themselves; it names the newest backup."""
    backup = newest_backup(backups)
    way_out = f"copy the newest backup over it: {backup}" if backup else f"there is no backup in {backups}"
    return IntegrityError(
        f"the database {path} is damaged: {reported}",
        hint=f"set the file aside, then {way_out}",
        code="damaged_database",
    )
