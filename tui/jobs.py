"""Slow work beside the screen: in a thread, with progress, and an end when somebody asks for it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ontology.errors import CallsheetError


class JobStopped(Exception):  # noqa: N818  # no error: somebody asked for it
    """Raised inside the work when it was asked to end."""


@dataclass(slots=True)
class Job:
    """What the work is handed. `report` between steps tells how far it is, and ends it where that was asked for.

    `tell` is called then. `overtaken`: whether a newer job has taken its place.
    """

    title: str
    tell: Callable[[], None] = field(repr=False)
    done: int = 0
    of: int = 0
    is_shown: bool = False
    overtaken: Callable[[], bool] = field(default=lambda: False, repr=False)
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    def report(self, done: int, of: int = 0) -> None:
        """How far it is; of 0: nobody knows. Raises `JobStopped`."""
        self.check()
        self.done, self.of = done, of
        self.tell()

    @property
    def line(self) -> str:
        """How far it is, in words."""
        far = f" {self.done:,} of {self.of:,}" if self.of else f" {self.done:,}" if self.done else ""
        return f"{self.title}{far} … Esc stops it"

    def check(self) -> None:
        """Raises `JobStopped` when the work shall end."""
        if self._stop.is_set() or self.overtaken():
            raise JobStopped

    def stop(self) -> None:
        """Ask the work to end at its next step."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it was asked to end."""
        return self._stop.is_set()


def as_callsheet_error(error: Exception) -> CallsheetError:
    """What foreign code raised, as something that can be told. Ours stay as they are."""
    if isinstance(error, CallsheetError):
        return error
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        hint = "check that the place exists, that you may write there, and that there is room"
        return CallsheetError(f"{where}{error.strerror or error}", hint=hint, code="storage")
    return CallsheetError(
        f"{type(error).__name__}: {error}", hint="this is a fault of Callsheet; please report it", code="internal"
    )
