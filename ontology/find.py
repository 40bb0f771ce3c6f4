"""Finding terms by what a person remembers of them: part of an id, alias, label or keyword, then typing mistakes."""

from collections.abc import Iterator
from dataclasses import dataclass

from ontology.normalize import clean
from ontology.suggest import did_you_mean
from ontology.terms import Ontology, Term

WHOLE, START, WORD_START, WITHIN = range(4)
"""How much of a form the text is, best first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term and the id, alias, label or keyword by which it was found."""

    term: Term
    via: str


def find_terms(text: str, ontology: Ontology, *, limit: int = 10) -> tuple[Hit, ...]:
    """Terms that hold the text, whole forms first, then beginnings, then the rest; what resembles it comes last.

    Deprecated terms are found like others. At most `limit`; `()` for a text without letters.
    """
    wanted = clean(text)
    if not wanted:
        return ()
    ranked = []
    for term in ontology.terms.values():
        best = min(((_share(wanted, clean(form)), form) for form in _forms(term)), key=lambda entry: entry[0])
        if best[0] <= WITHIN:
            ranked.append((best[0], term.deprecated, term.id, Hit(term, best[1])))
    hits = [hit for *_, hit in sorted(ranked, key=lambda entry: entry[:3])[:limit]]
    found = {hit.term.id for hit in hits}
    for near in did_you_mean(text, ontology, limit=limit):
        if near.id not in found and len(hits) < limit:
            hits.append(Hit(ontology.terms[near.id], near.via))
    return tuple(hits)


def _forms(term: Term) -> Iterator[str]:
    yield term.id
    yield from term.aliases
    yield term.label
    yield from term.keywords


def _share(wanted: str, form: str) -> int:
    if form == wanted or form.partition(":")[2] == wanted:
        return WHOLE
    if form.startswith(wanted) or form.partition(":")[2].startswith(wanted):
        return START
    if any(f"{mark}{wanted}" in form for mark in "_:- "):
        return WORD_START
    return WITHIN if wanted in form else WITHIN + 1
