"""A piece of music as samples: chords, a bass, an arpeggio, a tune, a beat. A stand-in, not a composer.

Tempo bends so that whole bars fill the length exactly. What rings over the end rings into the begin of a loop.
"""

from typing import Final

import numpy as np

from generation.synthesis.moods import Mood, Tune
from generation.synthesis.signals import (
    RATE,
    Chance,
    Signal,
    band,
    crushed,
    glide,
    highpass,
    levelled,
    lowpass,
    noise,
    pluck,
    saw,
    sine,
    square,
    triangle,
)

PEAK: Final = 10 ** (-1.0 / 20)
_STEPS: Final = 16
_RING_SECONDS: Final = 1.2
_FADE_SECONDS: Final = 1.5


class _Score:
    """Two channels of exactly so many samples, into which notes are put."""

    def __init__(self, count: int, *, loop: bool) -> None:
        self.channels = np.zeros((2, count))
        self._loop = loop

    def put(self, at: float, sound: Signal, loud: float, side: float = 0.0) -> None:
        """A sound from a moment (seconds) on; `side`: -1 left to 1 right."""
        count = self.channels.shape[1]
        start = round(at * RATE) % count
        for channel, gain in ((0, min(1.0, 1.0 - side)), (1, min(1.0, 1.0 + side))):
            row, rest, place = self.channels[channel], loud * gain * sound, start
            while len(rest):
                room = count - place
                row[place : place + len(rest)] += rest[:room]
                rest, place = rest[room:] if self._loop else rest[:0], 0


def played(tune: Tune, seconds: float, seed: int, *, loop: bool = False) -> Signal:
    """Two rows of samples of exactly so many seconds."""
    chance = np.random.RandomState(seed % 2**32)
    mood = tune.mood
    bars = max(1, round(seconds * mood.bpm / 240.0))
    bar = seconds / bars
    score = _Score(max(1, round(seconds * RATE)), loop=loop)
    root = 45 + int(chance.randint(0, 8))
    turns = mood.turns[chance.randint(len(mood.turns))]
    chords = [turns[number % len(turns)] for number in range(bars)]
    _pads(score, mood, root, chords, bar)
    _basses(score, mood, root, chords, bar)
    _arpeggios(score, mood, root, chords, bar, chance)
    _lead(score, mood, root, chords, bar, chance)
    _beat(score, mood, bars, bar, chance)
    return _mastered(score.channels, mood, seconds, loop=loop)


def _note(mood: Mood, root: int, degree: int) -> float:
    """Hertz of a degree of the scale, any octave."""
    octave, place = divmod(degree, len(mood.scale))
    return float(440.0 * 2.0 ** ((root + mood.scale[place] + 12 * octave - 69) / 12.0))


def _pads(score: _Score, mood: Mood, root: int, chords: list[int], bar: float) -> None:
    if not mood.pad:
        return
    count = round((bar + _RING_SECONDS * 0.4) * RATE)
    shape = pluck(count, bar * 0.25, _RING_SECONDS * 0.4, curve=2, hold=bar * 0.75)
    for number, chord in enumerate(chords):
        for step, side in ((0, -0.5), (2, 0.5), (4, -0.2), (7, 0.2)):
            hertz = np.full(count, _note(mood, root + 12, chord + step))
            tone = 0.5 * sine(hertz) + 0.22 * lowpass(saw(hertz * (1.0 + 0.003 * side)), 1_400)
            score.put(number * bar, tone * shape, 0.15 * mood.pad, side)


def _basses(score: _Score, mood: Mood, root: int, chords: list[int], bar: float) -> None:
    if not mood.bass:
        return
    beats = 8 if mood.bpm > 110 else 2  # noqa: PLR2004  # what is fast is driven
    for number, chord in enumerate(chords):
        for beat in range(beats):
            lasts = bar / beats * 0.95
            hertz = np.full(round(lasts * RATE), _note(mood, root - 12, chord))
            tone = 0.8 * sine(hertz) + 0.35 * lowpass(square(hertz), 700)
            score.put(
                (number + beat / beats) * bar, tone * pluck(len(hertz), 0.006, lasts, curve=2.5), 0.34 * mood.bass
            )


