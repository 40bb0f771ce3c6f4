"""A made-up vocabulary, and the mistakes that people make in typing it. The same seed gives the same, everywhere."""

from collections.abc import Iterator
from random import Random

from ontology.terms import Namespace, Ontology, Term

VOCABULARY_SEED, TYPING_SEED = 11, 5

NAMESPACES = ("npc", "loc", "prop", "style")
ALIAS_SHARE, KEYWORD_SHARE = 0.3, 0.3

_ONSETS = (*"bcdfghklmnprstvwz", "br", "ch", "dr", "fl", "gr", "kl", "pr", "sh", "st", "th", "tr")
_VOWELS = (*"aeiou", "ai", "ea", "ie", "oa", "ou")
_CODAS = ("", "", "", *"lmnrstx", "ck", "lt", "rk", "st")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def make_ontology(size: int, seed: int = VOCABULARY_SEED, *, keywords: int | None = None) -> Ontology:
    """So many terms with pronounceable ids of one to three words; some have an alias.

    Some have two keywords, or every term has so many as are asked for.
    """
    chance = Random(seed)
    names = _unique_names(chance)
    return Ontology(
        [_term(number, names, chance, keywords) for number in range(size)],
        [Namespace(name, name, closed=True) for name in NAMESPACES],
        label="Made up",
    )


def to_file(ontology: Ontology) -> str:
    """The vocabulary as an ontology file."""
    lines = ["version: 1", f"label: {ontology.label}", "namespaces:"]
    lines += [f"  {name}: {{closed: true}}" for name in ontology.namespaces]
    return "\n".join([*lines, "terms:", *map(_entry, ontology.terms.values())]) + "\n"


def mistyped(text: str, chance: Random) -> str:
    """The text with one edit, not before its second character: one put in, taken out, changed, or two swapped."""
    place = chance.randrange(1, len(text))
    before, here, after = text[:place], text[place], text[place + 1 :]
    match chance.randrange(4):
        case 0:
            return before + chance.choice(_LETTERS) + here + after
        case 1:
            return before + after
        case 2:
            return before + chance.choice(_LETTERS.replace(here, "")) + after
        case _:
            return before[:-1] + here + before[-1] + after


def _term(number: int, names: Iterator[str], chance: Random, keywords: int | None) -> Term:
    namespace, name = NAMESPACES[number % len(NAMESPACES)], next(names)
    aliases = (f"{namespace}:{next(names)}",) if chance.random() < ALIAS_SHARE else ()
    if keywords is None:
        keywords = 2 if chance.random() < KEYWORD_SHARE else 0
    words = tuple(" ".join(_word(chance) for _ in range(1 + place % 2)) for place in range(keywords))
    return Term(f"{namespace}:{name}", name.replace("_", " ").capitalize(), aliases=aliases, keywords=words)


def _unique_names(chance: Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        name = "_".join(_word(chance) for _ in range(chance.choice((1, 2, 2, 3))))
        if name not in seen:
            seen.add(name)
            yield name


def _word(chance: Random) -> str:
    syllables = (chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(chance.choice((2, 2, 3))))
    return "".join(syllables) + chance.choice(_CODAS)


def _entry(term: Term) -> str:
    fields = [f'label: "{term.label}"']
    if term.aliases:
        fields.append(f"aliases: [{', '.join(term.aliases)}]")
    if term.keywords:
        fields.append(f"keywords: [{', '.join(term.keywords)}]")
    return f"  {term.id}: {{{', '.join(fields)}}}"
