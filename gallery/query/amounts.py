"""Numbers, sizes and ratios as a query writes them: `3`, `>=3`, `2..5`, `..5`, `1.5mb`, `16:9`, `landscape`."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from gallery.query.faults import ValueFault, shown
from gallery.query.tree import Ratio

T = TypeVar("T")

LARGEST = 10**15
"""No number of a query is larger."""

BYTES = {"b": 1, "k": 10**3, "kb": 10**3, "m": 10**6, "mb": 10**6, "g": 10**9, "gb": 10**9, "kib": 2**10}
BYTES |= {"mib": 2**20, "gib": 2**30}
MILLISECONDS = {"": 1000, "s": 1000, "ms": 1, "min": 60_000, "h": 3_600_000}
"""A number alone is one of seconds."""
PIXELS = {"k": 10**3, "m": 10**6, "mp": 10**6}

TOLERANCE = Fraction(1, 100)
"""How far a ratio may be from the one that is named: pictures are rounded to whole pixels, often to eights."""

_SIDES = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)
_NUMBER = re.compile(r"([0-9]{1,16}(?:\.[0-9]{1,6})?)([a-z]*)")
_RATIO = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,4})?)(?:[:/]([0-9]{1,5}(?:\.[0-9]{1,4})?))?")


class Bounds(NamedTuple, Generic[T]):
    """The two sides of a value, and whether each belongs to it. One value alone is both sides."""

    low: T | None
    high: T | None
    low_open: bool = False
    high_open: bool = False


def bounds(text: str, read: Callable[[str], T]) -> Bounds[T]:
    """`>=A`, `A..B`, `A..`, `..B`, `A`, each side read by the function. Raises `ValueFault`."""
    sign, value = _SIDES.fullmatch(text).groups()  # type: ignore[union-attr]  # it matches any text
    low, dots, high = value.partition("..")
    if dots:
        if sign or not (low or high):
            raise ValueFault(f"{shown(text)} is no range", "write A..B, A.. or ..B")
        return Bounds(read(low) if low else None, read(high) if high else None)
    side = read(value)
    if sign in {">", ">="}:
        return Bounds(side, None, low_open=sign == ">")
    if sign in {"<", "<="}:
        return Bounds(None, side, high_open=sign == "<")
    return Bounds(side, side)


def whole_bounds(text: str, units: Mapping[str, int]) -> tuple[int | None, int | None]:
    """Both bounds as whole numbers that belong to it. Raises `ValueFault`, also where nothing can lie between."""
    found = bounds(text.lower(), lambda side: _whole(side, units))
    low = found.low + 1 if found.low is not None and found.low_open else found.low
    high = found.high - 1 if found.high is not None and found.high_open else found.high
    if low is not None and high is not None and low > high:
        raise ValueFault(f"{shown(text)} ends before it begins", "write the smaller side first")
    return low, high


def _whole(text: str, units: Mapping[str, int]) -> int:
    read = _NUMBER.fullmatch(text)
    if read is None or read[2] not in {"", *units}:
        names = ", ".join(filter(None, units))
        hint = "e.g. 3, >=3, 2..5, 2.., ..5" + (f"; units are {names}" if names else "")
        raise ValueFault(f"{shown(text)} is no number here" if text else "a number is missing", hint)
    value = Decimal(read[1]) * units.get(read[2], 1)
    if value != value.to_integral_value() or value > LARGEST:
        raise ValueFault(f"{shown(text)} is no whole number up to {LARGEST}", "leave the fraction out")
    return int(value)


def ratio(text: str) -> Ratio:
    """Width by height; a single ratio, `square` too, has the tolerance. Raises `ValueFault`."""
    word = text.lower()
    if word == "landscape":
        return Ratio(1 + TOLERANCE, None, low_open=True)
    if word == "portrait":
        return Ratio(None, 1 - TOLERANCE, high_open=True)
    found = bounds("1" if word == "square" else word, _ratio)
    if found.low is not None and found.low == found.high:
        return Ratio(found.low * (1 - TOLERANCE), found.low * (1 + TOLERANCE))
    if found.low is not None and found.high is not None and found.low > found.high:
        raise ValueFault(f"{shown(text)} ends before it begins", "write the smaller ratio first")
    return Ratio(*found)


def _ratio(text: str) -> Fraction:
    read = _RATIO.fullmatch(text)
    sides = [Fraction(side) for side in read.groups() if side is not None] if read else []
    if not sides or not all(sides):
        raise ValueFault(
            f"{shown(text)} is no ratio" if text else "a ratio is missing",
            "e.g. 16:9, 1.78, >1, 4:3..16:9, landscape, portrait, square",
        )
    return sides[0] / sides[1] if len(sides) > 1 else sides[0]
