"""Reading one picture: what it is, whether it is whole, how big, how old, and a small copy of it.

Nothing is believed but the bytes: the format is told by content against an allow-list, sizes are capped before anything
is decoded, and a full decode is the validation. What is hashed is what was decoded: the file is read once.
"""

import hashlib
import io
import os
import re
import stat
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import FileIO
from typing import Final

from PIL import ExifTags, Image, ImageFile

from gallery.embedded.facts import NOTHING, Embedded
from gallery.embedded.reading import read_embedded
from gallery.intake.alpha import read_alpha
from gallery.intake.pixel_budget import PixelBudget
from gallery.intake.quiet import QuietPillow
from gallery.intake.spool import encoded
from gallery.likeness.dhash import dhash
from gallery.store.moments import utc
from ontology.errors import CallsheetError

MAX_PIXELS: Final = 40_000_000
MAX_BYTES: Final = 512 * 1024 * 1024
MAX_PIXELS_AT_ONCE: Final = 2 * MAX_PIXELS
"""So many are decoded at one time by all threads together: some 300 MB each for the picture and for its copy."""
THUMBNAIL_PIXELS: Final = 256
TOO_LARGE: Final = "too_large"
HEAD_BYTES: Final = 64
"""So many first bytes tell the format."""

_READING: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Without O_NONBLOCK opening a pipe would wait for its other end."""
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
_ALSO_JPEG: Final = "MPO"  # what Pillow calls a JPEG with further pictures behind the first
_JPEG_QUALITY: Final = 85
_OPAQUE: Final = 255
_LAST_SECOND: Final = 59  # a leap second is written as 60, which `datetime` does not know
_EXIF_ORIENTATION: Final = 0x0112
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIRST_LYING_TURN: Final = 5  # from this orientation on width and height change places

QUIET: Final = QuietPillow()
"""Pillow while pictures are read. Whoever reads many goes into it once, which spares each of them the way."""
_PIXELS = PixelBudget(MAX_PIXELS_AT_ONCE)


class MediaError(CallsheetError):
    """A file that is no picture or sound we take, or a damaged one. `code` tells which."""

    code = "damaged"


@dataclass(frozen=True, slots=True)
class FileBytes:
    """A file's content and what the system said about it when it was opened."""

    data: bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What a whole picture or sound is: `size` in bytes, `width` and `height` in pixels as it is seen, suffix with dot.

    `dhash`: see `gallery.likeness.dhash`. Of a sound the thumbnail is its waveform; it has a `duration` in seconds, a
    `sample_rate` in Hz and `channels`, and no width and height.
    """

    sha256: str
    format: str
    size: int
    mtime_ns: int
    width: int | None
    height: int | None
    created_at: datetime
    thumbnail: bytes
    thumbnail_suffix: str
    dhash: int | None = None
    media_type: str = "image"
    embedded: Embedded = NOTHING
    duration: float | None = None
    sample_rate: int | None = None
    channels: int | None = None


def is_picture(head: bytes) -> bool:
    """Whether the first `HEAD_BYTES` are those of a format we take."""
    return (
        head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"))
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and re.search(rb"avi[fs]", head[8:]) is not None)
    )


def read_head(path: str) -> bytes:
    """The first bytes of a file. Raises `OSError`."""
    with open(path, "rb") as file:  # noqa: PTH123  # once for each file of a walk
        return file.read(HEAD_BYTES)


def read_file(path: str) -> FileBytes:
    """The whole file. Raises `OSError`, and `MediaError` for what is not a plain file or above 512 MiB."""
    file, status = open_file(path)
    with file:
        try:
            return FileBytes(file.read(), status.st_mtime_ns)
        except MemoryError as error:
            raise no_memory() from error


def open_file(path: str) -> tuple[FileIO, os.stat_result]:
    """The file for reading without a buffer, and what the system says about it. Raises as `read_file`."""
    descriptor = os.open(path, _READING)
    try:
        found = os.fstat(descriptor)
        _refuse(found)
        return FileIO(descriptor, "rb"), found
    except BaseException:
        os.close(descriptor)
        raise


def _refuse(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise MediaError("this is not a file", code="not_a_file")
    if found.st_size > MAX_BYTES:
        raise MediaError(f"{found.st_size} bytes are too many, {MAX_BYTES} are read at most", code=TOO_LARGE)


def examine_bytes(file: FileBytes) -> Picture:
    """Decode and measure a picture. Raises `MediaError`."""
    if not is_picture(file.data[:HEAD_BYTES]):
        raise MediaError("not a PNG, JPEG, WebP, GIF or AVIF picture", hint="convert it first", code="not_media")
    return examine_picture(file)


def examine_picture(file: FileBytes) -> Picture:
    """The same for what begins as a picture."""
    try:
        return _decode(file)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except MediaError:
        raise
    except MemoryError as error:
        raise no_memory() from error
    except Exception as error:  # the seam to Pillow, whose decoders raise a dozen kinds for damaged bytes
        raise MediaError(f"the picture is damaged: {error}", hint="export it again, or fetch it anew") from error


def _decode(file: FileBytes) -> Picture:
    with QUIET, Image.open(io.BytesIO(file.data), formats=_FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise _too_many_pixels()
        image_format = "JPEG" if image.format == _ALSO_JPEG else str(image.format)
        image.draft(_draft_mode(image), (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))  # JPEG decodes at a fraction of its size
        if isinstance(image, ImageFile.ImageFile):
            image.decodermaxblock = max(image.decodermaxblock, len(file.data))  # it is all there: hand it over at once
        with _PIXELS.spend(image.width * image.height):
            image.load()
            embedded = read_embedded(file.data)
            if embedded is NOTHING:
                embedded = read_alpha(image)
            exif = _exif(image)
            orientation, taken = _orientation(exif), _exif_time(exif)
            small = _shrunk(image, orientation)
            if small is not image:
                image.close()
        thumbnail, suffix = _encoded(small)
        created = taken or _embedded_time(image, image_format, file.data) or file_time(file.mtime_ns)
    if orientation >= _FIRST_LYING_TURN:
        width, height = height, width
    return Picture(
        sha256=hashlib.sha256(file.data).hexdigest(),
        format=image_format.lower(),
        size=len(file.data),
        mtime_ns=file.mtime_ns,
        width=width,
        height=height,
        created_at=created,
        thumbnail=thumbnail,
        thumbnail_suffix=suffix,
        embedded=embedded,
        dhash=dhash(small),
    )


def _draft_mode(image: Image.Image) -> str:
    """How a picture is decoded: a JPEG with the colours as it keeps them, for its small copy is a JPEG too.

    Turning them into RGB and back takes a twentieth of the time of taking it in. What is no JFIF may keep them
    otherwise (libjpeg, `default_decompress_parms`).
    """
    is_jfif = "jfif_density" in image.info and "adobe" not in image.info
    return "YCbCr" if is_jfif and image.mode == "RGB" else image.mode


def no_memory() -> MediaError:
    """It concerns this file alone: decision 17 says why decoding needs no process of its own."""
    return MediaError(
        "there is not enough memory to decode it",
        hint="close other programs, or scale the picture down, then add it again",
        code="no_memory",
    )


def _too_many_pixels() -> MediaError:
    return MediaError(
        f"more than {MAX_PIXELS // 1_000_000} million pixels",
        hint="scale the picture down first",
        code="too_many_pixels",
    )


def _shrunk(image: Image.Image, orientation: int) -> Image.Image:
    """A copy of at most 256 by 256 pixels, upright, as L, RGB, RGBA or YCbCr; or the picture itself where it is one."""
    small = image if image.mode == "YCbCr" else plain_mode(image)
    longest = max(small.size)
    if longest > THUMBNAIL_PIXELS:
        small = small.reduce(longest // THUMBNAIL_PIXELS)
        small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS), Image.Resampling.LANCZOS)
    return small.transpose(_TURNS[orientation]) if orientation in _TURNS else small


def _encoded(small: Image.Image) -> tuple[bytes, str]:
    """The thumbnail's file: JPEG, or WebP where anything shines through; and its suffix."""
    if small.mode == "RGBA" and small.getchannel("A").getextrema() != (_OPAQUE, _OPAQUE):
        return encoded(small, "WEBP", quality=_JPEG_QUALITY, method=0), ".webp"
    plain = small if small.mode in {"RGB", "YCbCr"} else small.convert("RGB")
    return encoded(plain, "JPEG", quality=_JPEG_QUALITY, comment=b""), ".jpg"  # the picture's own comment stays in it


