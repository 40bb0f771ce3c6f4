"""Tags that usually stand together, counted in an index without reading its assets."""

from collections import Counter
from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

from pyroaring import BitMap

from ontology.terms import Ontology
from resolver.index import CandidateIndex

SAMPLE = 512
"""Documents of a tag that are looked at to find its companions, evenly spread over all that carry it.

A companion that a quarter of them carry is expected 128 times, and looked into when it comes half as often.
"""

_SCATTER = 2_654_435_761  # Knuth's multiplier: consecutive numbers are sent far from each other


class Companion(NamedTuple):
    """A tag beside another one. `shared`: assets with both; `of_first`, `of_second`: assets with each of the two."""

    tag: str
    shared: int
    of_first: int
    of_second: int

    @property
    def share(self) -> float:
        """Of the assets with the first tag those with the second too, 0-1."""
        return self.shared / self.of_first

    @property
    def cosine(self) -> float:
        """How alike the two sets of assets are, 0-1, one of the first being left out: the one that is asked about.

        Few shared assets prove little, so the divisor is one larger.
        """
        others = max(self.of_first - 1, self.shared)
        return self.shared / (sqrt(others * self.of_second) + 1)


def companions(
    index: CandidateIndex, tag: str, ontology: Ontology | None, *, support: int, share: float
) -> tuple[Companion, ...]:
    """The canonical tags beside this one in at least `support` assets and that share of its own, the nearest first.

    Companions are found in a sample of the documents, and the few that are frequent there are counted by intersecting
    bitmaps: so the cost grows with neither the number of tags nor, but for those few, that of assets.
    """
    documents = index.documents
    facts = documents.facts_for(ontology)
    carrying = facts.tagged(tag)
    if len(carrying) < support:
        return ()
    seen: Counter[str] = Counter()
    for document in _sample(carrying):
        seen.update(documents.tags(document, facts))
    size = seen.pop(tag)
    likely = [other for other, count in seen.items() if count >= share * size / 2]
    found = [_counted(carrying, other, facts.tagged(other)) for other in likely]
    kept = [one for one in found if one.shared >= support and one.share >= share]
    return tuple(sorted(kept, key=lambda one: (-one.cosine, one.tag)))


def standing_together(index: CandidateIndex, one: str, other: str, ontology: Ontology | None) -> tuple[int, float]:
    """How many assets carry both canonical tags, and how many would if the two had nothing to do with each other."""
    facts = index.documents.facts_for(ontology)
    first, second = facts.tagged(one), facts.tagged(other)
    return first.intersection_cardinality(second), len(first) * len(second) / max(1, len(index))


def _counted(carrying: BitMap, other: str, body: BitMap) -> Companion:
    return Companion(other, carrying.intersection_cardinality(body), len(carrying), len(body))


def _sample(carrying: BitMap) -> Iterable[int]:
    """Some documents, the same ones each time: one of each stretch, now here, now there.

    Pictures that are made in turns (front, side, front, side, …) would fool even steps.
    """
    stretch = len(carrying) // SAMPLE
    if stretch <= 1:
        return carrying
    return (carrying[number * stretch + (number * _SCATTER >> 16) % stretch] for number in range(SAMPLE))
