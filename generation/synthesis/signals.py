"""What sounds are put together of: tones, noise, envelopes, filters, rooms. Mono, 44,100 samples a second, floats.

No chance of its own: noise comes from the generator that is handed in, whose stream numpy keeps for ever.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]
Chance = np.random.RandomState
Gain = Callable[[Signal], Signal]

RATE: Final = 44_100
_BANDS: Final = 12
_LOWEST, _HIGHEST = 50.0, 16_000.0


def along(count: int) -> Signal:
    """From 0 to just below 1."""
    return np.arange(count, dtype=np.float64) / max(1, count)


def seconds_of(count: int) -> Signal:
    """The moment of each sample, in seconds."""
    return np.arange(count, dtype=np.float64) / RATE


def glide(count: int, *points: tuple[float, float]) -> Signal:
    """A value that moves through points `(place 0-1, value above 0)`, in even ratios, as pitch is heard."""
    places, values = zip(*points, strict=True)
    moved: Signal = np.exp(np.interp(along(count), places, np.log(values)))
    return moved


def steps(count: int, *points: tuple[float, float]) -> Signal:
    """A value that jumps at points `(place 0-1, value)`; the first is at 0."""
    found = np.zeros(count)
    for place, value in points:
        found[round(place * count) :] = value
    return found


def sine(frequency: Signal) -> Signal:
    """A pure tone; `frequency` in hertz for each sample."""
    return np.sin(_phase(frequency))


def saw(frequency: Signal) -> Signal:
    """A bright tone, its edges rounded so that nothing folds back below half the rate."""
    turn, step = _turns(frequency)
    return 2.0 * turn - 1.0 - _edge(turn, step)


def square(frequency: Signal, duty: Signal | float = 0.5) -> Signal:
    """A hollow tone; `duty`: the share of each wave that is up."""
    turn, step = _turns(frequency)
    other = (turn + 1.0 - duty) % 1.0
    up = np.where(turn < duty, 1.0, -1.0)
    return up + _edge(turn, step) - _edge(other, step)


def triangle(frequency: Signal) -> Signal:
    """A soft tone."""
    turn, _ = _turns(frequency)
    return 4.0 * np.abs(turn - 0.5) - 1.0


def fm(frequency: Signal, ratio: float, depth: Signal | float) -> Signal:
    """A tone whose phase is moved by another of `ratio` times its frequency: metal, bells, sparks."""
    phase = _phase(frequency)
    return np.sin(phase + depth * np.sin(phase * ratio))


def noise(count: int, chance: Chance) -> Signal:
    """Hiss, -1 to 1."""
    return chance.uniform(-1.0, 1.0, count)


def crackle(count: int, chance: Chance, per_second: Signal | float) -> Signal:
    """Single clicks of any strength, so many a second on average."""
    falls = chance.random_sample(count) < np.asarray(per_second) / RATE
    return np.where(falls, chance.uniform(-1.0, 1.0, count), 0.0)


def pluck(count: int, attack: float, decay: float, *, curve: float = 5.0, hold: float = 0.0) -> Signal:
    """Up in `attack` seconds, level for `hold`, away within `decay`; the larger the curve the sooner it is quiet."""
    moment = seconds_of(count)
    rise = np.clip(moment / max(attack, 1e-4), 0.0, 1.0)
    past = np.clip((moment - attack - hold) / max(decay, 1e-4), 0.0, 1.0)
    fall = (np.exp(-curve * past) - np.exp(-curve)) / (1.0 - np.exp(-curve))
    shape: Signal = rise * fall
    return shape


def swell(count: int, peak: float, *, width: float = 0.5) -> Signal:
    """Slowly up to `peak` (0-1) and down again."""
    away = np.abs(along(count) - peak) / max(width, 1e-3)
    return np.exp(-4.0 * away**2) * np.minimum(1.0, np.minimum(along(count), 1.0 - along(count)) * 12.0)


def lowpass(signal: Signal, hertz: float, order: int = 2) -> Signal:
    """Without what is higher."""
    return _shaped(signal, lambda at: 1.0 / np.sqrt(1.0 + (at / hertz) ** (2 * order)))


def highpass(signal: Signal, hertz: float, order: int = 2) -> Signal:
    """Without what is lower."""
    return _shaped(signal, lambda at: 1.0 / np.sqrt(1.0 + (hertz / np.maximum(at, 1e-6)) ** (2 * order)))


def band(signal: Signal, low: float, high: float, order: int = 2) -> Signal:
    """Only what is between."""
    return highpass(lowpass(signal, high, order), low, order)


def tilt(signal: Signal, decibels: float) -> Signal:
    """So much louder for each octave above 800 Hz, and softer for each below; at most four octaves."""
    return _shaped(signal, lambda at: 10.0 ** (np.clip(np.log2(np.maximum(at, 1.0) / 800.0), -4, 4) * decibels / 20.0))


def swept(signal: Signal, centre: Signal, *, octaves: float = 0.7) -> Signal:
    """Only what is near a pitch that moves; `octaves`: how far from it. Made of bands that come and go."""
    spectrum = np.fft.rfft(signal)
    pitches = np.log2(np.maximum(np.fft.rfftfreq(len(signal), 1.0 / RATE), 1.0))
    places = np.linspace(np.log2(_LOWEST), np.log2(_HIGHEST), _BANDS)
    gap = places[1] - places[0]
    wanted = np.log2(centre)
    total = np.zeros(len(signal))
    for place in places:
        part = np.fft.irfft(spectrum * np.maximum(0.0, 1.0 - np.abs(pitches - place) / gap), len(signal))
        total += part * np.exp(-(((wanted - place) / octaves) ** 2))
    return total


def ring(count: int, hertz: float, partials: tuple[tuple[float, float, float], ...]) -> Signal:
    """A thing that was struck: partials of `(ratio, strength, seconds until it is quiet)`."""
    moment = seconds_of(count)
    total = np.zeros(count)
    for ratio, strength, lasts in partials:
        if hertz * ratio < RATE / 2.2:
            total += strength * np.sin(2 * np.pi * hertz * ratio * moment) * np.exp(-5.0 * moment / lasts)
    return total


def room(signal: Signal, chance: Chance, lasts: float, amount: float) -> Signal:
    """The sound with a room around it, which rings so many seconds; longer than the signal by that."""
    tail = max(64, round(lasts * RATE))
    answer = noise(tail, chance) * np.exp(-6.0 * along(tail)) * np.minimum(1.0, along(tail) * tail / (0.008 * RATE))
    answer = lowpass(answer, 4_500.0, 1)
    answer /= np.sqrt(np.sum(answer**2)) + 1e-12
    size = len(signal) + tail
    wet = np.fft.irfft(np.fft.rfft(signal, size) * np.fft.rfft(answer, size), size)
    wet[: len(signal)] = signal + amount * wet[: len(signal)]
    wet[len(signal) :] *= amount
    return wet


def driven(signal: Signal, amount: float) -> Signal:
    """Pushed into its limits: fuller and rougher. 0 leaves it."""
    return signal if amount <= 0 else np.tanh(levelled(signal) * (1.0 + amount)) / np.tanh(1.0 + amount)


def crushed(signal: Signal, bits: int, every: int) -> Signal:
    """As old machines played it: few levels, few samples."""
    held = np.repeat(signal[::every], every)[: len(signal)]
    levels = 2.0 ** (bits - 1)
    rounded: Signal = np.round(held * levels) / levels
    return rounded


def levelled(signal: Signal, peak: float = 1.0) -> Signal:
    """As loud as can be: its highest sample at `peak`. Silence stays silence."""
    most = float(np.max(np.abs(signal))) if len(signal) else 0.0
    return signal if most < 1e-9 else signal * (peak / most)  # noqa: PLR2004  # below hearing


def placed(count: int, *parts: tuple[float, Signal]) -> Signal:
    """Parts at their moments (seconds), in so many samples; what would stand behind the end is cut off."""
    total = np.zeros(count)
    for moment, part in parts:
        start = round(moment * RATE)
        end = min(count, start + len(part))
        if start < end:
            total[start:end] += part[: end - start]
    return total


def faded(signal: Signal, rise: float, fall: float) -> Signal:
    """Without clicks at its ends; seconds."""
    made = signal.copy()
    up, down = (min(len(made) // 2, round(each * RATE)) for each in (rise, fall))
    if up:
        made[:up] *= np.linspace(0.0, 1.0, up)
    if down:
        made[-down:] *= np.linspace(1.0, 0.0, down)
    return made


def _phase(frequency: Signal) -> Signal:
    phase: Signal = 2.0 * np.pi * np.cumsum(frequency) / RATE
    return phase


def _turns(frequency: Signal) -> tuple[Signal, Signal]:
    step = np.clip(frequency / RATE, 1e-6, 0.49)
    return np.cumsum(step) % 1.0, step


def _edge(turn: Signal, step: Signal) -> Signal:
    """What rounds a jump at the begin of each wave (a polynomial in place of the band-limited step)."""
    after, before = turn / step, (turn - 1.0) / step
    rising = np.where(turn < step, after + after - after**2 - 1.0, 0.0)
    return np.where(turn > 1.0 - step, before**2 + before + before + 1.0, rising)


def _shaped(signal: Signal, gain: Gain) -> Signal:
    """Each pitch by its gain, with silence behind so that the end does not come round to the beginning."""
    size = len(signal) + RATE // 10
    spectrum = np.fft.rfft(signal, size) * gain(np.asarray(np.fft.rfftfreq(size, 1.0 / RATE), np.float64))
    return np.fft.irfft(spectrum, size)[: len(signal)]
