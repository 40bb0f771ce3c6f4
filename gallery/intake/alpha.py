"""What is hidden in the alpha values of a picture; see `gallery.embedded.hidden`."""

from typing import Final

from PIL import Image

from gallery.embedded.facts import NOTHING, Embedded
from gallery.embedded.hidden import HEAD_VALUES, read_hidden, values_needed
from gallery.embedded.reading import read_facts

_PNG_WITH_ALPHA: Final = 6
_COLOUR_TYPE_AT: Final = 25


def may_hide(data: bytes) -> bool:
    """Whether the file's pixels could have alpha values that something is hidden in; by its first bytes."""
    is_png = data.startswith(b"\x89PNG") and data[_COLOUR_TYPE_AT : _COLOUR_TYPE_AT + 1] == bytes([_PNG_WITH_ALPHA])
    return is_png or (data[8:12] == b"WEBP" and data[12:16] in {b"VP8L", b"VP8X"})


def read_alpha(image: Image.Image) -> Embedded:
    """What is hidden in a decoded picture. Of nearly all pictures the first columns alone are looked at."""
    if image.mode != "RGBA":
        return NOTHING
    needed = values_needed(_values(image, HEAD_VALUES))
    if needed is None:
        return NOTHING
    if needed > image.width * image.height:
        return Embedded(None, ("what is hidden in its alpha values is cut off",))
    found = read_hidden(_values(image, needed))
    return read_facts(found.texts, tuple(found.troubles), place="alpha")


def _values(image: Image.Image, number: int) -> bytes:
    """At least so many alpha values, column by column; all where there are fewer."""
    columns = min(-(-number // image.height), image.width)
    alpha = image.crop((0, 0, columns, image.height)).getchannel("A")
    return alpha.transpose(Image.Transpose.TRANSPOSE).tobytes()
