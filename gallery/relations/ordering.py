"""Places in an order: texts that sort as their elements stand. Between any two there is room, without moving others.

A place is a fraction in hexadecimal digits, at least 12 of them. Its last four come from the element itself, so that
two elements that were put at one spot at different times do not get the same place.
"""

import hashlib
from collections.abc import Iterator, Sequence

_DIGITS = 12
_OWN_DIGITS = 4
_STEP = 16**5
_END = 16**_DIGITS


def places_between(low: str | None, high: str | None, elements: Sequence[str]) -> list[str]:
    """A place for each element, in order, all of them above `low` and below `high` (None: no bound)."""
    numbers, digits = _numbers(low, high, len(elements))
    return [f"{number:0{digits}x}{_own(element)}" for number, element in zip(numbers, elements, strict=True)]


def _numbers(low: str | None, high: str | None, count: int) -> tuple[Iterator[int], int]:
    """Rising numbers of so many digits, evenly apart: at an open end in steps, else in what room there is."""
    span = _STEP * (count + 1)
    floor = 0 if low is None else _number(low, _DIGITS)
    ceiling = _END if high is None else _number(high, _DIGITS)
    if low is None and high is None:
        floor = (_END - span) // 2 if span < _END else 0
    if high is None and floor + span < _END:
        ceiling = floor + span
    elif low is None and ceiling > span:
        floor = ceiling - span
    digits = _DIGITS
    while (step := (ceiling - floor) // (count + 1)) < 1:
        digits += _OWN_DIGITS
        floor = 0 if low is None else _number(low, digits)
        ceiling = 16**digits if high is None else _number(high, digits)
    return iter(range(floor + step, floor + step * (count + 1), step)), digits


def _number(place: str, digits: int) -> int:
    return int(place[:digits].ljust(digits, "0"), 16)


def _own(element: str) -> str:
    return hashlib.sha256(element.encode()).hexdigest()[:_OWN_DIGITS]
