"""Asset ids by position in 9 bytes each, and positions by id in 8 bytes each."""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from operator import mod
from typing import Any

from resolver.bulk import exhaust
from resolver.candidate import AssetId, id_order
from resolver.snapshot import BIG_ENDIAN

NUMBER, HEX, ODD, GONE = range(4)
"""Kinds of packed ids: a whole number, `a` + 16 hex digits, anything else, and an id that was forgotten."""

_is_hex_id = re.compile(r"a[0-9a-f]{16}").fullmatch
_HEX_SIZE = 17
_HEX_DIGITS = b"0123456789abcdef"
_WORD = 2**64
_NOBODY = 2**32 - 1
"""Stands for the position after the last one of a drawer."""
_FIRST_DRAWERS = 1021
_MOST_IN_A_DRAWER = 2
"""In the mean. An id is compared with one or two others, each of which has to be fetched from far in memory."""


def packed(asset_id: AssetId) -> tuple[int, int]:
    """(kind, value) of an id. An odd one has no value of its own."""
    if isinstance(asset_id, int):
        return (NUMBER, asset_id) if 0 <= asset_id < _WORD else (ODD, 0)
    return (HEX, int(asset_id[1:], 16)) if _is_hex_id(asset_id) else (ODD, 0)


class PackedIds:
    """Ids in a row. Those that are packed are found in drawers, odd ones by a dictionary.

    Positions lie in a prime number of drawers, by the remainder of their value, each drawer a chain: `heads` has the
    last position put into it, `nexts` for each position the one that was put there before it. One more drawer, at the
    end, is for positions that nobody looks for.
    """

    def __init__(self) -> None:
        self.values = array("Q")
        self.kinds = bytearray()
        self.odd: dict[int, AssetId] = {}
        self.heads = _empty_drawers(_FIRST_DRAWERS)
        self.nexts = array("I")
        self._odd_positions: dict[AssetId, int] = {}
        self._is_filed = True

    @classmethod
    def restored(
        cls,
        values: "array[int]",
        kinds: bytearray,
        odd: dict[int, AssetId],
        heads: "array[int]",
        nexts: "array[int]",
    ) -> "PackedIds":
        """Ids whose columns were stored after a filing."""
        self = cls()
        self.values, self.kinds, self.odd = values, kinds, odd
        self.heads, self.nexts = heads, nexts
        self._odd_positions = {asset_id: position for position, asset_id in odd.items()}
        return self

    def __len__(self) -> int:
        """How many positions there are, those of forgotten ids among them."""
        return len(self.kinds)

    def append(self, asset_id: AssetId) -> int:
        """Put an id behind all others, which are filed; its position."""
        position = self._put(asset_id)
        if len(self.kinds) > _MOST_IN_A_DRAWER * len(self.heads):
            self._is_filed = False
            self.file()
            return position
        size = len(self.heads) - 1
        drawer = size if self.kinds[position] == ODD else self.values[position] % size
        self.nexts.append(self.heads[drawer])
        self.heads[drawer] = position
        return position

    def extend(self, asset_ids: Sequence[AssetId]) -> None:
        """Put many ids behind all others. They are found after `file`."""
        self._is_filed = False
        if not (self._extend_by_hex(asset_ids) or self._extend_by_numbers(asset_ids)):
            exhaust(map(self._put, asset_ids))

    def taken(self, positions: Sequence[int]) -> "PackedIds":
        """The ids at some positions, in their order. They are found after `file`."""
        ids = PackedIds()
        ids._is_filed = False
        ids.values = array("Q", list(map(self.values.__getitem__, positions)))
        if self._is_uniform():
            ids.kinds = self.kinds[:1] * len(positions)
        else:
            ids.kinds = bytearray(map(self.kinds.__getitem__, positions))
        if self.odd:
            ids.odd = {place: self.odd[position] for place, position in enumerate(positions) if position in self.odd}
            ids._odd_positions = {asset_id: place for place, asset_id in ids.odd.items()}
        return ids

    def forget(self, position: int) -> None:
        """Mark a position as empty."""
        if self.kinds[position] == ODD:
            del self._odd_positions[self.odd.pop(position)]
        self.kinds[position] = GONE

    def __getitem__(self, position: int) -> AssetId:
        kind = self.kinds[position]
        if kind == ODD:
            return self.odd[position]
        value = self.values[position]
        return value if kind == NUMBER else f"a{value:016x}"

    def position(self, asset_id: AssetId) -> int | None:
        """Where an id stands; None where it does not."""
        kind, value = packed(asset_id)
        if kind == ODD:
            return self._odd_positions.get(asset_id)
        values = self.values
        position = self.heads[value % (len(self.heads) - 1)]
        while position != _NOBODY:
            if values[position] == value and self.kinds[position] == kind:
                return position
            position = self.nexts[position]
        return None

    def positions(self) -> Iterator[int]:
        """The positions that hold an id, in order."""
        return (position for position, kind in enumerate(self.kinds) if kind != GONE)

    def file(self) -> None:
        """Make everything findable in drawers of about one id each."""
        if self._is_filed:
            return
        size = _prime(len(self.kinds))
        drawers: Iterable[int] = map(mod, self.values, repeat(size))
        if not self._is_uniform():
            usual = (NUMBER, HEX)
            drawers = (drawer if kind in usual else size for drawer, kind in zip(drawers, self.kinds, strict=True))
        self.heads, self.nexts = heads, nexts = _empty_drawers(size), array("I")
        follow = nexts.append
        for position, drawer in enumerate(drawers):
            follow(heads[drawer])
            heads[drawer] = position
        self._is_filed = True

    def order(self) -> Callable[[int], Any]:
        """A key to sort positions by their ids, numbers before texts."""
        if self._is_uniform():
            return self.values.__getitem__
        return lambda position: id_order(self[position])

    def _is_uniform(self) -> bool:
        """Whether all are numbers, or all are of hexadecimal digits."""
        return len(self.kinds) in (self.kinds.count(NUMBER), self.kinds.count(HEX))

    def _put(self, asset_id: AssetId) -> int:
        kind, value = packed(asset_id)
        position = len(self.kinds)
        self.kinds.append(kind)
        self.values.append(value)
        if kind == ODD:
            self.odd[position] = asset_id
            self._odd_positions[asset_id] = position
        return position

    def _extend_by_hex(self, asset_ids: Sequence[AssetId]) -> bool:
        """Put in ids that are all of the kind HEX; else nothing, and False."""
        if set(map(type, asset_ids)) != {str}:
            return False
        texts: Sequence[str] = asset_ids  # type: ignore[assignment]  # just looked at
        if set(map(len, texts)) != {_HEX_SIZE}:
            return False
        digits = bytearray("".join(texts).encode("utf-8", "surrogatepass"))
        heads = digits[::_HEX_SIZE]
        del digits[::_HEX_SIZE]
        if heads != b"a" * len(texts) or digits.translate(None, _HEX_DIGITS):
            return False
        values = array("Q", bytes.fromhex(digits.decode("ascii")))
        if not BIG_ENDIAN:
            values.byteswap()
        self.values += values
        self.kinds += bytes((HEX,)) * len(texts)
        return True

    def _extend_by_numbers(self, asset_ids: Sequence[AssetId]) -> bool:
        """Put in ids that are all of the kind NUMBER; else nothing, and False."""
        if not set(map(type, asset_ids)) <= {int}:
            return False
        numbers: Sequence[int] = asset_ids  # type: ignore[assignment]  # just looked at
        try:
            values = array("Q", list(numbers))
        except OverflowError:
            return False
        self.values += values
        self.kinds += bytes((NUMBER,)) * len(values)
        return True


def _empty_drawers(size: int) -> "array[int]":
    """So many drawers without anything in them, and the one that is never looked into."""
    return array("I", (_NOBODY,)) * (size + 1)


def _prime(least: int) -> int:
    """The first prime number from here on: no pattern of ids but its own multiples falls into few drawers."""
    number = max(2, least)
    while any(number % divisor == 0 for divisor in range(2, int(number**0.5) + 1)):
        number += 1
    return number
