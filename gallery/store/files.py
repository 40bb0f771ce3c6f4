"""Writing a file whole or not at all."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

DRAFTS_NAME = "drafts.json"
"""Below `.callsheet/`: which files of the project are being written at this moment, see `gallery.store.drafts`."""


def write_whole(path: Path, text: str, *, durably: bool = False) -> None:
    """Write a text file, line ends as they are; whoever looks sees the old file or the new one. Raises OSError.

    A file that is replaced keeps its permissions. `durably`: it is on the disk before this returns.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        if durably:
            with draft.open("rb") as file:
                os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
