"""A lock file by which processes take turns. The operating system drops the lock when its holder dies."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from gallery.store.faults import unreachable
from ontology.errors import ConflictError

if sys.platform == "win32":  # pragma: no cover  # the suite runs on POSIX
    import msvcrt
else:
    import fcntl

_POLL_SECONDS = 0.02


def try_lock(file: IO[bytes]) -> bool:
    """Take the lock of an open file, without waiting; whether it was free. Closing the file gives it back."""
    try:
        if sys.platform == "win32":  # pragma: no cover  # as above
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def turn(lock_file: Path, seconds: float) -> Iterator[None]:
    """Hold the lock file for the block. Raises `ConflictError` when it is not free within so many seconds.

    Raises `CallsheetError` (`storage`) where the file cannot be made.
    """
    try:
        lock_file.parent.mkdir(parents=True, exist_ok=True)
        opened = lock_file.open("ab")
    except OSError as error:
        raise unreachable(lock_file, error) from error
    with opened as file:
        deadline = time.monotonic() + seconds
        while not try_lock(file):
            if time.monotonic() >= deadline:
                raise ConflictError(
                    f"{lock_file} is held by another program that writes (waited {seconds:g} s)",
                    hint="wait for the other command to end, or close the program, then try again",
                    code="locked",
                )
            time.sleep(_POLL_SECONDS)
        yield
