"""Counting in an index: how many assets carry two tags at once, without reading the assets."""

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
    wanted = frozenset(media_types)
    left_out = BitMap.union(*(BitMap(), *(found for media, found in documents.media.items() if media not in wanted)))
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


def _without(facts: Facts, tag: str, left_out: BitMap) -> BitMap:
    carrying = facts.tagged(tag)
    return carrying - left_out if left_out else carrying


def _read(documents: Documents, carrying: BitMap, seconds: dict[int, str]) -> Counter[str]:
    """How many of some documents carry each of the seconds, two spellings of one counted once."""
    found: Counter[str] = Counter()
    for document in carrying:
        found.update({seconds[number] for number in documents.runs[document_at(document)] if number in seconds})
    return found
