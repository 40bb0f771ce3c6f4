"""Reading live assets by plain SQL: the resolver's index follows the database without waiting for a database library.

Everything else of the gallery speaks SQLAlchemy; what is read here is what `gallery.reading.rows` reads there, and a
test holds the two equal.
"""

import json
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from gallery.store.access import may_write
from gallery.store.chunks import chunked
from gallery.store.driver import BUSY_SECONDS, DRIVER, connect, has_wal_reset_bug
from gallery.store.faults import as_callsheet_error
from gallery.store.paths import ProjectPaths
from gallery.store.presence import Identity, identity, is_frozen, refuse_emptied, status_of
from gallery.store.schema import UNVERSIONED, Schema, can_be_read, revision_of
from gallery.store.turns import turn
from gallery.views import AssetView
from resolver.columns import Batch, read_columns, since
from resolver.errors import CandidateError

_COLUMNS = "id, path, tags, media_type, rating, width, height, created_at, version, edited_at, duration_ms"
_LIVE = "trashed_at IS NULL AND missing_since IS NULL"
_ROWS_AT_ONCE = 2000
"""Even with the most and the longest tags on all of these, their text stays below the 10^9 bytes SQLite allows."""

_TEXTS = (
    "SELECT count(*), group_concat(id), '[' || group_concat(tags) || ']', group_concat(media_type), "  # noqa: S608  # a constant
    "'[' || group_concat(coalesce(rating, 'null')) || ']', group_concat(created_at) "
    f"FROM asset WHERE key >= ? AND key < ? AND {_LIVE}"
)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # dates are stored without their zone, which is UTC


class Mark(NamedTuple):
    """The newest batch and when it was made: together they tell one history of a database from another."""

    batch: int
    at: str


NOTHING_YET = Mark(0, "")


