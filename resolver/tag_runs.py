"""The tag numbers of each asset, by position, in one flat array."""

from array import array
from collections.abc import Sequence

_FIRST_COMPACTION = 65_536


class TagRuns:
    """`flat[start]` is how many tags an asset has, its tag numbers follow. A longer list is written anew at the end."""

    def __init__(self, starts: "array[int] | None" = None, flat: "array[int] | None" = None) -> None:
        self.starts = array("I") if starts is None else starts
        self.flat = array("I") if flat is None else flat
        self._wasted = 0

    def __getitem__(self, position: int) -> "array[int]":
        start = self.starts[position]
        return self.flat[start + 1 : start + 1 + self.flat[start]]

    def append(self, numbers: Sequence[int]) -> None:
        """The tags of one more asset."""
        self.starts.append(len(self.flat))
        self.flat.append(len(numbers))
        self.flat.extend(numbers)

    def reordered(self, order: Sequence[int]) -> "TagRuns":
        """The tags of the assets at some positions, in their order and close together."""
        runs = TagRuns()
        flat, starts = self.flat, self.starts
        for position in order:
            start = starts[position]
            runs.starts.append(len(runs.flat))
            runs.flat.extend(flat[start : start + 1 + flat[start]])
        return runs

    def replace(self, position: int, numbers: Sequence[int]) -> None:
        """Other tags for an asset."""
        start = self.starts[position]
        room = self.flat[start]
        if len(numbers) <= room:
            self.flat[start : start + 1 + len(numbers)] = array("I", (len(numbers), *numbers))
            self._wasted += room - len(numbers)
            return
        self.starts[position] = len(self.flat)
        self.flat.append(len(numbers))
        self.flat.extend(numbers)
        self._wasted += room + 1
        if self._wasted > _FIRST_COMPACTION + len(self.flat) // 2:
            self._compact()

    def _compact(self) -> None:
        runs = self.reordered(range(len(self.starts)))
        self.starts, self.flat, self._wasted = runs.starts, runs.flat, 0
