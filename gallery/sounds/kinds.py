"""Which sound a file is, by its first bytes. Pure; a full decode is the proof."""

from dataclasses import dataclass
from typing import Final

NAMES: Final = "WAV, FLAC, Ogg, Opus or MP3"
"""The kinds that we take, for messages."""

_OGG_PAYLOAD: Final = 28  # the first page of an Ogg file has one segment, so its packet begins here
_FREE, _BAD = 0, 15


@dataclass(frozen=True, slots=True)
class SoundKind:
    """A kind of sound file: `format` as queries name it, the suffix without dot, the content type."""

    format: str
    suffix: str
    media_type: str


KINDS: Final = {
    "wav": SoundKind("wav", "wav", "audio/wav"),
    "flac": SoundKind("flac", "flac", "audio/flac"),
    "ogg": SoundKind("ogg", "ogg", "audio/ogg"),
    "opus": SoundKind("opus", "opus", "audio/ogg"),
    "mp3": SoundKind("mp3", "mp3", "audio/mpeg"),
}


def sound_kind(head: bytes) -> SoundKind | None:
    """The kind for the first 64 bytes of a file; None for what is none of them."""
    if head[:4] in {b"RIFF", b"RF64"} and head[8:12] == b"WAVE":
        return KINDS["wav"]
    if head.startswith(b"fLaC"):
        return KINDS["flac"]
    if head.startswith(b"OggS"):
        return _in_ogg(head[_OGG_PAYLOAD:])
    return KINDS["mp3"] if head.startswith(b"ID3") or _is_mp3_frame(head) else None


def _in_ogg(packet: bytes) -> SoundKind | None:
    if packet.startswith(b"OpusHead"):
        return KINDS["opus"]
    return KINDS["ogg"] if packet.startswith((b"\x01vorbis", b"\x7fFLAC")) else None


def _is_mp3_frame(head: bytes) -> bool:
    """Whether a frame of layer III begins here, with a version, a bitrate and a sample rate that there are."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004  # the eleven bits of the mark
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    # A layer III frame whose mark is `ff fb` and the like: layer bits 01; version 01 is reserved, and so is rate 11.
    return layer == 1 and version != 1 and bitrate not in {_FREE, _BAD} and rate != 3  # noqa: PLR2004
