"""The small copies under `.callsheet/thumbs/`, named by the hash of the bytes they show. All can be made anew."""

import os
import secrets
from contextlib import suppress
from itertools import count
from pathlib import Path

from gallery.store.access import is_there

FOLDER = "thumbs"
SUFFIXES = (".jpg", ".webp")
TEMPORARY = ".tmp-"
"""How the name of a file begins while it is being written."""
_OWN = secrets.token_hex(4)  # with the process and a number: no other writer's name, whatever machine it runs on
_NUMBERS = count()
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def find_thumbnail(data_dir: Path, sha256: str) -> Path | None:
    """The thumbnail of these bytes, if there is one."""
    folder = _folder(data_dir, sha256)
    for suffix in SUFFIXES:
        place = f"{folder}/{sha256}{suffix}"
        if is_there(place):
            return Path(place)
    return None


def write_thumbnail(data_dir: Path, sha256: str, suffix: str, content: bytes) -> None:
    """Put a thumbnail where `find_thumbnail` finds it. Readers see all of it or nothing. Raises `OSError`.

    It is not forced to disk: one that a power cut leaves empty is found and rebuilt by `doctor`.
    """
    folder = _folder(data_dir, sha256)
    temporary = f"{folder}/{TEMPORARY}{os.getpid()}-{_OWN}-{next(_NUMBERS)}{suffix}"
    try:
        _write(folder, temporary, content)
        os.replace(temporary, f"{folder}/{sha256}{suffix}")  # noqa: PTH105
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108
        raise


def _write(folder: str, path: str, content: bytes) -> None:
    """Write a new file; its folder is nearly always there, so it is made only when it turns out not to be."""
    try:
        descriptor = os.open(path, _NEW_FILE, 0o666)
    except FileNotFoundError:
        _make_folder(folder)
        descriptor = os.open(path, _NEW_FILE, 0o666)
    try:
        written = os.write(descriptor, content)
        while written < len(content):
            written += os.write(descriptor, content[written:])
    finally:
        os.close(descriptor)


def _make_folder(path: str) -> None:
    """The folder, of which all but the last is nearly always there."""
    try:
        os.mkdir(path)  # noqa: PTH102
    except FileExistsError:  # another thread was first
        return
    except FileNotFoundError:
        os.makedirs(path, exist_ok=True)  # noqa: PTH103


def _folder(data_dir: Path, sha256: str) -> str:
    """A plain string: joining `Path`s takes longer than writing the file, and this is done for every picture."""
    return f"{data_dir}/{FOLDER}/{sha256[:2]}"
