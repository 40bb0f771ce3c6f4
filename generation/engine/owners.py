"""Which process works on what, and whether it lives: each holds a lock file, which the system frees when it dies."""

import os
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from gallery.store.faults import unreachable
from gallery.store.turns import try_lock


class Owner:
    """This process, for one open project. Its name is given with the first thing that is done."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._name = f"{os.getpid()}-{secrets.token_hex(6)}"

    @property
    def name(self) -> str:
        """The name that stands in the ledger; from now on whoever asks is told that this process lives."""
        with self._lock:
            if self._file is None:
                self._file = self._held()
            return self._name

    def _held(self) -> IO[bytes]:
        place = self._folder / f"{self._name}.lock"
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            file = place.open("ab")
        except OSError as error:
            raise unreachable(place, error) from error
        try_lock(file)
        return file

    def close(self) -> None:
        """This process works on nothing any more."""
        with self._lock:
            if self._file is not None:
                with suppress(OSError):
                    (self._folder / f"{self._name}.lock").unlink(missing_ok=True)
                self._file.close()
                self._file = None
                self._name = f"{os.getpid()}-{secrets.token_hex(6)}"

    def is_alive(self, name: str | None) -> bool:
        """Whether the process of this name still works. A file that nobody holds is swept away."""
        if name is None:
            return False
        if name == self._name:
            return self._file is not None
        place = self._folder / f"{name}.lock"
        with _opened(place) as file:
            if file is None:
                return False
            if not try_lock(file):
                return True
            if sys.platform != "win32":
                place.unlink(missing_ok=True)
            return False


@contextmanager
def _opened(place: Path) -> Iterator[IO[bytes] | None]:
    try:
        file = place.open("r+b")
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        raise unreachable(place, error) from error
    with file:
        yield file
