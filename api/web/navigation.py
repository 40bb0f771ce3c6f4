"""What the pages' navigation lists: the one place. A page that does not exist is not in it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """A page. `key` opens it after `g`."""

    path: str
    label: str
    key: str


NAVIGATION: Final[tuple[Entry, ...]] = (
    Entry("/", "Gallery", "g"),
    Entry("/resolve", "Resolve", "r"),
    Entry("/queue", "Queue", "q"),
    Entry("/coverage", "Coverage", "c"),
    Entry("/ontology", "Ontology", "o"),
    Entry("/history", "History", "h"),
    Entry("/trash", "Trash", "t"),
    Entry("/doctor", "Doctor", "d"),
    Entry("/settings", "Settings", "s"),
)
"""In the order shown: Gallery, Resolve, Queue, Coverage, Ontology, History, Trash, Doctor, Settings."""
