"""From the bytes of a file to the texts in it, without looking at a pixel. Pure.

Everything is capped: how many texts, how long each, how long together. What breaks a cap, or cannot be unpacked or
decoded, is a trouble and no error: the picture is none the worse for it.
"""

import zlib
from collections.abc import Iterator
from struct import Struct
from typing import Final

from gallery.embedded.collected import MAX_TEXT, Collected
from gallery.embedded.exif import read_exif
from gallery.embedded.xmp import read_xmp
from ontology.escaping import visible

PNG: Final = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD: Final = "XML:com.adobe.xmp"
_JPEG_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_EXIF: Final = b"Exif\0\0"
_LONGEST_KEYWORD: Final = 79
_STANDALONE: Final = {0x01, *range(0xD0, 0xD9)}
_MARKER, _START_OF_SCAN, _COMMENT, _APP1 = 0xFF, 0xDA, 0xFE, 0xE1
_SEGMENT: Final = Struct(">BBH")
"""How a segment of a JPEG begins: `_MARKER`, which one it is, its length with the two bytes of the length."""


def read_texts(data: bytes) -> Collected:
    """The texts of a PNG, JPEG or WebP by name: the keyword in a PNG, `exif:…`, `xmp:…` or `comment` elsewhere."""
    found = Collected()
    if data.startswith(PNG):
        _read_png(data, found)
    elif data.startswith(b"\xff\xd8\xff"):
        _read_jpeg(data, found)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        _read_webp(data, found)
    return found


def _read_png(data: bytes, found: Collected) -> None:
    """Chunks may stand behind the pixels too, so all are walked. PNG specification (third edition), 11.3.3."""
    for name, start, length in _png_chunks(data):
        if name not in {b"tEXt", b"zTXt", b"iTXt", b"eXIf"}:
            continue
        if length > MAX_TEXT:
            found.trouble(f"a text of {length} bytes is too long to be read")
            continue
        body = data[start : start + length]
        if name == b"eXIf":
            read_exif(body, found)
        else:
            _read_png_text(name, body, found)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """`(name, where its body begins, length)` of each whole chunk."""
    position = len(PNG)
    while position + 8 <= len(data):
        length = int.from_bytes(data[position : position + 4])
        if position + 8 + length > len(data):
            return
        yield data[position + 4 : position + 8], position + 8, length
        position += length + 12


def _read_png_text(kind: bytes, body: bytes, found: Collected) -> None:
    keyword_bytes, _, rest = body.partition(b"\0")
    keyword = keyword_bytes[:_LONGEST_KEYWORD].decode("latin-1")
    packed = kind == b"zTXt"
    if packed:
        rest = rest[1:]  # the method, always 0
    elif kind == b"iTXt":
        packed = rest[:1] == b"\1"
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]  # behind the language and the translated keyword
    if packed:
        unpacked = _unpacked(rest)
        if unpacked is None:
            found.trouble(f"the packed text `{visible(keyword)}` is damaged, or too long when unpacked")
            return
        rest = unpacked
    written = _decoded(rest)
    if keyword == _XMP_KEYWORD:
        read_xmp(written, found)
    else:
        found.add(keyword, written)


def _unpacked(packed: bytes) -> bytes | None:
    """None for damage and for a bomb."""
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(packed, MAX_TEXT)
    except zlib.error:
        return None
    return None if unpacker.unconsumed_tail or not unpacker.eof else unpacked


def _decoded(body: bytes) -> str:
    """A tEXt chunk is Latin-1 by the specification; what is whole UTF-8 was meant as that."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _read_jpeg(data: bytes, found: Collected) -> None:
    """The segments before the pixels: EXIF, XMP, comments."""
    position, last = 2, len(data) - _SEGMENT.size
    while position <= last:
        begins, marker, length = _SEGMENT.unpack_from(data, position)
        if begins != _MARKER:
            return
        if marker == _MARKER or marker in _STANDALONE:  # the first is a fill byte
            position += 1 if marker == _MARKER else 2
            continue
        if marker == _START_OF_SCAN or length < 2:  # noqa: PLR2004  # the length counts itself
            return
        if marker in {_APP1, _COMMENT}:
            _read_jpeg_text(marker, data[position + 4 : position + 2 + length], found)
        position += 2 + length


def _read_jpeg_text(marker: int, body: bytes, found: Collected) -> None:
    if marker == _COMMENT:
        found.add("comment", _decoded(body))
    elif body.startswith(_JPEG_EXIF):
        read_exif(body, found)
    elif body.startswith(_JPEG_XMP):
        read_xmp(_decoded(body[len(_JPEG_XMP) :]), found)


def _read_webp(data: bytes, found: Collected) -> None:
    position = 12
    while position + 8 <= len(data):
        name, length = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "little")
        if name in {b"EXIF", b"XMP "}:
            if length > MAX_TEXT:
                found.trouble(f"a text of {length} bytes is too long to be read")
            elif name == b"EXIF":
                read_exif(data[position + 8 : position + 8 + length], found)
            else:
                read_xmp(_decoded(data[position + 8 : position + 8 + length]), found)
        position += 8 + length + length % 2
