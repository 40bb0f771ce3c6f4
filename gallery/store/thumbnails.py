"""The small copies under `.callsheet/thumbs/`, named by the hash of the bytes they show. All can be made anew."""

import os
import secrets
from pathlib import Path

FOLDER = "thumbs"
SUFFIXES = (".jpg", ".webp")
TEMPORARY = ".tmp-"
"""How the name of a file begins while it is being written."""


def find_thumbnail(data_dir: Path, sha256: str) -> Path | None:
    """The thumbnail of these bytes, if there is one."""
    for suffix in SUFFIXES:
        place = _place(data_dir, sha256, suffix)
        if os.path.exists(place):  # noqa: PTH110  # see `_place`
            return Path(place)
    return None


def write_thumbnail(data_dir: Path, sha256: str, suffix: str, content: bytes) -> Path:
    """Put a thumbnail in its place. Readers see all of it or nothing. Raises `OSError`.

    It is not forced to disk: one that a power cut leaves empty is found and rebuilt by `doctor`.
    """
    place = _place(data_dir, sha256, suffix)
    temporary = Path(f"{os.path.dirname(place)}/{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}{suffix}")  # noqa: PTH120  # see `_place`
    try:
        _write(temporary, content)
        temporary.replace(place)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return Path(place)


def _write(path: Path, content: bytes) -> None:
    """Write a new file; its folder is nearly always there, so it is made only when it turns out not to be."""
    try:
        path.write_bytes(content)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _place(data_dir: Path, sha256: str, suffix: str) -> str:
    """A plain string: joining `Path`s takes longer than writing the file, and this is done for every picture."""
    return f"{data_dir}/{FOLDER}/{sha256[:2]}/{sha256}{suffix}"
