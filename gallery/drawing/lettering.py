"""Text in pictures: the font that Pillow carries, so that a picture looks the same on every machine."""

import unicodedata
from functools import lru_cache

from PIL import ImageFont

from ontology.escaping import escaped, visible

Font = ImageFont.FreeTypeFont
ELLIPSIS = "…"
_NO_CHARACTER = "\U0010ffff"


@lru_cache(maxsize=16)
def font(pixels: int) -> Font:
    """The font in a size. Raises RuntimeError where Pillow was built without FreeType: its wheels are not."""
    found = ImageFont.load_default(pixels)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise TypeError("this Pillow cannot draw letters: it was built without FreeType")
    return found


def drawable(text: str) -> str:
    r"""The text in letters that the font has: `é` becomes `e`, other letters and signs are escaped as `\u4e2d`."""
    shown = visible(text)
    return shown if shown.isascii() else "".join(map(_drawable, shown))


@lru_cache(maxsize=4096)
def _drawable(char: str) -> str:
    if _has_glyph(char):
        return char
    base = unicodedata.normalize("NFKD", char)[0]
    return base if base.isascii() else escaped(char)


def _has_glyph(char: str) -> bool:
    if char.isascii():
        return True
    letters = font(16)
    return bytes(letters.getmask(char)) != bytes(letters.getmask(_NO_CHARACTER))


def shortened(text: str, letters: Font, pixels: float) -> str:
    """Drawable text of at most so many pixels; what is too long ends in `…`."""
    if letters.getlength(text) <= pixels:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if letters.getlength(text[:middle].rstrip() + ELLIPSIS) <= pixels:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS if low else ""


def wrapped(text: str, letters: Font, pixels: float, lines: int) -> list[str]:
    """The words of a drawable text on at most so many lines; the last one is shortened where there are more."""
    made: list[str] = []
    rest = text.split()
    while rest and len(made) < lines - 1:
        taken = 1
        while taken < len(rest) and letters.getlength(" ".join(rest[: taken + 1])) <= pixels:
            taken += 1
        made.append(shortened(" ".join(rest[:taken]), letters, pixels))
        rest = rest[taken:]
    return [*made, shortened(" ".join(rest), letters, pixels)] if rest else made
