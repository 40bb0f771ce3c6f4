"""What the terminal face remembers between two starts: filter, position, tag sets. One small file, written whole."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from gallery.store.files import write_whole

VERSION = 1
MAX_BYTES = 1_000_000


class TuiState:
    """JSON values by the name of the screen (or `app`) that keeps them. Not thread-safe: used by the screens alone.

    A file that cannot be read is put aside as `*.damaged`, and `trouble` says so; nothing is remembered then.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, dict[str, Any]] = {}
        self._dirty = False
        self.trouble: str | None = None
        self._read()

    def of(self, screen: str) -> Mapping[str, Any]:
        """What a screen keeps; {} at first. Values come from a file: check their types."""
        return self._values.get(screen, {})

    def keep(self, screen: str, **values: Any) -> None:
        """Remember these values beside the others of the screen. They are written by the next `save`."""
        kept = self._values.setdefault(screen, {})
        if any(kept.get(name) != value for name, value in values.items()):
            kept.update(values)
            self._dirty = True

    def save(self) -> None:
        """Write the file if something has changed. Raises OSError."""
        if self._dirty:
            write_whole(self._path, json.dumps({"version": VERSION, "screens": self._values}, indent=1) + "\n")
            self._dirty = False

    def _read(self) -> None:
        try:
            if self._path.stat().st_size > MAX_BYTES:
                raise ValueError("it is too large")  # noqa: TRY301  # told like the other faults
            read = json.loads(self._path.read_text(encoding="utf-8"))
            if read["version"] != VERSION:
                raise ValueError("another version of Callsheet wrote it")  # noqa: TRY301  # see above
            self._values = {str(name): dict(values) for name, values in read["screens"].items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            aside = self._path.with_name(f"{self._path.name}.damaged")
            with suppress(OSError):
                self._path.replace(aside)
            self.trouble = f"{self._path.name} cannot be used ({error}); it was put aside as {aside.name}"
