"""Pictures over one another, and colours that become clear."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from PIL import Image, ImageChops

from generation.processing.sizing import farthest, placed, scale_to
from generation.processing.values import LONGEST_SIDE, Colour

_BLENDS: Final[Mapping[str, Callable[[Image.Image, Image.Image], Image.Image]]] = {
    "multiply": ImageChops.multiply,
    "screen": ImageChops.screen,
    "overlay": ImageChops.overlay,
    "darken": ImageChops.darker,
    "lighten": ImageChops.lighter,
    "add": ImageChops.add,
    "subtract": ImageChops.subtract,
    "difference": ImageChops.difference,
}
_CENTER: Final = (0.5, 0.5)
_TOLERANCE: Final = 16


def composed(image: Image.Image, other: Image.Image, options: Mapping[str, Any]) -> Image.Image:
    """The other picture over this one, or under it; the size stays that of this one.

    `scale` is of the other's own size; what stands over is cut off. `blend` says how colours meet where both show.
    """
    layer = _layer(other.convert("RGBA"), image.size, options)
    base = image.convert("RGBA")
    lower, upper = (layer, base) if options.get("place", "over") == "under" else (base, layer)
    result = _over(lower, upper, options.get("blend", "normal"))
    return result if image.mode == "RGBA" else result.convert("RGB")


def _layer(other: Image.Image, size: tuple[int, int], options: Mapping[str, Any]) -> Image.Image:
    """The other picture where it belongs, on clear ground of the whole size."""
    factor = options.get("scale", 1.0)
    scaled = max(1, round(other.width * factor)), max(1, round(other.height * factor))
    if max(scaled) > LONGEST_SIDE:
        raise ValueError(f"scaled to {scaled[0]}x{scaled[1]} it is larger than {LONGEST_SIDE} pixels a side")
    other = scale_to(other, scaled, Image.Resampling.LANCZOS)
    if options.get("opacity", 1.0) < 1:
        faint = other.getchannel("A").point([round(level * options["opacity"]) for level in range(256)])
        other.putalpha(faint)
    layer = Image.new("RGBA", size, (0, 0, 0, 0))
    layer.paste(other, placed(scaled, size, options.get("position", _CENTER)))
    return layer


def _over(lower: Image.Image, upper: Image.Image, blend: str) -> Image.Image:
    """W3C Compositing and Blending, level 1, §9: blended where the lower shows, as it is where it does not."""
    if blend != "normal":
        mixed = _BLENDS[blend](lower.convert("RGB"), upper.convert("RGB"))
        colours = Image.composite(mixed, upper.convert("RGB"), lower.getchannel("A"))
        alpha = upper.getchannel("A")
        upper = colours.convert("RGBA")
        upper.putalpha(alpha)
    return Image.alpha_composite(lower, upper)


def keyed(image: Image.Image, options: Mapping[str, Any]) -> Image.Image:
    """A colour made clear, wherever it is.

    `color`: that of the corners unless given. Up to `tolerance` (steps of 255, of the channel that differs most) a
    pixel is clear, and over the next `feather` steps it becomes solid. What shone through before goes on to do so.
    """
    key = options.get("color") or corner_colour(image)
    tolerance, feather = options.get("tolerance", _TOLERANCE), options.get("feather", 0)
    ground = Image.new("RGB", image.size, key[:3])
    distance = farthest(ImageChops.difference(image.convert("RGB"), ground))
    alpha = distance.point([_solidity(level, tolerance, feather) for level in range(256)])
    result = image.convert("RGBA")
    result.putalpha(ImageChops.darker(alpha, result.getchannel("A")))
    return result


def _solidity(level: int, tolerance: int, feather: int) -> int:
    if level <= tolerance:
        return 0
    return 255 if level > tolerance + feather else round((level - tolerance) * 255 / (feather + 1))


def corner_colour(image: Image.Image) -> Colour:
    """The colour that most corners have; the upper left where none has a majority."""
    right, bottom = image.width - 1, image.height - 1
    plain = image.convert("RGB")
    corners = [plain.getpixel(spot) for spot in ((0, 0), (right, 0), (0, bottom), (right, bottom))]
    red, green, blue = max(corners, key=corners.count)  # type: ignore[misc]  # an RGB pixel is a triple
    return red, green, blue, 255
