"""WAV files as they come from elsewhere: their heads may be wrong about how long they are. Pure.

Who streams a file does not know its length yet, and writes zero or the largest number there is.
"""

from struct import pack, unpack_from
from typing import Final

_HEAD: Final = 12
_CHUNK: Final = 8
_UNTOLD: Final = 0x7F000000
"""From here on a length stands for none: no file of two gigabytes comes from anywhere here."""
_PCM: Final = 1
_FORMAT_SIZE: Final = 16


class NoWaveError(ValueError):
    """Bytes are no WAV file; the text says why."""


def wave_of_samples(samples: bytes, rate: int, *, channels: int = 1, bits: int = 16) -> bytes:
    """A WAV file of bare PCM samples, the lowest byte first. What is no whole frame at its end is left out."""
    frame = channels * bits // 8
    whole = samples[: len(samples) // frame * frame]
    described = pack("<HHIIHH", _PCM, channels, rate, rate * frame, frame, bits)
    return _file(b"fmt " + pack("<I", len(described)) + described, whole)


def mended(data: bytes) -> tuple[bytes, float, int]:
    """The file with true lengths, its seconds and its rate. Raises `NoWaveError`.

    Nothing behind the samples is kept where their length was not told: what follows is theirs.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise NoWaveError("it does not begin as one")
    at, described = _HEAD, b""
    while at + _CHUNK <= len(data):
        name, size = data[at : at + 4], unpack_from("<I", data, at + 4)[0]
        if name == b"data":
            return _ended(data, at, size, described)
        if name == b"fmt " and size >= _FORMAT_SIZE:
            described = data[at : at + _CHUNK + size]
        at += _CHUNK + size + size % 2
    raise NoWaveError("there are no samples in it")


def _ended(data: bytes, at: int, size: int, described: bytes) -> tuple[bytes, float, int]:
    if len(described) < _CHUNK + _FORMAT_SIZE:
        raise NoWaveError("it does not say what its samples are")
    rate, _, frame = unpack_from("<IIH", described, _CHUNK + 4)
    if not (rate and frame):
        raise NoWaveError("it has no rate")
    begin = at + _CHUNK
    told = 0 < size < _UNTOLD
    if told and begin + size > len(data):
        raise NoWaveError("it is cut: it has fewer samples than it says")
    samples = data[begin : begin + size] if told else data[begin : begin + (len(data) - begin) // frame * frame]
    if not samples:
        raise NoWaveError("there are no samples in it")
    seconds = len(samples) / (rate * frame)
    is_true = told and unpack_from("<I", data, 4)[0] == len(data) - _CHUNK
    return (data if is_true else _file(described, samples)), seconds, int(rate)


def _file(described: bytes, samples: bytes) -> bytes:
    padded = samples + b"\0" * (len(samples) % 2)
    body = b"WAVE" + described + b"data" + pack("<I", len(samples)) + padded
    return b"RIFF" + pack("<I", len(body)) + body
