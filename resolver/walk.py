"""Going through documents in rank order, no further than it is asked for (contract §3, "Rank inside a tier").

Each rule of the ranking splits a body of documents into levels, best first; the next rule splits each level again.
Levels are worked out one by one, so five results of a hundred thousand cost a few set operations. A small body is
ranked document by document, which is cheaper than splitting it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, filterfalse, islice

from pyroaring import BitMap

from resolver.facts import NOBODY
from resolver.ranks import Ranks

SMALL = 24
"""Up to so many documents are ranked one by one (measured: from 10 to 60 makes little difference)."""

MOST_PASSED_OVER = 128
"""To pass over so many is cheaper than to take them out of a large body; more in every slot would be a square."""


@dataclass(slots=True)
class Walk:
    """One tier's ranking. `preferred`: a body for each preferred tag; `roles`: for each role in the slot's order.

    `identities`: how many identities a document carries → documents; `own`: how many of these every document of the
    tier has as its own; `location`: those who also carry the request's location where that is not counted in `own`.
    `levels`: what was worked out of these three, to be shared by the tiers in which they are the same.
    """

    ranks: Ranks
    preferred: Sequence[BitMap]
    roles: Sequence[BitMap]
    identities: dict[int, BitMap]
    own: int
    location: BitMap
    levels: list[BitMap]

    def first(self, documents: BitMap, most: int, without: BitMap) -> list[int]:
        """The first of some documents, at most `most`, but for those that are not to be returned."""
        if len(without) > MOST_PASSED_OVER:
            documents, without = documents - without, NOBODY
        if not documents:
            return []
        ranked = self._by_preference(documents)
        return list(islice(filterfalse(without.__contains__, ranked) if without else ranked, most))

    def _by_preference(self, documents: BitMap) -> Iterator[int]:
        if len(documents) <= SMALL:
            yield from self._one_by_one(documents)
            return
        for level in self._preference_levels(documents):
            yield from self._by_role(level)

    def _by_role(self, documents: BitMap) -> Iterator[int]:
        left = documents
        for role in self.roles:
            if len(left) <= SMALL:
                break
            level = left & role
            if level:
                yield from self._by_identities(level)
                left = left - level if len(level) < len(left) else NOBODY
        yield from self._by_identities(left)

    def _by_identities(self, documents: BitMap) -> Iterator[int]:
        if len(documents) <= SMALL:
            yield from self._one_by_one(documents)
            return
        left = len(documents)
        for others in count():
            level = documents & self._with_others(others)
            yield from self.ranks.in_order(level)
            left -= len(level)
            if not left:
                return

    def _with_others(self, others: int) -> BitMap:
        """The documents with so many identities besides their own and the request's location; not to be changed."""
        for number in range(len(self.levels), others + 1):
            number_of_own = self.own + number
            level = self.identities.get(number_of_own, NOBODY)
            if self.location:
                level = (level - self.location) | (self.location & self.identities.get(number_of_own + 1, NOBODY))
            self.levels.append(level)
        return self.levels[others]

    def _preference_levels(self, documents: BitMap) -> Iterator[BitMap]:
        """The documents by how many preferred tags they carry, most first."""
        at_least: list[BitMap] = []
        for preferred in self.preferred:
            carried = documents & preferred
            for index, level in enumerate(at_least):
                at_least[index], carried = level | carried, level & carried
            if carried:
                at_least.append(carried)
        more = NOBODY
        for level in reversed(at_least):
            yield level - more if more else level
            more = level
        yield documents - more if more else documents

    def _one_by_one(self, documents: BitMap) -> list[int]:
        if len(documents) < 2:  # noqa: PLR2004  # nothing to order
            return list(documents)
        return sorted(self.ranks.in_order(documents), key=self._rank)

    def _rank(self, document: int) -> tuple[int, int, int]:
        """The sort key of a document but for its end, smaller is better."""
        liked = role = 0  # loops: a generator would cost more than what it goes through
        for preferred in self.preferred:
            if document in preferred:
                liked -= 1
        for members in self.roles:
            if document in members:
                break
            role += 1
        for identities, members in self.identities.items():
            if document in members:
                return liked, role, identities - self.own - (document in self.location)
        raise LookupError(f"document {document} carries no number of identities")
