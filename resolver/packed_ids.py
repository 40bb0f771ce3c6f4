"""Asset ids by position in 9 bytes each, and positions by id in 12 bytes each."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from resolver.candidate import AssetId

NUMBER, HEX, ODD, GONE = range(4)
"""Kinds of packed ids: a whole number, `a` + 16 hex digits, anything else, and an id that was forgotten."""

_HEX_ID = re.compile(r"a[0-9a-f]{16}")
_WORD = 2**64
_FIRST_MERGE = 1024


def packed(asset_id: AssetId) -> tuple[int, int]:
    """(kind, value) of an id. An odd one has no value of its own."""
    if isinstance(asset_id, int):
        return (NUMBER, asset_id) if 0 <= asset_id < _WORD else (ODD, 0)
    return (HEX, int(asset_id[1:], 16)) if _HEX_ID.fullmatch(asset_id) else (ODD, 0)


class PackedIds:
    """Ids in a row. Those put in since the last sorting are found by a dictionary, the others by bisection."""

    def __init__(self) -> None:
        self.values = array("Q")
        self.kinds = bytearray()
        self.odd: dict[int, AssetId] = {}
        self.sorted_values = array("Q")
        self.sorted_positions = array("I")
        self._recent: dict[AssetId, int] = {}

    @classmethod
    def restored(
        cls,
        values: "array[int]",
        kinds: bytearray,
        odd: dict[int, AssetId],
        sorted_values: "array[int]",
        sorted_positions: "array[int]",
    ) -> "PackedIds":
        """Ids whose columns were stored after a sorting."""
        self = cls()
        self.values, self.kinds, self.odd = values, kinds, odd
        self.sorted_values, self.sorted_positions = sorted_values, sorted_positions
        self._recent = {asset_id: position for position, asset_id in odd.items()}
        return self

    def __len__(self) -> int:
        """How many positions there are, those of forgotten ids among them."""
        return len(self.kinds)

    def append(self, asset_id: AssetId) -> int:
        """Put an id behind all others; its position."""
        position = self._put(asset_id)
        self._recent[asset_id] = position
        if len(self._recent) - len(self.odd) > _FIRST_MERGE + len(self.sorted_values) // 4:
            self.sort()
        return position

    def extend(self, asset_ids: Iterable[AssetId]) -> None:
        """Put many ids behind all others."""
        for asset_id in asset_ids:
            self._put(asset_id)
        self.sort()

    def forget(self, position: int) -> None:
        """Mark a position as empty."""
        asset_id = self[position]
        self.kinds[position] = GONE
        self.odd.pop(position, None)
        if self._recent.get(asset_id) == position:
            del self._recent[asset_id]

    def __getitem__(self, position: int) -> AssetId:
        kind = self.kinds[position]
        if kind == ODD:
            return self.odd[position]
        value = self.values[position]
        return value if kind == NUMBER else f"a{value:016x}"

    def position(self, asset_id: AssetId) -> int | None:
        """Where an id stands; None where it does not."""
        found = self._recent.get(asset_id)
        if found is not None:
            return found
        kind, value = packed(asset_id)
        if kind == ODD:
            return None
        place = bisect_left(self.sorted_values, value)
        while place < len(self.sorted_values) and self.sorted_values[place] == value:
            if self.kinds[self.sorted_positions[place]] == kind:
                return self.sorted_positions[place]
            place += 1
        return None

    def positions(self) -> Iterator[int]:
        """The positions that hold an id, in order."""
        return (position for position, kind in enumerate(self.kinds) if kind != GONE)

    def sort(self) -> None:
        """Make everything findable by bisection; odd ids stay in the dictionary."""
        plain = [position for position, kind in enumerate(self.kinds) if kind in (NUMBER, HEX)]
        ordered: Sequence[int] = sorted(plain, key=self.values.__getitem__)
        self.sorted_positions = array("I", ordered)
        self.sorted_values = array("Q", map(self.values.__getitem__, ordered))
        self._recent = {asset_id: position for position, asset_id in self.odd.items()}

    def _put(self, asset_id: AssetId) -> int:
        kind, value = packed(asset_id)
        position = len(self.kinds)
        self.kinds.append(kind)
        self.values.append(value)
        if kind == ODD:
            self.odd[position] = asset_id
        return position
