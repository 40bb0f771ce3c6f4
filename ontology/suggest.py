"""The known terms nearest to a text, by id, alias, label and keyword ("did you mean")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from ontology.cleaning import clean
from ontology.tags import MAX_TAG_LENGTH, local_part
from ontology.terms import Ontology, Term

_WORD = re.compile(r"[^_:-]+")

NEAR = 0.6
"""Below this score (0-1) nothing is suggested."""
_SURE = 0.7  # what is less similar has to share the beginning of a word: rain is no crane, but wolf an ash_wolf
_WORD_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A known term that may have been meant. `score`: 0-1; `via`: the id, alias, label or keyword that matched."""

    id: str
    label: str
    score: float
    via: str


class _Form(NamedTuple):
    """One spelling by which a term can be met."""

    id: str
    via: str


class _Rule(NamedTuple):
    """Compare `text` with the spellings of one shelf; what is found counts `weight` of its similarity."""

    text: str
    shelf: str
    weight: float


# The shelves. Within a namespace they are called `namespace/shelf`.
_WHOLE = "whole"  # ids and aliases as they are written: npc:alex
_LOCAL = "local"  # without the namespace: alex, view:pov
_LAST = "last"  # the last segment alone: pov
_LABEL = "label"  # labels as tags would be written: the_dungeon

_KEYWORD_SCORE = 0.9
_LAST_WEIGHT = 0.97  # an exact last segment loses against an exact id
_OTHER_BRANCH_WEIGHT = 0.9  # camera:view:low for camera:angle:low
_OTHER_NAMESPACE_WEIGHT = 0.75  # npc:dungeon: a location comes after every npc that is near
_NAMESPACE_FORGOTTEN_WEIGHT = 0.95  # view:pov for camera:view:pov
_EXTRACTED = 12  # several spellings may lead to one term
_REMEMBERED = 4096


def did_you_mean(text: str, ontology: Ontology, *, limit: int = 3) -> tuple[Suggestion, ...]:
    """The nearest terms, best first; empty when none is near, and for text too long to be a tag.

    A text with a declared namespace prefers terms of that namespace. Keywords count only when they are equal.
    Deprecated terms are never suggested.
    """
    return ontology.derived(_Shelves).nearest(clean(text[: MAX_TAG_LENGTH + 1]))[:limit]


def similar(tag: str, ontology: Ontology, *, at_least: float) -> Suggestion | None:
    """The term that a cleaned free word, or a tag in an open namespace, is all but equal to; by id, alias or label.

    A tag with a namespace is compared with that namespace only: `prop:dungeon` is no misspelt `loc:dungeon`.
    """
    return ontology.derived(_Shelves).similar(tag, at_least)


