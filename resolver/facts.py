"""What the tiers ask of documents besides single tags: who shows anybody, who shows a place, how many identities.

Stored tags are spellings; what they mean depends on the vocabulary. So there is one body of facts for each vocabulary
that is in use, kept in step with every edit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from ontology.terms import Ontology
from resolver.postings import Postings
from resolver.roles import CHARACTER_ROLE, is_character, is_location

PLAIN, CHARACTER, LOCATION, CHARACTER_ROLE_TAG, RENAMED = range(5)
"""Kinds of stored tags. A renamed one means another tag in this vocabulary."""

MOST_TAGS_KEPT = 4096
"""The tags of so many documents are kept as texts, usually about 1 KB; answers tend to hold the same ones."""

NOBODY = BitMap()
"""No documents. It is shared, so it is never changed."""


class Traits(NamedTuple):
    """What one document's tags amount to. `identities` counts characters and locations."""

    people: bool = False
    places: bool = False
    character_role: bool = False
    identities: int = 0


def kind_of(tag: str) -> int:
    """The kind of a canonical tag."""
    if is_character(tag):
        return CHARACTER
    if is_location(tag):
        return LOCATION
    return CHARACTER_ROLE_TAG if tag.startswith(CHARACTER_ROLE) else PLAIN


class Facts:
    """Bitmaps of the traits of all documents, as one vocabulary reads their tags.

    `identities[n]` holds the documents that carry n identities, two spellings of one counted once.
    """

    def __init__(self, postings: Postings, ontology: Ontology | None) -> None:
        self.ontology = ontology
        self.people, self.places, self.character_roles = BitMap(), BitMap(), BitMap()
        self.identities: dict[int, BitMap] = {}
        self._postings = postings
        self._renamed = ontology.renamed if ontology is not None else {}
        self._kinds = bytearray()
        self._kept: dict[tuple[object, ...], tuple[int, BitMap]] = {}
        self._tags: dict[int, frozenset[str]] = {}
        self._tags_at = -1
        self._learn()

    def meaning(self, number: int) -> str:
        """The canonical tag that a stored tag stands for."""
        name = self._postings.names[number]
        return self._renamed.get(name, name) if self._renamed else name

    def meanings(self, numbers: Iterable[int]) -> frozenset[str]:
        """The canonical tags that some stored tags stand for."""
        names = frozenset(map(self._postings.names.__getitem__, numbers))
        if not self._renamed or self._renamed.keys().isdisjoint(names):
            return names
        return frozenset(self._renamed.get(name, name) for name in names)

    def tags_kept(self) -> dict[int, frozenset[str]]:
        """Document → canonical tags, for whoever reads some; emptied when a tag of any document changed."""
        if self._tags_at != self._postings.edits or len(self._tags) > MOST_TAGS_KEPT:
            self._tags, self._tags_at = {}, self._postings.edits
        return self._tags

    def tagged(self, tag: str) -> BitMap:
        """The documents that carry a canonical tag in any of its spellings; not to be changed."""
        postings = self._postings
        forms = self.ontology.stored_forms(tag) if self._renamed and self.ontology is not None else (tag,)
        found = [postings.at(number) for form in forms if (number := postings.known(form)) is not None]
        if len(found) == 1:
            return found[0]
        return BitMap.union(*found) if found else NOBODY

    def tagged_any(self, tags: tuple[str, ...]) -> BitMap:
        """The documents that carry any of some canonical tags; not to be changed.

        This and the next two keep what they found until a tag of any document changes: the rules ask for few sets.
        """
        if len(tags) == 1:
            return self.tagged(*tags)
        return self._keep(("any", tags), lambda: BitMap().union(*map(self.tagged, tags)))

    def peopled_or(self, tags: tuple[str, ...]) -> BitMap:
        """Those that show somebody, are made to, or carry any of some tags; not to be changed."""
        return self._keep(
            ("peopled", tags), lambda: BitMap.union(self.people, self.character_roles, self.tagged_any(tags))
        )

    def tagged_but_nobodys(self, tags: tuple[str, ...], *, places: bool) -> BitMap:
        """Those that carry any of some tags and show nobody's face, or no known place; not to be changed."""
        shown = self.places if places else self.people
        return self._keep(("nobodys", tags, places), lambda: self.tagged_any(tags) - shown)

    def _keep(self, key: tuple[object, ...], found: Callable[[], BitMap]) -> BitMap:
        kept = self._kept.get(key)
        if kept is None or kept[0] != self._postings.edits:
            kept = self._kept[key] = (self._postings.edits, found())
        return kept[1]

    def traits(self, numbers: Iterable[int]) -> Traits:
        """What a document with these stored tags amounts to."""
        if len(self._kinds) < len(self._postings):
            self._learn()
        kinds = list(map(self._kinds.__getitem__, numbers))
        if not any(kinds):
            return Traits()
        if RENAMED in kinds:
            kinds = list(map(kind_of, {self.meaning(number) for number in numbers}))
        people, places = kinds.count(CHARACTER), kinds.count(LOCATION)
        return Traits(people > 0, places > 0, CHARACTER_ROLE_TAG in kinds, people + places)

    def matter(self, numbers: Iterable[int]) -> bool:
        """Whether any of some stored tags can make a difference to traits."""
        kinds = self._kinds
        if len(kinds) < len(self._postings.names):
            self._learn()
        for number in numbers:  # noqa: SIM110  # every tag change comes through here, and `any` takes twice as long
            if kinds[number]:
                return True
        return False

    def change(self, document: int, before: Traits | None, after: Traits | None) -> None:
        """Follow an edit. None stands for a document that was not, or is no longer, there."""
        old, new = before or Traits(), after or Traits()
        for bitmap, was, is_now in (
            (self.people, old.people, new.people),
            (self.places, old.places, new.places),
            (self.character_roles, old.character_role, new.character_role),
        ):
            if was != is_now:
                (bitmap.add if is_now else bitmap.discard)(document)
        if before is not None:
            self.identities[before.identities].discard(document)
        if after is not None:
            self.identities.setdefault(after.identities, BitMap()).add(document)

    def count_all(self, alive: BitMap) -> None:
        """Work out the traits of every document anew, by whole bitmaps."""
        by_kind: dict[int, list[BitMap]] = {CHARACTER: [], LOCATION: [], CHARACTER_ROLE_TAG: []}
        for tag in dict.fromkeys(map(self.meaning, range(len(self._postings)))):
            kind = kind_of(tag)
            if kind != PLAIN:
                by_kind[kind].append(self.tagged(tag))
        self.people, self.places, self.character_roles = (BitMap().union(*found) for found in by_kind.values())
        at_least = _at_least([*by_kind[CHARACTER], *by_kind[LOCATION]])
        self.identities = {
            count: more - (at_least[count] if count < len(at_least) else NOBODY)
            for count, more in enumerate([alive, *at_least])
        }

    def copied_for(self, ontology: Ontology | None, alive: BitMap) -> "Facts":
        """The same documents as another vocabulary reads them."""
        facts = Facts(self._postings, ontology)
        if RENAMED in facts._kinds:  # of its own class
            facts.count_all(alive)
        else:
            for name, bitmap in self.named():
                facts.set(name, bitmap.copy())
        return facts

    def named(self) -> Iterator[tuple[str, BitMap]]:
        """Every bitmap with a name: `people`, `places`, `character_roles`, and the number of identities."""
        yield from (("people", self.people), ("places", self.places), ("character_roles", self.character_roles))
        yield from ((str(count), bitmap) for count, bitmap in self.identities.items())

    def set(self, name: str, bitmap: BitMap) -> None:
        """Put a bitmap under its name."""
        if name.isdigit():
            self.identities[int(name)] = bitmap
        else:
            setattr(self, name, bitmap)

    def _learn(self) -> None:
        """The kinds of tags that came since the last time."""
        for name in self._postings.names[len(self._kinds) :]:
            self._kinds.append(RENAMED if name in self._renamed else kind_of(name))


def _at_least(bitmaps: Sequence[BitMap]) -> list[BitMap]:
    """At index n the documents that are in more than n of the bitmaps."""
    levels: list[BitMap] = []
    for bitmap in bitmaps:
        carried = bitmap
        for level in levels:
            overlap = level & carried
            level |= carried  # noqa: PLW2901  # in place
            carried = overlap
            if not carried:
                break
        if carried:
            levels.append(carried.copy())
    return levels
