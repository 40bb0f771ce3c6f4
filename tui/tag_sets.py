"""Tags that are kept for later: nine numbered sets, what was picked last, and what the last picture was given."""

from collections.abc import Iterable, Sequence
from typing import Any

from tui.state import TuiState

KEPT = "tags"
MOST_RECENT = 60
NUMBERS = tuple("123456789")


class TagSets:
    """Over what the terminal UI remembers."""

    def __init__(self, state: TuiState) -> None:
        self._state = state

    @property
    def recent(self) -> list[str]:
        """Tags that were picked, the last first."""
        return _texts(self._state.of(KEPT).get("recent"))

    def used(self, tags: Iterable[str]) -> None:
        """These were picked now."""
        newest = list(dict.fromkeys(tags))
        self._state.keep(KEPT, recent=[*newest, *(tag for tag in self.recent if tag not in newest)][:MOST_RECENT])

    @property
    def last(self) -> list[str]:
        """What the last picture was given by hand."""
        return _texts(self._state.of(KEPT).get("last"))

    @last.setter
    def last(self, tags: Sequence[str]) -> None:
        self._state.keep(KEPT, last=list(tags))

    @property
    def sets(self) -> dict[str, list[str]]:
        """Number → its tags."""
        kept = self._state.of(KEPT).get("sets")
        found = kept if isinstance(kept, dict) else {}
        return {number: tags for number in NUMBERS if (tags := _texts(found.get(number)))}

    def save(self, number: str, tags: Sequence[str]) -> None:
        """Keep tags under a number; no tags forget it."""
        self._state.keep(KEPT, sets={**self.sets, number: list(tags)})


def _texts(kept: Any) -> list[str]:
    return [item for item in kept if isinstance(item, str)] if isinstance(kept, list) else []
