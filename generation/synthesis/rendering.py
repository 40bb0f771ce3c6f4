"""A brief as samples: its sounds laid over each other, changed as its words say, of exactly the length asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from generation.synthesis import around, played, struck
from generation.synthesis.reading import Brief
from generation.synthesis.signals import (
    RATE,
    Chance,
    Signal,
    crushed,
    driven,
    faded,
    glide,
    highpass,
    levelled,
    lowpass,
    noise,
    placed,
    pluck,
    room,
    sine,
    swept,
    tilt,
)
from generation.synthesis.vocabulary import PRESETS

PEAK: Final = 10 ** (-1.0 / 20)
"""One decibel below what can be."""
_SHARES: Final = (1.0, 0.62, 0.4)
"""How loud the sound itself is, and what is laid under it."""
_MOST_STRETCH: Final = 3.0
_SEAM_SECONDS: Final = 0.25

_ROOMS: Final = (played, struck, around)
_VOICES: Final[Mapping[str, Callable[[int, float, Chance], Signal]]] = {
    name: next(getattr(each, name) for each in _ROOMS if hasattr(each, name)) for name in PRESETS
}


@dataclass(frozen=True, slots=True)
class _Change:
    """All changes together, see `vocabulary.Change`."""

    pitch: float
    bright: float
    drive: float
    soft: float
    snap: float
    room: float
    sub: float
    air: float
    crush: float
    lowpass: float | None


def rendered(brief: Brief, seconds: float, seed: int, *, loop: bool = False) -> Signal:
    """Samples of exactly so many seconds. `loop`: its end goes over into its begin."""
    chance = np.random.RandomState(seed % 2**32)
    change = _together(brief)
    count = max(1, round(seconds * RATE))
    goes_on = PRESETS[brief.layers[0].preset].goes_on
    seam = min(round(_SEAM_SECONDS * RATE), count // 2) if loop and goes_on else 0
    made = _layers(brief, count + seam, change.pitch, chance)
    made = highpass(_changed(made, change, chance), 18.0, 1)
    if loop:
        made = _looped(made, count, seam)
    made = faded(made[:count], 0.0 if loop and goes_on else 0.001, 0.0 if loop and goes_on else _fall(count))
    return levelled(placed(count, (0.0, made)), PEAK)


def _layers(brief: Brief, count: int, pitch: float, chance: Chance) -> Signal:
    parts = []
    for share, heard in zip(_SHARES, brief.layers, strict=False):
        preset = PRESETS[heard.preset]
        size = count if preset.goes_on else min(count, round(preset.seconds * _MOST_STRETCH * RATE))
        voice = _VOICES[heard.preset](size, pitch * chance.uniform(0.96, 1.04), chance)
        parts.append((0.0, share * _evened(voice)))
    return placed(count, *parts)


def _evened(signal: Signal) -> Signal:
    """As loud as others are heard to be: by the power of its loudest tenth of a second, not by its peak alone."""
    size = min(len(signal), RATE // 10)
    power = np.convolve(signal**2, np.ones(size) / size, "valid") if len(signal) < RATE else _powers(signal, size)
    loudest = float(np.sqrt(np.max(power))) if len(power) else 0.0
    peak = float(np.max(np.abs(signal))) if len(signal) else 0.0
    return signal / max(1.8 * loudest, 0.5 * peak, 1e-9)


def _powers(signal: Signal, size: int) -> Signal:
    total = np.cumsum(np.concatenate((np.zeros(1), signal**2)))
    means: Signal = (total[size:] - total[:-size]) / size
    return means


def _changed(signal: Signal, change: _Change, chance: Chance) -> Signal:
    count = len(signal)
    lasts = count / RATE
    made = levelled(signal)
    if change.sub:
        low = sine(glide(count, (0.0, 95.0), (0.3, 52.0), (1.0, 42.0))) * pluck(
            count, 0.004, min(lasts, 0.9), curve=3.5
        )
        made = made + change.sub * low
    if change.air:
        breath = swept(noise(count, chance), glide(count, (0.0, 4_000), (1.0, 9_000)), octaves=0.9)
        made = made + 1.4 * change.air * breath * pluck(count, 0.01, lasts, curve=3)
    made = driven(made, change.drive)
    if change.bright:
        made = tilt(made, change.bright)
    if change.snap:
        tick = highpass(noise(count, chance), 3_500) * pluck(count, 0.0004, 0.014)
        made = levelled(made) + change.snap * tick
    if change.lowpass is not None:
        made = lowpass(made, change.lowpass, 3)
    if change.crush:
        made = crushed(levelled(made), 5, 4)
    if change.soft:
        made = faded(made, min(change.soft, lasts / 3), 0.0)
    return room(made, chance, 0.35 + 1.1 * change.room, 0.55 * change.room) if change.room else made


def _together(brief: Brief) -> _Change:
    each = [change for _, change in brief.changes]
    cuts = [one.lowpass for one in each if one.lowpass is not None]
    pitch = float(np.clip(np.prod([one.pitch for one in each]), 0.55, 2.2))
    return _Change(
        pitch=pitch,
        bright=float(np.clip(sum(one.bright for one in each), -4.0, 4.0)),
        drive=min(1.6, sum(one.drive for one in each)),
        soft=sum(one.soft for one in each),
        snap=min(1.0, sum(one.snap for one in each)),
        room=min(1.0, sum(one.room for one in each)),
        sub=min(0.6, sum(one.sub for one in each)),
        air=min(1.0, sum(one.air for one in each)),
        crush=min(1.0, sum(one.crush for one in each)),
        lowpass=min(cuts) if cuts else None,
    )


def _looped(signal: Signal, count: int, seam: int) -> Signal:
    """What stands behind the end is laid over the begin: across a seam where the sound goes on, else as an echo."""
    made = signal[:count].copy()
    behind = signal[count:]
    if seam:
        rise = np.sqrt(np.linspace(0.0, 1.0, seam))
        made[:seam] = made[:seam] * rise + behind[:seam] * rise[::-1]
        return made
    for start in range(0, len(behind), count):
        part = behind[start : start + count]
        made[: len(part)] += part
    return made


def _fall(count: int) -> float:
    return float(min(0.03, count / RATE * 0.1))
