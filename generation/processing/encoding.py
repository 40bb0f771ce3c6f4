"""From pixels to a file: the same bytes for the same pixels, and nothing of the source but its colour profile."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import Image

from generation.processing.model import ProcessedFile
from generation.processing.values import Colour

SUFFIXES: Final = {"png": "png", "jpeg": "jpg", "webp": "webp", "gif": "gif", "avif": "avif"}
_WHITE: Final = (255, 255, 255, 255)
_QUALITY: Final = {"jpeg": 90, "webp": 90, "avif": 80}
_WITHOUT_ALPHA: Final = frozenset({"jpeg"})


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one format is written. `quality` 1 to 100, None: our own; `background`: what shows where alpha must go."""

    format: str
    quality: int | None = None
    lossless: bool = False
    background: Colour = _WHITE
    kept: Mapping[str, Any] = field(default_factory=dict)


def encoded(image: Image.Image, how: Encoding) -> ProcessedFile:
    """The file. Raises what Pillow raises, for example where a format has no picture so large."""
    plain = flattened(image, how.background) if how.format in _WITHOUT_ALPHA else image
    buffer = io.BytesIO()
    plain.save(buffer, how.format.upper(), **_options(how))
    return ProcessedFile(buffer.getvalue(), f"image/{how.format}", image.width, image.height, SUFFIXES[how.format])


def _options(how: Encoding) -> dict[str, Any]:
    options: dict[str, Any] = dict(how.kept)
    if how.format == "png":
        return options | {"compress_level": 9 if how.lossless else 6}
    if how.format == "gif":
        return {}
    quality = how.quality if how.quality is not None else _QUALITY[how.format]
    if how.format == "webp":
        return options | {"quality": quality, "lossless": how.lossless, "method": 4, "exact": how.lossless}
    if how.format == "avif":
        return options | ({"quality": 100, "subsampling": "4:4:4"} if how.lossless else {"quality": quality})
    return options | {"quality": 100 if how.lossless else quality, "optimize": True}


def flattened(image: Image.Image, background: Colour) -> Image.Image:
    """The picture as RGB, over a colour where it shone through."""
    if image.mode == "RGB":
        return image
    under = Image.new("RGBA", image.size, (*background[:3], 255))
    under.alpha_composite(image)
    return under.convert("RGB")
