"""Which words mean which music. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from generation.synthesis.reading import words_of

SLOWEST, FASTEST = 40.0, 220.0
_BPM = re.compile(r"(?<!\d)(\d{2,3})\s*-?\s*bpm\b")

MAJOR: Final = (0, 2, 4, 5, 7, 9, 11)
MINOR: Final = (0, 2, 3, 5, 7, 8, 10)
DORIAN: Final = (0, 2, 3, 5, 7, 9, 10)
PHRYGIAN: Final = (0, 1, 3, 5, 7, 8, 10)


@dataclass(frozen=True, slots=True)
class Mood:
    """How a piece goes: `turns` are the chords of four bars, as degrees of the scale from 0, one row is chosen.

    `drums`, `bass`, `notes` (of the arpeggio), `pad` and `lead`: how loud each is, 0-1; `crush`: as old machines.
    """

    words: str
    scale: tuple[int, ...] = MAJOR
    bpm: float = 100.0
    turns: tuple[tuple[int, ...], ...] = ((0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 0, 4))
    drums: float = 0.0
    bass: float = 0.6
    notes: float = 0.7
    pad: float = 0.6
    lead: float = 0.5
    crush: bool = False


PLAIN: Final = Mood("", MAJOR, 96.0, drums=0.2)
_DARK_TURNS = ((0, 5, 3, 4), (0, 3, 5, 6), (0, 0, 5, 6))

MOODS: Final[tuple[Mood, ...]] = (
    Mood(
        "happy joyful cheerful upbeat sunny playful funny shop village",
        MAJOR,
        124.0,
        drums=0.5,
        notes=0.8,
        lead=0.7,
    ),
    Mood(
        "sad melancholic sorrow grief lonely farewell tragic",
        MINOR,
        66.0,
        _DARK_TURNS,
        notes=0.5,
        lead=0.6,
    ),
    Mood(
        "calm peaceful relaxing ambient quiet gentle sleep meditation lullaby",
        MAJOR,
        60.0,
        bass=0.4,
        notes=0.35,
        pad=0.9,
        lead=0.25,
    ),
    Mood(
        "battle fight boss combat action chase intense war",
        MINOR,
        152.0,
        _DARK_TURNS,
        drums=0.9,
        bass=0.9,
        notes=0.8,
        pad=0.4,
        lead=0.6,
    ),
    Mood(
        "dark scary horror creepy ominous dungeon haunted nightmare",
        PHRYGIAN,
        72.0,
        ((0, 1, 0, 5), (0, 0, 1, 0)),
        bass=0.8,
        notes=0.35,
        pad=0.9,
        lead=0.3,
    ),
    Mood(
        "mysterious mystery magic magical forest exploration cave secret stealth",
        DORIAN,
        84.0,
        ((0, 3, 0, 6), (0, 6, 3, 0)),
        notes=0.8,
        pad=0.8,
        lead=0.4,
    ),
    Mood(
        "epic heroic orchestral cinematic triumphant victory fantasy adventure",
        MINOR,
        112.0,
        ((0, 5, 2, 6), (0, 3, 5, 6)),
        drums=0.6,
        bass=0.8,
        pad=0.9,
        lead=0.7,
    ),
    Mood(
        "electronic techno synthwave dance synth club cyberpunk futuristic",
        MINOR,
        126.0,
        _DARK_TURNS,
        drums=0.9,
        bass=0.9,
        notes=0.9,
        pad=0.6,
        lead=0.4,
    ),
    Mood(
        "tavern folk medieval jig celtic pirate",
        DORIAN,
        132.0,
        ((0, 6, 0, 4), (0, 3, 6, 0)),
        drums=0.4,
        notes=0.9,
        pad=0.3,
        lead=0.8,
    ),
)
"""The first whose word stands in the prompt."""

_MOOD_OF: Final[Mapping[str, Mood]] = {word: mood for mood in MOODS for word in mood.words.split()}
_OLD: Final = frozenset({"chiptune", "8-bit", "8bit", "retro", "arcade", "pixel"})
_MINOR: Final = frozenset({"minor", "major"})
_SPEEDS: Final[Mapping[str, float]] = {"slow": 0.8, "slowly": 0.8, "fast": 1.25, "quick": 1.25, "energetic": 1.15}
_WITHOUT: Final[Mapping[str, Callable[[Mood], Mood]]] = {
    "drums": lambda mood: replace(mood, drums=0.0),
    "percussion": lambda mood: replace(mood, drums=0.0),
    "bass": lambda mood: replace(mood, bass=0.0),
    "melody": lambda mood: replace(mood, lead=0.0),
}


@dataclass(frozen=True, slots=True)
class Tune:
    """A prompt as it was understood, and by which words."""

    mood: Mood
    words: tuple[str, ...] = ()

    def reason(self) -> str:
        """In a line."""
        return f"{self.mood.bpm:g} bpm; {', '.join(self.words) or 'no word of the prompt names a mood'}"


def tune_of(prompt: str, negative_prompt: str | None = None) -> Tune:
    """What the prompt says: the first mood, old machines, a mode, a tempo (`fast`, `120 bpm`), what is not wanted."""
    unwanted = {word for word, _ in words_of(negative_prompt or "")}
    mood, used, named = PLAIN, dict[str, None](), False
    factor = 1.0
    for word, negated in words_of(prompt):
        if (negated or word in unwanted) and word in _WITHOUT:
            mood = _WITHOUT[word](mood)
            used[f"no {word}"] = None
        if negated or word in unwanted:
            continue
        if word in _MOOD_OF and not named:
            mood, named = replace(_MOOD_OF[word], crush=mood.crush), True
        elif word in _OLD:
            mood = replace(mood, crush=True)
        elif word in _MINOR:
            mood = replace(mood, scale=MINOR if word == "minor" else MAJOR)
        elif word in _SPEEDS:
            factor *= _SPEEDS[word]
        else:
            continue
        used[word] = None
    found = _BPM.search(prompt.lower())
    bpm = float(found[1]) if found else mood.bpm * factor
    return Tune(replace(mood, bpm=min(max(bpm, SLOWEST), FASTEST)), tuple(used))
