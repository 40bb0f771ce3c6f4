"""Sounds of things: what bursts, breaks, falls, opens, passes by. See `played` for what each is given."""

import numpy as np

from generation.synthesis.signals import (
    RATE,
    Chance,
    Signal,
    band,
    crackle,
    driven,
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
    swell,
    swept,
)

_METAL = (
    (1.0, 0.7, 1.0),
    (1.63, 0.6, 0.8),
    (2.76, 0.9, 0.9),
    (4.07, 0.7, 0.6),
    (5.4, 0.8, 0.6),
    (8.93, 0.5, 0.4),
    (13.3, 0.3, 0.2),
)
_BELL = ((0.5, 0.4, 2.4), (1.0, 1.0, 1.8), (1.19, 0.5, 1.2), (1.56, 0.3, 0.9), (2.0, 0.5, 0.8), (2.74, 0.3, 0.5))
_WOOD = ((1.0, 1.0, 0.12), (2.57, 0.5, 0.07), (4.1, 0.3, 0.05), (6.2, 0.2, 0.03))


def explosion(count: int, pitch: float, chance: Chance) -> Signal:
    """A crack, a fall into the depth, debris."""
    lasts = count / RATE
    crack = noise(count, chance) * pluck(count, 0.001, min(0.09, lasts))
    fire = swept(noise(count, chance), glide(count, (0.0, 1_900 * pitch), (0.25, 420 * pitch), (1.0, 90 * pitch)))
    boom = sine(glide(count, (0.0, 130 * pitch), (0.3, 52 * pitch), (1.0, 30 * pitch))) * pluck(count, 0.004, lasts)
    debris = band(crackle(count, chance, glide(count, (0.0, 700), (1.0, 30))), 300, 5_000)
    body = 2.6 * fire * pluck(count, 0.003, lasts, curve=4.5) + 1.1 * boom + 0.7 * crack
    return driven(body, 1.6) + 0.5 * debris * pluck(count, 0.05, lasts, curve=3)


def thunder(count: int, pitch: float, chance: Chance) -> Signal:
    """A tear in the sky, then rolling."""
    lasts = count / RATE
    tear = highpass(crackle(count, chance, 3_500), 700) * pluck(count, 0.01, min(0.5, lasts * 0.3))
    parts = []
    for _ in range(max(3, round(lasts * 3))):
        roll = round(chance.uniform(0.4, 1.3) * RATE)
        low = lowpass(noise(roll, chance), chance.uniform(70, 190) * pitch, 2)
        parts.append((chance.uniform(0.0, lasts * 0.7), 5.0 * low * pluck(roll, 0.05, roll / RATE)))
    fall = pluck(count, 0.02, lasts, curve=2.5)
    return 0.8 * tear + placed(count, *parts) * fall


def hit(count: int, pitch: float, chance: Chance) -> Signal:
    """A blow: a knock in the body, a slap on it."""
    tone = glide(count, (0.0, 240 * pitch), (0.2, 90 * pitch), (1.0, 55 * pitch))
    knock = sine(tone) * pluck(count, 0.001, min(0.18, count / RATE), curve=5)
    slap = band(noise(count, chance), 700, 5_500 * pitch) * pluck(count, 0.0008, 0.05)
    return driven(1.1 * knock + 0.9 * slap, 0.8)


def metal(count: int, pitch: float, chance: Chance) -> Signal:
    """A blade, a bar, a shield that is struck."""
    base = pitch * chance.uniform(480, 820)
    spread = tuple((ratio * chance.uniform(0.97, 1.03), loud, lasts) for ratio, loud, lasts in _METAL)
    scrape = highpass(noise(count, chance), 4_500) * pluck(count, 0.001, 0.07)
    twin = tuple((ratio * 1.013, loud * 0.7, lasts) for ratio, loud, lasts in spread)
    return ring(count, base, spread + twin) + 0.6 * scrape


def bell(count: int, pitch: float, chance: Chance) -> Signal:
    """A bell, with the hum below its note."""
    base = pitch * 523 * 2 ** (chance.randint(-4, 5) / 12)
    strike = band(noise(count, chance), 1_500, 6_000) * pluck(count, 0.0005, 0.012)
    return ring(count, base, _BELL) + 0.35 * strike


def glass(count: int, pitch: float, chance: Chance) -> Signal:
    """It breaks, and the pieces fall."""
    parts = [(0.0, highpass(noise(round(0.12 * RATE), chance), 2_500) * pluck(round(0.12 * RATE), 0.0005, 0.1))]
    for _ in range(26):
        hertz = pitch * chance.uniform(2_100, 7_200)
        piece = ring(round(0.25 * RATE), hertz, ((1.0, 0.6, 0.16), (1.71, 0.3, 0.09), (2.62, 0.2, 0.05)))
        moment = min(chance.exponential(count / RATE * 0.22), count / RATE * 0.9)
        parts.append((moment, piece * chance.uniform(0.1, 0.5) * np.exp(-2.0 * moment)))
    return placed(count, *parts)


def footstep(count: int, pitch: float, chance: Chance) -> Signal:
    """Heel and sole, left and right for as long as it is asked to."""
    pace = chance.uniform(0.46, 0.54)
    parts, moment = [], 0.0
    while moment < count / RATE - 0.05:
        size = round(0.26 * RATE)
        firm = pitch * chance.uniform(0.9, 1.1)
        heel = sine(glide(size, (0.0, 170 * firm), (1.0, 60 * firm))) * pluck(size, 0.002, 0.07)
        sole = band(noise(size, chance), 500, 3_200 * firm) * pluck(size, 0.012, 0.09, curve=4)
        grit = highpass(crackle(size, chance, 1_400), 1_500) * pluck(size, 0.02, 0.12)
        scuff = placed(size, (0.0, heel), (0.045, 0.5 * sole), (0.03, 0.35 * grit))
        parts.append((moment, scuff * chance.uniform(0.8, 1.0)))
        moment += pace * chance.uniform(0.96, 1.04)
    return placed(count, *parts)


