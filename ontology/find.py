"""Finding terms by what a person remembers of them: part of an id, alias, label or keyword, then typing mistakes."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from ontology.cleaning import clean
from ontology.spellings import Spellings, is_whole, span_of
from ontology.tags import local_part
from ontology.terms import Ontology, Term

WHOLE, START, WORD_START, WITHIN = range(4)
"""How much of a form the text is, best first."""

_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Hit:
    """A term and the id, alias, label or keyword by which it was found."""

    term: Term
    via: str


def find_terms(text: str, ontology: Ontology, *, limit: int = 10) -> tuple[Hit, ...]:
    """Terms that hold the text, whole forms first, then beginnings, then the rest; what resembles it comes last.

    Deprecated terms are found like others. At most `limit`; `()` for a text without letters.
    """
    if not clean(text):
        return ()
    hits = holding(text, ontology, limit=limit)
    if len(hits) >= limit:
        return hits
    # Loaded here: rapidfuzz is not worth its import where enough was found.
    from ontology.suggest import did_you_mean  # noqa: PLC0415  # see above

    found = {hit.term.id for hit in hits}
    near = [one for one in did_you_mean(text, ontology, limit=limit) if one.id not in found]
    return (*hits, *(Hit(ontology.terms[one.id], one.via) for one in near[: limit - len(hits)]))


def holding(text: str, ontology: Ontology, *, limit: int = 10) -> tuple[Hit, ...]:
    """As `find_terms`, without what merely resembles the text."""
    wanted = clean(text)
    ranked = ontology.derived(_Holders).ranked(wanted, limit) if wanted else []
    return tuple(hit for *_, hit in sorted(ranked, key=lambda entry: entry[:3])[:limit])


class _Holders:
    """All forms of a vocabulary as one text, for what stands inside words; beginnings are found by bisection."""

    def __init__(self, ontology: Ontology) -> None:
        self._spellings = ontology.derived(Spellings)
        texts = [form.text for form in self._spellings.forms]
        self._joined = _BETWEEN.join(texts)
        self._ends = list(accumulate(len(text) + len(_BETWEEN) for text in texts))

    def ranked(self, wanted: str, limit: int) -> list[tuple[int, bool, str, Hit]]:
        """Share, deprecated, id and hit of each term; what is merely within is looked up where others are too few."""
        first, last = span_of(self._spellings.row, wanted)
        found: dict[str, tuple[int, int]] = {}
        for number in self._spellings.numbers[first:last]:
            self._note(number, self._share(number, wanted), found)
        if len(found) < limit:
            for number in self._within(wanted):
                self._note(number, WITHIN, found)
        return [(share, *self._shown(number)) for share, number in found.values()]

    def _note(self, number: int, share: int, found: dict[str, tuple[int, int]]) -> None:
        term = self._spellings.forms[number].term.id
        found[term] = min((share, number), found.get(term, (share, number)))

    def _share(self, number: int, wanted: str) -> int:
        form = self._spellings.forms[number]
        if is_whole(form, wanted):
            return WHOLE
        return START if form.text.startswith(wanted) or local_part(form.text).startswith(wanted) else WORD_START

    def _within(self, wanted: str) -> Iterator[int]:
        if _BETWEEN in wanted:
            return
        place = self._joined.find(wanted)
        while place >= 0:
            number = bisect_right(self._ends, place)
            yield number
            place = self._joined.find(wanted, self._ends[number])

    def _shown(self, number: int) -> tuple[bool, str, Hit]:
        form = self._spellings.forms[number]
        return form.term.deprecated, form.term.id, Hit(form.term, form.via)
