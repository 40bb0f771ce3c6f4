"""Letters for placeholders: DejaVu where the system has it, as it knows most alphabets; else the font of Pillow."""

from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

from gallery.drawing import lettering
from ontology.escaping import visible

Font = ImageFont.FreeTypeFont

_PLACES: Final = (
    Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
    Path("/usr/share/fonts/TTF/DejaVuSans.ttf"),
    Path("/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"),
    Path("/Library/Fonts/DejaVuSans.ttf"),
)


@lru_cache(maxsize=1)
def dejavu() -> Path | None:
    """Where DejaVu lies; None where it does not."""
    return next((place for place in _PLACES if place.is_file()), None)


@lru_cache(maxsize=16)
def font(pixels: int) -> Font:
    """The letters in a size."""
    found = dejavu()
    return lettering.font(pixels) if found is None else ImageFont.truetype(str(found), pixels)


def drawable(text: str) -> str:
    """The text in letters that the font has: as it is with DejaVu, in the nearest ASCII letters without."""
    return lettering.drawable(text) if dejavu() is None else visible(text)


def wrapped(text: str, letters: Font, pixels: float, lines: int) -> list[str]:
    """The words on at most so many lines; see `gallery.drawing.lettering`."""
    return lettering.wrapped(text, letters, pixels, lines)
