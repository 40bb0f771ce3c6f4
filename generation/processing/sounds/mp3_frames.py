"""The bitrate of an MP3 file, from the heads of its frames. Pure."""

from collections.abc import Iterator
from typing import Final

_BITRATES: Final = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By whether it is MPEG 1: kilobits a second by index."""
_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_HEAD: Final = 4
_ID3_HEAD: Final = 10
_LAYER_THREE: Final = 1


def frames(data: bytes) -> Iterator[tuple[int, int]]:
    """`(bits a second, bytes)` of each frame in turn, up to the first thing that is none."""
    at = _behind_id3(data)
    while (frame := _frame(data[at : at + _HEAD])) is not None:
        yield frame
        at += frame[1]


def mp3_bitrate(data: bytes) -> int | None:
    """The mean over its frames; None where there are none. The first frame may only describe the others."""
    found = list(frames(data))
    told = found[1:] if len(found) > 1 else found
    return round(sum(rate for rate, _ in told) / len(told)) if told else None


def _behind_id3(data: bytes) -> int:
    at = 0
    while data[at : at + 3] == b"ID3" and len(data) >= at + _ID3_HEAD:
        size = 0
        for byte in data[at + 6 : at + _ID3_HEAD]:
            size = size << 7 | byte & 0x7F
        at += _ID3_HEAD + size
    return at


def _frame(head: bytes) -> tuple[int, int] | None:
    if len(head) < _HEAD or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004  # the mark of a frame
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    index, rate_index, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    first = version == 3  # noqa: PLR2004  # MPEG 1
    if layer != _LAYER_THREE or version not in _RATES or rate_index not in range(3) or index in {0, 15}:
        return None
    bitrate, rate = _BITRATES[first][index] * 1000, _RATES[version][rate_index]
    return bitrate, (144 if first else 72) * bitrate // rate + padding
