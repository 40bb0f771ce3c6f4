"""Values of the options of a step: what may be written, and what it is read as. Pure."""

import re
from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import Any, Final

from ontology.escaping import visible

Colour = tuple[int, int, int, int]
"""Red, green, blue and alpha, 0 to 255 each."""
Reader = Callable[[Any], Any]
"""Takes what was written; raises `ValueFault`."""

MOST_PIXELS: Final = 40_000_000
"""As many as the gallery takes in."""
LONGEST_SIDE: Final = 16_384
MOST_SECONDS: Final = 600
"""A fade and the like is no longer."""

NAMED_COLOURS: Final = {
    "transparent": (0, 0, 0, 0),
    "white": (255, 255, 255, 255),
    "black": (0, 0, 0, 255),
    "grey": (128, 128, 128, 255),
    "gray": (128, 128, 128, 255),
    "red": (255, 0, 0, 255),
    "green": (0, 255, 0, 255),
    "blue": (0, 0, 255, 255),
    "magenta": (255, 0, 255, 255),
    "yellow": (255, 255, 0, 255),
    "cyan": (0, 255, 255, 255),
}
POSITIONS: Final = {
    "center": (0.5, 0.5),
    "centre": (0.5, 0.5),
    "top": (0.5, 0.0),
    "bottom": (0.5, 1.0),
    "left": (0.0, 0.5),
    "right": (1.0, 0.5),
    "top-left": (0.0, 0.0),
    "top-right": (1.0, 0.0),
    "bottom-left": (0.0, 1.0),
    "bottom-right": (1.0, 1.0),
}
"""Where something lies in something larger: the share of the free room to its left and above it."""

_SIZE = re.compile(r"(\d{1,5})\s*[x×*]\s*(\d{1,5})")
_RATIO = re.compile(r"(\d{1,5}(?:\.\d{1,4})?)\s*[:/]\s*(\d{1,5}(?:\.\d{1,4})?)")
_HEX = re.compile(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_DECIBELS = re.compile(r"(-?\d{1,3}(?:\.\d{1,4})?)\s*(?:db|dbfs|dbtp|lufs|lkfs)?")
_TIME = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*(ms|s|sec|seconds)?")
_RATE = re.compile(r"(\d{1,7}(?:\.\d{1,4})?)\s*(k|m)?\s*(?:bps|bit/s|bits|hz|hertz)?")
_SPOT = re.compile(r"(-?\d{1,5})\s*,\s*(-?\d{1,5})")
_SHORT_HEX: Final = 4
_CHANNELS: Final = (3, 4)
_PAIR: Final = 2
_BYTE: Final = 255


class ValueFault(ValueError):  # noqa: N818  # told as a finding, with the place added
    """What is wrong with a value, and the way out."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def shown(value: object) -> str:
    """A value as messages show it."""
    return visible(value if isinstance(value, str) else repr(value), limit=60)


def near(name: str, known: Collection[str]) -> str:
    """The hint for a name that is not known."""
    close = get_close_matches(name.lower(), list(known), 1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"


def size(value: Any) -> tuple[int, int]:
    """`32x32`, or a list of two: width and height in pixels."""
    if isinstance(value, list) and len(value) == _PAIR and all(type(side) is int for side in value):
        value = f"{value[0]}x{value[1]}"
    found = _SIZE.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS):
        most = f"a side has at most {LONGEST_SIDE} pixels, a picture {MOST_PIXELS // 1_000_000} million"
        raise ValueFault(f"`{shown(value)}` is not a size in pixels", f"write 512x512; {most}")
    return width, height


def ratio(value: Any) -> float:
    """`16:9`: width by height."""
    found = _RATIO.fullmatch(value.strip()) if isinstance(value, str) else None
    width, height = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if not width or not height or not 1 / 100 <= width / height <= 100:  # noqa: PLR2004  # thinner is a slip
        raise ValueFault(f"`{shown(value)}` is not a ratio of width to height", 'write "16:9"')
    return width / height


def colour(value: Any) -> Colour:
    """`#rgb`, `#rrggbb`, `#rrggbbaa`, `[r, g, b]` or one of a few names."""
    if (
        isinstance(value, list)
        and len(value) in _CHANNELS
        and all(type(part) is int and 0 <= part <= _BYTE for part in value)
    ):
        red, green, blue, *alpha = value
        return red, green, blue, alpha[0] if alpha else 255
    text = value.strip().lower() if isinstance(value, str) else ""
    if text in NAMED_COLOURS:
        return NAMED_COLOURS[text]
    found = _HEX.fullmatch(text)
    if found is None:
        raise ValueFault(f"`{shown(value)}` is not a colour", 'write "#ff00aa" (quoted), or white, black, transparent')
    digits = "".join(digit * 2 for digit in found[1]) if len(found[1]) <= _SHORT_HEX else found[1]
    red, green, blue, *alpha = bytes.fromhex(digits)
    return red, green, blue, alpha[0] if alpha else 255


def key_colour(value: Any) -> Colour | None:
    """A colour, or `auto` (None) for that of the corners."""
    return None if isinstance(value, str) and value.strip().lower() == "auto" else colour(value)


def colours(value: Any) -> tuple[Colour, ...]:
    """A list of colours."""
    if not isinstance(value, list) or not value:
        raise ValueFault(f"`{shown(value)}` is not a list of colours", 'write ["#112233", "#ddeeff"]')
    return tuple(colour(part) for part in value)


def position(value: Any) -> tuple[float, float] | tuple[int, int]:
    """A name such as `top-left`, as two shares of the free room; or `12,40`, as pixels from the upper left corner."""
    if isinstance(value, list) and len(value) == _PAIR and all(type(part) is int for part in value):
        value = f"{value[0]},{value[1]}"
    text = value.strip().lower().replace("_", "-").replace(" ", "-") if isinstance(value, str) else ""
    if text in POSITIONS:
        return POSITIONS[text]
    found = _SPOT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueFault(f"`{shown(value)}` is not a position", near(text, POSITIONS) if text else 'write "12,40"')
    return int(found[1]), int(found[2])


def whole(least: int, most: int) -> Reader:
    """A whole number."""

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueFault(f"`{shown(value)}` is not a whole number from {least} to {most}", f"write {least}")
        return value

    return read


def number(least: float, most: float) -> Reader:
    """A number, whole or not."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ValueFault(f"`{shown(value)}` is not a number from {least:g} to {most:g}", f"write {most:g} or less")
        return float(value)

    return read


def choice(*known: str, also: dict[str, str] | None = None) -> Reader:
    """One of some words; `also`: other spellings of them."""
    others = also or {}

    def read(value: Any) -> str:
        text = value.strip().lower().replace("_", "-") if isinstance(value, str) else ""
        text = others.get(text, text)
        if text not in known:
            raise ValueFault(f"`{shown(value)}` is not known here", near(text, known))
        return text

    return read


def each(read: Reader) -> Reader:
    """One value or a list of values, every one once."""

    def read_each(value: Any) -> tuple[Any, ...]:
        listed = value if isinstance(value, list) else [value]
        if not listed:
            raise ValueFault("the list is empty", "write at least one")
        return tuple(dict.fromkeys(map(read, listed)))

    return read_each


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueFault(f"`{shown(value)}` is neither true nor false", "write true or false, without quotes")
    return value


def text(value: Any) -> str:
    """Some text."""
    if not isinstance(value, str) or not value.strip():
        raise ValueFault(f"`{shown(value)}` is not a text", "write a text")
    return value.strip()


def seconds_range(value: Any) -> tuple[float, float]:
    """Two numbers of seconds, the lesser first."""
    ends = value if isinstance(value, list) else []
    fit = len(ends) == _PAIR and all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends)
    if not fit or not 0 <= ends[0] <= ends[1]:
        raise ValueFault(f"`{shown(value)}` is not a range of seconds", "write [0.2, 0.6]")
    return float(ends[0]), float(ends[1])


