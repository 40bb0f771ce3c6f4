"""Another sample rate, by the Fourier transform of pieces that overlap: linear in phase, and memory stays bounded."""

from collections.abc import Iterator
from math import gcd
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generation.processing.sounds.wave import MOST_SAMPLES, Samples, Wave

_PIECE: Final = 1 << 16
_AROUND: Final = 4096
"""Samples on either side that a piece is read with and that are thrown away: their other ends are not the sound's."""
_ROLL_OFF: Final = 0.95
"""From this share of the lower of both limits on, what is above it fades out: a hard edge would ring."""
_TIMES: Final = 4


def resampled(wave: Wave, rate: int) -> Wave:
    """The sound at this rate in Hz. What the new rate cannot hold is left out.

    Raises `ValueError` for what would be too long at it.
    """
    if rate == wave.rate:
        return wave
    if wave.samples.size * rate > 2 * MOST_SAMPLES * wave.rate:
        raise ValueError(f"at {rate} Hz it would be longer than what is worked on")
    pieces = [piece.astype(np.float32) for piece in _pieces(wave.samples, wave.rate, rate)]
    return Wave(np.concatenate(pieces), rate, wave.format, wave.bits, wave.bitrate)


def true_peak(samples: Samples, rate: int) -> float:
    """The largest value of the curve through the samples, looked at four times as closely (ITU-R BS.1770, annex 2)."""
    sampled = float(np.abs(samples).max(initial=0.0))
    between = (float(np.abs(piece).max(initial=0.0)) for piece in _pieces(samples, rate, rate * _TIMES))
    return max(sampled, max(between, default=0.0))


def _pieces(samples: Samples, old: int, new: int) -> Iterator[NDArray[np.float64]]:
    """The samples at the new rate, one piece after the other."""
    down, up = old // gcd(old, new), new // gcd(old, new)
    around = -(-_AROUND // down) * down
    step = max(1, _PIECE // down) * down
    total = -(-len(samples) * up // down)
    fade = _fade(around)
    done = 0
    for start in range(0, len(samples), step):
        read = np.zeros((step + 2 * around, samples.shape[1]))
        first, last = max(0, start - around), min(len(samples), start + step + around)
        read[first - start + around : last - start + around] = samples[first:last]
        read[:around] *= fade[:, None]
        read[-around:] *= fade[::-1, None]
        made = _scaled(read, down, up)
        cut = around * up // down
        piece = made[cut : len(made) - cut][: total - done]
        done += len(piece)
        yield piece


def _fade(length: int) -> NDArray[np.float64]:
    """From 0 to 1 over the outer half, so that the ends of a piece meet in silence."""
    half = length // 2
    rising = 0.5 - 0.5 * np.cos(np.pi * np.arange(half) / half)
    return np.concatenate([rising, np.ones(length - half)])


def _scaled(samples: NDArray[np.float64], down: int, up: int) -> NDArray[np.float64]:
    bins = np.fft.rfft(samples, axis=0)
    length = len(samples) * up // down
    if up < down:
        limit = length // 2
        begin = int(limit * _ROLL_OFF)
        bins = bins[: limit + 1]
        bins[begin:] *= (0.5 + 0.5 * np.cos(np.pi * np.arange(len(bins) - begin) / (len(bins) - begin)))[:, None]
    return np.fft.irfft(bins, n=length, axis=0) * (up / down)
