"""Whether files whose size and time are as they were still hold their bytes. Done little by little, or all at once.

`asset_path.checked_at` says when a file was last found whole, so a check that was stopped goes on where it was.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select, update

from gallery.checks.findings import Finding
from gallery.checks.hashing import hash_of
from gallery.context import GalleryContext
from gallery.reading.rows import is_live
from gallery.store.moments import from_rfc3339, rfc3339
from gallery.store.paths import ProjectPaths
from gallery.store.presence import is_frozen
from gallery.store.tables import asset, asset_path
from ontology.errors import CallsheetError
from ontology.escaping import visible

Progress = Callable[[int, int, str], None]
"""Called after each file with: files done, files in all, the path."""

SOME_FILES = 1000
SOME_BYTES = 1024**3
"""So much is read in an ordinary examination: those never checked, then those checked longest ago."""

STARTED = "full-check"
"""The file that says when a check of everything began that has not ended yet."""

_ROWS_AT_ONCE = 500
_NOTE_SECONDS = 2.0

_COLUMNS = (
    asset_path.c.key,
    asset_path.c.path,
    asset_path.c.size,
    asset_path.c.mtime_ns,
    asset.c.id,
    asset.c.sha256,
)


def check_content(
    context: GalleryContext, *, full: bool = False, records: bool = True, progress: Progress | None = None
) -> Iterator[Finding]:
    """Files that no longer hold the bytes they were taken in with, and those that cannot be read.

    Files that are gone, or that have another size or time, are passed over (see `gallery.checks.files`). `full` reads
    all, going on where a check of everything was stopped. `records` notes what was found whole, where that can be
    written.
    """
    may_record = records and not is_frozen(context.database.path)
    reading = _Reading(context, ProjectPaths(context.root), may_record, progress)
    try:
        if full:
            yield from _all(context, reading)
        else:
            yield from _some(context, reading)
    finally:
        reading.note()


def _some(context: GalleryContext, reading: "_Reading") -> Iterator[Finding]:
    longest_ago = (asset_path.c.checked_at.is_not(None), asset_path.c.checked_at, asset_path.c.key)
    with context.database.read() as connection:
        rows = connection.execute(_files(is_live()).order_by(*longest_ago).limit(SOME_FILES)).all()
    reading.total, left = len(rows), SOME_BYTES
    for row in rows:
        left -= row.size
        if left < 0 and reading.done:
            return
        yield from reading.read(row)


def _all(context: GalleryContext, reading: "_Reading") -> Iterator[Finding]:
    started = _begin(context) if reading.records else context.now()
    due = and_(is_live(), or_(asset_path.c.checked_at.is_(None), asset_path.c.checked_at < started))
    with context.database.read() as connection:
        counted = select(func.count()).select_from(asset_path).join(asset, asset.c.key == asset_path.c.asset_key)
        reading.total = connection.execute(counted.where(due)).scalar_one()
    last = 0
    while True:
        with context.database.read() as connection:
            page = _files(and_(due, asset_path.c.key > last)).order_by(asset_path.c.key).limit(_ROWS_AT_ONCE)
            rows = connection.execute(page).all()
        if not rows:
            break
        last = rows[-1].key
        for row in rows:
            yield from reading.read(row)
    reading.note()
    with suppress(OSError):
        (context.data_dir / STARTED).unlink(missing_ok=True)


def _files(condition: ColumnElement[bool]) -> Any:
    return select(*_COLUMNS).join(asset, asset.c.key == asset_path.c.asset_key).where(condition)


def _begin(context: GalleryContext) -> datetime:
    """When the check of everything began: now, or when the one did that was stopped."""
    place = context.data_dir / STARTED
    try:
        return from_rfc3339(place.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        pass
    now = context.now()
    with suppress(OSError):
        place.write_text(rfc3339(now), encoding="ascii")
    return now


@dataclass(slots=True)
class _Reading:
    """Files read one after the other; what was whole is noted now and then, so that little is lost."""

    context: GalleryContext
    paths: ProjectPaths
    records: bool
    progress: Progress | None
    total: int = 0
    done: int = 0
    whole: list[int] = field(default_factory=list)
    noted: float = field(default_factory=time.monotonic)

    def read(self, row: Row[Any]) -> Iterator[Finding]:
        place, name = self.paths.absolute(row.path), visible(row.path)
        try:
            if _is_as_it_was(place, row.size, row.mtime_ns):
                if hash_of(place) == row.sha256:
                    self.whole.append(row.key)
                else:
                    yield _damaged(name, row.id, row.path)
        except FileNotFoundError:
            pass  # it went just now
        except OSError as error:
            message = f"{name} cannot be read: {error.strerror or error}"
            yield Finding("unreadable_file", "warning", message, "check its permissions and the disk", row.id, row.path)
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total, name)
        if len(self.whole) >= _ROWS_AT_ONCE or time.monotonic() - self.noted > _NOTE_SECONDS:
            self.note()

    def note(self) -> None:
        """Write down which files were whole. Where nothing can be written, they are checked again another time."""
        whole, self.whole = self.whole, []
        self.noted = time.monotonic()
        if whole and self.records:
            statement = update(asset_path).where(asset_path.c.key == bindparam("of_key"))
            rows: Sequence[dict[str, int]] = [{"of_key": key} for key in whole]
            with suppress(CallsheetError), self.context.database.write() as connection:
                connection.execute(statement.values(checked_at=self.context.now()), rows)


def _is_as_it_was(place: Path, size: int, mtime_ns: int) -> bool:
    try:
        status = place.stat()
    except OSError:
        return False  # gone, or out of reach
    return (status.st_size, status.st_mtime_ns) == (size, mtime_ns)


def _damaged(name: str, asset_id: str, path: str) -> Finding:
    return Finding(
        "damaged_file",
        "error",
        f"{name} does not hold the bytes it was taken in with, although its size and time are as they were",
        "put a copy of it back; or, if it is meant, touch it and add it again",
        asset_id,
        path,
    )
