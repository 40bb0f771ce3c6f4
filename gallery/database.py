"""The database of one project: opening, reading, writing. Every commit of the gallery happens in `Database.write`."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Self

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from gallery.driver import BUSY_SECONDS, DRIVER, has_wal_reset_bug
from gallery.engine import WRITES, file_engine, memory_engine
from gallery.faults import as_callsheet_error
from gallery.schema import Schema, can_be_read, current_revision, refuse_strange
from gallery.tables import metadata
from gallery.turns import turn
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
        self._is_current = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all pooled connections. The database can be used again afterwards."""
        self._engine.dispose()

    def exists(self) -> bool:
        """Whether there is a file yet; the first write makes one."""
        return self.path.exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database. Where there is no file: an empty gallery, nothing made.

        Raises `ConflictError` (locked, older or newer file) and `IntegrityError` (damaged).
        """
        with self._reported():
            if not self._readable():
                with _empty_gallery() as connection:
                    yield connection
                return
            with ExitStack() as stack:
                connection = self._engine.connect()
                stack.callback(self._close, connection)
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection inside one transaction that holds the write lock from its start; committed when the block ends.

        Makes the file, or upgrades an older one after a copy into the backups. Raises as `read` does.
        """
        with self._reported(), self._one_writer():
            self._prepare()
            with ExitStack() as stack:
                connection = self._engine.connect().execution_options(**{WRITES: True})
                stack.callback(connection.close)
                with connection.begin():
                    yield connection

    def _readable(self) -> bool:
        """Whether there is something to read. Raises for a file that this program must not read."""
        if self._is_current and self.path.exists():
            return True
        self._is_current = can_be_read(self.path, self.schema)
        return self._is_current

    def _prepare(self) -> None:
        if self._is_current and self.path.exists():
            return
        state = self.schema.state(current_revision(self.path))
        refuse_strange(self.path, state)
        if state != "current":
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.schema.upgrade(self.path, self.backups)
        self._is_current = True

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
                self._lock_file.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(turn(self._lock_file, self.busy_seconds))
            yield

    def _close(self, connection: Connection) -> None:
        """Give a reader back. With the WAL-reset bug closing may checkpoint, which is a writer's turn."""
        if self._lock_file is None:
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
            metadata.create_all(connection)
            yield connection
    finally:
        engine.dispose()