def plain_mode(image: Image.Image) -> Image.Image:
    """The picture as L, RGB or RGBA, which every later step can scale and save; itself where it is such a one."""
    if image.mode in {"L", "RGB", "RGBA"} and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":  # 16 bits a pixel; a plain conversion would clip to white
        return image.convert("F").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _exif(image: Image.Image) -> Image.Exif | None:
    """None where there is none, as in most."""
    try:
        return image.getexif() or None
    except Exception:  # noqa: BLE001  # the seam to Pillow: broken metadata does not make the picture a broken one
        return None


def _orientation(exif: Image.Exif | None) -> int:
    """1 (upright) to 8, as EXIF counts them."""
    value = None if exif is None else exif.get(_EXIF_ORIENTATION)
    return value if isinstance(value, int) and value in _TURNS else 1


def _exif_time(exif: Image.Exif | None) -> datetime | None:
    """When the picture was taken. EXIF has local time; without an offset it is taken to be UTC."""
    try:
        if exif is None:  # nor is there a part of it that could say when
            return None
        taken = exif.get_ifd(ExifTags.IFD.Exif)
        for time_tag, offset_tag in (
            (ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal),
            (ExifTags.Base.DateTimeDigitized, ExifTags.Base.OffsetTimeDigitized),
        ):
            text = str(taken.get(time_tag, "")).strip(" \0")
            if text:
                offset = str(taken.get(offset_tag, "")).strip(" \0")
                return utc(datetime.strptime(text + (offset or "+00:00"), "%Y:%m:%d %H:%M:%S%z"))
    except Exception:  # noqa: BLE001  # as above; `0000:00:00 00:00:00` is what many cameras write
        return None
    return None


