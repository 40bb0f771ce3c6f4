"""The log of what is made: the events of generation, a JSON object a line, in the project's `.callsheet/logs/`.

Written by whatever makes something, a command, a program with the library, a server; never to a terminal, whose output
is another's. A log that cannot be written stops nothing.
"""

import os
from pathlib import Path
from typing import Final

import structlog

from generation.events import Event

LARGEST: Final = 5 * 1024 * 1024
"""Bytes; a longer log becomes `….1.jsonl`, and the one before that is gone."""


class EventLog:
    """Listens to generation. What a spec's `log_level` leaves out is left out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        processors = (structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.JSONRenderer())
        self._log = structlog.wrap_logger(_Lines(path), processors=processors, wrapper_class=structlog.BoundLogger)

    def __call__(self, event: Event) -> None:
        """Write the event, where its spec wants it. Raises OSError, which whoever tells it passes over."""
        if event.is_logged:
            keys = event.to_json()
            self._log.msg(keys.pop("event"), **keys)


class _Lines:
    """Where the lines go. Each is one write at the end of the file, so that those of several processes stay whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def msg(self, line: str) -> None:
        """Add a line."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._make_room()
        place = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(place, f"{line}\n".encode())
        finally:
            os.close(place)

    def _make_room(self) -> None:
        try:
            if self._path.stat().st_size >= LARGEST:
                self._path.replace(self._path.with_suffix(f".1{self._path.suffix}"))
        except FileNotFoundError:
            return
