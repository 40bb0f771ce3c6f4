"""What a prompt asks for: which sounds, changed how, how long, and why we think so. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from generation.synthesis.vocabulary import CHANGES, NEGATIONS, PRESETS, Change

MOST_LAYERS: Final = 3
LEAST_SECONDS, MOST_SECONDS = 0.05, 60.0
_WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")
_LENGTH = re.compile(
    r"(?<![\d.])(\d{1,3}(?:\.\d{1,3})?)(?:\s*(?:-|–|to)\s*(\d{1,3}(?:\.\d{1,3})?))?[\s-]*(ms|milliseconds?|s|secs?|seconds?)\b"
)
_PRESET_OF: Final = {word: name for name, preset in PRESETS.items() for word in preset.words.split()}
_CHANGE_OF: Final = {word: change for change in CHANGES for word in change.words.split()}
_SPARE: Final = ("blip", "whoosh", "hit", "click", "coin")


@dataclass(frozen=True, slots=True)
class Heard:
    """A preset, and the word by which it was found; None where none was."""

    preset: str
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """A prompt as it was understood. `layers`: the sound itself first; `seconds`: as the prompt says, if it does."""

    layers: tuple[Heard, ...]
    changes: tuple[tuple[str, Change], ...] = ()
    seconds: float | None = None
    understood: bool = True
    text: str = field(default="", repr=False)

    @property
    def usual_seconds(self) -> float:
        """How long it is when nobody says."""
        return self.seconds or PRESETS[self.layers[0].preset].seconds

    def reason(self) -> str:
        """In a line: what is made, by which words."""
        named = [
            each.preset if each.word in (None, each.preset) else f"{each.preset} ({each.word})" for each in self.layers
        ]
        told = named[0] + (f" over {' and '.join(named[1:])}" if named[1:] else "")
        changed = ", ".join(word for word, _ in self.changes)
        return told + (f"; {changed}" if changed else "")


def brief_of(prompt: str, negative_prompt: str | None = None) -> Brief:
    """What the prompt says. The first word that names a sound says what it is; up to two more are laid under it."""
    unwanted = {word for word, _ in words_of(negative_prompt or "")}
    layers: dict[str, Heard] = {}
    changes: dict[int, tuple[str, Change]] = {}
    for word, negated in words_of(prompt):
        if negated or word in unwanted:
            continue
        preset, change = _PRESET_OF.get(word), _CHANGE_OF.get(word)
        if preset is not None and len(layers) < MOST_LAYERS:
            layers.setdefault(preset, Heard(preset, word))
        if change is not None:
            changes.setdefault(CHANGES.index(change), (word, change))
    found = tuple(layers.values()) or (Heard(_spare(prompt)),)
    return Brief(found, tuple(changes.values()), _seconds(prompt), understood=bool(layers), text=prompt)


def words_of(text: str) -> Iterator[tuple[str, bool]]:
    """Each word, as it is looked up, and whether a negation stands before it."""
    before = ""
    for found in _WORD.finditer(text.lower()):
        whole = found[0]
        known = whole in _PRESET_OF or whole in _CHANGE_OF
        for word in [whole] if known else whole.split("-"):  # `level-up` is one word, `dust-cloud` are two
            yield word, before in NEGATIONS
            before = word


def _seconds(text: str) -> float | None:
    """`0.3-0.5 seconds` is their middle; None where no length is said, or none that can be made."""
    found = _LENGTH.search(text.lower())
    if found is None:
        return None
    ends = [float(each) for each in (found[1], found[2]) if each is not None]
    middle = sum(ends) / len(ends) / (1000.0 if found[3].startswith("m") else 1.0)
    return middle if LEAST_SECONDS <= middle <= MOST_SECONDS else None


def _spare(prompt: str) -> str:
    return _SPARE[sha256(prompt.encode("utf-8", "surrogatepass")).digest()[0] % len(_SPARE)]
