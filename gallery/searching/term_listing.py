"""The terms of a vocabulary as a list to look at: filtered, counted, a page at a time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from ontology.cleaning import clean
from ontology.find import find_terms
from ontology.loader import builtin_ontology
from ontology.terms import PLAYER, Ontology, Term
from resolver import CandidateIndex

Shown = Literal["all", "used", "unused", "own", "deprecated"]
SHOWN: tuple[Shown, ...] = get_args(Shown)
TermOrder = Literal["id", "used"]
TERM_ORDERS: tuple[TermOrder, ...] = get_args(TermOrder)

_CHARACTERS = "npc"
_MOST_FOUND = 5000
"""So many terms that fit a text are looked at."""


@dataclass(frozen=True, slots=True)
class ListedTerm:
    """A term, and how many live assets have it in any of its spellings."""

    term: Term
    count: int
    is_builtin: bool


@dataclass(frozen=True, slots=True)
class TermPage:
    """`total`: how many fit. `spaces`: namespace → how many of them, whatever namespace was asked for.

    `following`: where the next page begins, None at the end.
    """

    terms: tuple[ListedTerm, ...]
    total: int
    spaces: dict[str, int]
    following: int | None


def list_terms(
    index: CandidateIndex,
    ontology: Ontology,
    text: str = "",
    *,
    namespace: str | None = None,
    shown: Shown = "all",
    order: TermOrder = "id",
    start: int = 0,
    limit: int = 100,
) -> TermPage:
    """Terms that fit a text (all without one), those that resemble it most first, else by `order`.

    `player` stands in `npc`. A deprecated term counts the assets that still hold it under its own id.
    """
    facts = index.documents.facts_for(ontology)
    builtin = builtin_ontology().terms
    fitting = [
        ListedTerm(term, len(facts.tagged(term.id)), term.id in builtin) for term in _found(ontology, text.strip())
    ]
    fitting = [item for item in fitting if _is_shown(item, shown)]
    spaces = Counter(namespace_of(item.term) for item in fitting)
    if namespace is not None:
        fitting = [item for item in fitting if namespace_of(item.term) == namespace]
    if order == "used":
        fitting.sort(key=lambda item: (-item.count, item.term.id))
    end = start + limit
    return TermPage(
        tuple(fitting[start:end]), len(fitting), dict(sorted(spaces.items())), end if len(fitting) > end else None
    )


def namespace_of(term: Term) -> str:
    """Where a term is listed."""
    return _CHARACTERS if term.id == PLAYER else term.namespace or ""


def _found(ontology: Ontology, text: str) -> Iterable[Term]:
    if clean(text):
        return [hit.term for hit in find_terms(text, ontology, limit=_MOST_FOUND)]
    return sorted(ontology.terms.values(), key=lambda term: (namespace_of(term), term.id))


def _is_shown(item: ListedTerm, shown: Shown) -> bool:
    return {
        "all": True,
        "used": item.count > 0,
        "unused": item.count == 0 and not item.is_builtin and not item.term.deprecated,
        "own": not item.is_builtin,
        "deprecated": item.term.deprecated,
    }[shown]
