"""The documents of an index: ids, tags, ranks, media types and facts, in step with each other."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pyroaring import BitMap

from ontology.normalize import clean
from ontology.terms import Ontology
from resolver.candidate import MEDIA_TYPES, AssetId, Fields
from resolver.columns import Columns
from resolver.facts import Facts
from resolver.packed_ids import PackedIds
from resolver.postings import Postings
from resolver.ranks import Ranks, document_at, static_order
from resolver.tag_runs import TagRuns

MOST_FACTS = 4
"""So many vocabularies are kept in step at once; the one without terms is always among them."""
_LATE_AT_FIRST, _LATE_SHARE, _GONE_AT_FIRST = 1024, 64, 4096


@dataclass(slots=True)
class Arrivals:
    """Assets before they are put in order, column by column; `runs` are tag numbers of `postings`."""

    postings: Postings
    ids: list[AssetId] = field(default_factory=list)
    created: "array[int]" = field(default_factory=lambda: array("q"))
    ratings: "array[float]" = field(default_factory=lambda: array("d"))
    media: bytearray = field(default_factory=bytearray)
    runs: TagRuns = field(default_factory=TagRuns)

    def extend(self, columns: Columns) -> None:
        """Take in candidates that have been read."""
        numbers = {spelled: self.postings.number(clean(spelled)) for spelled in columns.spellings}
        self.ids += columns.ids
        self.created.extend(columns.moments())
        self.ratings.extend(rating or 0 for rating in columns.ratings)
        self.media.extend(MEDIA_TYPES.index(media or "image") for media in columns.media_types)
        for tags in columns.tags:
            run = list(map(numbers.__getitem__, tags))
            self.runs.append(run if len(set(run)) == len(run) else list(dict.fromkeys(run)))


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
        order = static_order(arrivals.ids, arrivals.created)
        self = cls()
        self.postings = arrivals.postings
        self.ids.extend(arrivals.ids[place] for place in order)
        in_order = order == list(range(len(order)))
        self.runs = arrivals.runs if in_order else arrivals.runs.reordered(order)
        self._fill_postings()
        self._fill_ranks(arrivals, order)
        if order:
            self.alive = BitMap()
            self.alive.add_range(document_at(len(order) - 1), document_at(0) + 1)
        self.facts = [Facts(self.postings, None)]
        self.facts[0].count_all(self.alive)
        return self

    def __len__(self) -> int:
        return len(self.alive)

    def document(self, asset_id: AssetId) -> int | None:
        """The document of an asset; None where it is not there."""
        position = self.ids.position(asset_id)
        return None if position is None else document_at(position)

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
            self.retag(document, run, [*(before - after)], [*(after - before)])

    def disordered(self) -> bool:
        """Whether so much came late or is gone that a renumbering pays."""
        late, gone = len(self.ranks.late), len(self.ids) - len(self.alive)
        many = len(self.alive) // _LATE_SHARE
        return late > _LATE_AT_FIRST + many or gone > _GONE_AT_FIRST + len(self.alive)

    def renumbered(self) -> "Documents":
        """The same assets, all in order."""
        arrivals = Arrivals(self.postings)
        for position in self.ids.positions():
            document = document_at(position)
            arrivals.ids.append(self.ids[position])
            arrivals.created.append(self.ranks.created[position])
            arrivals.ratings.append(self.ranks.rating(document))
            arrivals.media.append(next(n for n, media in enumerate(MEDIA_TYPES) if document in self.media[media]))
            arrivals.runs.append(self.runs[position])
        built = Documents.built(arrivals)
        built.facts += [built.facts[0].copied_for(known.ontology, built.alive) for known in self.facts[1:]]
        return built

    def tags(self, document: int, facts: Facts) -> frozenset[str]:
        """The canonical tags of a document."""
        return frozenset(map(facts.meaning, self.runs[document_at(document)]))

    def retag(self, document: int, before: Sequence[int], gone: Sequence[int], come: Sequence[int]) -> None:
        """Change the tags of a document, by their numbers: of those it had `before`, some are `gone`; others `come`."""
        after = [*(number for number in before if number not in gone), *come]
        for number in gone:
            self.postings.at(number).discard(document)
        for number in come:
            self.postings.at(number).add(document)
        self.runs.replace(document_at(document), after)
        changed = (*gone, *come)
        for facts in self.facts:
            if facts.matter(changed):
                facts.change(document, facts.traits(before), facts.traits(after))

    def _fill_postings(self) -> None:
        found = [array("I") for _ in range(len(self.postings))]
        put = [documents.append for documents in found]
        for position in range(len(self.runs.starts)):
            document = document_at(position)
            for number in self.runs[position]:
                put[number](document)
        for number, documents in enumerate(found):
            self.postings.put(number, BitMap(documents))

    def _fill_ranks(self, arrivals: Arrivals, order: Sequence[int]) -> None:
        by_class: dict[int, list[int]] = {}
        by_media: list[list[int]] = [[] for _ in MEDIA_TYPES]
        odd: dict[int, float] = {}
        for position, place in enumerate(order):
            document, rating = document_at(position), arrivals.ratings[place]
            by_class.setdefault(int(rating * 2), []).append(document)
            by_media[arrivals.media[place]].append(document)
            if rating * 2 % 1:
                odd[document] = rating
        classes = {half: BitMap(documents) for half, documents in by_class.items()}
        self.ranks.fill((arrivals.created[place] for place in order), classes, odd)
        self.media = {media: BitMap(documents) for media, documents in zip(MEDIA_TYPES, by_media, strict=True)}
