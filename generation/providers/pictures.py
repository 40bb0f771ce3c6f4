"""Pictures as providers send them: base64 that may be cut, and types that may be wrong. The bytes say what they are."""

import io
import warnings
from base64 import b64decode
from binascii import Error as Base64Error
from typing import Final

from PIL import Image

from generation.result import Output

MOST_PIXELS: Final = 100_000_000
_TYPES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}


class DamagedPictureError(Exception):
    """What was sent is no whole picture; the text says why."""


def picture(text: object, index: int = 0, *, revised_prompt: object = None) -> Output:
    """The picture of a base64 text (a data URL, too). Raises `DamagedPictureError`."""
    if not isinstance(text, str) or not text:
        raise DamagedPictureError("the picture is missing")
    try:
        data = b64decode(text.partition(",")[2] if text.startswith("data:") else text, validate=True)
    except (Base64Error, ValueError):
        raise DamagedPictureError("the picture is cut: its base64 does not end") from None
    revised = revised_prompt if isinstance(revised_prompt, str) and revised_prompt else None
    return picture_of(data, index, revised_prompt=revised)


def pictures_of(listed: object) -> tuple[list[Output], list[str]]:
    """The pictures of `[{b64_json, revised_prompt}]`, and what is wrong with others."""
    outputs: list[Output] = []
    faults: list[str] = []
    for item in listed if isinstance(listed, list) else []:
        entry = item if isinstance(item, dict) else {}
        try:
            made = picture(entry.get("b64_json"), len(outputs), revised_prompt=entry.get("revised_prompt"))
        except DamagedPictureError as error:
            faults.append(str(error))
        else:
            outputs.append(made)
    return outputs, faults


def picture_of(data: bytes, index: int = 0, *, revised_prompt: str | None = None, seed: int | None = None) -> Output:
    """The picture that some bytes are. Raises `DamagedPictureError`."""
    media_type, width, height = _looked_at(data)
    return Output(data, media_type, index, width=width, height=height, revised_prompt=revised_prompt, seed=seed)


def _looked_at(data: bytes) -> tuple[str, int, int]:
    """Type, width and height of bytes that are a whole picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(_TYPES)) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise DamagedPictureError(f"the picture has {width}x{height} pixels, more than can be taken")
                image.load()
                return _TYPES[image.format or ""], width, height
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, Image.DecompressionBombError) as error:
        raise DamagedPictureError(f"what was sent is no whole picture ({type(error).__name__})") from None
