"""Steps on samples: level, silence, fades, one channel."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log10
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from generation.processing.sounds.loudness import loudness
from generation.processing.sounds.resampling import true_peak
from generation.processing.sounds.wave import Samples, Wave

PEAK: Final = -1.0
"""What `normalize` aims at where it says nothing: dBFS of the highest sample."""
CEILING: Final = -1.0
"""What the true peak stays below where a loudness is asked for: dBTP. Encoders go over the samples they were given."""
THRESHOLD: Final = -40.0
"""What counts as silence where `trim_silence` says nothing: dBFS."""

_MOST_GAIN: Final = 60.0
_SHORT_OF: Final = 0.1


@dataclass(frozen=True, slots=True)
class Levelled:
    """The sound at its new level; `shortfall`: why that is not the one asked for, "" where it is."""

    wave: Wave
    shortfall: str = ""


def decibels(value: float) -> float:
    """Of an amplitude, 1 being full scale; at least -200."""
    return 20 * log10(max(value, 1e-10))


def amplitude(level: float) -> float:
    """Of decibels."""
    return float(10 ** (level / 20))


def peak_of(samples: Samples) -> float:
    """The highest sample, as an amplitude."""
    return float(np.abs(samples).max(initial=0.0))


def normalized(wave: Wave, options: Mapping[str, Any]) -> Levelled:
    """At a sample peak (`peak`, dBFS) or a loudness (`loudness`, LUFS), and its true peak below `ceiling` (dBTP).

    The ceiling wins: what it leaves to be wished for is told. Raises `ValueError` for silence.
    """
    wanted = options.get("loudness")
    level = loudness(wave.samples, wave.rate) if wanted is not None else decibels(peak_of(wave.samples))
    if level is None or peak_of(wave.samples) == 0:
        raise ValueError("there is nothing to bring to a level: it is silent")
    target = wanted if wanted is not None else options.get("peak", PEAK)
    unit = "LUFS" if wanted is not None else "dB"
    asked = target - level
    gain = min(asked, _MOST_GAIN)
    why = f"the most that is added is {_MOST_GAIN:g} dB"
    ceiling = options.get("ceiling", CEILING if wanted is not None else None)
    if ceiling is not None:
        room = ceiling - decibels(true_peak(wave.samples, wave.rate))
        if room < gain:
            gain, why = room, f"the true peak stays at {ceiling:g} dB"
    made = replace(wave, samples=wave.samples * np.float32(amplitude(gain)))
    short = asked - gain > _SHORT_OF
    return Levelled(made, f"{level + gain:.1f} {unit} instead of {target:g}: {why}" if short else "")


def without_silence(wave: Wave, options: Mapping[str, Any]) -> Wave:
    """Without what lies below `threshold` (dBFS) at its ends; `padding` seconds of it stay. All silence stays."""
    loud = np.abs(wave.samples).max(axis=1) > amplitude(options.get("threshold", THRESHOLD))
    if not loud.any():
        return wave
    spare = round(options.get("padding", 0) * wave.rate)
    where = options.get("where", "both")
    first = max(0, int(loud.argmax()) - spare) if where != "end" else 0
    last = min(len(loud), len(loud) - int(loud[::-1].argmax()) + spare) if where != "start" else len(loud)
    return wave if (first, last) == (0, len(loud)) else replace(wave, samples=wave.samples[first:last])


def faded(wave: Wave, options: Mapping[str, Any]) -> Wave:
    """Rising over the first `in` seconds, falling over the last `out`; where both are too long, each to its share."""
    rising, falling = (round(options.get(side, 0) * wave.rate) for side in ("in", "out"))
    length = len(wave.samples)
    if rising + falling > length:
        share = length / (rising + falling)
        rising, falling = int(rising * share), int(falling * share)
    if not rising and not falling:
        return wave
    samples = wave.samples.copy()
    curve = options.get("curve", "smooth")
    if rising:
        samples[:rising] *= _ramp(rising, curve)[:, None]
    if falling:
        samples[length - falling :] *= _ramp(falling, curve)[::-1, None]
    return replace(wave, samples=samples)


def _ramp(length: int, curve: str) -> NDArray[np.float32]:
    along = np.arange(length) / length
    if curve == "smooth":
        along = 0.5 - 0.5 * np.cos(np.pi * along)
    return along.astype(np.float32)


def in_mono(wave: Wave) -> Wave:
    """One channel: the mean of all. What is in all of them keeps its level, what is in one alone falls."""
    if wave.samples.shape[1] == 1:
        return wave
    return replace(wave, samples=wave.samples.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32))
