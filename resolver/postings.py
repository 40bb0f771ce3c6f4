"""Tag → the documents that carry it, as bitmaps. Tags are numbered in the order in which they first came."""

from collections.abc import Collection, Iterator, Sequence
from typing import cast

from pyroaring import BitMap

from ontology.normalize import clean

Stored = Sequence[memoryview]


class Postings:
    """A bitmap for each stored tag. Bitmaps from a snapshot are read when they are first needed."""

    def __init__(self, names: Sequence[str] = (), stored: Stored = ()) -> None:
        self.names = list(names)
        self._numbers = {name: number for number, name in enumerate(self.names)}
        self._bitmaps: list[BitMap | None] = [None] * len(self.names)
        self._stored = stored
        self.edits = 0
        """Rises whenever somebody changes the documents of a tag: whoever does so raises it."""

    def __len__(self) -> int:
        """How many different tags have been seen."""
        return len(self.names)

    def number(self, name: str) -> int:
        """The number of a tag, a new one where it was never seen."""
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = len(self.names)
            self.names.append(name)
            self._bitmaps.append(BitMap())
        return found

    def known(self, name: str) -> int | None:
        """The number of a clean tag that was seen; None for another."""
        return self._numbers.get(name)

    def spelled(self, tag: str) -> int:
        """The number of a tag however it is spelled, a new one where it was never seen."""
        found = self._numbers.get(tag)
        return self.number(clean(tag)) if found is None else found

    def numbers(self, spelled: Collection[str]) -> list[int]:
        """The numbers of an asset's tags as they are spelled, each once; new ones where they were never seen."""
        found = list(map(self._numbers.get, spelled))
        if None in found:
            found = list(map(self.spelled, spelled))
        numbers = cast("list[int]", found)
        return numbers if len(set(numbers)) == len(numbers) else list(dict.fromkeys(numbers))

    def at(self, number: int) -> BitMap:
        """The documents that carry a tag, by its number."""
        found = self._bitmaps[number]
        if found is None:
            found = self._bitmaps[number] = BitMap.deserialize(bytes(self._stored[number]))
        return found

    def put(self, number: int, documents: BitMap) -> None:
        """Set the documents of a tag."""
        self._bitmaps[number] = documents
        self.edits += 1

    def serialized(self) -> Iterator[bytes | memoryview]:
        """Every bitmap as bytes, by number; those that were never read are passed on as they are."""
        for number, found in enumerate(self._bitmaps):
            yield self._stored[number] if found is None else found.serialize()
