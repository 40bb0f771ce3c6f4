"""Sounds as providers send them: bare samples, heads that are wrong, text that is cut. The bytes say what they are.

What is read here needs no library: a purchase is judged by it before anything else is loaded.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from re import compile as pattern
from struct import unpack_from
from typing import Final

from gallery.sounds.kinds import NAMES, sound_kind
from generation.processing.sounds.mp3_frames import frames
from generation.processing.sounds.ogg_pages import pages
from generation.providers.wave_files import NoWaveError, mended, wave_of_samples
from generation.result import Output

OPUS_RATE: Final = 48_000
LONGEST: Final = 3 * 3600.0
"""Seconds. Nothing that is bought lasts longer: a file that says so is not believed, as costs go by the second."""

_HEAD: Final = 64
_RATE = pattern(r"rate=(\d{4,6})")
_CHANNELS = pattern(r"channels=([12])\b")
_BARE: Final = ("audio/l16", "audio/pcm", "audio/x-pcm")
_USUAL_RATE: Final = 24_000
_STREAMINFO: Final = 26


class DamagedSoundError(Exception):
    """What was sent is no whole sound; the text says why."""


def sound(text: object, claimed: str = "", index: int = 0) -> Output:
    """The sound of a base64 text. Raises `DamagedSoundError`."""
    if not isinstance(text, str) or not text:
        raise DamagedSoundError("the sound is missing")
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError):
        raise DamagedSoundError("the sound is cut: its base64 does not end") from None
    return sound_of(data, claimed, index)


def sound_of(data: bytes, claimed: str = "", index: int = 0) -> Output:
    """The sound that some bytes are; bare samples, which `claimed` says, get a head. Raises `DamagedSoundError`."""
    if not data:
        raise DamagedSoundError("the sound is empty")
    said = claimed.lower()
    if said.startswith(_BARE):
        rate, channels = _RATE.search(said), _CHANNELS.search(said)
        bare = wave_of_samples(
            data, int(rate[1]) if rate else _USUAL_RATE, channels=int(channels[1]) if channels else 1
        )
        data = data if data[:4] == b"RIFF" else bare
    kind = sound_kind(data[:_HEAD])
    if kind is None:
        raise DamagedSoundError(f"what was sent is no {NAMES} sound")
    seconds: float | None
    if kind.format == "wav":
        try:
            data, seconds, rate_of_it = mended(data)
        except NoWaveError as error:
            raise DamagedSoundError(f"the sound is damaged: {error}") from None
        return Output(data, kind.media_type, index, duration=_believed(seconds), sample_rate=rate_of_it)
    seconds = {"mp3": _of_mp3, "flac": _of_flac}.get(kind.format, _of_ogg)(data)
    if seconds is None:
        raise DamagedSoundError("the sound is damaged: there is no whole sound in it")
    return Output(data, kind.media_type, index, duration=_believed(seconds))


def _believed(seconds: float) -> float | None:
    """None for a length that cannot be."""
    return seconds if seconds <= LONGEST else None


def _of_mp3(data: bytes) -> float | None:
    found = list(frames(data))
    seconds = sum(size * 8 / rate for rate, size in found)
    return seconds if found else None


def _of_ogg(data: bytes) -> float | None:
    """Where its last page says that it ends."""
    found = list(pages(data))
    if len(found) < 2:  # noqa: PLR2004  # a head and at least one page of sound
        return None
    first = data[found[0][0] : found[0][1]]
    opus, vorbis = first.find(b"OpusHead"), first.find(b"\x01vorbis")
    rate = OPUS_RATE if opus >= 0 else unpack_from("<I", first, vorbis + 12)[0] if vorbis >= 0 else 0
    skipped = unpack_from("<H", first, opus + 10)[0] if opus >= 0 else 0
    position = unpack_from("<q", data, found[-1][0] + 6)[0]
    return max(0, position - skipped) / rate if rate and position > 0 else None


def _of_flac(data: bytes) -> float | None:
    """As its head says."""
    if len(data) < _STREAMINFO:
        return None
    packed = int.from_bytes(data[18:26], "big")
    rate, count = packed >> 44, packed & (1 << 36) - 1
    return count / rate if rate and count else None