def _embedded_time(image: Image.Image, image_format: str, data: bytes) -> datetime | None:
    """The time a PNG carries: its tIME chunk, else its `Creation Time` text."""
    if image_format != "PNG":
        return None
    try:
        return _png_time(data) or _written_time(image.info.get("Creation Time"))
    except (ValueError, TypeError, OverflowError):
        return None


def _png_time(data: bytes) -> datetime | None:
    """PNG specification, 11.3.4.3: year (2 bytes), month, day, hour, minute, second; UTC."""
    position = 8
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        name = data[position + 4 : position + 8]
        if name == b"tIME":
            body = data[position + 8 : position + 15]
            month, day, hour, minute, second = body[2:7]
            return datetime(int.from_bytes(body[:2]), month, day, hour, minute, min(second, _LAST_SECOND), tzinfo=UTC)
        position += length + 12
    return None


def _written_time(text: object) -> datetime | None:
    """RFC 1123, as the PNG specification advises, or ISO 8601."""
    if not isinstance(text, str):
        return None
    try:
        return utc(datetime.fromisoformat(text.strip()))
    except ValueError:
        return utc(parsedate_to_datetime(text))


def file_time(mtime_ns: int) -> datetime:
    """The file's modification time; 1970 for one that no calendar holds."""
    try:
        return _EPOCH + timedelta(microseconds=mtime_ns // 1000)
    except OverflowError:
        return _EPOCH
