"""Size and cut of a picture: resize, crop, trim. Each takes an RGB or RGBA picture and gives a new one."""

from collections.abc import Mapping
from typing import Any, Final

from PIL import Image, ImageChops

from generation.processing.values import Colour

_METHODS: Final = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
_CENTER: Final = (0.5, 0.5)
_CLEAR: Final = (0, 0, 0, 0)
_OPAQUE: Final = 255

Box = tuple[int, int, int, int]


def resized(image: Image.Image, options: Mapping[str, Any]) -> Image.Image:
    """`fit` says what happens where the ratios differ.

    `cover` (default) fills the size and cuts off what stands over; `contain` keeps the whole picture, and with `pad`
    the rest of the size is filled with `background` (clear unless given); `fill` stretches. `upscale: false` never
    makes it larger: what is too small stays as it is, padded where `pad` is set. One side alone keeps the ratio.
    """
    wanted = _wanted(image.size, options)
    pad = bool(options.get("pad", False))
    fit = options.get("fit", "contain" if pad else "cover")
    method = _METHODS[options.get("method", "lanczos")]
    scaled = _scaled_size(image.size, wanted, fit, upscale=options.get("upscale", True))
    result = scale_to(image, scaled, method)
    place = options.get("position", _CENTER)
    if fit == "cover":
        result = _cut(result, (min(wanted[0], result.width), min(wanted[1], result.height)), place)
    return padded(result, wanted, options.get("background", _CLEAR), place) if pad else result


def _wanted(size: tuple[int, int], options: Mapping[str, Any]) -> tuple[int, int]:
    if "dimensions" in options:
        width, height = options["dimensions"]
        return width, height
    factor = options["width"] / size[0] if "width" in options else options["height"] / size[1]
    width = options.get("width", max(1, round(size[0] * factor)))
    return width, options.get("height", max(1, round(size[1] * factor)))


def _scaled_size(size: tuple[int, int], wanted: tuple[int, int], fit: str, *, upscale: bool) -> tuple[int, int]:
    if fit == "fill":
        return wanted if upscale else (min(wanted[0], size[0]), min(wanted[1], size[1]))
    across, down = wanted[0] / size[0], wanted[1] / size[1]
    factor = max(across, down) if fit == "cover" else min(across, down)
    if not upscale and factor > 1:
        return size
    # The side that decides has exactly what was asked for; rounding must not take a pixel off it.
    width = wanted[0] if factor == across else max(1, round(size[0] * factor))
    height = wanted[1] if factor == down else max(1, round(size[1] * factor))
    return (max(width, wanted[0]), max(height, wanted[1])) if fit == "cover" else (width, height)


def scale_to(image: Image.Image, size: tuple[int, int], method: Image.Resampling) -> Image.Image:
    """The whole picture in another size. Clear pixels lend no colour to their neighbours."""
    if image.size == size:
        return image
    if image.mode == "RGBA" and method is not Image.Resampling.NEAREST:
        return image.convert("RGBa").resize(size, method).convert("RGBA")
    return image.resize(size, method)


def padded(
    image: Image.Image, size: tuple[int, int], background: Colour, place: tuple[float, float] | tuple[int, int]
) -> Image.Image:
    """The picture on a ground of this size, which is not smaller than it."""
    if image.size == size:
        return image
    layer = Image.new("RGBA", size, _CLEAR)
    layer.paste(image.convert("RGBA"), placed(image.size, size, place))
    ground = Image.alpha_composite(Image.new("RGBA", size, background), layer)
    opaque = background[3] == _OPAQUE and image.mode == "RGB"
    return ground.convert("RGB") if opaque else ground


def placed(
    inner: tuple[int, int], outer: tuple[int, int], place: tuple[float, float] | tuple[int, int]
) -> tuple[int, int]:
    """The upper left corner of the inner in the outer: by shares of the free room, or as it was said in pixels."""
    if isinstance(place[0], float):
        return round((outer[0] - inner[0]) * place[0]), round((outer[1] - inner[1]) * place[1])
    return int(place[0]), int(place[1])


def cropped(image: Image.Image, options: Mapping[str, Any]) -> Image.Image:
    """Cut to a ratio (as much as there is room for) or to dimensions (no more than there is)."""
    width, height = image.size
    if "ratio" in options:
        ratio = options["ratio"]
        if width / height > ratio:
            width = max(1, min(width, round(height * ratio)))
        else:
            height = max(1, min(height, round(width / ratio)))
    else:
        width, height = min(width, options["dimensions"][0]), min(height, options["dimensions"][1])
    return _cut(image, (width, height), options.get("position", _CENTER))


def _cut(image: Image.Image, size: tuple[int, int], place: tuple[float, float] | tuple[int, int]) -> Image.Image:
    if image.size == size:
        return image
    left, top = placed(size, image.size, place)
    left, top = min(max(0, left), image.width - size[0]), min(max(0, top), image.height - size[1])
    return image.crop((left, top, left + size[0], top + size[1]))


def trimmed(image: Image.Image, options: Mapping[str, Any]) -> Image.Image:
    """Without the border of one kind: what is clear, or else what has the colour of the upper left corner.

    `threshold`: how far from clear, or from that colour, still counts as border, in steps of 255. `padding` pixels of
    the border stay where there are so many. A picture that is all border stays as it is.
    """
    box = content_box(image, options.get("threshold", 0))
    if box is None:
        return image
    spare = options.get("padding", 0)
    left, top = max(0, box[0] - spare), max(0, box[1] - spare)
    right, bottom = min(image.width, box[2] + spare), min(image.height, box[3] + spare)
    return image if (left, top, right, bottom) == (0, 0, *image.size) else image.crop((left, top, right, bottom))


def content_box(image: Image.Image, threshold: int) -> Box | None:
    """What is not border; None where all is."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 0:
        difference = image.getchannel("A")
    else:
        ground = Image.new(image.mode, image.size, image.getpixel((0, 0)))
        difference = farthest(ImageChops.difference(image, ground))
    return difference.point([255 if level > threshold else 0 for level in range(256)]).getbbox()


def farthest(difference: Image.Image) -> Image.Image:
    """Of each pixel the channel that differs most, as L."""
    first, *others = difference.split()
    for channel in others:
        first = ImageChops.lighter(first, channel)
    return first
