"""Storage that ends with the process: for tests, and for trying out."""

import json
import threading
from collections.abc import Mapping
from typing import Any

from generation.storage.base import checked_key, nothing_there
from generation.storage.sounds import duration_of


class MemoryStorage:
    """See `generation.storage.base.Storage`. URLs begin with `memory:`."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def store(self, key: str, data: bytes) -> str:
        """Keep the bytes."""
        with self._lock:
            self._kept[checked_key(key)] = bytes(data)
        return self.url(key)

    def store_json(self, key: str, value: Mapping[str, Any]) -> str:
        """Keep a JSON object."""
        return self.store(key, json.dumps(value, ensure_ascii=False, sort_keys=True).encode())

    def read(self, key: str) -> bytes:
        """The bytes."""
        found = self._kept.get(checked_key(key))
        if found is None:
            raise nothing_there(key)
        return found

    def url(self, key: str) -> str:
        """`memory:KEY`."""
        self.read(key)
        return f"memory:{key}"

    def duration(self, key: str) -> float | None:
        """Seconds of a sound."""
        return duration_of(self.read(key))

    def exists(self, key: str) -> bool:
        """Whether something is kept."""
        return checked_key(key) in self._kept

    def delete(self, key: str) -> bool:
        """Keep it no longer."""
        with self._lock:
            return self._kept.pop(checked_key(key), None) is not None
