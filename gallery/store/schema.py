"""Which revision a database file has, told by plain SQL: opening a current file must not load the migration tool."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gallery.store.driver import connect
from gallery.store.presence import is_frozen, status_of
from ontology.errors import ConflictError

State = Literal["missing", "older", "current", "newer", "foreign"]

UNVERSIONED = ""
"""The revision of a database file without any table."""

FOREIGN = "foreign"
"""The revision of a database that has tables, but none that says it is ours."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The revisions this program knows, oldest first, and how a file gets to the last of them.

    `upgrade(database, backups)` makes a new file or brings an older one up to date after a copy into `backups`.
    """

    revisions: tuple[str, ...]
    upgrade: Callable[[Path, Path], None]

    @property
    def head(self) -> str:
        """The revision that this program reads and writes."""
        return self.revisions[-1]

    def state(self, revision: str | None) -> State:
        """What a file of this revision is to this program. A revision that it never heard of is a newer one's."""
        if revision is None:
            return "missing"
        if revision == FOREIGN:
            return "foreign"
        if revision == self.head:
            return "current"
        return "older" if revision == UNVERSIONED or revision in self.revisions else "newer"


def current_revision(path: Path) -> str | None:
    """The revision of the file; None when there is no file, `UNVERSIONED` without tables, `FOREIGN` without ours.

    Raises the driver's `DatabaseError` when the file is damaged or locked, `CallsheetError` when it cannot be reached.
    """
    status = status_of(path)
    if status is None:
        return None
    if status.st_size == 0:
        return UNVERSIONED  # not opened: SQLite would sweep away the log of a database that was cut to nothing
    connection = connect(path, create=False, wal=False, frozen=is_frozen(path))  # it may turn out not to be ours
    try:
        return revision_of(connection)
    finally:
        connection.close()


def revision_of(connection: Any) -> str:
    """As `current_revision`, of an open DB-API connection."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in names:
        return FOREIGN if names else UNVERSIONED
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return UNVERSIONED if row is None else str(row[0])


def can_be_read(path: Path, schema: Schema, revision: str | None) -> bool:
    """Whether a file of this revision has something to read; False where nothing was added yet.

    Raises `ConflictError` for an older, newer or foreign file.
    """
    state = schema.state(revision)
    if state == "missing" or revision == UNVERSIONED:
        return False
    if state == "older":
        raise ConflictError(
            f"the database {path} was made by an older version and is not upgraded by reading",
            hint="run `callsheet doctor --repair`: it upgrades the file after a copy into the backups",
            code="older_database",
        )
    refuse_strange(path, state)
    return True


def refuse_strange(path: Path, state: State) -> None:
    """Raises `ConflictError` for a file that this program must neither read nor write."""
    if state == "newer":
        raise ConflictError(
            f"the database {path} was made by a newer version of Callsheet",
            hint="upgrade Callsheet, or put back a backup of the time before",
            code="newer_database",
        )
    if state == "foreign":
        raise ConflictError(
            f"{path} is a database of another program",
            hint="move it away, or choose another project folder",
            code="foreign_database",
        )
