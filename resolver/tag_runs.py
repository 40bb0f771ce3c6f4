"""The tag numbers of each asset, by position, in one flat array."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, repeat

_FIRST_COMPACTION = 65_536


class TagRuns:
    """An asset has `counts` tags; their numbers stand in `flat` from `starts` on. A longer list goes to the end."""

    def __init__(
        self,
        starts: "array[int] | None" = None,
        counts: "array[int] | None" = None,
        flat: "array[int] | None" = None,
    ) -> None:
        self.starts = array("I") if starts is None else starts
        self.counts = array("I") if counts is None else counts
        self.flat = array("I") if flat is None else flat
        self._wasted = 0

    def __getitem__(self, position: int) -> "array[int]":
        start = self.starts[position]
        return self.flat[start : start + self.counts[position]]

    def append(self, numbers: Sequence[int]) -> None:
        """The tags of one more asset."""
        self.starts.append(len(self.flat))
        self.counts.append(len(numbers))
        self.flat.extend(numbers)

    def extend(self, counts: list[int], numbers: list[int]) -> None:
        """The tags of many more assets: how many each has, and the numbers of all of them."""
        starts = list(accumulate(counts, initial=len(self.flat)))
        self.starts.extend(array("I", starts[:-1]))
        self.counts.extend(array("I", counts))
        self.flat.extend(array("I", numbers))

    def beside(self, others: Iterable[int]) -> Iterable[int]:
        """For every tag of runs that were never replaced one of some others, which stand beside the assets."""
        return chain.from_iterable(map(repeat, others, self.counts))

    def swapped(self, positions: Sequence[int]) -> "TagRuns":
        """The tags of the assets at some positions, in their order; the flat array is shared."""
        starts, counts = (array("I", list(map(column.__getitem__, positions))) for column in (self.starts, self.counts))
        runs = TagRuns(starts, counts, self.flat)
        runs._wasted = self._wasted
        return runs

    def reordered(self, positions: Sequence[int]) -> "TagRuns":
        """The tags of the assets at some positions, in their order and close together."""
        runs = TagRuns()
        for position in positions:
            runs.append(self[position])
        return runs

    def without_repetitions(self) -> "TagRuns":
        """Each tag of an asset once, close together."""
        runs = TagRuns()
        for position in range(len(self.starts)):
            runs.append(list(dict.fromkeys(self[position])))
        return runs

    def replace(self, position: int, numbers: "array[int]") -> None:
        """Other tags for an asset."""
        room, size = self.counts[position], len(numbers)
        self.counts[position] = size
        if size <= room:
            start = self.starts[position]
            self.flat[start : start + size] = numbers
            self._wasted += room - size
            return
        self.starts[position] = len(self.flat)
        self.flat.extend(numbers)
        self._wasted += room
        if self._wasted > _FIRST_COMPACTION + len(self.flat) // 2:
            self._compact()

    def _compact(self) -> None:
        runs = self.reordered(range(len(self.starts)))
        self.starts, self.counts, self.flat, self._wasted = runs.starts, runs.counts, runs.flat, 0
