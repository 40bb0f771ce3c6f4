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
        path = _place(data_dir, sha256, suffix)
        if path.exists():
            return path
    return None


def write_thumbnail(data_dir: Path, sha256: str, suffix: str, content: bytes) -> Path:
    """Put a thumbnail in its place. Readers see all of it or nothing. Raises `OSError`.

    It is not forced to disk: one that a power cut leaves empty is found and rebuilt by `doctor`.
    """
    path = _place(data_dir, sha256, suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}{suffix}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


def _place(data_dir: Path, sha256: str, suffix: str) -> Path:
    return data_dir / FOLDER / sha256[:2] / f"{sha256}{suffix}"