def decibels(least: float, most: float) -> Reader:
    """A level: a number of decibels, or a text such as `-1.0 dB` or `-16 LUFS`."""

    def read(value: Any) -> float:
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        found = _DECIBELS.fullmatch(f"{value}".strip().lower()) if plain or isinstance(value, str) else None
        if found is None or not least <= float(found[1]) <= most:
            raise ValueFault(
                f"`{shown(value)}` is not a level from {least:g} to {most:g} dB", f"write {most:g} or less"
            )
        return float(found[1])

    return read


def loudness_range(value: Any) -> tuple[float, float]:
    """A loudness in LUFS, give or take 1, or a list of two."""
    read = decibels(-70, 0)
    if isinstance(value, list):
        if len(value) != _PAIR:
            raise ValueFault(f"`{shown(value)}` is not a range of loudness", "write [-18, -14]")
        low, high = map(read, value)
        return min(low, high), max(low, high)
    level = read(value)
    return level - 1, level + 1


def seconds(value: Any) -> float:
    """A time: a number of seconds, or a text such as `50 ms`."""
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    found = _TIME.fullmatch(f"{value}".strip().lower()) if plain or isinstance(value, str) else None
    time = float(found[1]) / (1000 if found[2] == "ms" else 1) if found else 0.0
    if found is None or time > MOST_SECONDS:
        raise ValueFault(f"`{shown(value)}` is not a time up to {MOST_SECONDS} seconds", "write 0.05, or 50 ms")
    return time


def rate(least: int, most: int, example: str) -> Reader:
    """So many in a second: a number, or a text such as `192k` or `44.1 kHz`."""

    def read(value: Any) -> int:
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        found = _RATE.fullmatch(f"{value}".strip().lower()) if plain or isinstance(value, str) else None
        number = round(float(found[1]) * {"k": 1000, "m": 1_000_000}.get(found[2], 1)) if found else 0
        if not least <= number <= most:
            raise ValueFault(f"`{shown(value)}` is not a number from {least} to {most}", f"write {example}")
        return number

    return read
