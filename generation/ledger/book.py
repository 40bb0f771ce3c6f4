"""What every step of the ledger is handed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gallery.store.database import Database


class Named(Protocol):
    """This process, which has a name."""

    @property
    def name(self) -> str:
        """The name; whoever asks is told from now on that the process lives."""
        ...


@dataclass(frozen=True, slots=True)
class Book:
    """The database of the ledger, the clock, and this process (see `generation.engine.owners`)."""

    database: Database
    now: Callable[[], datetime]
    keeper: Named

    @property
    def owner(self) -> str:
        """The name of this process, as it stands beside what it works on."""
        return self.keeper.name