@dataclass(eq=False)
class PlainReader:
    """Opens one project's database for reading. Opening creates nothing.

    One connection is kept from moment to moment, and opened anew when another file stands in its place. `close` lets
    go of it; the reader can be used again afterwards.
    """

    database: Path
    backups: Path
    root: Path
    schema: Schema
    driver: ModuleType = DRIVER
    busy_seconds: float = BUSY_SECONDS
    asset_url: Callable[[str], str] | None = None
    """Makes the URL of an asset of its id; None: the URI of its file."""
    _kept: "_Kept | None" = field(default=None, init=False, repr=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _views: "_Views" = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._views = _Views(ProjectPaths(self.root), self.asset_url)

    @contextmanager
    def moment(self) -> "Iterator[Moment | None]":
        """One moment of the database; None where nothing was added yet.

        Moments side by side (of several threads, or one within another) each have a connection of their own. Raises
        `ConflictError` (locked, older or newer file), `IntegrityError` (damaged or emptied) and `CallsheetError`.
        """
        try:
            file = self._file()
            if file is None:
                self.close()
                yield None
                return
            with self._connection(file) as (connection, known):
                yield from self._moment_of(connection, known)
        except self.driver.Error as error:
            raise as_callsheet_error(error, self.database, self.backups) from error

    def close(self) -> None:
        """Let go of the connection, unless a moment is using it."""
        if self._turn.acquire(blocking=False):
            try:
                self._drop()
            finally:
                self._turn.release()

    def _file(self) -> Identity | None:
        """Which file holds the database; None where there is none, or an empty one that is new."""
        status = status_of(self.database)
        if status is None:
            return None
        if status.st_size == 0:
            refuse_emptied(self.database, self.backups)
            return None
        return identity(status)

    def _moment_of(self, connection: Any, known: "_Known") -> "Iterator[Moment | None]":
        connection.execute("BEGIN")
        version = connection.execute("PRAGMA data_version").fetchone()[0]  # of the moment, which begins with it
        if known.version != version:
            known.version = known.mark = None
            if not self._can_be_read(connection):
                connection.execute("COMMIT")
                yield None
                return
            known.version = version
        moment = Moment(connection, self._views, known)
        yield moment
        moment.end()

    def _can_be_read(self, connection: Any) -> bool:
        revision = revision_of(connection)
        if revision == UNVERSIONED:
            refuse_emptied(self.database, self.backups)
        return can_be_read(self.database, self.schema, revision)

    @contextmanager
    def _connection(self, file: Identity) -> "Iterator[tuple[Any, _Known]]":
        """The kept connection where it can be had, else one for this moment alone."""
        if has_wal_reset_bug(self.driver) or is_frozen(self.database) or not self._turn.acquire(blocking=False):
            connection = self._open()
            try:
                yield connection, _Known()
            finally:
                self._close(connection)
            return
        try:
            kept = self._keep(file)
            yield kept.connection, kept.known
        except BaseException:
            self._drop()  # whatever state it is in
            raise
        finally:
            self._turn.release()

    def _keep(self, file: Identity) -> "_Kept":
        if self._kept is None or not self._kept.is_of(file):
            self._drop()
            self._kept = _Kept(self._open(), file)
        return self._kept

    def _drop(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _open(self) -> Any:
        return connect(
            self.database,
            create=False,
            wal=False,  # it may turn out not to be ours
            frozen=is_frozen(self.database),
            driver=self.driver,
            busy_seconds=self.busy_seconds,
        )

    def _close(self, connection: Any) -> None:
        """With the WAL-reset bug closing may checkpoint, which is a writer's turn (design, decision 9)."""
        if not has_wal_reset_bug(self.driver) or not may_write(self.database.parent):
            connection.close()
            return
        with turn(self.database.parent / "write.lock", self.busy_seconds):
            connection.close()


@dataclass(slots=True)
class _Known:
    """What an earlier moment of a connection has seen: true as long as SQLite says that nobody has written since."""

    version: int | None = None
    mark: Mark | None = None


class _Kept:
    """An open connection with the file it is of. It is closed at the latest when nobody holds it any more."""

    def __init__(self, connection: Any, file: Identity) -> None:
        self.connection = connection
        self.known = _Known()
        self._file = file
        self._process = os.getpid()
        self.close = weakref.finalize(self, _close_own, connection, self._process)

    def is_of(self, file: Identity) -> bool:
        """Whether it may be used to read this file: SQLite forbids taking a connection into a forked process."""
        return self._file == file and self._process == os.getpid()


_INHERITED: list[Any] = []
"""Connections that a forked process must not even close."""


def _close_own(connection: Any, process: int) -> None:
    if process == os.getpid():
        connection.close()
    else:
        _INHERITED.append(connection)


class Moment:
    """A read transaction: whatever is asked of it comes from one moment."""

    def __init__(self, connection: Any, views: "_Views", known: _Known) -> None:
        self._connection = connection
        self._views = views
        self._known = known
        self._streams: list[Any] = []

    def end(self) -> None:
        """End the transaction; a stream that was left half-way would hold the connection to this moment."""
        for stream in self._streams:
            stream.close()
        self._connection.execute("COMMIT")

    def mark(self) -> Mark:
        """The newest batch."""
        if self._known.mark is None:
            row = self._connection.execute("SELECT seq, at FROM batch ORDER BY seq DESC LIMIT 1").fetchone()
            self._known.mark = NOTHING_YET if row is None else Mark(*row)
        return self._known.mark

    def knows(self, mark: Mark) -> bool:
        """Whether this database's history holds that batch: a restored or foreign file does not."""
        if mark == NOTHING_YET:
            return True
        row = self._connection.execute("SELECT at FROM batch WHERE seq = ?", (mark.batch,)).fetchone()
        return row is not None and row[0] == mark.at

    def live(self) -> Iterator[AssetView]:
        """Every live asset, in no order that matters."""
        for row in self._stream(f"SELECT {_COLUMNS} FROM asset WHERE {_LIVE}"):  # noqa: S608  # constants
            yield self._views.of(row)

    def batches(self) -> Iterator[Batch]:
        """Every live asset, column by column, with no more than an index needs.

        A million of them are read at a start. SQLite puts each column of some thousands into one text, which takes half
        the time of as many rows. Where such a text is not as it should be, those assets are read one by one.
        """
        start = -1
        while start is not None:
            first = self._connection.execute("SELECT min(key) FROM asset WHERE key > ?", (start,)).fetchone()[0]
            if first is None:
                return
            keys = (first, first + _ROWS_AT_ONCE)
            texts = self._connection.execute(_TEXTS, keys).fetchone()
            if texts[0]:
                yield _batch(*texts) or self._batch_by_rows(*keys)
            start = keys[1] - 1

    def _batch_by_rows(self, start: int, end: int) -> Batch:
        """The assets of some keys. Raises CandidateError for what no asset can have."""
        columns = "id, tags, media_type, rating, created_at"
        query = f"SELECT {columns} FROM asset WHERE key >= ? AND key < ? AND {_LIVE}"  # noqa: S608  # constants
        rows = (
            {
                "id": asset_id,
                "tags": json.loads(tags),
                "media_type": media_type,
                "rating": rating,
                "created_at": f"{created_at}Z",  # stored without its zone, which is UTC
            }
            for asset_id, tags, media_type, rating, created_at in self._connection.execute(query, (start, end))
        )
        return read_columns(rows).batch()

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
        for is_live, *row in self._stream(touched, batch):
            yield row[0], self._views.of(tuple(row)) if is_live else None

    def _stream(self, query: str, *values: Any) -> Any:
        self._streams.append(self._connection.execute(query, values))
        return self._streams[-1]

    def of_ids(self, ids: Iterable[str]) -> dict[str, AssetView]:
        """The assets with these ids, live or not."""
        found: dict[str, AssetView] = {}
        for piece in chunked(list(ids)):
            places = ",".join("?" * len(piece))
            query = f"SELECT {_COLUMNS} FROM asset WHERE id IN ({places})"  # noqa: S608  # constants and marks
            found.update((row[0], self._views.of(row)) for row in self._connection.execute(query, piece))
        return found


class _Views:
    """Views of rows."""

    def __init__(self, paths: ProjectPaths, asset_url: Callable[[str], str] | None) -> None:
        self._paths = paths
        self._asset_url = asset_url

    def of(self, row: tuple[Any, ...]) -> AssetView:
        """The view of a row of `_COLUMNS`."""
        asset_id, path, tags, media_type, rating, width, height, created_at, version, edited_at, duration_ms = row
        return AssetView(
            asset_id,
            path,
            self._paths.url(path) if self._asset_url is None else self._asset_url(asset_id),
            tuple(json.loads(tags)),
            media_type,
            rating,
            width,
            height,
            datetime.fromisoformat(created_at).replace(tzinfo=UTC),
            version,
            None if edited_at is None else datetime.fromisoformat(edited_at).replace(tzinfo=UTC),
            None if duration_ms is None else duration_ms / 1000,
        )


def _batch(size: int, *texts: str) -> Batch | None:
    """The assets whose columns are these texts; None where one of them is not what the gallery writes."""
    ids, tags, media_types, ratings, created = texts
    try:
        batch = Batch(
            ids.split(","),
            json.loads(tags),
            media_types.split(","),
            json.loads(ratings),
            since(_EPOCH, map(datetime.fromisoformat, created.split(","))),
        )
        sizes = {len(batch.ids), len(batch.tags), len(batch.media_types), len(batch.ratings), len(batch.created)}
        return batch if sizes == {size} and batch.is_usual() else None
    except (AttributeError, TypeError, ValueError, CandidateError):
        return None
