"""How loud a sound is: ITU-R BS.1770-4, with the coefficients worked out for every sample rate."""

from math import log10, pi, tan
from typing import Final

import numpy as np
from numpy.typing import NDArray

from generation.processing.sounds.wave import Samples

SILENCE: Final = -70.0
"""LUFS at which the absolute gate closes: nothing is quieter."""

_PIECE: Final = 1 << 17
_STEP_SECONDS: Final = 0.1
_STEPS_OF_BLOCK: Final = 4
_RELATIVE_GATE: Final = -10.0
_SETTLING_SECONDS: Final = 0.5  # after it nothing is left of the filter's past: its slowest part falls by e in 4 ms
_SURROUND: Final = 1.41
_WEIGHTS: Final = {5: (1.0, 1.0, 1.0, _SURROUND, _SURROUND), 6: (1.0, 1.0, 1.0, 0.0, _SURROUND, _SURROUND)}

_SHELF: Final = (1681.974450955533, 3.999843853973347, 0.7071752369554196, 0.4996667741545416)
_PASS: Final = (38.13547087602444, 0.5003270373238773)


def loudness(samples: Samples, rate: int) -> float | None:
    """Integrated loudness in LUFS, gated; None for silence.

    A sound below 400 ms has no whole block: all of it counts as one, so that short effects can be compared too.
    """
    steps = _energy_of_steps(samples, rate)
    if len(samples) < rate * _STEP_SECONDS * _STEPS_OF_BLOCK:
        blocks = np.array([steps.sum() / len(samples)])
    else:
        length = round(rate * _STEP_SECONDS)
        blocks = np.convolve(steps[: len(samples) // length], np.ones(_STEPS_OF_BLOCK), "valid")
        blocks /= length * _STEPS_OF_BLOCK
    kept = blocks[blocks > _energy(SILENCE)]
    if not len(kept):
        return None
    kept = kept[kept > kept.mean() * 10 ** (_RELATIVE_GATE / 10)]
    return _level(float(kept.mean()))


def _level(energy: float) -> float:
    return -0.691 + 10 * log10(energy)


def _energy(level: float) -> float:
    return float(10 ** ((level + 0.691) / 10))


def _energy_of_steps(samples: Samples, rate: int) -> NDArray[np.float64]:
    """For each 100 ms the sum of the squares of the weighted sound, all channels with their weights."""
    length = round(rate * _STEP_SECONDS)
    weights = np.array(_WEIGHTS.get(samples.shape[1], (1.0,) * samples.shape[1]))
    piece = max(1, _PIECE // length) * length
    past = round(rate * _SETTLING_SECONDS)
    response = _response(rate, past + piece + past)
    found = []
    for start in range(0, len(samples), piece):
        first, last = max(0, start - past), min(len(samples), start + piece)
        read = np.zeros((past + piece + past, samples.shape[1]))
        read[first - start + past : last - start + past] = samples[first:last]
        weighted = np.fft.irfft(np.fft.rfft(read, axis=0) * response[:, None], n=len(read), axis=0)
        squares = (weighted[past : past + last - start] ** 2) @ weights
        found.append(np.add.reduceat(squares, range(0, len(squares), length)))
    return np.concatenate(found)


def _response(rate: int, length: int) -> NDArray[np.complex128]:
    """What the two filters do to each frequency of a transform of this length."""
    turn = np.exp(-2j * pi * np.arange(length // 2 + 1) / length)
    made = np.ones(len(turn), complex)
    for over, under in (_shelf(rate), _high_pass(rate)):
        made *= (over[0] + over[1] * turn + over[2] * turn**2) / (under[0] + under[1] * turn + under[2] * turn**2)
    return made


def _shelf(rate: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    frequency, gain, quality, exponent = _SHELF
    k = tan(pi * min(frequency / rate, 0.49))
    high = 10 ** (gain / 20)
    middle = high**exponent
    over = (high + middle * k / quality + k * k, 2 * (k * k - high), high - middle * k / quality + k * k)
    return over, (1 + k / quality + k * k, 2 * (k * k - 1), 1 - k / quality + k * k)


def _high_pass(rate: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    frequency, quality = _PASS
    k = tan(pi * frequency / rate)
    scale = 1 + k / quality + k * k
    return (1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / scale, (1 - k / quality + k * k) / scale)
