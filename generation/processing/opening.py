"""From bytes to pixels: the formats we take, upright, as RGB or RGBA, and never more than the gallery takes."""

import io
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import Image, ImageOps

from gallery.intake.media import HEAD_BYTES, MAX_PIXELS, is_picture, plain_mode
from gallery.intake.pixel_budget import PixelBudget
from generation.processing.actions import FORMATS

PIXELS: Final = PixelBudget(2 * MAX_PIXELS)
"""So many are worked on at one time by all threads together."""

_PILLOW_FORMATS: Final = tuple(name.upper() for name in FORMATS)
_ALSO_JPEG: Final = "MPO"  # what Pillow calls a JPEG with further pictures behind the first


class UnreadableError(Exception):
    """Why bytes are no picture that can be worked on."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture: upright, RGB or RGBA. `frames`: how many the file has; the first is this one."""

    image: Image.Image
    format: str
    frames: int = 1
    kept: dict[str, Any] = field(default_factory=dict)
    """What is written into the files again: the colour profile."""


def media_type_of(data: bytes) -> tuple[str, str]:
    """Media type and suffix by the first bytes; those of bytes at large for what is no picture."""
    for head, name, suffix in (
        (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
        (b"\xff\xd8\xff", "image/jpeg", "jpg"),
        (b"GIF8", "image/gif", "gif"),
    ):
        if data.startswith(head):
            return name, suffix
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", "webp"
    if data[4:8] == b"ftyp" and is_picture(data[:HEAD_BYTES]):
        return "image/avif", "avif"
    return "application/octet-stream", "bin"


def pixels_of(data: bytes) -> int:
    """How many pixels it will take to open it. Raises `UnreadableError` for what is no picture, or too large."""
    if not is_picture(data[:HEAD_BYTES]):
        raise UnreadableError("not a PNG, JPEG, WebP, GIF or AVIF picture")
    try:
        with Image.open(io.BytesIO(data), formats=_PILLOW_FORMATS) as image:
            count = image.width * image.height
    except Exception as error:
        raise UnreadableError(f"the picture is damaged: {error}") from error
    if count > MAX_PIXELS:
        raise UnreadableError(f"more than {MAX_PIXELS // 1_000_000} million pixels")
    return count


def opened(data: bytes) -> Opened:
    """The picture. Raises `UnreadableError`."""
    pixels_of(data)
    try:
        with Image.open(io.BytesIO(data), formats=_PILLOW_FORMATS) as image:
            frames = int(getattr(image, "n_frames", 1)) if image.format != _ALSO_JPEG else 1
            image.load()
            name = "jpeg" if image.format == _ALSO_JPEG else str(image.format).lower()
            upright = ImageOps.exif_transpose(image)
            profile = image.info.get("icc_profile")
            kept = {"icc_profile": profile} if profile and image.mode in {"RGB", "RGBA", "P"} else {}
            return Opened(_plain(upright), name, frames, kept)
    except Exception as error:  # the seam to Pillow, whose decoders raise a dozen kinds for damaged bytes
        raise UnreadableError(f"the picture is damaged: {error}") from error


def _plain(image: Image.Image) -> Image.Image:
    plain = plain_mode(image)
    return plain.convert("RGB") if plain.mode == "L" else plain
