"""Cutting text into words to compare: case and width folded, possessives and plurals alike. Linear in the text."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

STOP = "."
"""Stands for the end of a sentence, a clause or a paragraph."""
WRITTEN_ID = ":"
"""Stands for an id that was written out; it is part of no phrase."""

# Neither letters nor digits: controls, punctuation, symbols, arrows, emoji. The underscore joins and is no letter.
_BETWEEN = (
    r"\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\xd7\xf7"
    r"\u2000-\u206f\u2190-\u2bff\u3000-\u303f\U0001f000-\U0001faff"
)
# Written without spaces, so every character is a word of its own.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^{_BETWEEN}{_UNSPACED}]"
_ANY_LETTER = rf"[^{_BETWEEN}]"

_ID = rf"(?<![\w:\-])(?P<id>[a-z0-9_\-]++(?::(?:{_ANY_LETTER}|[_\-])++)+)"
_WORD = rf"(?P<word>[{_UNSPACED}]|vs\.|{_LETTER}++(?:'{_LETTER}++)*+)"
_AT = rf"(?P<at>(?<!\w)@(?={_ANY_LETTER}))"
_STOP = r"(?P<stop>[.!?;\u3002]|\n[ \t\r]*+\n)"
_TOKEN = re.compile(f"{_ID}|{_AT}|{_WORD}|{_STOP}")
_PLAIN_TOKEN = re.compile(f"{_AT}|{_WORD}|{_STOP}")

# Long runs of combining marks cost quadratic time in NFKC; no word that is longer means anything here.
_PIECE = re.compile(r"[^\x00-\x7f\s]\S{0,199}|[\x00-\x7f]+")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'"})
_PLURALS = ("sses", "xes", "ches", "shes")
_SHORTEST_PLURAL = 4


@dataclass(slots=True)
class Words:
    """A text as words. `bases`: folded, without possessive 's; `stems`: without plural s too, for finding.

    `glued`: indices of words that an underscore joins to the one before, so that nothing may begin or end between them;
    `mentioned`: of words with an @ before them; `ids`: of ids that were written out, with the text as it was taken.
    """

    bases: list[str] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)
    glued: set[int] = field(default_factory=set)
    mentioned: set[int] = field(default_factory=set)
    ids: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.bases)

    def spelling(self, start: int, end: int) -> str:
        """The words from `start` up to `end`, as one text to compare with."""
        return " ".join(self.bases[start:end])

    def end_of_run(self, start: int) -> int:
        """Where the words that underscores join to the one at `start` end."""
        end = start + 1
        while end in self.glued:
            end += 1
        return end


def fold(text: str) -> str:
    """Case and width folded (NFKC, lower case), apostrophes made straight."""
    if text.isascii():
        return text.lower()
    return _PIECE.sub(_folded_piece, text.translate(_APOSTROPHES))


def _folded_piece(piece: re.Match[str]) -> str:
    found = piece.group()
    return (
        found.lower()
        if found.isascii()
        else unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", found).lower())
    )


def split_words(text: str, understood: Callable[[str], str | None] = lambda _: None) -> Words:
    """Cut a text into words. `understood` is given what looks like an id, folded: what it takes, or None for prose."""
    return _Cutter(fold(text), understood).words


class _Cutter:
    def __init__(self, text: str, understood: Callable[[str], str | None]) -> None:
        self.words = Words()
        self._text = text
        self._understood = understood
        self._stems: dict[str, str] = {}
        self._end = 0
        self._cut(_TOKEN, 0, len(text))

    def _cut(self, pattern: re.Pattern[str], start: int, end: int) -> None:
        words = self.words
        for token in pattern.finditer(self._text, start, end):
            kind = token.lastgroup
            if kind == "word":
                self._take(base_of(token.group()), token.start())
            elif kind == "stop":
                self._take(STOP, token.start())
            elif kind == "at":
                words.mentioned.add(len(words))
            else:
                taken = self._understood(token.group())
                if taken is None:
                    self._cut(_PLAIN_TOKEN, token.start(), token.end())
                else:
                    words.ids[len(words)] = taken
                    self._take(WRITTEN_ID, token.start())
            self._end = token.end()

    def _take(self, base: str, start: int) -> None:
        words = self.words
        if self._end < start and words.bases and not self._text[self._end : start].strip("_"):
            words.glued.add(len(words))
        words.bases.append(base)
        stem = self._stems.get(base)
        if stem is None:
            stem = self._stems[base] = stem_of(base)
        words.stems.append(stem)


def base_of(word: str) -> str:
    """A folded word without its possessive 's; `vs.` without its full stop."""
    return word[:-2] if word.endswith("'s") else word.removesuffix(".")


def stem_of(base: str) -> str:
    """A word without a plural s: two words with one stem may be the same word."""
    if len(base) < _SHORTEST_PLURAL or base[-1] != "s" or base[-2] == "s":
        return base
    return base[:-2] if base.endswith(_PLURALS) else base[:-1]
