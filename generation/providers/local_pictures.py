"""Opening the inputs of a drawing, and making a file of what was drawn: the same bytes for the same pixels."""

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image

from generation.errors import InvalidRequestError
from generation.request import InputAsset
from ontology.escaping import visible

_DEFAULT_SECONDS: Final = 2.0
_OPAQUE: Final = 255


def opened(item: InputAsset) -> Image.Image:
    """The first picture of an input, upright, with alpha. Raises `InvalidRequestError`."""
    from generation.processing import opening  # noqa: PLC0415  # half the import of a provider, for calls with inputs

    try:
        return opening.opened(item.data).image.convert("RGBA")
    except opening.UnreadableError as error:
        name = visible(item.label or item.asset_id or item.role, limit=60)
        raise InvalidRequestError(
            f"input {name} cannot be drawn: {error}", field="inputs", hint="use a whole picture, scaled down"
        ) from error


def encoded(frames: Sequence[Image.Image], wanted: str, *, duration: float | None = None) -> tuple[bytes, str]:
    """The file and its media type; several frames become an animated WebP of so many seconds."""
    buffer = io.BytesIO()
    first, *rest = frames
    if rest:
        shown = round((duration or _DEFAULT_SECONDS) * 1000 / len(frames))
        first.save(buffer, "WEBP", save_all=True, append_images=rest, duration=max(20, shown), loop=0, quality=80)
        return buffer.getvalue(), "image/webp"
    if first.getchannel("A").getextrema() == (_OPAQUE, _OPAQUE):
        first = first.convert("RGB")
    if wanted == "jpeg":
        first.convert("RGB").save(buffer, "JPEG", quality=90)
    elif wanted == "webp":
        first.save(buffer, "WEBP", lossless=True)
    else:
        first.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue(), f"image/{wanted}"
