"""The pages of an Ogg file: how much of it is sound, and one number for its stream. Pure.

Encoders number a stream by chance, so that the same sound never became the same bytes twice.
"""

from collections.abc import Iterator
from typing import Final

_HEAD: Final = 27
_SERIAL: Final = slice(14, 18)
_CHECKSUM: Final = slice(22, 26)
_OUR_SERIAL: Final = (0x43414C4C).to_bytes(4, "little")
_POLYNOMIAL: Final = 0x04C11DB7
_BYTE: Final = 8


def pages(data: bytes) -> Iterator[tuple[int, int]]:
    """`(begin, end)` of each page, up to the first thing that is none."""
    at = 0
    while data[at : at + 4] == b"OggS" and len(data) >= at + _HEAD:
        segments = data[at + 26]
        end = at + _HEAD + segments + sum(data[at + _HEAD : at + _HEAD + segments])
        if end > len(data):
            return
        yield at, end
        at = end


def sound_bytes(data: bytes) -> int:
    """The size of the pages that hold sound: those of heads and remarks stand at the position 0."""
    return sum(end - begin for begin, end in pages(data) if data[begin + 6 : begin + 14] != bytes(8))


def is_whole(data: bytes) -> bool:
    """Whether the last page says that it is the last."""
    last = None
    for page in pages(data):
        last = page
    return last is not None and bool(data[last[0] + 5] & 4)


def numbered(data: bytes) -> bytes:
    """The file with its stream numbered as we number every stream, all checksums renewed."""
    made = bytearray(data)
    for begin, end in pages(data):
        page = made[begin:end]
        page[_SERIAL] = _OUR_SERIAL
        page[_CHECKSUM] = bytes(4)
        page[_CHECKSUM] = _checksum(page).to_bytes(4, "little")
        made[begin:end] = page
    return bytes(made)


def _table() -> tuple[int, ...]:
    found = []
    for number in range(256):
        rest = number << 24
        for _ in range(_BYTE):
            rest = (rest << 1 ^ _POLYNOMIAL if rest & 0x80000000 else rest << 1) & 0xFFFFFFFF
        found.append(rest)
    return tuple(found)


_TABLE: Final = _table()


def _checksum(page: bytearray) -> int:
    rest = 0
    for byte in page:
        rest = (rest << _BYTE) & 0xFFFFFFFF ^ _TABLE[rest >> 24 ^ byte]
    return rest
