"""Typing mistakes: what of a sorted row one or two edits turn a text into, found without looking at all of it.

An edit puts in, takes out, changes or swaps neighbouring characters (optimal string alignment, OSA); it touches at most
two neighbours. So after a single edit all before some character is as it was, or all behind it, whichever character
is chosen: what is near begins like the text, or ends like it, and bisection finds both.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ontology.spellings import span_of

_SHORTEST, _CUT_FROM, _TWO_EDITS_FROM = 3, 5, 9
_TOO_MANY = 5000  # so many that begin or end alike say nothing about two edits, and comparing them takes 1 ms


class Near:
    """A row made ready, which takes a second for half a million spellings."""

    def __init__(self, row: Sequence[str]) -> None:
        self._row = row
        backwards = [spelling[::-1] for spelling in row]
        self._places = sorted(range(len(row)), key=backwards.__getitem__)
        self._short = [place for place, spelling in enumerate(row) if len(spelling) <= _CUT_FROM]
        self._backwards = [backwards[place] for place in self._places]

    def places(self, text: str) -> list[tuple[int, int]]:
        """`(edits, place in the row)` of every spelling one edit away, or none; of those two away where none is nearer.

        Two edits are looked for from nine characters on, and found if the first or the last third is free of them.
        Nothing is near a text of less than three characters. Unordered.
        """
        if len(text) < _SHORTEST:
            return []
        found = self._compared(text, self._one_edit_away(text), 1)
        if not found and len(text) >= _TWO_EDITS_FROM:
            found = self._compared(text, self._two_edits_away(text), 2)
        return found

    def _one_edit_away(self, text: str) -> Iterable[int]:
        """Cut the text where fewest begin and end like its parts. More begin like a shorter part, so halving finds it.

        The character at the cut belongs to neither part: the edit may swap it with either neighbour.
        """
        if len(text) < _CUT_FROM:
            return self._short
        least, most = 1, len(text) - 2
        while least < most:
            cut = (least + most) // 2
            if _size(self._beginning(text[:cut])) > _size(self._ending(text[cut + 1 :])):
                least = cut + 1
            else:
                most = cut
        cuts = [(self._beginning(text[:cut]), self._ending(text[cut + 1 :])) for cut in {max(1, least - 1), least}]
        return self._found(*min(cuts, key=lambda spans: _size(spans[0]) + _size(spans[1])))

    def _two_edits_away(self, text: str) -> set[int]:
        third = len(text) // 3
        spans = (self._beginning(text[:third]), self._ending(text[-third:]))
        return self._found(*(span if _size(span) <= _TOO_MANY else (0, 0) for span in spans))

    def _found(self, beginning: tuple[int, int], ending: tuple[int, int]) -> set[int]:
        return {*range(*beginning), *self._places[slice(*ending)]}

    def _beginning(self, text: str) -> tuple[int, int]:
        return span_of(self._row, text)

    def _ending(self, text: str) -> tuple[int, int]:
        return span_of(self._backwards, text[::-1])

    def _compared(self, text: str, places: Iterable[int], allowed: int) -> list[tuple[int, int]]:
        kept = [place for place in places if abs(len(self._row[place]) - len(text)) <= allowed]
        spellings = [self._row[place] for place in kept]
        matches = process.extract(text, spellings, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        return [(edits, kept[number]) for _, edits, number in matches]


def _size(span: tuple[int, int]) -> int:
    return span[1] - span[0]
