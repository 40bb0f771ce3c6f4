"""Tags to choose from while somebody writes: terms of the vocabulary and what else is in use, with their counts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from ontology.cleaning import clean
from ontology.complete import complete
from ontology.find import holding
from ontology.terms import PLAYER, Ontology, Term
from resolver import CandidateIndex

CHARACTERS: Final = ("npc", PLAYER)
"""The namespaces of who can be on a picture."""

_LOOKED_AT: Final = 2000
"""Of the terms that hold a text, from which those of some namespaces are taken."""
_RECENT_FIRST: Final = 10**12
"""More than any tag is used: what was picked last comes before what is used most, among what fits equally well."""


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
    text: str,
    ontology: Ontology,
    uses: Mapping[str, int],
    *,
    namespaces: Collection[str] = (),
    recent: Sequence[str] = (),
    limit: int = 10,
) -> tuple[TagChoice, ...]:
    """At most `limit` tags that fit a text, best first; without a text those of `recent`, then the most frequent.

    Terms come before what is only in use: those that `ontology.complete` finds a beginning in, those that hold the
    text anywhere (deprecated ones last), then what it may be a mistake for. `uses`: canonical tag → live assets that
    have it. `namespaces`: the only ones to look in, all when empty; `player` is one of its own.
    """
    places = {tag: _RECENT_FIRST - place for place, tag in enumerate(recent)}
    weights = {**uses, **places} if places else uses
    wanted = clean(text)
    found = _terms(wanted, ontology, weights, namespaces, limit)
    used = {tag: tag for tag in weights if wanted in tag and tag not in ontology.terms and _is_in(tag, namespaces)}
    found |= dict(sorted(used.items(), key=lambda entry: (-weights.get(entry[0], 0), entry[0])))
    ranked = sorted(found.items(), key=lambda entry: 0 if wanted else -weights.get(entry[0], 0))
    choices = (TagChoice(tag, via, uses.get(tag, 0), ontology.terms.get(tag)) for tag, via in ranked)
    return tuple(islice((one for one in choices if one.term or weights.get(one.tag)), limit))


class IndexUses(Mapping[str, int]):
    """Canonical tag → how many live assets have it in any of its spellings, counted when it is asked for."""

    def __init__(self, index: CandidateIndex, ontology: Ontology) -> None:
        self._facts = index.documents.facts_for(ontology)
        self._tags = dict.fromkeys(map(ontology.canonical, index.documents.postings.names))
        self._counted: dict[str, int] = {}

    def __getitem__(self, tag: str) -> int:
        if tag not in self._tags:
            raise KeyError(tag)
        if tag not in self._counted:
            self._counted[tag] = len(self._facts.tagged(tag))
        return self._counted[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tags)

    def __len__(self) -> int:
        return len(self._tags)


def _terms(
    wanted: str, ontology: Ontology, weights: Mapping[str, int], namespaces: Collection[str], limit: int
) -> dict[str, str]:
    """Id → the form by which it was found, best first."""
    completed = complete(wanted, ontology, limit=limit, uses=weights, namespaces=namespaces)
    found = {one.id: one.via for one in completed if one.match == "prefix"}
    if len(found) < limit:
        for hit in holding(wanted, ontology, limit=limit if not namespaces else _LOOKED_AT):
            tag = ontology.canonical(hit.term.id)
            if _is_in(tag, namespaces):
                found.setdefault(tag, hit.via)
    return found | {one.id: one.via for one in completed if one.id not in found}


def _is_in(tag: str, namespaces: Collection[str]) -> bool:
    return not namespaces or tag.partition(":")[0] in namespaces