def _arpeggios(score: _Score, mood: Mood, root: int, chords: list[int], bar: float, chance: Chance) -> None:
    if not mood.notes:
        return
    pattern = ((0, 2, 4, 7), (0, 4, 2, 4), (7, 4, 2, 0), (0, 2, 4, 2))[chance.randint(4)]
    per_bar = 16 if mood.bpm < 80 or mood.crush else 8  # noqa: PLR2004  # slow pieces have room for more notes
    size = round(0.55 * RATE)
    shape = pluck(size, 0.003, 0.5, curve=5)
    for number, chord in enumerate(chords):
        for step in range(per_bar):
            hertz = np.full(size, _note(mood, root + 12, chord + pattern[step % len(pattern)] + 7 * (step // 4 % 2)))
            tone = square(hertz, 0.25) if mood.crush else triangle(hertz) + 0.3 * sine(hertz * 2)
            loud = 0.13 * mood.notes * (1.0 if step % 4 == 0 else 0.75)
            score.put((number + step / per_bar) * bar, tone * shape, loud, 0.45 if step % 2 else -0.45)


def _lead(score: _Score, mood: Mood, root: int, chords: list[int], bar: float, chance: Chance) -> None:
    """A tune that walks over the chords, and comes home at the end of each four bars."""
    if not mood.lead:
        return
    rhythm = ((0, 6, 8, 12), (0, 4, 8, 14), (0, 3, 6, 12), (0, 8))[chance.randint(4)]
    degree = 7
    for number, chord in enumerate(chords):
        for place, step in enumerate(rhythm):
            if chance.rand() < 0.12:  # noqa: PLR2004  # a rest now and then
                continue
            degree = int(np.clip(degree + chance.randint(-2, 3), 4, 14))
            home = place == 0 and number % 4 in {0, 3}
            found = chord + 7 if home else degree
            following = rhythm[place + 1] if place + 1 < len(rhythm) else _STEPS
            lasts = (following - step) / _STEPS * bar
            count = round((lasts + 0.15) * RATE)
            sway = 1.0 + 0.004 * np.sin(2 * np.pi * 5.2 * np.arange(count) / RATE)
            hertz = _note(mood, root + 12, found) * sway
            tone = square(hertz, 0.5) * 0.6 if mood.crush else 0.8 * triangle(hertz) + 0.2 * saw(hertz)
            score.put(
                (number + step / _STEPS) * bar,
                lowpass(tone, 4_200) * pluck(count, 0.02, lasts, curve=2),
                0.2 * mood.lead,
                0.1,
            )


def _beat(score: _Score, mood: Mood, bars: int, bar: float, chance: Chance) -> None:
    if not mood.drums:
        return
    size = round(0.3 * RATE)
    kick = sine(glide(size, (0.0, 150), (0.15, 58), (1.0, 42))) * pluck(size, 0.001, 0.22, curve=4)
    snare = band(noise(size, chance), 900, 7_000) * pluck(size, 0.001, 0.16) + 0.4 * sine(np.full(size, 185.0)) * pluck(
        size, 0.001, 0.1
    )
    hat = highpass(noise(size, chance), 7_000, 3) * pluck(size, 0.001, 0.05)
    beat = bar / 4
    for number in range(bars * 4):
        score.put(number * beat, kick if number % 2 == 0 or mood.bpm > 118 else snare * 0.8, 0.5 * mood.drums)  # noqa: PLR2004  # four on the floor
        if number % 2:
            score.put(number * beat, snare, 0.32 * mood.drums)
        for half in (0.0, 0.5):
            score.put((number + half) * beat, hat, 0.16 * mood.drums * float(chance.uniform(0.7, 1.0)), 0.3)


def _mastered(channels: Signal, mood: Mood, seconds: float, *, loop: bool) -> Signal:
    made = np.stack([crushed(levelled(row), 8, 2) for row in channels]) if mood.crush else channels
    soft: Signal = np.tanh(1.5 * made / max(1e-9, float(np.max(np.abs(made)))))
    if not loop:
        fall = min(soft.shape[1], round(min(_FADE_SECONDS, seconds / 4) * RATE))
        soft[:, soft.shape[1] - fall :] *= np.linspace(1.0, 0.0, fall)
        soft[:, : RATE // 500] *= np.linspace(0.0, 1.0, RATE // 500)[: soft.shape[1]]
    return soft * (PEAK / max(1e-9, float(np.max(np.abs(soft)))))
