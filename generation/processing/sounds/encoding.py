"""From samples to a file: the same bytes for the same samples, at a bitrate that is measured afterwards."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import soundfile

from gallery.sounds.kinds import KINDS
from generation.processing.model import ProcessedFile
from generation.processing.sounds.ogg_pages import numbered
from generation.processing.sounds.resampling import resampled
from generation.processing.sounds.wave import Wave, bitrate_of

WITH_BITRATE: Final = frozenset({"mp3", "ogg", "opus"})
"""Formats of which a bitrate can be chosen."""
MP3_BITRATE: Final = 192_000
"""What an MP3 gets where nothing says more."""

_WRITTEN: Final = {
    "wav": ("WAV", None),
    "flac": ("FLAC", None),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "mp3": ("MP3", "MPEG_LAYER_III"),
}
_MP3_RATES: Final = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_MP3_BITRATES: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_OPUS_RATES: Final = (8000, 12000, 16000, 24000, 48000)
_MP3_SCALES: Final = ((32000, 320, 32), (16000, 160, 8), (0, 64, 8))
"""From which rate on, and the bitrates that the library's level goes from and to: it runs from 0 to 1."""
_MP3_CHANNELS: Final = 2
_LEAST_LEVEL, _MOST_LEVEL = 0.0, 0.99
_OGG_LEVEL: Final = 0.4
_OPUS_LEVEL: Final = 0.64
_TRIES: Final = 7
_CLOSE: Final = 0.03
_TRIED_SECONDS: Final = 30
_SIXTEEN: Final = 16


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one format is written. `bitrate` in bits a second; None: our own choice."""

    format: str
    bitrate: int | None = None


def encoded(wave: Wave, how: Encoding) -> tuple[ProcessedFile, int | None]:
    """The file, and its bitrate as measured. Raises `ValueError` for what the format cannot hold."""
    fit = _fitted(wave, how)
    kind = KINDS[how.format]
    if how.format == "mp3":
        data = _mp3(fit, how.bitrate or MP3_BITRATE)
    elif how.format in WITH_BITRATE:
        write = _writer(how.format)
        level = _OGG_LEVEL if how.format == "ogg" else _OPUS_LEVEL
        data = write(fit, _level_for(fit, how, write) if how.bitrate is not None else level)
    else:
        data = _written(fit, how.format, "PCM_16" if fit.bits <= _SIXTEEN else "PCM_24")
    file = ProcessedFile(data, kind.media_type, None, None, kind.suffix, duration=wave.seconds)
    return file, bitrate_of(data, how.format, fit.seconds)


def _fitted(wave: Wave, how: Encoding) -> Wave:
    """At a rate that the format knows, which also holds the bitrate."""
    rates = {"mp3": _MP3_RATES, "opus": _OPUS_RATES}.get(how.format)
    if how.format == "mp3" and wave.samples.shape[1] > _MP3_CHANNELS:
        raise ValueError(f"an MP3 has at most two channels, this has {wave.samples.shape[1]}: put `mono` before it")
    if rates is None:
        return wave
    least = wave.rate
    if how.format == "mp3" and how.bitrate is not None:
        least = max(least, _least_rate(how.bitrate // 1000))
    return resampled(wave, next((rate for rate in rates if rate >= least), rates[-1]))


def _least_rate(kilobits: int) -> int:
    """The sample rate from which on an MP3 can have the bitrate."""
    return next((rate for rate, most, _ in reversed(_MP3_SCALES) if kilobits <= most), 32000)


def _mp3(wave: Wave, bitrate: int) -> bytes:
    _, most, least = next(scale for scale in _MP3_SCALES if wave.rate >= scale[0])
    wanted = min(max(bitrate / 1000, least), most)
    level = min(max((most - wanted) / (most - least), _LEAST_LEVEL), _MOST_LEVEL)
    return _written(wave, "mp3", None, level=level, mode="CONSTANT")


def nearest_mp3(bitrate: int) -> int:
    """The bitrate that an MP3 can have which is nearest to this one."""
    return min(_MP3_BITRATES, key=lambda each: abs(each * 1000 - bitrate)) * 1000


def _writer(file_format: str) -> Callable[[Wave, float], bytes]:
    return lambda wave, level: numbered(_written(wave, file_format, None, level=level))


def _level_for(wave: Wave, how: Encoding, write: Callable[[Wave, float], bytes]) -> float:
    """The level at which these formats, whose bitrate follows the sound, come nearest to what is asked for."""
    length, most = len(wave.samples), _TRIED_SECONDS * wave.rate
    begin = max(0, (length - most) // 2)
    tried = replace(wave, samples=wave.samples[begin : begin + most])
    wanted = how.bitrate or 0
    low, high = _LEAST_LEVEL, _MOST_LEVEL
    best, distance = low, float("inf")
    for number in range(_TRIES):
        level = low if number == 0 else (low + high) / 2
        found = bitrate_of(write(tried, level), how.format, tried.seconds) or 0
        if abs(found - wanted) < distance:
            best, distance = level, abs(found - wanted)
        if distance <= wanted * _CLOSE or (number == 0 and found < wanted):
            break
        if number:
            low, high = (level, high) if found > wanted else (low, level)
    return best


def _written(
    wave: Wave, file_format: str, subtype: str | None, *, level: float | None = None, mode: str | None = None
) -> bytes:
    container, coding = _WRITTEN[file_format]
    buffer = io.BytesIO()
    with soundfile.SoundFile(
        buffer,
        "w",
        samplerate=wave.rate,
        channels=wave.samples.shape[1],
        format=container,
        subtype=coding or subtype,
        compression_level=level,
        bitrate_mode=mode,
    ) as file:
        file.write(np.clip(wave.samples, -1.0, 1.0))
    return buffer.getvalue()
