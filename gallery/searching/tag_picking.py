"""Tags to choose from while somebody writes: terms of the vocabulary and what else is in use, with their counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ontology.cleaning import clean
from ontology.find import find_terms
from ontology.tags import local_part
from ontology.terms import PLAYER, Ontology, Term
from resolver import CandidateIndex

_CHARACTERS: Final = "npc"
_LOOKED_AT: Final = 2000
"""Of the terms that fit a text, from which those of one namespace are taken."""


@dataclass(frozen=True, slots=True)
class TagChoice:
    """A tag, by what it was found (`via`), and how many live assets have it. `term` is None for what is only in use."""

    tag: str
    via: str
    count: int
    term: Term | None

    def to_json(self) -> dict[str, Any]:
        """`{id, label, kind, via, count, deprecated, is_term}`."""
        term = self.term
        return {
            "id": self.tag,
            "label": None if term is None else term.label,
            "kind": None if term is None else term.kind,
            "via": self.via,
            "count": self.count,
            "deprecated": term is not None and term.deprecated,
            "is_term": term is not None,
        }


def pick_tags(
    index: CandidateIndex, ontology: Ontology, text: str = "", *, namespace: str | None = None, limit: int = 10
) -> tuple[TagChoice, ...]:
    """At most `limit` tags that fit a text, best first: terms as `find_terms` ranks them, then tags in use by count.

    Without a text the most frequent come first. `namespace` keeps to one; `npc` has `player` in it. A deprecated term
    stands for the one that replaces it.
    """
    counts = _Counts(index, ontology)
    terms = _terms(counts, text, namespace, limit)
    known = {choice.tag for choice in terms}
    used = (choice for choice in _in_use(counts, text, namespace) if choice.tag not in known)
    if clean(text):
        return tuple(terms + sorted(used, key=_rank)[: limit - len(terms)])[:limit]
    return tuple(sorted([*terms, *used], key=_rank)[:limit])


class _Counts:
    """How many live assets have a tag, in any of its spellings."""

    def __init__(self, index: CandidateIndex, ontology: Ontology) -> None:
        self.ontology = ontology
        self.names = index.documents.postings.names
        self._facts = index.documents.facts_for(ontology)

    def of(self, tag: str) -> int:
        return len(self._facts.tagged(tag))


def _terms(counts: _Counts, text: str, namespace: str | None, limit: int) -> list[TagChoice]:
    ontology = counts.ontology
    found: dict[str, TagChoice] = {}
    if not clean(text):
        for term in ontology.terms.values():
            if not term.deprecated and _is_in(term.id, namespace):
                found[term.id] = TagChoice(term.id, term.id, counts.of(term.id), term)
        return list(found.values())
    for hit in find_terms(text, ontology, limit=limit if namespace is None else _LOOKED_AT):
        tag = ontology.canonical(hit.term.id)
        if tag not in found and _is_in(tag, namespace) and len(found) < limit:
            found[tag] = TagChoice(tag, hit.via, counts.of(tag), ontology.terms[tag])
    return list(found.values())


def _in_use(counts: _Counts, text: str, namespace: str | None) -> Iterator[TagChoice]:
    """Tags that assets have and the vocabulary does not list."""
    wanted = clean(text)
    for name in counts.names:
        tag = counts.ontology.canonical(name)
        if tag not in counts.ontology.terms and wanted in name and _is_in(tag, namespace):
            count = counts.of(tag)
            if count:
                yield TagChoice(tag, tag, count, None)


def _is_in(tag: str, namespace: str | None) -> bool:
    if namespace is None:
        return True
    if tag == PLAYER:
        return namespace == _CHARACTERS
    return tag.startswith(f"{namespace}:") and bool(local_part(tag))


def _rank(choice: TagChoice) -> tuple[int, str]:
    return -choice.count, choice.tag
