"""The picture of a sound: bars of its peaks, and in them its strength, on clear ground. It needs the extra `audio`."""

from typing import Final

from PIL import Image, ImageDraw

from gallery.sounds.outline import Outline

WIDTH, HEIGHT = 256, 144
_BARS: Final = 64
_SCALE: Final = 4  # it is drawn larger and shrunk: edges become smooth
_BAR: Final = 3
_PEAK: Final = (88, 134, 232, 120)
_STRENGTH: Final = (70, 118, 224, 255)
"""Its lightness lies between those of a light page and a dark one: it stands out from both by 4 to 1."""
_LEAST: Final = 1.0


def drawn(outline: Outline) -> Image.Image:
    """RGBA, `WIDTH` by `HEIGHT` pixels; full scale reaches the edges."""
    image = Image.new("RGBA", (WIDTH * _SCALE, HEIGHT * _SCALE))
    pen = ImageDraw.Draw(image)
    highs, lows, strengths = outline.columns(_BARS)
    for number in range(_BARS):
        _bar(pen, number, (float(highs[number]), float(lows[number])), _PEAK)
        strength = min(float(strengths[number]), max(float(highs[number]), -float(lows[number])))
        _bar(pen, number, (strength, -strength), _STRENGTH)
    return image.reduce(_SCALE)


def _bar(pen: ImageDraw.ImageDraw, number: int, sides: tuple[float, float], colour: tuple[int, int, int, int]) -> None:
    middle, step = HEIGHT / 2, WIDTH / _BARS
    top = middle - max(min(sides[0], 1.0) * middle, _LEAST)
    bottom = middle - min(max(sides[1], -1.0) * middle, -_LEAST)
    left = number * step + (step - _BAR) / 2
    box = tuple(round(value * _SCALE) for value in (left, top, left + _BAR, bottom))
    pen.rounded_rectangle(box, radius=_BAR * _SCALE / 2, fill=colour)
