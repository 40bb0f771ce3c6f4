"""Sounds of games and screens: what is heard when somebody jumps, gains, shoots, chooses.

Each is `(samples, pitch, chance) → signal`: `pitch` multiplies every frequency, 1 is the usual; what is left to chance
differs from seed to seed and from nothing else.
"""

import numpy as np

from generation.synthesis.signals import (
    RATE,
    Chance,
    Signal,
    band,
    crackle,
    fm,
    glide,
    highpass,
    lowpass,
    noise,
    placed,
    pluck,
    ring,
    saw,
    sine,
    square,
    steps,
    swept,
    triangle,
)


def jump(count: int, pitch: float, chance: Chance) -> Signal:
    """Up in pitch, a little push of air below it."""
    base = pitch * chance.uniform(190, 290)
    rise = chance.uniform(2.0, 3.2)
    tone = glide(count, (0.0, base), (0.12, base * 1.15), (0.75, base * rise), (1.0, base * rise * 1.05))
    lasts = count / RATE
    body = 0.75 * square(tone, chance.uniform(0.28, 0.5)) + 0.5 * triangle(tone)
    push = swept(noise(count, chance), glide(count, (0.0, 500 * pitch), (1.0, 2_600 * pitch)))
    return lowpass(body, 6_500) * pluck(count, 0.004, lasts, curve=3.5) + 1.2 * push * pluck(count, 0.01, lasts * 0.6)


def land(count: int, pitch: float, chance: Chance) -> Signal:
    """Feet on the ground: a soft thump and grit."""
    tone = glide(count, (0.0, 150 * pitch), (0.25, 62 * pitch), (1.0, 48 * pitch))
    thump = sine(tone) * pluck(count, 0.003, min(0.22, count / RATE), curve=4)
    grit = band(noise(count, chance), 300, 2_400 * pitch) * pluck(count, 0.002, min(0.09, count / RATE))
    return thump + 0.9 * grit + 0.3 * crackle(count, chance, 900) * pluck(count, 0.002, 0.12)


def coin(count: int, pitch: float, chance: Chance) -> Signal:
    """Two bright notes, the second one ringing."""
    low = pitch * 988 * 2 ** (chance.randint(-2, 3) / 12)
    first = min(0.075, count / RATE * 0.25)
    tone = steps(count, (0.0, low), (first * RATE / count, low * 4 / 3))
    body = 0.7 * square(tone, 0.5) + 0.35 * sine(tone * 2)
    shine = ring(count, low * 8 / 3, ((1.0, 0.35, 0.35), (2.76, 0.2, 0.2)))
    return lowpass(body, 9_000) * pluck(count, 0.002, count / RATE - first, curve=4.5, hold=first) + shine


def powerup(count: int, pitch: float, chance: Chance) -> Signal:
    """A run of notes upward, each brighter."""
    base = pitch * 262 * 2 ** (chance.randint(-3, 4) / 12)
    scale = ((0, 4, 7, 12, 16, 19, 24), (0, 5, 7, 12, 17, 19, 24), (0, 3, 7, 10, 12, 15, 19))[chance.randint(3)]
    tone = steps(count, *((number / 8.5, base * 2 ** (note / 12)) for number, note in enumerate(scale)))
    trill = tone * (1.0 + 0.012 * np.sin(2 * np.pi * 11 * np.arange(count) / RATE))
    body = 0.6 * square(trill, 0.3) + 0.5 * triangle(trill * 2)
    return lowpass(body, 8_000) * pluck(count, 0.005, count / RATE * 0.35, curve=3, hold=count / RATE * 0.6)


def lose(count: int, pitch: float, chance: Chance) -> Signal:
    """Down in tired steps."""
    base = pitch * 440 * 2 ** (chance.randint(-2, 3) / 12)
    tone = steps(
        count, *((place, base * 2 ** (note / 12)) for place, note in ((0, 0), (0.2, -1), (0.4, -3), (0.6, -7)))
    )
    sag = tone * glide(count, (0.0, 1.0), (0.7, 1.0), (1.0, 0.82))
    wobble = sag * (1.0 + 0.015 * np.sin(2 * np.pi * 6 * np.arange(count) / RATE))
    return lowpass(0.7 * saw(wobble) + 0.4 * square(wobble / 2), 2_800) * pluck(count, 0.01, count / RATE, curve=2)


def laser(count: int, pitch: float, chance: Chance) -> Signal:
    """A fall from high to low, with teeth."""
    high = pitch * chance.uniform(1_900, 3_200)
    tone = glide(count, (0.0, high), (0.35, high * 0.32), (1.0, high * 0.06))
    body = 0.8 * square(tone, chance.uniform(0.2, 0.45)) + 0.6 * fm(tone, 1.5, pluck(count, 0.001, 0.15) * 3)
    spit = highpass(noise(count, chance), 3_000) * pluck(count, 0.001, 0.02)
    return lowpass(body, 10_000) * pluck(count, 0.002, count / RATE, curve=4.5) + 0.5 * spit


