"""What happens while things are made: from the engine's events to the log, the meters, and whoever follows.

What this process makes is told as it happens. What another one makes is learned from the ledger: the event that brought
its job where it stands. Each listener has a bounded line; one that is too slow loses the oldest, and looks anew.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import structlog

from api.meters import Meters
from ontology.errors import CallsheetError

if TYPE_CHECKING:  # the engine is loaded when something is made
    from generation.events import Event
    from generation.service import Generation

LONGEST_LINE: Final = 1000
_REMEMBERED: Final = 1000

Line = deque[dict[str, Any]]

log = structlog.stdlib.get_logger("generation")


class Happenings:
    """The listeners of one process. Thread-safe."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters
        self._lock = threading.Lock()
        self._lines: list[Line] = []
        self._told: OrderedDict[str, set[str]] = OrderedDict()
        self._looking = threading.Lock()
        self._states: dict[int, str] | None = None
        self._newest = 0

    def tell(self, event: "Event") -> None:
        """A hook of the engine."""
        self._meters.made(event)
        if event.is_logged:
            said = event.to_json()
            level = said.pop("level")
            getattr(log, level)(said.pop("event"), **said)
        with self._lock:
            told = self._told.setdefault(event.job, set())
            if event.name in {"generation.queued", "generation.started"}:
                told.clear()
            told.add(event.name)
            self._told.move_to_end(event.job)
            while len(self._told) > _REMEMBERED:
                self._told.popitem(last=False)
            self._hand_out(event)

    def _hand_out(self, event: "Event") -> None:
        for line in self._lines:
            line.append(event.to_json())

    @contextmanager
    def line(self) -> Iterator[Line]:
        """What happens from now on, the oldest first; the listener takes it from the left."""
        line: Line = deque(maxlen=LONGEST_LINE)
        with self._lock:
            self._lines.append(line)
        try:
            yield line
        finally:
            with self._lock:
                self._lines = [one for one in self._lines if one is not line]

    def take_note(self, generation: Callable[[], "Generation"]) -> None:
        """Look for the first time, unless somebody did: what happens from now on is told to whoever listens."""
        with self._looking:
            if self._states is None:
                self._look(generation)

    def look(self, generation: Callable[[], "Generation"]) -> None:
        """Learn from the ledger what other processes did since the last look. The first look only takes note."""
        with self._looking:
            self._look(generation)

    def _look(self, generation: Callable[[], "Generation"]) -> None:
        from generation.engine.telling import event_of  # noqa: PLC0415  # see above
        from generation.ledger import jobs  # noqa: PLC0415  # see above
        from generation.ledger.ordering import newest_key, states_after  # noqa: PLC0415  # see above
        from generation.ledger.states import OPEN  # noqa: PLC0415  # see above

        book = generation().context.book
        is_there = book.database.exists()
        before = self._states
        if before is None:
            self._newest = newest_key(book) if is_there else 0
        # one that began and ended between two looks was never seen open
        now: dict[int, str] = dict(states_after(book, self._newest)) if is_there else {}
        self._newest = max([self._newest, *now])
        self._states = {key: state for key, state in now.items() if state in OPEN}
        if before is None:
            return
        changed = [key for key in {*before, *now} if before.get(key) != now.get(key)]
        for key in sorted(changed):
            with suppress(CallsheetError):
                event = event_of(jobs.get_job(book, key))
                with self._lock:
                    if event.name not in self._told.get(event.job, ()):
                        self._hand_out(event)

    def forget(self) -> None:
        """Nobody looks any more: the next look takes note anew. Where one is under way, its note is as good."""
        self._states = None
