"""Storage in a folder of this machine."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gallery.store.faults import unreachable
from generation.storage.base import checked_key, nothing_there
from generation.storage.sounds import duration_of
from ontology.errors import InvalidInputError
from ontology.escaping import visible


class FolderStorage:
    """See `generation.storage.base.Storage`. Makes the folder with the first thing that is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        """The file of a key. Raises `InvalidInputError` for a key that leads out, by way of a link among others."""
        path = self.folder / checked_key(key)
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise InvalidInputError(
                f"{visible(key, limit=120)!r} leads out of {visible(str(self.folder))} through a link",
                hint="choose another path, or take the link away",
                code="invalid_key",
            )
        return path

    def store(self, key: str, data: bytes) -> str:
        """Keep the bytes: written beside, flushed to the disk, then renamed."""
        path = self.path(key)
        with _reported(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
            try:
                with draft.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
        return path.absolute().as_uri()

    def store_json(self, key: str, value: Mapping[str, Any]) -> str:
        """Keep a JSON object."""
        return self.store(key, (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode())

    def read(self, key: str) -> bytes:
        """The bytes."""
        path = self.path(key)
        with _reported(path):
            try:
                return path.read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                raise nothing_there(key) from None

    def url(self, key: str) -> str:
        """The URI of the file."""
        if not self.exists(key):
            raise nothing_there(key)
        return self.path(key).absolute().as_uri()

    def duration(self, key: str) -> float | None:
        """Seconds of a sound."""
        return duration_of(self.read(key))

    def exists(self, key: str) -> bool:
        """Whether something is kept."""
        path = self.path(key)
        with _reported(path):
            return path.is_file()

    def delete(self, key: str) -> bool:
        """Keep it no longer."""
        path = self.path(key)
        with _reported(path):
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError):
                return False
            return True


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unreachable(path, error) from error
