"""The database of one project: opening, reading, writing. Every commit of the gallery happens in `Database.write`."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from gallery.store.access import may_write
from gallery.store.drafts import drafting, finish_drafts
from gallery.store.driver import BUSY_SECONDS, DRIVER, has_wal_reset_bug
from gallery.store.engine import WRITES, file_engine, memory_engine
from gallery.store.faults import as_callsheet_error, unreachable
from gallery.store.files import DRAFTS_NAME
from gallery.store.presence import Identity, identity, is_frozen, refuse_emptied, status_of
from gallery.store.schema import UNVERSIONED, Schema, can_be_read, current_revision, refuse_strange
from gallery.store.tables import asset
from gallery.store.turns import turn
from ontology.errors import ConflictError

DATABASE_NAME = "callsheet.db"
"""The name of the file inside a project's `.callsheet/`."""


class Database:
    """One database file, safe to use from many threads; several processes may have it open.

    Nothing is opened before the first `read` or `write`. `close` it, or use it as a context manager.
    """

    def __init__(
        self,
        path: Path,
        schema: Schema,
        *,
        backups: Path | None = None,
        driver: ModuleType = DRIVER,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        self.path = path
        self.schema = schema
        self.backups = backups or path.parent / "backups"
        self.driver = driver
        self.busy_seconds = busy_seconds
        self._engine = file_engine(path, driver=driver, busy_seconds=busy_seconds)
        self._lock_file = path.parent / "write.lock" if has_wal_reset_bug(driver) else None
        self._writing = threading.Lock()
        self._current: Identity | None = None  # the file that was found to be of our revision
        self._began_empty = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all pooled connections. The database can be used again afterwards."""
        self._engine.dispose()

    def exists(self) -> bool:
        """Whether there is a file yet; the first write makes one. Raises `CallsheetError` when it cannot be known."""
        return status_of(self.path) is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database. Where there is no file: an empty gallery, nothing made.

        Raises `ConflictError` (locked, older or newer file), `IntegrityError` (damaged or emptied) and `CallsheetError`
        (`storage`, `disk_full`). A project that may only be looked at is read as it stands.
        """
        with self._reported():
            if not self._readable():
                with _empty_gallery() as connection:
                    yield connection
                return
            engine = self._frozen_engine if is_frozen(self.path) else self._engine
            with ExitStack() as stack:
                connection = engine.connect()
                stack.callback(self._close, connection)
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection inside one transaction that holds the write lock from its start; committed when the block ends.

        Makes the file, or upgrades an older one after a copy into the backups. Files of the project that change with it
        (`gallery.store.drafts`) are written last, and put back when the commit fails; what a killed program left of
        such a change is settled first. Raises as `read` does.
        """
        with self._reported(), self._one_writer():
            self._prepare()
            with ExitStack() as stack:
                connection = self._engine.connect().execution_options(**{WRITES: True})
                stack.callback(connection.close)
                note = self.path.parent / DRAFTS_NAME
                with drafting(connection, note) as drafts, connection.begin():
                    finish_drafts(connection, note)
                    yield connection
                    drafts.carry_out(connection)

    def _readable(self) -> bool:
        """Whether there is something to read. Raises for a file that this program must not read."""
        if self._is_known():
            return True
        if not can_be_read(self.path, self.schema, self._revision()):
            return False
        self._take_note()
        return True

    def _prepare(self) -> None:
        if self._is_known():
            return
        state = self.schema.state(self._revision())
        refuse_strange(self.path, state)
        if state != "current":
            self._upgrade()
        self._take_note()

    def _is_known(self) -> bool:
        """Whether the file is the one that was found current before. Another in its place is looked at afresh."""
        status = status_of(self.path)
        if self._current is None:
            return False
        if status is not None and status.st_size and identity(status) == self._current:
            return True
        self._current = None
        self._engine.dispose()
        return False

    def _take_note(self) -> None:
        status = status_of(self.path)
        self._current = None if status is None else identity(status)
        self._began_empty = False

    def _revision(self) -> str | None:
        """The file's revision. Raises `IntegrityError` for a file that was emptied.

        One that was new when it was first seen stays new: thumbnails are written before the first row is.
        """
        revision = current_revision(self.path)
        if revision == UNVERSIONED and not self._began_empty:
            refuse_emptied(self.path, self.backups)
            self._began_empty = True
        return revision

    def _upgrade(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.schema.upgrade(self.path, self.backups)
        except OSError as error:
            raise unreachable(self.path, error) from error

    @cached_property
    def _frozen_engine(self) -> Engine:
        return file_engine(self.path, frozen=True, driver=self.driver, busy_seconds=self.busy_seconds)

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        """Threads of this process queue here, where waiting is fair; other processes wait at SQLite's own lock."""
        with ExitStack() as stack:
            if not self._writing.acquire(timeout=self.busy_seconds * 6):
                raise ConflictError(
                    f"the database {self.path} is being written by another part of this program",
                    hint="try again when it has ended",
                    code="locked",
                )
            stack.callback(self._writing.release)
            if self._lock_file is not None:
                stack.enter_context(turn(self._lock_file, self.busy_seconds))
            yield

    def _close(self, connection: Connection) -> None:
        """Give a reader back. With the WAL-reset bug closing may checkpoint, which is a writer's turn."""
        if self._lock_file is None or not may_write(self.path.parent):
            connection.close()
            return
        with turn(self._lock_file, self.busy_seconds):
            connection.close()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise  # ours to mend: a rule of a table broken, a statement wrong
        except (DBAPIError, self.driver.Error) as error:
            raise as_callsheet_error(error, self.path, self.backups) from error


@contextmanager
def _empty_gallery() -> Iterator[Connection]:
    engine = memory_engine()
    try:
        with engine.connect() as connection:
            asset.metadata.create_all(connection)
            yield connection
    finally:
        engine.dispose()
