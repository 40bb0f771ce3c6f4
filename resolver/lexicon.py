"""The phrases by which a prompt can name the terms of a vocabulary, as a tree of words. Built once for an ontology."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ontology.tags import local_part
from ontology.terms import Ontology, Term
from resolver.prompt_words import ARTICLES, STOP_WORDS
from resolver.roles import ROLE, is_character, is_location
from resolver.words import STOP, Words, split_words

MAX_PHRASE = 16
"""Words; longer labels and keywords are not looked for."""

_END = ""
Node = dict[str, Any]
"""Stem of the next word → node; under "" the entries that end here."""


class Entry(NamedTuple):
    """A phrase that ends at a node: how it is spelt, the id it stands for, whether it is a keyword and no name."""

    spelling: str
    id: str
    is_keyword: bool


class Lexicon:
    """`prose`: labels, keywords, and the last parts of the ids of characters and places. `mentions`: what may follow @.

    A role is named in prose by its id alone: "in the background" wishes for no picture tagged `role:bg`.
    """

    def __init__(self, ontology: Ontology) -> None:
        self.prose: Node = {}
        self.mentions: Node = {}
        for term in ontology.terms.values():
            target = ontology.canonical(term.id)
            replacement = ontology.terms.get(target)
            if replacement is not None and not replacement.deprecated:
                self._put(term, target)

    def _put(self, term: Term, target: str) -> None:
        names = [_without_article(term.label)]
        parts = [part for name in (term.id, *term.aliases) for part in _last_parts(name)]
        for phrase in (term.label, *names, *parts):
            _grow(self.mentions, phrase, target, is_keyword=False)
        if target.startswith(ROLE):
            return
        if is_character(target) or is_location(target):
            names += [local_part(name) for name in (term.id, *term.aliases)]
        else:
            names += [alias for alias in term.aliases if ":" not in alias]
        for phrase in names:
            _grow(self.prose, phrase, target, is_keyword=False, prose=True)
        for phrase in term.keywords:
            _grow(self.prose, phrase, target, is_keyword=True, prose=True)


def longest(tree: Node, words: Words, start: int, most: int = MAX_PHRASE) -> tuple[int, tuple[str, ...]] | None:
    """The longest phrase of the tree, of at most `most` words, that begins at `start`: where it ends, and the ids.

    Several ids: the phrase is ambiguous. A phrase spelt just so comes before one that only sounds so (a plural), and a
    name before a keyword.
    """
    if start in words.glued:
        return None
    node, found = tree, None
    for end in range(start + 1, min(start + most, len(words)) + 1):
        following = node.get(words.stems[end - 1])
        if following is None:
            break
        node = following
        if _END in node and end not in words.glued:
            found = end, node[_END]
    return None if found is None else (found[0], _meant(found[1], words.spelling(start, found[0])))


def is_name(tree: Node, words: Words, start: int, end: int, meant: str) -> bool:
    """Whether a phrase that was found names a term; False where it is one of the term's keywords."""
    node = tree
    for stem in words.stems[start:end]:
        node = node[stem]
    return any(entry.id == meant and not entry.is_keyword for entry in node[_END])


def _meant(entries: list[Entry], spelling: str) -> tuple[str, ...]:
    entries = [entry for entry in entries if entry.spelling == spelling] or entries
    names = [entry.id for entry in entries if not entry.is_keyword]
    return tuple(sorted({*names} or {entry.id for entry in entries}))


def _grow(tree: Node, phrase: str, target: str, *, is_keyword: bool, prose: bool = False) -> None:
    """Add a phrase as it is written, and without its full stops: Dr. Evil is found as Dr Evil too."""
    words = split_words(phrase)
    every = list(zip(words.stems, words.bases, strict=True))
    for path in {tuple(every), tuple(pair for pair in every if pair[0] != STOP)}:
        if not 0 < len(path) <= MAX_PHRASE or (prose and len(path) == 1 and path[0][1] in STOP_WORDS):
            continue
        node = tree
        for stem, _ in path:
            node = node.setdefault(stem, {})
        entry = Entry(" ".join(base for _, base in path), target, is_keyword)
        entries = node.setdefault(_END, [])
        if entry not in entries:
            entries.append(entry)


def _without_article(label: str) -> str:
    """`The dungeon` → `dungeon`: prose may say any article, and it makes no phrase longer than another."""
    first, _, rest = label.partition(" ")
    return rest if first.lower() in ARTICLES and rest.strip() else label


def _last_parts(name: str) -> Iterator[str]:
    """`camera:view:pov` → `view:pov`, `pov`."""
    rest = local_part(name)
    yield rest
    while ":" in rest:
        rest = rest.partition(":")[2]
        yield rest
