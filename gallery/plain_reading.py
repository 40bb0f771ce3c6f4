"""Reading live assets by plain SQL: the resolver's index follows the database without waiting for a database library.

Everything else of the gallery speaks SQLAlchemy; what is read here is what `gallery.rows` reads there, and a test holds
the two equal.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from gallery.chunks import chunked
from gallery.driver import BUSY_SECONDS, DRIVER, connect, has_wal_reset_bug
from gallery.faults import as_callsheet_error
from gallery.paths import ProjectPaths
from gallery.schema import Schema, can_be_read
from gallery.turns import turn
from gallery.views import AssetView

_COLUMNS = "id, path, tags, media_type, rating, width, height, created_at, version"
_LIVE = "trashed_at IS NULL AND missing_since IS NULL"


class Mark(NamedTuple):
    """The newest batch and when it was made: together they tell one history of a database from another."""

    batch: int
    at: str


NOTHING_YET = Mark(0, "")


@dataclass(frozen=True)
class PlainReader:
    """Opens one project's database for reading. Opening creates nothing."""

    database: Path
    backups: Path
    root: Path
    schema: Schema
    driver: ModuleType = DRIVER
    busy_seconds: float = BUSY_SECONDS

    @contextmanager
    def moment(self) -> "Iterator[Moment | None]":
        """One moment of the database; None where nothing was added yet.

        Raises `ConflictError` (locked, older or newer file) and `IntegrityError` (damaged).
        """
        try:
            if not can_be_read(self.database, self.schema):
                yield None
                return
            connection = connect(self.database, create=False, driver=self.driver, busy_seconds=self.busy_seconds)
            try:
                connection.execute("BEGIN")
                yield Moment(connection, ProjectPaths(self.root))
            finally:
                self._close(connection)
        except self.driver.Error as error:
            raise as_callsheet_error(error, self.database, self.backups) from error

    def _close(self, connection: Any) -> None:
        """With the WAL-reset bug closing may checkpoint, which is a writer's turn (design, decision 9)."""
        if not has_wal_reset_bug(self.driver):
            connection.close()
            return
        with turn(self.database.parent / "write.lock", self.busy_seconds):
            connection.close()


class Moment:
    """A read transaction: whatever is asked of it comes from one moment."""

    def __init__(self, connection: Any, paths: ProjectPaths) -> None:
        self._connection = connection
        self._paths = paths

    def mark(self) -> Mark:
        """The newest batch."""
        row = self._connection.execute("SELECT seq, at FROM batch ORDER BY seq DESC LIMIT 1").fetchone()
        return NOTHING_YET if row is None else Mark(*row)

    def knows(self, mark: Mark) -> bool:
        """Whether this database's history holds that batch: a restored or foreign file does not."""
        if mark == NOTHING_YET:
            return True
        row = self._connection.execute("SELECT at FROM batch WHERE seq = ?", (mark.batch,)).fetchone()
        return row is not None and row[0] == mark.at

    def live(self) -> Iterator[AssetView]:
        """Every live asset, in no order that matters."""
        for row in self._connection.execute(f"SELECT {_COLUMNS} FROM asset WHERE {_LIVE}"):  # noqa: S608  # constants
            yield self._view(row)

    def live_count(self) -> int:
        """How many live assets there are."""
        count = f"SELECT count(*) FROM asset WHERE {_LIVE}"  # noqa: S608  # constants
        return int(self._connection.execute(count).fetchone()[0])

    def touched_since(self, batch: int) -> Iterator[tuple[str, AssetView | None]]:
        """(id, present view) of every asset that a later batch touched; None for one that is no longer live."""
        touched = (
            f"SELECT {_LIVE}, {_COLUMNS} FROM asset "  # noqa: S608  # constants
            "WHERE key IN (SELECT asset_key FROM change WHERE batch_seq > ?)"
        )
        for is_live, *row in self._connection.execute(touched, (batch,)):
            yield row[0], self._view(row) if is_live else None

    def of_ids(self, ids: Iterable[str]) -> dict[str, AssetView]:
        """The assets with these ids, live or not."""
        found: dict[str, AssetView] = {}
        for piece in chunked(list(ids)):
            places = ",".join("?" * len(piece))
            query = f"SELECT {_COLUMNS} FROM asset WHERE id IN ({places})"  # noqa: S608  # constants and marks
            found.update((row[0], self._view(row)) for row in self._connection.execute(query, piece))
        return found

    def _view(self, row: Sequence[Any]) -> AssetView:
        asset_id, path, tags, media_type, rating, width, height, created_at, version = row
        return AssetView(
            asset_id,
            path,
            self._paths.url(path),
            tuple(json.loads(tags)),
            media_type,
            rating,
            width,
            height,
            datetime.fromisoformat(created_at).replace(tzinfo=UTC),
            version,
        )
