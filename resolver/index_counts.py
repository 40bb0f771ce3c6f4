"""Counting in an index: how many assets carry two or three tags at once, without reading the assets."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from pyroaring import BitMap

from ontology.terms import Ontology
from resolver.documents import Documents
from resolver.facts import Facts
from resolver.ranks import document_at

_READ_COSTS = 4
"""Looking at one document costs as much as so many intersections of bitmaps (measured)."""


class PairCounts(NamedTuple):
    """`seen`: (one tag, other tag) → assets that carry both, where there are any. `ones`: first tags that occur."""

    seen: Counter[tuple[str, str]]
    ones: set[str]


def count_pairs(
    documents: Documents,
    ontology: Ontology | None,
    *,
    media_types: Iterable[str],
    first: Callable[[str], bool],
    second: Callable[[str], bool],
) -> PairCounts:
    """Every pair of canonical tags of which the one is a `first`, the other a `second`, among assets of some media.

    A frequent tag is intersected with each `second`; of a rare one its few assets' tag numbers are looked at, which is
    cheaper. So a tag costs as much as there are seconds, at most, and never as much as there are assets.
    """
    facts = documents.facts_for(ontology)
    meanings = [facts.meaning(number) for number in range(len(documents.postings))]
    seconds = {number: tag for number, tag in enumerate(meanings) if second(tag)}
    bodies = {tag: facts.tagged(tag) for tag in seconds.values()}
    left_out = _other_media(documents, media_types)
    counts = PairCounts(Counter(), set())
    for tag in dict.fromkeys(tag for tag in meanings if first(tag)):
        carrying = _without(facts, tag, left_out)
        if not carrying:
            continue
        counts.ones.add(tag)
        if _READ_COSTS * len(carrying) > len(bodies):
            found = {other: carrying.intersection_cardinality(body) for other, body in bodies.items()}
        else:
            found = _read(documents, carrying, seconds)
        counts.seen.update({(tag, other): number for other, number in found.items() if number})
    return counts


def count_triples(
    documents: Documents,
    ontology: Ontology | None,
    *,
    media_types: Iterable[str],
    first: Callable[[str], bool],
    second: Callable[[str], bool],
    third: Callable[[str], bool],
) -> Counter[tuple[str, str, str]]:
    """Every `(first, second, third)` of canonical tags that assets of some media carry at once, and how many do.

    It costs the firsts times the seconds, and for the pairs that there are the thirds, never the assets.
    """
    facts = documents.facts_for(ontology)
    meanings = dict.fromkeys(facts.meaning(number) for number in range(len(documents.postings)))
    seconds = {tag: facts.tagged(tag) for tag in meanings if second(tag)}
    thirds = {tag: facts.tagged(tag) for tag in meanings if third(tag)}
    left_out = _other_media(documents, media_types)
    counts: Counter[tuple[str, str, str]] = Counter()
    for tag in filter(first, meanings):
        carrying = _without(facts, tag, left_out)
        for other, body in seconds.items():
            both = carrying & body
            if both:
                found = {last: both.intersection_cardinality(thirds[last]) for last in thirds}
                counts.update({(tag, other, last): number for last, number in found.items() if number})
    return counts


def _other_media(documents: Documents, media_types: Iterable[str]) -> BitMap:
    wanted = frozenset(media_types)
    return BitMap.union(*(BitMap(), *(found for media, found in documents.media.items() if media not in wanted)))


def _without(facts: Facts, tag: str, left_out: BitMap) -> BitMap:
    carrying = facts.tagged(tag)
    return carrying - left_out if left_out else carrying


def _read(documents: Documents, carrying: BitMap, seconds: dict[int, str]) -> Counter[str]:
    """How many of some documents carry each of the seconds, two spellings of one counted once."""
    found: Counter[str] = Counter()
    for document in carrying:
        found.update({seconds[number] for number in documents.runs[document_at(document)] if number in seconds})
    return found
