"""The hash of a file, however large, read piece by piece."""

import hashlib
import os
import stat
from pathlib import Path

_PIECE = 1024 * 1024


def hash_of(place: Path) -> str:
    """The SHA-256 of a file's bytes, in hex digits. Raises `OSError`, also for what is no plain file."""
    # Without O_NONBLOCK opening a pipe would wait for its other end.
    descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123  # a descriptor has no path
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{place} is no plain file")
        digest = hashlib.sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
        return digest.hexdigest()
