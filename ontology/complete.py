"""Completing what somebody types: what begins with it, and where that is not enough, what it may be a mistake for."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from typing import TYPE_CHECKING, Literal

from ontology.cleaning import clean
from ontology.spellings import Spellings, is_whole, span_of
from ontology.tags import MAX_TAG_LENGTH
from ontology.terms import Kind, Ontology

if TYPE_CHECKING:
    from ontology.near import Near

Match = Literal["prefix", "typo"]

_WIDE = 200  # the best of so many are found in 0.05 ms; of more they are remembered
_REMEMBERED = 1024
_SHELVES = 32


@dataclass(frozen=True, slots=True)
class Completion:
    """A term that may be meant.

    `kind`: as `Ontology.kind`, None for what is no character. `via`: the id, alias, label or keyword by which it was
    found. `match`: whether that begins with the text (or has a word that does), or is near it. `uses`: as they were
    given, 0 where they were not.
    """

    id: str
    label: str
    kind: Kind | None
    via: str
    match: Match
    uses: int


def complete(
    text: str,
    ontology: Ontology,
    *,
    limit: int = 10,
    uses: Mapping[str, int] | None = None,
    namespaces: Collection[str] = (),
) -> tuple[Completion, ...]:
    """The terms that a text may become, each once, at most `limit`; `()` for a text too long to be a tag.

    First those of which the text is a whole id, alias, label or keyword (the namespace may be left out), then those
    with one that begins with it or has a word that does; most used first, then the shortest id, then by the alphabet.
    Where they are too few, those follow that one edit makes of it; or two, where nothing is so near (`ontology.near`).
    After `npc:` labels and keywords of that namespace count too. An empty text is a beginning of everything.

    `uses`: id → how often it is used. `namespaces`: the only ones to look in; `player` belongs to one of that name.
    Deprecated terms are not offered; the ids of replaced ones lead to what replaced them.
    """
    wanted = clean(text)
    if len(wanted) > MAX_TAG_LENGTH or limit < 1:
        return ()
    return ontology.derived(_Completer).complete(wanted, limit, uses or {}, frozenset(namespaces))


class _Shelf:
    """The spellings of some namespaces, sorted; at each place the number and the target of its form."""

    def __init__(self, row: list[str], numbers: "array[int]", target_of: Sequence[str]) -> None:
        self.row = row
        self.numbers = numbers
        self._target_of = target_of
        self._targets = [target_of[number] for number in numbers]
        self._remembered = lru_cache(_REMEMBERED)(self._first)
        self._near: Near | None = None

    def best(self, first: int, last: int, limit: int, uses: Mapping[str, int]) -> list[int]:
        """The forms between two places by which the best terms are met, a term at most once: the used ones first."""
        used: dict[str, int] = {}
        for place, target in enumerate(self._targets[first:last] if uses else (), first):
            if target in uses and uses[target] > 0:
                used[target] = min(self.numbers[place], used.get(target, self.numbers[place]))
        found = [number for _, number in nsmallest(limit, ((-uses[target], used[target]) for target in used))]
        if len(found) < limit:
            others = (self._remembered if last - first > _WIDE else self._first)(first, last, limit + len(used))
            found += [number for target, number in others if target not in used]
        return found[:limit]

    def mistaken(self, text: str) -> list[tuple[int, int, str]]:
        """`(edits, number of the form, spelling)` of what is near the text."""
        if self._near is None:
            # Loaded here: rapidfuzz is not worth its import for who types without mistakes.
            from ontology.near import Near  # noqa: PLC0415  # see above

            self._near = Near(self.row)
        return [(edits, self.numbers[place], self.row[place]) for edits, place in self._near.places(text)]

    def _first(self, first: int, last: int, limit: int) -> list[tuple[str, int]]:
        """Forms are numbered in the order in which they are to be shown, so the least numbers are the best."""
        numbers = self.numbers[first:last]
        taken = limit * 4
        while True:
            found: dict[str, int] = {}
            for number in sorted(numbers) if len(numbers) <= _WIDE else nsmallest(taken, numbers):
                found.setdefault(self._target_of[number], number)
                if len(found) == limit:
                    return list(found.items())
            if taken >= len(numbers):
                return list(found.items())
            taken *= 8


class _Completer:
    """A vocabulary made ready. The shelf of a choice of namespaces is made when it is first asked for."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._spellings = ontology.derived(Spellings)
        self._target_of = [form.target.id if form.target else "" for form in self._spellings.forms]
        self._shelf = lru_cache(_SHELVES)(self._made_shelf)

    def complete(
        self, text: str, limit: int, uses: Mapping[str, int], namespaces: frozenset[str]
    ) -> tuple[Completion, ...]:
        found: dict[str, Completion] = {}
        places = list(self._places(text, namespaces))
        self._take(self._beginnings(places, limit, uses), "prefix", uses, found)
        if len(found) < limit:
            # The last place is the narrowest: all of the text with its namespace is near only what its rest is near.
            self._take(self._mistakes(*places[-1], uses), "typo", uses, found)
        return tuple(found.values())[:limit]

    def _take(
        self, numbers: Iterable[int], match: Match, uses: Mapping[str, int], found: dict[str, Completion]
    ) -> None:
        for number in numbers:
            if self._target_of[number] not in found:
                hit = self._completion(number, match, uses)
                found[hit.id] = hit

    def _completion(self, number: int, match: Match, uses: Mapping[str, int]) -> Completion:
        target = self._target_of[number]
        term, kind = self._ontology.terms[target], self._ontology.kind(target)
        return Completion(target, term.label, kind, self._spellings.forms[number].via, match, uses.get(target, 0))

    def _places(self, text: str, namespaces: frozenset[str]) -> Iterator[tuple[str, _Shelf]]:
        """What to look for, and where: after a namespace also the rest, among the words of that namespace."""
        yield text, self._shelf(namespaces)
        namespace, _, local = text.partition(":")
        if local and namespace in self._ontology.namespaces and (not namespaces or namespace in namespaces):
            yield local, self._shelf(frozenset((namespace,)))

    def _beginnings(self, places: Sequence[tuple[str, _Shelf]], limit: int, uses: Mapping[str, int]) -> Iterator[int]:
        """The best forms that the text is, then the best of which it is a beginning."""
        equal: set[int] = set()
        longer: set[int] = set()
        for text, shelf in places:
            first, last = span_of(shelf.row, text)
            equal.update(shelf.best(first, self._end_of_wholes(text, shelf, first, last), limit, uses))
            longer.update(shelf.best(first, last, limit, uses))
        for numbers in (equal, longer):
            yield from sorted(numbers, key=lambda number: (-uses.get(self._target_of[number], 0), number))

    def _end_of_wholes(self, text: str, shelf: _Shelf, first: int, last: int) -> int:
        """Where the forms end that the text is a whole one of: they stand before its equals that are later words."""
        forms, numbers = self._spellings.forms, shelf.numbers
        equals = range(first, bisect_right(shelf.row, text, first, last))
        return first + bisect_left(equals, True, key=lambda place: not is_whole(forms[numbers[place]], text))

    def _mistakes(self, text: str, shelf: _Shelf, uses: Mapping[str, int]) -> Iterator[int]:
        """Fewest edits first, whole forms before later words of one."""
        ranked = [
            (
                edits,
                not is_whole(self._spellings.forms[number], spelling),
                -uses.get(self._target_of[number], 0),
                number,
            )
            for edits, number, spelling in shelf.mistaken(text)
        ]
        return (number for *_, number in sorted(ranked))

    def _made_shelf(self, namespaces: frozenset[str]) -> _Shelf:
        row, numbers = self._spellings.row, self._spellings.numbers
        wanted = [target and (not namespaces or target.partition(":")[0] in namespaces) for target in self._target_of]
        places = [place for place, number in enumerate(numbers) if wanted[number]]
        return _Shelf(
            [row[place] for place in places], array("L", [numbers[place] for place in places]), self._target_of
        )
