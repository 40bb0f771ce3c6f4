"""Copies of assets while files are being taken in: loaded, decided upon, stored again, all within one transaction."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gallery.intake.media import Picture

_ID_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at. `picture` is None when size and mtime say that it is what it was; its hash then is."""

    path: str
    size: int
    mtime_ns: int
    picture: Picture | None


@dataclass(slots=True)
class Held:
    """An asset as the transaction sees it. `files` maps each path to (size, mtime), the oldest first."""

    id: str
    sha256: str
    path: str
    key: int | None = None
    tags: list[str] = field(default_factory=list)
    trashed: bool = False
    missing_since: str | None = None
    edited_at: str | None = None
    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    picture: Picture | None = None
    before: dict[str, Any] = field(default_factory=dict)

    def facts(self) -> dict[str, Any]:
        """What the journal says of it."""
        return {
            "sha256": self.sha256,
            "path": self.path,
            "paths": list(self.files),
            "tags": list(self.tags),
            "missing_since": self.missing_since,
            "edited_at": self.edited_at,
        }


@dataclass(slots=True)
class Stock:
    """Every asset that a chunk of files can concern, by what files are known by.

    `taken_ids`: of the ids that new assets could get, those in use. `stored_files`: path → (asset key, size, mtime) as
    the database has them.
    """

    held: list[Held] = field(default_factory=list)
    by_path: dict[str, Held] = field(default_factory=dict)
    by_sha256: dict[str, Held] = field(default_factory=dict)
    taken_ids: set[str] = field(default_factory=set)
    stored_files: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def changed(self) -> list[Held]:
        """Known assets of which something is no longer as it was loaded."""
        return [item for item in self.held if item.key is not None and item.before != item.facts()]

    def added(self) -> list[Held]:
        """Assets that are not stored yet."""
        return [item for item in self.held if item.key is None]


def possible_ids(sha256: str) -> Iterator[str]:
    """Ids for these bytes, best first: 16 digits of the hash, on a clash the next 16, at last those of its own hash."""
    yield from _ids_in(sha256)
    yield from _ids_in(hashlib.sha256(sha256.encode()).hexdigest())


def _ids_in(digits: str) -> Iterator[str]:
    return (f"a{digits[start : start + _ID_DIGITS]}" for start in range(0, len(digits), _ID_DIGITS))
