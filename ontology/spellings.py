"""Every spelling by which the terms of a vocabulary can be met, in one sorted row for searching by bisection.

A form is an id, an alias, a label or a keyword, cleaned as a tag. Its spellings are the form and what is left of it
from each later word on: `loc:dungeon_gate` is met as itself, as `dungeon_gate` and as `gate`.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ontology.cleaning import clean
from ontology.tags import local_part
from ontology.terms import Ontology, Term

_WORD = re.compile(r"(?<=[_:-])(?=[^_:-])")


class Form(NamedTuple):
    """`text` is cleaned, `via` as it was written. `term` holds it; `target` stands for that term, or is None.

    A target is a term that is not deprecated: the term itself, or the one that replaced it.
    """

    text: str
    via: str
    term: Term
    target: Term | None


class Spellings:
    """`Ontology.derived(Spellings)` makes it once; 100,000 terms take about three seconds.

    Forms come in the order in which their terms are to be shown: by the length of the target's id, then by that id,
    then id, aliases, label, keywords. Forms without a target come last.
    """

    def __init__(self, ontology: Ontology) -> None:
        self.forms = list(_forms(ontology))
        # Rows beside each other: 100,000 pairs would be as many things for garbage collection to look through.
        row: list[str] = []
        numbers: list[int] = []
        words: list[str] = []
        numbers_of_words: list[int] = []
        start = 0
        while start < len(self.forms):
            end = self._end_of_term(start)
            wholes = self._wholes(start, end)
            row += wholes
            numbers += wholes.values()
            later = self._words(start, end, wholes)
            words += later
            numbers_of_words += later.values()
            start = end
        row += words
        numbers += numbers_of_words
        order = sorted(range(len(row)), key=row.__getitem__)
        self.row = [row[place] for place in order]
        """All spellings, in the order of code points; of equal ones first those that are a whole form."""
        self.numbers = array("L", [numbers[place] for place in order])
        """For each spelling the number of its form."""

    def _end_of_term(self, start: int) -> int:
        term, end = self.forms[start].term, start + 1
        while end < len(self.forms) and self.forms[end].term is term:
            end += 1
        return end

    def _wholes(self, start: int, end: int) -> dict[str, int]:
        """The forms of a term, with and without their namespace: each spelling once, for the first that has it."""
        found: dict[str, int] = {}
        for number in range(start, end):
            text = self.forms[number].text
            found.setdefault(text, number)
            found.setdefault(local_part(text), number)
        return found

    def _words(self, start: int, end: int, wholes: Mapping[str, int]) -> dict[str, int]:
        """What is left of its forms from a later word on, where that is no whole form of it."""
        found: dict[str, int] = {}
        for number in range(start, end):
            text = self.forms[number].text
            for word in _WORD.finditer(text):
                spelling = text[word.start() :]
                if spelling not in wholes:
                    found.setdefault(spelling, number)
        return found


def span_of(row: Sequence[str], beginning: str) -> tuple[int, int]:
    """`row[first:last]` of a sorted row is what begins with the text."""
    first = bisect_left(row, beginning)
    if not beginning:
        return 0, len(row)
    following = beginning[:-1] + chr(min(ord(beginning[-1]) + 1, 0x10FFFF))
    return first, bisect_left(row, following, lo=first)


def is_whole(form: Form, text: str) -> bool:
    """Whether the text is all of the form, its namespace apart."""
    return text in {form.text, local_part(form.text)}


def _forms(ontology: Ontology) -> Iterator[Form]:
    for term, target in sorted(_targets(ontology), key=_as_shown):
        for via in (term.id, *term.aliases, term.label, *term.keywords):
            text = clean(via)
            if text:
                yield Form(text, via, term, target)


def _targets(ontology: Ontology) -> Iterator[tuple[Term, Term | None]]:
    for term in ontology.terms.values():
        target = ontology.term(term.id) if term.deprecated else term
        yield term, None if target is None or target.deprecated else target


def _as_shown(pair: tuple[Term, Term | None]) -> tuple[bool, int, str, bool, str]:
    term, target = pair
    shown = target or term
    return target is None, len(shown.id), shown.id, term is not target, term.id
