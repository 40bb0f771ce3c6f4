"""SQLAlchemy engines over the chosen SQLite driver, with transactions begun by us and not by the driver."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, StaticPool, create_engine, event

from gallery.store.driver import BUSY_SECONDS, DRIVER, connect, has_wal_reset_bug
from gallery.store.folding import FOLD, fold_or_null

CONNECTIONS_KEPT = 16
"""As many as a server has threads for them (`api.process`); further ones are closed after use, which costs memory too:
each leaves holes behind where its cache was."""

WRITES = "callsheet_writes"
"""Execution option of a connection whose transactions take the write lock at once."""


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _begin(connection: Connection) -> None:
    """A writer takes the lock before it reads, so that what it read still holds when it writes."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _teach(connection: Any, _: object) -> None:
    """SQLite folds ASCII alone; what the query language calls the same text is a function of ours."""
    connection.create_function(FOLD, 1, fold_or_null, deterministic=True)


def file_engine(
    path: Path,
    *,
    create: bool = False,
    foreign_keys: bool = True,
    frozen: bool = False,
    driver: ModuleType = DRIVER,
    busy_seconds: float = BUSY_SECONDS,
) -> Engine:
    """An engine over one database file. The caller disposes of it.

    With a driver that has the WAL-reset bug connections are not pooled: closing the last one checkpoints, and whoever
    closes must be able to hold the lock meanwhile. Those of a frozen file (see `gallery.store.presence`) are not
    either: they would not notice that it thawed.
    """

    def creator() -> Any:
        return connect(
            path, create=create, foreign_keys=foreign_keys, frozen=frozen, driver=driver, busy_seconds=busy_seconds
        )

    pooling: dict[str, Any] = {"poolclass": NullPool}
    if not frozen and not has_wal_reset_bug(driver):
        pooling = {"poolclass": QueuePool, "pool_size": CONNECTIONS_KEPT, "max_overflow": -1}
    engine = create_engine(
        URL.create("sqlite", database=str(path)), module=driver, creator=creator, json_serializer=_compact, **pooling
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "connect", _teach)
    return engine


def memory_engine() -> Engine:
    """An engine over an empty database that exists nowhere."""
    engine = create_engine("sqlite://", module=DRIVER, poolclass=StaticPool, json_serializer=_compact)
    event.listen(engine, "connect", _teach)
    return engine
