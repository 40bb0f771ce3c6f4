"""Steps over millions of values at once, in C: going through them in Python takes several times as long."""

from array import array
from collections import deque
from collections.abc import Iterable

from pyroaring import BitMap


def exhaust(steps: Iterable[object]) -> None:
    """Carry out all steps for what they do."""
    deque(steps, maxlen=0)


def grouped(numbers: Iterable[int], documents: Iterable[int], count: int) -> list[BitMap]:
    """For each number below `count` the documents that stand beside it; best where they come in falling order."""
    found = [array("I") for _ in range(count)]
    exhaust(map(array.append, map(found.__getitem__, numbers), documents))
    return list(map(_bitmap, found))


def _bitmap(documents: "array[int]") -> BitMap:
    documents.reverse()  # a bitmap fills four times as fast from below
    return BitMap(documents)
