"""The SQLite that the gallery runs on: `pysqlite3`, which carries its own, or else the one Python was built with.

Why it is chosen and not found: SQLite 3.7.0 to 3.51.2 has the WAL-reset bug, by which two connections that write and
checkpoint at the same instant can lose committed pages (design, decision 9).
"""

from pathlib import Path
from types import ModuleType
from typing import Any, cast
from urllib.parse import quote

_WAL_RESET_FIXED = (3, 51, 3)

BUSY_SECONDS = 5.0
"""How long a connection waits for another's lock."""


def _choose() -> ModuleType:
    # Within a function, so that a test can take one of the two away.
    try:
        import pysqlite3  # noqa: PLC0415
    except ImportError:
        import sqlite3  # noqa: PLC0415

        return sqlite3
    return cast(ModuleType, pysqlite3)


DRIVER = _choose()
"""The DB-API module in use."""


def has_wal_reset_bug(driver: ModuleType = DRIVER) -> bool:
    """Whether writers must take turns because this SQLite is older than 3.51.3."""
    return tuple(driver.sqlite_version_info) < _WAL_RESET_FIXED


def connect(
    path: Path,
    *,
    create: bool,
    wal: bool = True,
    foreign_keys: bool = True,
    frozen: bool = False,
    driver: ModuleType = DRIVER,
    busy_seconds: float = BUSY_SECONDS,
) -> Any:
    """A DB-API connection in autocommit mode, safe to hand from thread to thread (never to share at one time).

    Without `create` a missing file is the driver's `OperationalError`: opening never makes a database by accident.
    `wal` turns the file's journal into a write-ahead log, which it then stays. `frozen` reads a file that nobody
    changes meanwhile, without any file beside it (see `gallery.store.presence`).
    """
    mode = "ro&immutable=1" if frozen else "rwc" if create else "rw"
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    connection = driver.connect(
        address, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    try:
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        if wal and not frozen:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA mmap_size = 0")
    except BaseException:
        connection.close()
        raise
    return connection