class _Shelves:
    """The spellings of a vocabulary, sorted for searching. Built once for an ontology; 10,000 terms take ~100 ms."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._spellings: dict[str, list[str]] = {}
        self._forms: dict[str, list[_Form]] = {}
        self._keywords: dict[str, list[_Form]] = {}
        for term in ontology.terms.values():
            if not term.deprecated:
                self._put(term)
        # One import asks for the same word once for every asset.
        self.nearest = lru_cache(_REMEMBERED)(self._nearest)
        self.similar = lru_cache(_REMEMBERED)(self._similar)

    def _put(self, term: Term) -> None:
        for shelf, spelling, via in _spellings(term):
            for place in (shelf, f"{term.namespace}/{shelf}"):
                self._spellings.setdefault(place, []).append(spelling)
                self._forms.setdefault(place, []).append(_Form(term.id, via))
        for keyword in term.keywords:
            self._keywords.setdefault(clean(keyword), []).append(_Form(term.id, keyword))

    def _nearest(self, query: str) -> tuple[Suggestion, ...]:
        if not query or len(query) > MAX_TAG_LENGTH:
            return ()
        best = self._found(self._rules(query), NEAR)
        for form in self._keywords.get(local_part(query), ()):
            best[form] = _KEYWORD_SCORE * self._keyword_weight(query, form)
        return self._ranked(best)

    def _keyword_weight(self, query: str, form: _Form) -> float:
        namespace = query.partition(":")[0]
        foreign = namespace in self._ontology.namespaces and self._ontology.terms[form.id].namespace != namespace
        return _OTHER_NAMESPACE_WEIGHT if foreign and ":" in query else 1

    def _similar(self, tag: str, at_least: float) -> Suggestion | None:
        namespace, colon, local = tag.partition(":")
        rules = _within(namespace, local) if colon else _bare(tag)
        ranked = self._ranked(self._found(rules, at_least))
        return ranked[0] if ranked else None

    def _rules(self, query: str) -> Iterator[_Rule]:
        namespace, colon, local = query.partition(":")
        if not colon:
            yield from _bare(query)
            return
        if namespace in self._ontology.namespaces:
            yield from _within(namespace, local)
            yield _Rule(local.rpartition(":")[2], f"{namespace}/{_LAST}", _OTHER_BRANCH_WEIGHT)
        else:
            yield _Rule(query, _WHOLE, 1)
            yield _Rule(query, _LOCAL, _NAMESPACE_FORGOTTEN_WEIGHT)
        for shelf in (_LOCAL, _LAST, _LABEL):
            yield _Rule(local, shelf, _OTHER_NAMESPACE_WEIGHT)

    def _found(self, rules: Iterator[_Rule], at_least: float) -> dict[_Form, float]:
        best: dict[_Form, float] = {}
        for rule in rules:
            spellings = self._spellings.get(rule.shelf, [])
            cutoff = 100 * at_least / rule.weight
            for spelling, score, index in process.extract(
                rule.text, spellings, scorer=fuzz.ratio, score_cutoff=cutoff, limit=_EXTRACTED
            ):
                if score < 100 * _SURE and not _share_a_beginning(rule.text, spelling):
                    continue
                form = self._forms[rule.shelf][index]
                best[form] = max(best.get(form, 0), score / 100 * rule.weight)
        return best

    def _ranked(self, best: dict[_Form, float]) -> tuple[Suggestion, ...]:
        """Each term once, by its best spelling; of equal ones its id, then the alphabet decides."""
        ordered = sorted(best.items(), key=lambda found: (-found[1], found[0].via != found[0].id, found[0]))
        unique: dict[str, Suggestion] = {}
        for form, score in ordered:
            label = self._ontology.terms[form.id].label
            unique.setdefault(form.id, Suggestion(form.id, label, round(score, 3), form.via))
        return tuple(unique.values())


def _share_a_beginning(one: str, other: str) -> bool:
    """Whether a word of one begins the other, or the other way round: grav and gravelord, wolf and ash_wolf."""
    return _begins_a_word(one, other) or _begins_a_word(other, one)


def _begins_a_word(beginning: str, text: str) -> bool:
    return len(beginning) >= _WORD_BEGINNING and any(word.startswith(beginning) for word in _from_each_word(text))


def _from_each_word(text: str) -> Iterator[str]:
    yield from (text[found.start() :] for found in _WORD.finditer(text))


def _bare(word: str) -> Iterator[_Rule]:
    for shelf in (_WHOLE, _LOCAL, _LABEL):
        yield _Rule(word, shelf, 1)
    yield _Rule(word, _LAST, _LAST_WEIGHT)


def _within(namespace: str, local: str) -> Iterator[_Rule]:
    yield _Rule(local, f"{namespace}/{_LOCAL}", 1)
    yield _Rule(local, f"{namespace}/{_LABEL}", 1)
    yield _Rule(local, f"{namespace}/{_LAST}", _LAST_WEIGHT)


def _spellings(term: Term) -> Iterator[tuple[str, str, str]]:
    """`(shelf, spelling, via)`."""
    for name in (term.id, *term.aliases):
        yield _WHOLE, name, name
        local = local_part(name)
        yield _LOCAL, local, name
        if ":" in local:
            yield _LAST, local.rpartition(":")[2], name
    if term.label:
        yield _LABEL, clean(term.label), term.label
