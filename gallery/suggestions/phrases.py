"""The terms that a text names: whole words, the longest phrase first, and at last what is only misspelt."""

from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from ontology.cleaning import clean
from ontology.spellings import Spellings
from ontology.tags import local_part
from ontology.terms import Ontology
from resolver.lexicon import Lexicon, Node, is_name
from resolver.namings import Naming, Namings, written_id
from resolver.prompt_words import ARTICLES, STOP_WORDS
from resolver.words import STOP, WRITTEN_ID, Words, split_words


class How(Enum):
    """By what a term was met."""

    WRITTEN = "written"
    NAME = "name"
    KEYWORD = "keyword"
    SLIP = "slip"


class Phrase(NamedTuple):
    """Words that name a term. `size`: how many words; `options`: how many terms they may mean; `edits` of a slip."""

    tag: str
    spelling: str
    how: How
    size: int = 1
    options: int = 1
    edits: int = 0


NEGATIONS = frozenset({"no", "not", "without", "never"})
"""A word before a phrase, articles apart, by which the picture does not show it."""

_SHORTEST_SLIP = 6
_MOST_SLIPS = 64  # words of one text that are looked at for typing mistakes
_MOST_WORDS_BACK = 3


def phrases_in(text: str, ontology: Ontology, *, prose: bool, slips: bool = True) -> Iterator[Phrase]:
    """What a text names. `prose`: it is a sentence, where an @ mentions and a lone `full` or `hero` is just a word.

    Linear in the text. In prose, what follows "no" or "without" is left out.
    """
    lexicon = ontology.derived(Lexicon)
    words = split_words(text, lambda spelled: written_id(spelled, ontology))
    namings = Namings(words)
    for naming in namings.written():
        tag = ontology.canonical(words.ids[naming.start])
        if not (prose and _is_negated(words, naming.start)):
            yield Phrase(tag, words.ids[naming.start], How.WRITTEN)
    if prose:
        for naming in namings.mentions(lexicon.mentions):
            yield from _phrases(naming, words, [How.WRITTEN] * len(naming.options))
    yield from _named(namings, lexicon.prose, prose=prose)
    if not prose:
        yield from _named(namings, lexicon.mentions, prose=False, spaces=ontology.namespaces)
    if slips:
        yield from _slips(namings, ontology)


def _named(namings: Namings, tree: Node, *, prose: bool, spaces: Iterable[str] = ()) -> Iterator[Phrase]:
    words = namings.words
    for naming in namings.phrases(tree):
        spelling = words.spelling(naming.start, naming.end)
        if spelling in STOP_WORDS or spelling in spaces or spelling.isdecimal():
            continue
        if prose and _is_negated(words, naming.start):
            continue
        found = [is_name(tree, words, naming.start, naming.end, option) for option in naming.options]
        yield from _phrases(naming, words, [How.NAME if named else How.KEYWORD for named in found])


def _phrases(naming: Naming, words: Words, hows: list[How]) -> Iterator[Phrase]:
    size, spelling = naming.end - naming.start, words.spelling(naming.start, naming.end)
    for tag, how in zip(naming.options, hows, strict=True):
        yield Phrase(tag, spelling, how, size, len(naming.options))


def _is_negated(words: Words, start: int) -> bool:
    for index in range(start - 1, max(-1, start - 1 - _MOST_WORDS_BACK), -1):
        if words.bases[index] not in ARTICLES:
            return words.bases[index] in NEGATIONS
    return False


def _slips(namings: Namings, ontology: Ontology) -> Iterator[Phrase]:
    """Words that nothing claimed, alone and with the next one, that a typing mistake or two turn into a name."""
    words = namings.words
    left = [
        index
        for index, base in enumerate(words.bases)
        if base not in (STOP, WRITTEN_ID) and not namings.is_claimed(index) and not base.isdecimal()
    ][:_MOST_SLIPS]
    spelled = [(words.bases[index], 1) for index in left if words.bases[index] not in STOP_WORDS]
    spelled += [(f"{words.bases[one]}_{words.bases[two]}", 2) for one, two in pairwise(left) if two == one + 1]
    known = ontology.derived(_Names)
    for spelling, size in dict.fromkeys(spelled):
        if len(spelling) >= _SHORTEST_SLIP:
            edits, tags = known.nearest(spelling)
            for tag in tags:
                yield Phrase(tag, spelling.replace("_", " "), How.SLIP, size, len(tags), edits)


class _Names:
    """The names of all terms but those of roles, made ready for typing mistakes. Built once for an ontology."""

    def __init__(self, ontology: Ontology) -> None:
        # rapidfuzz takes 15 ms to import, and the other commands of the gallery never need it.
        from ontology.near import Near  # noqa: PLC0415  # see above

        spelled: dict[str, set[str]] = {}
        for form in ontology.derived(Spellings).forms:
            if form.target is not None and form.via not in form.term.keywords and form.target.namespace != "role":
                name = local_part(clean(form.text)).removeprefix("the_")
                if len(name) >= _SHORTEST_SLIP and ":" not in name:
                    spelled.setdefault(name, set()).add(form.target.id)
        self._row = sorted(spelled)
        self._tags = [tuple(sorted(spelled[name])) for name in self._row]
        self._near = Near(self._row)

    def nearest(self, spelling: str) -> tuple[int, tuple[str, ...]]:
        """`(edits, tags)` of what is nearest and begins alike; no tags where nothing is near, or it is right."""
        near = [(edits, place) for edits, place in self._near.places(spelling) if self._row[place][0] == spelling[0]]
        fewest = min((edits for edits, _ in near), default=0)
        if not fewest:
            return 0, ()
        return fewest, tuple(sorted({tag for edits, place in near if edits == fewest for tag in self._tags[place]}))
