"""When documents were made and how they are rated: the end of every ranking (contract §3: rating, date, id)."""

from array import array
from collections.abc import Iterator
from itertools import compress, count, islice
from operator import eq, le, ne

from pyroaring import BitMap

from resolver.candidate import AssetId, id_order
from resolver.packed_ids import PackedIds

TOP = 2**32 - 1
"""Documents count down from here, so a newer asset, put behind the others, stands in front of them in a bitmap."""

LastRank = tuple[float, int, tuple[int, int, str]]


def document_at(position: int) -> int:
    """The document at a position, and the position of a document."""
    return TOP - position


class Ranks:
    """Documents of one half star stand in one bitmap (`classes`, by twice the rating), newest first, small ids first.

    Where that order fails a document is `irregular`: its rating lies between two half stars, or it came `late`, that
    is, behind a newer one. `newest` is the date and id of the last document that came in order, though it be gone.
    """

    def __init__(self, ids: PackedIds) -> None:
        self.created = array("q")
        self.classes: dict[int, BitMap] = {}
        self.late = BitMap()
        self.irregular = BitMap()
        self.odd_ratings: dict[int, float] = {}
        self.newest: tuple[int, AssetId] | None = None
        self._ids = ids

    def append(self, document: int, created: int, rating: float) -> None:
        """Take in one more document; its id is there already."""
        self.created.append(created)
        asset_id = self._ids[document_at(document)]
        if self.newest is None or follows((created, asset_id), self.newest):
            self.newest = (created, asset_id)
        else:
            self.late.add(document)
            self.irregular.add(document)
        self.rate(document, rating)

    def forget(self, document: int) -> None:
        """Take a document out; its date stays until everything is renumbered."""
        self._unrate(document)
        self.late.discard(document)
        self.irregular.discard(document)

    def rating(self, document: int) -> float:
        """A document's rating, 0-5."""
        if document in self.odd_ratings:
            return self.odd_ratings[document]
        return next(half for half, members in self.classes.items() if document in members) / 2

    def rate(self, document: int, rating: float) -> None:
        """Set the rating of a document that has none."""
        half = int(rating * 2)
        if half != rating * 2:
            self.odd_ratings[document] = rating
            self.irregular.add(document)
        if half not in self.classes:
            self.classes[half] = BitMap()
            self.classes = dict(sorted(self.classes.items(), reverse=True))
        self.classes[half].add(document)

    def rerate(self, document: int, rating: float) -> None:
        """Set another rating."""
        if rating != self.rating(document):
            self._unrate(document)
            self.rate(document, rating)

    def last_rank(self, document: int) -> LastRank:
        """The end of a sort key, smaller is better: higher rating, newer, smaller id."""
        position = document_at(document)
        return -self.rating(document), -self.created[position], id_order(self._ids[position])

    def in_order(self, documents: BitMap) -> Iterator[int]:
        """Some documents by rating, date and id, worked out as far as it is asked for."""
        left = len(documents)
        for members in self.classes.values():
            if not left:
                break
            found = documents & members
            if found.intersect(self.irregular):
                yield from sorted(found, key=self.last_rank)
            else:
                yield from found
            left -= len(found)

    def fill(self, created: "array[int]", by_class: dict[int, BitMap], odd_ratings: dict[int, float]) -> None:
        """Take in many documents at once that come in order."""
        self.created = created
        self.classes = dict(sorted(by_class.items(), reverse=True))
        self.odd_ratings = odd_ratings
        self.irregular = BitMap(odd_ratings)
        if self.created:
            self.newest = (self.created[-1], self._ids[len(self.created) - 1])

    def _unrate(self, document: int) -> None:
        next(members for members in self.classes.values() if document in members).discard(document)
        if self.odd_ratings.pop(document, None) is not None and document not in self.late:
            self.irregular.discard(document)


def follows(one: tuple[int, AssetId], other: tuple[int, AssetId]) -> bool:
    """Whether an asset is newer than another, or as new and of a smaller id. Each is given by its date and id."""
    return one[0] > other[0] or (one[0] == other[0] and id_order(one[1]) < id_order(other[1]))


def static_order(ids: PackedIds, created: "array[int]") -> list[int] | None:
    """Places of assets, oldest first and among equally old ones the greatest id first; None where they stand so."""
    order, dates = list(range(len(created))), created
    if not all(map(le, created, islice(created, 1, None))):
        order.sort(key=created.__getitem__)
        dates = array("q", [created[place] for place in order])
    id_order_of, start = ids.order(), 0
    for end in (*compress(count(1), map(ne, dates, islice(dates, 1, None))), len(order)):
        if end - start > 1:
            order[start:end] = sorted(order[start:end], key=id_order_of, reverse=True)
        start = end
    return None if all(map(eq, order, count())) else order