def zap(count: int, pitch: float, chance: Chance) -> Signal:
    """A burst of electricity: a torn tone, sparks, a rush."""
    lasts = count / RATE
    hum = glide(count, (0.0, 1_500 * pitch), (0.2, 340 * pitch), (1.0, 120 * pitch))
    torn = fm(hum, 2.41, 4.5 * pluck(count, 0.001, lasts)) * (0.55 + 0.45 * np.sign(noise_steps(count, chance, 240)))
    sparks = highpass(crackle(count, chance, glide(count, (0.0, 2_600), (1.0, 250))), 1_800)
    rush = swept(noise(count, chance), glide(count, (0.0, 900 * pitch), (0.3, 5_200 * pitch), (1.0, 1_200 * pitch)))
    return (0.8 * torn + 1.6 * sparks + 1.5 * rush) * pluck(count, 0.002, lasts, curve=4)


def noise_steps(count: int, chance: Chance, per_second: float) -> Signal:
    """A value that jumps about, -1 to 1."""
    every = max(1, round(RATE / per_second))
    return np.repeat(chance.uniform(-1.0, 1.0, count // every + 1), every)[:count]


def magic(count: int, pitch: float, chance: Chance) -> Signal:
    """A shower of small bells over a shimmering chord."""
    lasts, parts = count / RATE, []
    for number in range(round(9 + 14 * min(lasts, 3.0))):
        note = pitch * 784 * 2 ** (((0, 2, 4, 7, 9)[chance.randint(5)] + 12 * chance.randint(0, 3)) / 12)
        bell = ring(round(0.7 * RATE), note, ((1.0, 0.5, 0.5), (2.76, 0.25, 0.25), (5.4, 0.1, 0.12)))
        parts.append((lasts * 0.75 * (number / 22) ** 0.9 % (lasts * 0.8), bell * chance.uniform(0.3, 1.0)))
    tone = np.full(count, 392.0 * pitch)
    air = swept(noise(count, chance), glide(count, (0.0, 2_500 * pitch), (1.0, 9_000 * pitch)), octaves=0.5)
    pad = (sine(tone) + sine(tone * 1.5 * 1.003) + sine(tone * 2.004)) * pluck(count, 0.12, lasts, curve=3)
    return placed(count, *parts) + 0.22 * pad + 0.5 * air * pluck(count, 0.2, lasts, curve=3)


def blip(count: int, pitch: float, chance: Chance) -> Signal:
    """One short round note."""
    base = pitch * 660 * 2 ** (chance.randint(-5, 6) / 12)
    tone = glide(count, (0.0, base), (0.15, base * chance.uniform(0.97, 1.25)), (1.0, base))
    return (0.7 * sine(tone) + 0.35 * square(tone, 0.5)) * pluck(count, 0.003, count / RATE, curve=6)


def click(count: int, pitch: float, chance: Chance) -> Signal:
    """A key, a switch: a tick and the case around it."""
    tick = highpass(noise(count, chance), 2_500) * pluck(count, 0.0005, 0.006)
    case = ring(count, pitch * chance.uniform(1_100, 1_700), ((1.0, 0.7, 0.03), (1.9, 0.5, 0.02), (3.3, 0.3, 0.012)))
    return placed(count, (0.0, tick + case), (min(0.045, count / RATE / 2), -0.45 * (tick + case)))


def alarm(count: int, pitch: float, chance: Chance) -> Signal:
    """Two tones in turn, for as long as it is asked to."""
    beat = chance.uniform(2.0, 3.0)
    first = np.sign(np.sin(2 * np.pi * beat * np.arange(count) / RATE)) > 0
    tone = np.where(first, 880.0, 660.0) * pitch
    return lowpass(square(tone, 0.4) + 0.4 * saw(tone * 2), 5_000)


def bounce(count: int, pitch: float, chance: Chance) -> Signal:
    """A spring that is let go."""
    swing = np.exp(-5.0 * np.arange(count) / max(1, count)) * np.sin(2 * np.pi * 17 * np.arange(count) / RATE)
    tone = glide(count, (0.0, 150 * pitch), (0.4, 420 * pitch), (1.0, 330 * pitch)) * (1.0 + 0.22 * swing)
    body = 0.8 * sine(tone) + 0.4 * triangle(tone * 2) + 0.1 * noise(count, chance) * pluck(count, 0.001, 0.02)
    return body * pluck(count, 0.004, count / RATE, curve=3.5)
