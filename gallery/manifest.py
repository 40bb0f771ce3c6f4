"""Which files a gallery consists of: one JSON line for each, from a copy of its database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import func, select

from gallery.store.engine import file_engine
from gallery.store.paths import shown
from gallery.store.tables import asset, asset_path
from ontology.errors import IntegrityError

_ROWS_AT_ONCE = 2000
_DIGITS = frozenset("0123456789abcdef")
_SHA256 = 64


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file of an asset: its stored path, the hash of its bytes, `size` in bytes, mtime in nanoseconds."""

    id: str
    path: str
    sha256: str
    size: int
    mtime_ns: int

    def to_line(self) -> str:
        """The entry as a line of JSON, with its line end."""
        body = {"id": self.id, "path": self.path, "sha256": self.sha256, "size": self.size, "mtime_ns": self.mtime_ns}
        return json.dumps(body, ensure_ascii=False) + "\n"

    @property
    def is_inside(self) -> bool:
        """Whether the file lies in the project's folder; others are named by their whole path."""
        return not _is_absolute(self.path)


def entries_of(database: Path) -> Iterator[ManifestEntry]:
    """The files of every asset, missing and trashed ones too, of a copy that nobody writes to. Memory does not grow."""
    columns = (asset.c.id, asset_path.c.path, asset.c.sha256, asset_path.c.size, asset_path.c.mtime_ns)
    joined = select(*columns).join(asset, asset.c.key == asset_path.c.asset_key).order_by(asset_path.c.key)
    engine = file_engine(database, frozen=True)
    try:
        with engine.connect().execution_options(yield_per=_ROWS_AT_ONCE) as connection:
            for row in connection.execute(joined):
                yield ManifestEntry(*row)
    finally:
        engine.dispose()


def asset_count(database: Path) -> int:
    """How many assets there are in a copy that nobody writes to."""
    engine = file_engine(database, frozen=True)
    try:
        with engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(asset)).scalar_one())
    finally:
        engine.dispose()


def read_manifest(path: Path) -> Iterator[ManifestEntry]:
    """The entries of a manifest. Raises `IntegrityError` naming the line that is none, or whose path leads elsewhere.

    A path must lie in the project or be a whole one: nothing with `..`, nothing in the gallery's own folder.
    """
    with path.open(encoding="utf-8", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            try:
                entry = _entry(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                raise _wrong(path, number, f"it is no entry ({error})") from error
            if not _is_absolute(entry.path) and not is_safe(entry.path):
                raise _wrong(path, number, f"the path {shown(entry.path)!r} leads out of the project")
            yield entry


def is_safe(path: str) -> bool:
    """Whether a relative path stays below the folder it is joined to, and out of the gallery's own data."""
    parts = PurePosixPath(path).parts
    is_plain = bool(parts) and path == "/".join(parts) and not set(path) & {"\0", "\\", ":"}
    return is_plain and ".." not in parts and parts[0] not in {".callsheet", "callsheet.toml"}


def _is_absolute(path: str) -> bool:
    return path.startswith("/") or path[1:3] in {":/", ":\\"}


def _entry(body: Any) -> ManifestEntry:
    entry = ManifestEntry(body["id"], body["path"], body["sha256"], body["size"], body["mtime_ns"])
    texts = (entry.id, entry.path, entry.sha256)
    numbers = (entry.size, entry.mtime_ns)
    if not all(isinstance(text, str) for text in texts) or not all(type(number) is int for number in numbers):
        raise TypeError("a value of another kind")
    if len(entry.sha256) != _SHA256 or set(entry.sha256) - _DIGITS or entry.size < 0:
        raise ValueError("no hash, or no size")
    return entry


def _wrong(path: Path, number: int, what: str) -> IntegrityError:
    return IntegrityError(
        f"{path}, line {number}: {what}; nothing was restored",
        hint="take another backup: this one is damaged, or was not made by Callsheet",
        code="damaged_backup",
    )
