"""The documents of an index: ids, tags, ranks, media types and facts, in step with each other."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from itertools import count, repeat

from pyroaring import BitMap

from ontology.terms import Ontology
from resolver.arrivals import Arrivals
from resolver.bulk import exhaust, grouped
from resolver.candidate import MEDIA_TYPES, AssetId, Fields
from resolver.facts import Facts
from resolver.packed_ids import PackedIds
from resolver.postings import Postings
from resolver.ranks import TOP, Ranks, document_at, static_order
from resolver.tag_runs import TagRuns

MOST_FACTS = 4
"""So many vocabularies are kept in step at once; the one without terms is always among them."""
_LATE_AT_FIRST, _LATE_SHARE, _GONE_AT_FIRST = 1024, 64, 4096


class Documents:
    """Everything an index knows. A document is a number in bitmaps; its position is where its columns are."""

    def __init__(self) -> None:
        self.ids = PackedIds()
        self.postings = Postings()
        self.runs = TagRuns()
        self.ranks = Ranks(self.ids)
        self.media = {media_type: BitMap() for media_type in MEDIA_TYPES}
        self.alive = BitMap()
        self.facts = [Facts(self.postings, None)]

    @classmethod
    def restored(
        cls, ids: PackedIds, postings: Postings, runs: TagRuns, created: "array[int]", odd_ratings: dict[int, float]
    ) -> "Documents":
        """Documents of columns that were stored; bitmaps come by `set_bitmap`."""
        self = cls()
        self.ids, self.postings, self.runs = ids, postings, runs
        self.ranks = Ranks(ids)
        self.ranks.created, self.ranks.odd_ratings = created, odd_ratings
        self.facts = [Facts(postings, None)]
        return self

    def bitmaps(self) -> Iterator[tuple[str, BitMap]]:
        """Every bitmap but those of tags, by name."""
        yield from (("alive", self.alive), ("late", self.ranks.late), ("irregular", self.ranks.irregular))
        yield from ((f"media {media}", members) for media, members in self.media.items())
        yield from ((f"class {half}", members) for half, members in self.ranks.classes.items())
        yield from ((f"facts {name}", members) for name, members in self.facts[0].named())

    def set_bitmap(self, name: str, members: BitMap) -> None:
        """Put a bitmap of `bitmaps` back in its place."""
        kind, _, of = name.partition(" ")
        if kind == "alive":
            self.alive = members
        elif kind == "media":
            self.media[of] = members
        elif kind == "class":
            self.ranks.classes[int(of)] = members
        elif kind == "facts":
            self.facts[0].set(of, members)
        else:
            setattr(self.ranks, kind, members)

    @classmethod
    def built(cls, arrivals: Arrivals) -> "Documents":
        """Documents of assets that came in any order."""
        order, size = static_order(arrivals.ids, arrivals.created), len(arrivals.created)
        self = cls()
        self.postings, self.ids, self.runs = arrivals.postings, arrivals.ids, arrivals.runs
        documents: Sequence[int] = range(document_at(0), document_at(size), -1)
        if order is not None:
            documents = _inverse(order)
        self._fill_postings(documents)
        if order is not None:
            self.ids, self.runs = self.ids.taken(order), self.runs.swapped(order)
        self.ids.file()
        self._fill_ranks(arrivals, order, documents)
        self.alive = _first(size)
        self.facts = [Facts(self.postings, None)]
        self.facts[0].count_all(self.alive)
        return self

    def __len__(self) -> int:
        return len(self.alive)

    def document(self, asset_id: AssetId) -> int | None:
        """The document of an asset; None where it is not there."""
        position = self.ids.position(asset_id)
        return None if position is None else TOP - position

    def facts_for(self, ontology: Ontology | None) -> Facts:
        """The facts as a vocabulary reads them, made on first use."""
        for facts in self.facts:
            if facts.ontology is ontology:
                return facts
        made = self.facts[0].copied_for(ontology, self.alive)
        self.facts = [self.facts[0], made, *self.facts[1 : MOST_FACTS - 1]]
        return made

    def insert(self, fields: Fields) -> None:
        """Put in an asset whose id is not there."""
        document = document_at(self.ids.append(fields.id))
        numbers = self.postings.numbers(fields.tags)
        self.runs.append(numbers)
        self.postings.edits += 1
        for number in numbers:
            self.postings.at(number).add(document)
        self.ranks.append(document, fields.created, fields.rating)
        self.media[fields.media_type].add(document)
        self.alive.add(document)
        for facts in self.facts:
            facts.change(document, None, facts.traits(numbers))

    def remove(self, document: int) -> None:
        """Take a document out."""
        position = document_at(document)
        numbers = self.runs[position]
        self.postings.edits += 1
        for number in numbers:
            self.postings.at(number).discard(document)
        for documents in (self.alive, *self.media.values()):
            documents.discard(document)
        self.ranks.forget(document)
        self.ids.forget(position)
        for facts in self.facts:
            facts.change(document, facts.traits(numbers), None)

    def change(self, document: int, fields: Fields) -> None:
        """Let a document be as an asset of the same id is now."""
        position = document_at(document)
        if self.ranks.created[position] != fields.created:
            self.remove(document)
            self.insert(fields)
            return
        self.ranks.rerate(document, fields.rating)
        if document not in self.media[fields.media_type]:
            for documents in self.media.values():
                documents.discard(document)
            self.media[fields.media_type].add(document)
        run, after = self.runs[position], set(self.postings.numbers(fields.tags))
        before = set(run)
        if before != after:
            self.retag(document, run, before - after, after - before)

    def disordered(self) -> bool:
        """Whether so much came late or is gone that a renumbering pays."""
        late, gone = len(self.ranks.late), len(self.ids) - len(self.alive)
        many = len(self.alive) // _LATE_SHARE
        return late > _LATE_AT_FIRST + many or gone > _GONE_AT_FIRST + len(self.alive)

    def renumbered(self) -> "Documents":
        """The same assets, all in order."""
        places = list(self.ids.positions())
        arrivals = Arrivals(self.postings, self.ids.taken(places), runs=self.runs.reordered(places))
        arrivals.created.extend(map(self.ranks.created.__getitem__, places))
        halves, media = bytearray(len(self.ids)), bytearray(len(self.ids))
        for half, members in self.ranks.classes.items():
            exhaust(map(halves.__setitem__, map(document_at, members), repeat(half)))
        for number, members in enumerate(self.media.values()):
            exhaust(map(media.__setitem__, map(document_at, members), repeat(number)))
        arrivals.halves += bytes(map(halves.__getitem__, places))
        arrivals.media += bytes(map(media.__getitem__, places))
        arrivals.odd_ratings = {
            bisect_left(places, document_at(document)): rating for document, rating in self.ranks.odd_ratings.items()
        }
        built = Documents.built(arrivals)
        built.facts += [built.facts[0].copied_for(known.ontology, built.alive) for known in self.facts[1:]]
        return built

    def tags(self, document: int, facts: Facts) -> frozenset[str]:
        """The canonical tags of a document."""
        return facts.meanings(self.runs[document_at(document)])

    def retag(self, document: int, before: "array[int]", gone: Collection[int], come: Collection[int]) -> None:
        """Change the tags of a document, by their numbers: of those it had `before`, some are `gone`; others `come`."""
        postings, after = self.postings, before[:]
        postings.edits += 1
        for number in gone:
            postings.at(number).discard(document)
            after.remove(number)
        for number in come:
            postings.at(number).add(document)
            after.append(number)
        self.runs.replace(TOP - document, after)
        for facts in self.facts:
            if facts.matter(gone) or facts.matter(come):
                facts.change(document, facts.traits(before), facts.traits(after))

    def _fill_postings(self, documents: Sequence[int]) -> None:
        """The documents of every tag, where `documents` are those of the runs."""
        size = len(self.postings)
        found = grouped(self.runs.flat, self.runs.beside(documents), size)
        if sum(map(len, found)) != len(self.runs.flat):  # somebody has two spellings of one tag
            self.runs = self.runs.without_repetitions()
            found = grouped(self.runs.flat, self.runs.beside(documents), size)
        for number, members in enumerate(found):
            self.postings.put(number, members)

    def _fill_ranks(self, arrivals: Arrivals, order: Sequence[int] | None, documents: Sequence[int]) -> None:
        created = arrivals.created
        if order is not None:
            created = array("q", list(map(created.__getitem__, order)))
        by_class = grouped(arrivals.halves, documents, max(arrivals.halves, default=0) + 1)
        odd = {documents[place]: rating for place, rating in arrivals.odd_ratings.items()}
        self.ranks = Ranks(self.ids)
        self.ranks.fill(created, {half: members for half, members in enumerate(by_class) if members}, odd)
        self.media = dict(zip(MEDIA_TYPES, _by_media(arrivals.media, documents), strict=True))


def _inverse(order: Sequence[int]) -> "array[int]":
    """For each place its document, where `order` has the places by position."""
    documents = array("I", bytes(4 * len(order)))
    exhaust(map(documents.__setitem__, order, count(document_at(0), -1)))
    return documents


def _by_media(media: bytearray, documents: Sequence[int]) -> list[BitMap]:
    """The documents of each media type; nearly always all are images."""
    if media.count(0) == len(media):
        return [_first(len(media)), *(BitMap() for _ in MEDIA_TYPES[1:])]
    return grouped(media, documents, len(MEDIA_TYPES))


def _first(size: int) -> BitMap:
    """The documents of so many positions."""
    documents = BitMap()
    if size:
        documents.add_range(document_at(size - 1), document_at(0) + 1)
    return documents
