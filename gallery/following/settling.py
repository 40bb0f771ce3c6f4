"""Waiting until a file is no longer being written, and until one that vanished has surely not just moved."""

import os
import stat
from dataclasses import dataclass, field

Signature = tuple[int, int, int]
"""Inode, size in bytes, and mtime in nanoseconds."""

PATIENCE = 10
"""A file that is gone waits for those that are still being written so many times as long as one file settles."""


@dataclass(slots=True)
class Settling:
    """Files that something happened to. Times are seconds of any clock that only goes forward.

    A file has settled when it has looked the same for `seconds`. An empty one is let go: when it is written, something
    happens to it again.
    """

    seconds: float
    _present: dict[str, tuple[Signature, float]] = field(default_factory=dict)
    _gone: dict[str, float] = field(default_factory=dict)

    def note(self, path: str, now: float) -> None:
        """Something happened to this path."""
        signature = _signature(path)
        if signature is None:
            self._present.pop(path, None)
            self._gone.setdefault(path, now)
        else:
            self._gone.pop(path, None)
            self._present[path] = (signature, now)

    def settled(self, now: float, most: int) -> list[str]:
        """Files that have settled, the oldest first, at most so many; they are no longer waited for."""
        ready: list[str] = []
        for path, (before, since) in list(self._present.items()):
            if now - since < self.seconds or len(ready) >= most:
                continue
            signature = _signature(path)
            if signature != before:
                self.note(path, now)
                continue
            del self._present[path]
            if signature[1]:
                ready.append(path)
        return ready

    def departed(self, now: float, most: int) -> list[str]:
        """Paths that are gone, once the files that they may have moved to have settled; at most so many."""
        wait = self.seconds * (PATIENCE if self._present else 1)
        due = [path for path, since in self._gone.items() if now - since >= wait][:most]
        for path in due:
            del self._gone[path]
        return due

    @property
    def is_empty(self) -> bool:
        """Whether nothing is waited for."""
        return not self._present and not self._gone


def _signature(path: str) -> Signature | None:
    """What a file looks like; None for what is gone and for what is no file."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None
