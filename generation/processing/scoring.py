"""How good a picture is, as far as arithmetic can tell: scores from 0 to 1."""

from collections.abc import Mapping, Sequence
from typing import Final

from PIL import Image, ImageFilter, ImageStat

from generation.processing.encoding import flattened
from generation.processing.model import CheckResult
from generation.processing.values import Colour

CHECKS, PALETTE, SHARPNESS = "checks", "palette_match", "sharpness"
WEIGHTS: Final[Mapping[str, float]] = {CHECKS: 0.6, PALETTE: 0.2, SHARPNESS: 0.2}
"""What each score counts in the whole; those that are missing count nothing."""

_LONGEST: Final = 1024  # sharpness is told at one scale, whatever the size
_HALF_SHARP: Final = 150.0  # a variance of edges at which the score is one half: a well-lit photograph has 100 to 500
_GROUND: Final = (128, 128, 128, 255)
_SMALL: Final = 64
_FAR: Final = 128  # the distance of a colour channel from the palette at which nothing of the match is left

_EDGES: Final = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def scores_of(
    image: Image.Image, checks: Sequence[CheckResult], palette: Sequence[Colour] | None = None
) -> dict[str, float]:
    """`sharpness`, `palette_match` where there is a palette, `checks` (the share passed) where there are any."""
    found = {SHARPNESS: sharpness(image)}
    if palette:
        found[PALETTE] = palette_match(image, palette)
    if checks:
        found[CHECKS] = sum(check.passed for check in checks) / len(checks)
    return {name: round(value, 4) for name, value in found.items()}


def overall(scores: Mapping[str, float]) -> float | None:
    """The whole, weighted; None where nothing was scored. Scores of other names count like sharpness."""
    if not scores:
        return None
    weights = {name: WEIGHTS.get(name, WEIGHTS[SHARPNESS]) for name in scores}
    return sum(scores[name] * weight for name, weight in weights.items()) / sum(weights.values())


def sharpness(image: Image.Image) -> float:
    """By the variance of the picture's Laplacian: 0 for one colour, rising to 1 with the strength of its edges."""
    grey = flattened(image, _GROUND).convert("L")
    grey.thumbnail((_LONGEST, _LONGEST), Image.Resampling.BOX)
    if min(grey.size) < 3:  # noqa: PLR2004  # the kernel's own size
        return 0.0
    edges = grey.filter(_EDGES).crop((1, 1, grey.width - 1, grey.height - 1))
    variance = ImageStat.Stat(edges).var[0]
    return variance / (variance + _HALF_SHARP)


def palette_match(image: Image.Image, palette: Sequence[Colour]) -> float:
    """How near the pixels that show are to their nearest colour of the palette: 1 when each is one of them."""
    small = image.convert("RGBA").resize((_SMALL, _SMALL), Image.Resampling.NEAREST)
    total = weight = 0
    for count, (red, green, blue, alpha) in small.getcolors(_SMALL * _SMALL) or ():  # type: ignore[misc]  # RGBA
        seen = count * alpha
        total += seen * min(
            min(_FAR, max(abs(red - near[0]), abs(green - near[1]), abs(blue - near[2]))) for near in palette
        )
        weight += seen
    return 1 - total / (weight * _FAR) if weight else 0.0
