"""Masks as vendors want them. Ours are transparent where the picture is to change; most vendors want white there."""

import io
from dataclasses import replace
from typing import Final

from PIL import Image, ImageChops

from generation.errors import InvalidRequestError
from generation.request import InputAsset

_FORMATS: Final = ("PNG", "WEBP", "JPEG")


def white_mask(item: InputAsset, provider: str) -> InputAsset:
    """The mask as a grey PNG, white where it is transparent. One without transparency is taken to be such already.

    Raises `InvalidRequestError` for what is no picture.
    """
    try:
        with Image.open(io.BytesIO(item.data), formats=_FORMATS) as image:
            alpha = image.convert("RGBA").getchannel("A")
            grey = image.convert("L") if alpha.getextrema()[0] == 255 else ImageChops.invert(alpha)  # noqa: PLR2004
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        message = f"the mask is no whole picture ({type(error).__name__})"
        raise InvalidRequestError(message, field="inputs", provider=provider, hint="use a PNG") from None
    buffer = io.BytesIO()
    grey.save(buffer, "PNG")
    return replace(item, data=buffer.getvalue(), media_type="image/png")
