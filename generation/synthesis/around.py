"""Sounds of places: what goes on and on. Each is as long as it is asked to be, and evenly so, that it can be looped.

See `played` for what each is given.
"""

import numpy as np

from generation.synthesis.signals import (
    RATE,
    Chance,
    Signal,
    along,
    band,
    crackle,
    fm,
    highpass,
    lowpass,
    noise,
    placed,
    pluck,
    saw,
    sine,
    swept,
)


def rain(count: int, pitch: float, chance: Chance) -> Signal:
    """Drops on all sides."""
    hiss = highpass(lowpass(noise(count, chance), 9_000 * pitch), 1_200)
    drops = band(crackle(count, chance, 450), 700, 5_500)
    large = band(crackle(count, chance, 25), 250, 1_600)
    return 0.35 * hiss + 1.6 * drops + 2.2 * large


def wind(count: int, pitch: float, chance: Chance) -> Signal:
    """Gusts, and what whistles in them."""
    gusts = _wandering(count, chance, 0.7)
    body = swept(noise(count, chance), 320 * pitch * 2.0 ** (1.3 * gusts), octaves=0.8)
    whistle = swept(noise(count, chance), 950 * pitch * 2.0 ** (0.6 * gusts), octaves=0.25)
    return (body + 0.5 * whistle) * (0.6 + 0.4 * gusts)


def fire(count: int, pitch: float, chance: Chance) -> Signal:
    """It breathes and snaps."""
    breath = lowpass(noise(count, chance), 420 * pitch) * (0.7 + 0.3 * _wandering(count, chance, 3.0))
    snaps = highpass(crackle(count, chance, 22), 900)
    sparks = highpass(crackle(count, chance, 140), 3_500)
    return 1.4 * breath + 2.2 * snaps + 0.5 * sparks


def water(count: int, pitch: float, chance: Chance) -> Signal:
    """A stream: bubbles upon bubbles."""
    parts = []
    for _ in range(round(42 * count / RATE)):
        size = round(chance.uniform(0.02, 0.08) * RATE)
        hertz = pitch * chance.uniform(350, 1_900)
        moved = hertz * (1.0 + chance.uniform(0.1, 0.6) * along(size))
        parts.append((chance.uniform(0.0, count / RATE), sine(moved) * pluck(size, 0.005, size / RATE) * chance.rand()))
    return placed(count, *parts) + 0.25 * band(noise(count, chance), 500, 3_500)


def engine(count: int, pitch: float, chance: Chance) -> Signal:
    """Strokes of a motor that runs."""
    turns = 34 * pitch * (1.0 + 0.03 * _wandering(count, chance, 2.0))
    strokes = saw(turns) + 0.7 * saw(turns * 2.01) + 0.4 * fm(turns * 3, 0.5, 2.0)
    return lowpass(strokes, 900) + 0.35 * band(noise(count, chance), 200, 1_400) * (0.6 + 0.4 * sine(turns))


def machine(count: int, pitch: float, chance: Chance) -> Signal:
    """A hum of many parts, as of a ship or a server."""
    hum = sum((sine(np.full(count, 55.0 * pitch * each)) / each for each in (1.0, 2.0, 3.01, 4.98)), np.zeros(count))
    return hum * (0.9 + 0.1 * _wandering(count, chance, 1.0)) + 0.3 * band(noise(count, chance), 150, 900)


def heartbeat(count: int, pitch: float, chance: Chance) -> Signal:
    """Two beats, a pause, for as long as it is asked to."""
    pause, parts, moment = chance.uniform(0.82, 0.95), [], 0.0
    while moment < count / RATE:
        for after, loud, hertz in ((0.0, 1.0, 58.0), (0.28, 0.7, 72.0)):
            size = round(0.22 * RATE)
            beat = sine(np.full(size, hertz * pitch) * (1.0 + 0.8 * np.exp(-30 * along(size))))
            parts.append((moment + after, loud * beat * pluck(size, 0.012, 0.18, curve=4)))
        moment += pause
    return placed(count, *parts) + 0.02 * lowpass(noise(count, chance), 300)


def crowd(count: int, pitch: float, chance: Chance) -> Signal:
    """Many voices, no word."""
    total = np.zeros(count)
    for _ in range(8):
        spoken = np.clip(_wandering(count, chance, chance.uniform(3.0, 6.0)) + 0.2, 0.0, 1.0)
        throat = saw(pitch * chance.uniform(95, 230) * (1.0 + 0.12 * _wandering(count, chance, 2.5)))
        vowel = chance.uniform(420, 800) * pitch
        total += band(throat, vowel * 0.8, vowel * 1.3) * spoken
    return total + 0.6 * band(noise(count, chance), 300, 2_200)


def night(count: int, pitch: float, chance: Chance) -> Signal:
    """Crickets, and the air of the night."""
    parts = []
    for _ in range(3):
        hertz, every, moment = pitch * chance.uniform(3_800, 4_900), chance.uniform(0.5, 0.9), chance.uniform(0, 0.4)
        while moment < count / RATE:
            size = round(0.17 * RATE)
            pulse = 0.5 + 0.5 * np.sign(np.sin(2 * np.pi * 32 * np.arange(size) / RATE))
            chirp = sine(np.full(size, hertz)) * lowpass(pulse, 300) * pluck(size, 0.02, 0.15, curve=1)
            parts.append((moment, chirp * chance.uniform(0.4, 0.8)))
            moment += every * chance.uniform(0.95, 1.05)
    return placed(count, *parts) + 0.25 * lowpass(noise(count, chance), 500)


def _wandering(count: int, chance: Chance, per_second: float) -> Signal:
    """A value that moves about between -1 and 1, some times a second."""
    points = max(3, round(count / RATE * per_second) + 2)
    places = np.linspace(0.0, 1.0, points)
    at = along(count) * (points - 1)
    here = np.minimum(at.astype(np.int64), points - 2)
    share = 0.5 - 0.5 * np.cos(np.pi * (at - here))
    values = chance.uniform(-1.0, 1.0, len(places))
    moved: Signal = values[here] * (1.0 - share) + values[here + 1] * share
    return moved
