"""The order in which pictures are tagged, which of them still need it, and how fast it goes."""

from array import array
from collections import deque
from collections.abc import Iterable

from tui.listing import id_of, number_of

WINDOW_SECONDS = 120.0
"""The pace is that of so long a time."""


class TagQueue:
    """Pictures in order. `untagged`: those of them that still need tags. Eight bytes for each of the first."""

    def __init__(self, order: "array[int]", untagged: Iterable[int]) -> None:
        self._order = order
        self._untagged = set(untagged)
        self.place = 0

    def __len__(self) -> int:
        return len(self._order)

    @property
    def remaining(self) -> int:
        """How many still need tags."""
        return len(self._untagged)

    @property
    def current(self) -> str | None:
        """The picture that is being tagged; None where there is none."""
        return id_of(self._order[self.place]) if self._order else None

    def go_to(self, asset_id: str) -> bool:
        """Stand on a picture; whether it is in the order."""
        try:
            self.place = self._order.index(number_of(asset_id))
        except ValueError:
            return False
        return True

    def step(self, by: int) -> bool:
        """The next or the previous in order; whether there is one."""
        place = self.place + by
        if not 0 <= place < len(self._order):
            return False
        self.place = place
        return True

    def next_untagged(self, *, from_here: bool = False) -> bool:
        """Go to the next that needs tags, from the end on to the beginning; whether there is another one."""
        size = len(self._order)
        if not (size and self._untagged):
            return False
        for distance in range(0 if from_here else 1, size + (1 if from_here else 0)):
            place = (self.place + distance) % size
            if self._order[place] in self._untagged:
                self.place = place
                return True
        return False

    def settle(self, asset_id: str, *, untagged: bool) -> None:
        """Note whether a picture still needs tags."""
        number = number_of(asset_id)
        if untagged:
            self._untagged.add(number)
        else:
            self._untagged.discard(number)

    def settle_all(self, untagged: Iterable[int], *, but: Iterable[str] = ()) -> None:
        """Note anew which pictures need tags; of those in `but` it is not known yet, and they stay as they are."""
        undecided = set(map(number_of, but))
        self._untagged = (set(untagged) - undecided) | (self._untagged & undecided)


class Pace:
    """How many pictures a minute are tagged. Moments are seconds of a clock that only rises."""

    def __init__(self) -> None:
        self._done: deque[tuple[float, str]] = deque()

    def tagged(self, asset_id: str, moment: float) -> None:
        """A picture was tagged; once more soon after counts no second time."""
        if all(done != asset_id for _, done in self._done):
            self._done.append((moment, asset_id))

    def per_minute(self, moment: float) -> float | None:
        """Pictures a minute over the last two; None before there are two pictures."""
        while self._done and moment - self._done[0][0] > WINDOW_SECONDS:
            self._done.popleft()
        if len(self._done) < 2:  # noqa: PLR2004  # one picture has no distance to another
            return None
        span = moment - self._done[0][0]
        return (len(self._done) - 1) * 60 / span if span > 0 else None