def whoosh(count: int, pitch: float, chance: Chance) -> Signal:
    """Something passes quickly by."""
    peak = chance.uniform(0.38, 0.55)
    path = glide(count, (0.0, 350 * pitch), (peak, chance.uniform(2_200, 3_400) * pitch), (1.0, 450 * pitch))
    body = swept(noise(count, chance), path, octaves=0.6) + 0.4 * swept(noise(count, chance), path * 2.2, octaves=0.4)
    return body * swell(count, peak, width=0.42)


def dust(count: int, pitch: float, chance: Chance) -> Signal:
    """A cloud of it, put up by a soft blow."""
    lasts = count / RATE
    puff = swept(noise(count, chance), glide(count, (0.0, 1_600 * pitch), (0.25, 900 * pitch), (1.0, 350 * pitch)))
    grains = highpass(crackle(count, chance, glide(count, (0.0, 1_800), (1.0, 60))), 2_800)
    pat = sine(glide(count, (0.0, 120 * pitch), (0.2, 60 * pitch), (1.0, 50 * pitch))) * pluck(count, 0.006, 0.12)
    return 2.2 * puff * pluck(count, 0.02, lasts, curve=3.5) + 0.5 * grains * pluck(count, 0.02, lasts) + 0.45 * pat


def splash(count: int, pitch: float, chance: Chance) -> Signal:
    """Into the water: a slap, a crown, bubbles."""
    lasts = count / RATE
    slap = band(noise(count, chance), 500, 7_000) * pluck(count, 0.004, min(0.5, lasts), curve=5)
    parts = []
    for _ in range(18):
        size = round(chance.uniform(0.03, 0.09) * RATE)
        hertz = pitch * chance.uniform(380, 1_300)
        bubble = sine(glide(size, (0.0, hertz), (1.0, hertz * chance.uniform(1.3, 1.9)))) * pluck(
            size, 0.004, size / RATE
        )
        parts.append((chance.uniform(0.05, max(0.06, lasts * 0.85)), bubble * chance.uniform(0.1, 0.4)))
    return slap + placed(count, *parts)


def door(count: int, pitch: float, chance: Chance) -> Signal:
    """Hinges that creak, then the leaf falls to."""
    lasts = count / RATE
    shut = max(0.0, lasts * 0.62)
    wander = glide(count, *((place / 6, pitch * chance.uniform(55, 105)) for place in range(7)))
    teeth = saw(wander) * (0.6 + 0.4 * np.sin(2 * np.pi * chance.uniform(2, 4) * np.arange(count) / RATE))
    creak = band(teeth, 420 * pitch, 2_600 * pitch) * swell(count, 0.3, width=0.32)
    size = max(64, count - round(shut * RATE))
    leaf = ring(size, 105 * pitch, _WOOD) + 0.8 * lowpass(noise(size, chance), 700) * pluck(size, 0.002, 0.09)
    latch = metal_tick(size, pitch, chance)
    return 0.8 * creak + placed(count, (shut, 1.3 * leaf), (shut + 0.05, 0.25 * latch))


def metal_tick(count: int, pitch: float, chance: Chance) -> Signal:
    """A small piece of iron that falls into place."""
    return ring(count, pitch * chance.uniform(1_500, 1_900), ((1.0, 0.8, 0.06), (2.3, 0.5, 0.04), (3.9, 0.3, 0.03)))


def knock(count: int, pitch: float, chance: Chance) -> Signal:
    """Knuckles on wood, three times."""
    size = round(0.2 * RATE)
    parts = []
    for number in range(3):
        wood = ring(size, pitch * chance.uniform(170, 200), _WOOD)
        tap = band(noise(size, chance), 900, 4_000) * pluck(size, 0.0005, 0.012)
        parts.append((number * min(0.2, count / RATE / 3.4), wood + 0.5 * tap))
    return placed(count, *parts)


def gunshot(count: int, pitch: float, chance: Chance) -> Signal:
    """A crack, a body, an echo from far."""
    crack = highpass(noise(count, chance), 1_200) * pluck(count, 0.0004, 0.05)
    body = lowpass(noise(count, chance), 900 * pitch) * pluck(count, 0.001, min(0.25, count / RATE))
    thud = sine(glide(count, (0.0, 180 * pitch), (0.2, 60 * pitch), (1.0, 45 * pitch))) * pluck(count, 0.001, 0.12)
    return driven(crack + 1.6 * body + thud, 1.2)


def roar(count: int, pitch: float, chance: Chance) -> Signal:
    """A large throat: a rough tone through two vowels."""
    tone = glide(count, (0.0, 70 * pitch), (0.3, 115 * pitch), (1.0, 55 * pitch))
    shaken = tone * (1.0 + 0.06 * np.sin(2 * np.pi * 27 * np.arange(count) / RATE))
    throat = 0.7 * saw(shaken) + 0.6 * fm(shaken, 0.5, 3.0) + 0.35 * noise(count, chance)
    vowels = band(throat, 300 * pitch, 850 * pitch) + 0.5 * band(throat, 1_000 * pitch, 1_900 * pitch)
    return driven(vowels * swell(count, 0.35, width=0.5), 1.4)
