"""Texts in EXIF data (a small TIFF file): the four or five fields that generators use. Pure.

EXIF 2.32, 4.6.2 (structure), 4.6.5 (`UserComment`). Only offsets inside the block are followed, and none twice.
"""

from typing import Final, Literal

from gallery.embedded.collected import Collected

TEXT_FIELDS: Final = {
    0x010E: "exif:ImageDescription",
    0x010F: "exif:Make",
    0x0110: "exif:Model",
    0x0131: "exif:Software",
    0x927C: "exif:MakerNote",
    0x9286: "exif:UserComment",
    0x9C9C: "exif:XPComment",
}
_EXIF_IFD, _XP_COMMENT, _USER_COMMENT = 0x8769, 0x9C9C, 0x9286
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4}
_MOST_FIELDS: Final = 500
_HEADER: Final = 8

Order = Literal["big", "little"]


def read_exif(block: bytes, found: Collected) -> None:
    """Add the texts of an EXIF block, with or without the `Exif` mark that JPEG puts before it."""
    tiff = block.removeprefix(b"Exif\0\0")
    order: Order | None = {b"II*\0": "little", b"MM\0*": "big"}.get(tiff[:4])  # type: ignore[assignment]  # of a literal
    if order is None:
        found.trouble("its EXIF data is damaged")
        return
    directories, seen = [int.from_bytes(tiff[4:8], order)], set[int]()
    while directories:
        start = directories.pop()
        if start in seen or not _HEADER <= start < len(tiff) - 2:
            continue
        seen.add(start)
        for tag, value in _fields(tiff, start, order):
            if tag == _EXIF_IFD:
                directories.append(int.from_bytes(value[:4], order))
            elif tag in TEXT_FIELDS:
                found.add(TEXT_FIELDS[tag], _text(tag, value, order))


def _fields(tiff: bytes, start: int, order: Order) -> list[tuple[int, bytes]]:
    """`(tag, bytes)` of the fields of one directory; those that point outside are left out."""
    fields = []
    number = min(int.from_bytes(tiff[start : start + 2], order), _MOST_FIELDS)
    for position in range(start + 2, start + 2 + 12 * number, 12):
        tag, kind = (int.from_bytes(tiff[position + at : position + at + 2], order) for at in (0, 2))
        length = int.from_bytes(tiff[position + 4 : position + 8], order) * _SIZES.get(kind, 0)
        if tag != _EXIF_IFD and tag not in TEXT_FIELDS:
            continue
        where = position + 8 if length <= 4 else int.from_bytes(tiff[position + 8 : position + 12], order)  # noqa: PLR2004  # that many fit beside the tag
        if length and where + length <= len(tiff):
            fields.append((tag, tiff[where : where + length]))
    return fields


def _text(tag: int, value: bytes, order: Order) -> str:
    if tag == _XP_COMMENT:
        return value.decode("utf-16-le", "replace")
    if tag == _USER_COMMENT:
        return user_comment(value, order)
    return _eight_bits(value)


def user_comment(value: bytes, order: Order) -> str:
    r"""The text behind the eight bytes that name its encoding (`ASCII`, `UNICODE`, `JIS`, or eight NULs).

    `UNICODE` is UTF-16 of either order: what most writers use is not what the standard says, so the text decides.
    """
    mark, body = value[:8], value[8:]
    if mark == b"UNICODE\0":
        return _sixteen_bits(body, order)
    if mark == b"JIS\0\0\0\0\0":
        return body.decode("iso2022_jp", "replace")
    if mark in {b"ASCII\0\0\0", bytes(8)}:
        return _eight_bits(body)
    return _eight_bits(value)


def _sixteen_bits(body: bytes, order: Order) -> str:
    if body[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return body.decode("utf-16", "replace")
    if b"\0" not in body:
        try:
            return body.decode()  # some writers put UTF-8 behind the mark
        except UnicodeDecodeError:
            pass
    # What is read is full of ASCII: in the right order its zero bytes are the high ones.
    body = body[: len(body) // 2 * 2]
    zeros = {"big": body[0::2].count(0), "little": body[1::2].count(0)}
    best = order if zeros["big"] == zeros["little"] else max(zeros, key=lambda name: zeros[name])
    return body.decode("utf-16-be" if best == "big" else "utf-16-le", "replace")


def _eight_bits(value: bytes) -> str:
    try:
        return value.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        return value.rstrip(b"\0").decode("latin-1")
