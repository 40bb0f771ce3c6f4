"""Whether a sound file ends before its own beginning says: decoders take what is there and say nothing of it."""

import os
from typing import BinaryIO, Final

_CHUNK_HEAD: Final = 8
_MOST_CHUNKS: Final = 1000
_UNKNOWN_SIZES: Final = frozenset({0, 0x7FFFFFFF, 0xFFFFFFFF})
"""What programs write that stream a sound and never learn its size."""
_ID3_HEAD: Final = 10
_FRAME_HEAD: Final = 4
_SIDE_INFO: Final = {(True, False): 32, (True, True): 17, (False, False): 17, (False, True): 9}
"""By whether it is MPEG 1 and mono: bytes between the head of a frame and its description of the file."""
_HAS_FRAMES, _HAS_BYTES = 1, 2
_SLACK: Final = 0.99


def is_cut_off(file: BinaryIO, file_format: str) -> bool:
    """Whether bytes are missing at the end. Leaves the file where it likes; knows WAV and MP3, of all else False."""
    size = file.seek(0, os.SEEK_END)
    if file_format == "wav":
        return _is_wav_cut(file, size)
    return file_format == "mp3" and _is_mp3_cut(file, size)


def _is_wav_cut(file: BinaryIO, size: int) -> bool:
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(_CHUNK_HEAD)
        if len(head) < _CHUNK_HEAD:
            return False
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return length not in _UNKNOWN_SIZES and at + _CHUNK_HEAD + length > size
        at += _CHUNK_HEAD + length + length % 2
    return False


def _is_mp3_cut(file: BinaryIO, size: int) -> bool:
    """By the description that encoders put into the first frame: how many bytes there are from there on."""
    begin = _behind_id3(file)
    file.seek(begin)
    frame = file.read(64)
    if len(frame) < _FRAME_HEAD:
        return False
    at = _FRAME_HEAD + _SIDE_INFO[frame[1] >> 3 & 3 == 3, frame[3] >> 6 == 3]  # noqa: PLR2004  # MPEG 1; one channel
    if frame[at : at + 4] not in {b"Xing", b"Info"}:
        return False
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    if not flags & _HAS_BYTES:
        return False
    place = at + 8 + (4 if flags & _HAS_FRAMES else 0)
    told = int.from_bytes(frame[place : place + 4], "big")
    return size - begin < told * _SLACK


def _behind_id3(file: BinaryIO) -> int:
    at = 0
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(_ID3_HEAD)
        if head[:3] != b"ID3" or len(head) < _ID3_HEAD:
            break
        size = 0
        for byte in head[6:]:
            size = size << 7 | byte & 0x7F
        at += _ID3_HEAD + size
    return at
