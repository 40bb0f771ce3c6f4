"""How often each tag is used: by assets as they store it, and by the files and saved searches that name it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap
from sqlalchemy import Connection

from gallery.query.retagging import tags_in
from gallery.vocabulary.mentions import mentions_in
from gallery.vocabulary.places import Kind, Places, using_files
from gallery.vocabulary.rewriting import saved_queries
from gallery.vocabulary.stored import carriers, tag_counts
from gallery.vocabulary.views import Uses
from ontology.terms import Ontology


@dataclass
class Named:
    """Where tags are named, canonical: tag → the blocks, scenes, specs and searches. `unread`: files left out."""

    blocks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    scenes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    specs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    searches: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unread: list[str] = field(default_factory=list)

    @property
    def tags(self) -> set[str]:
        """Every tag that is named anywhere."""
        return {*self.blocks, *self.scenes, *self.specs, *self.searches}

    def uses(self, tag: str, assets: int) -> Uses:
        """How often one tag is used, with so many assets."""
        found = (self.blocks, self.scenes, self.specs, self.searches)
        blocks, scenes, specs, searches = (len(places.get(tag, ())) for places in found)
        return Uses(assets, blocks, scenes, specs, searches)


def named_in_project(connection: Connection, places: Places, ontology: Ontology) -> Named:
    """What files and saved searches name. Fields of a query stand among the tags of searches."""
    named = Named()
    homes: Mapping[Kind, dict[str, set[str]]] = {
        "block": named.blocks,
        "scene": named.scenes,
        "spec": named.specs,
    }
    for file in using_files(places):
        mentions = mentions_in(file)
        if mentions is None:
            named.unread.append(file.name)
            continue
        for mention in mentions:
            homes[file.kind][ontology.canonical(mention.term(ontology))].add(mention.owner)
    for name, query in saved_queries(connection):
        for tag in tags_in(query):
            named.searches[ontology.canonical(tag)].add(name)
    return named


class Carried:
    """How many live assets carry each term, under any spelling, and how many it or a narrower one."""

    def __init__(self, connection: Connection, ontology: Ontology) -> None:
        self._ontology = ontology
        stored = tag_counts(connection)
        self._stored: dict[str, list[str]] = defaultdict(list)
        for tag, number in stored.items():
            if number:
                self._stored[ontology.canonical(tag)].append(tag)
        self._counts = Counter({tag: stored[spellings[0]] for tag, spellings in self._stored.items()})
        self._families = {
            term: family
            for term in ontology.terms
            if len(family := self._spellings((term, *ontology.narrower(term)))) > 1
        }
        # Only where several tags count as one must it be known whose they are: an asset may carry two of them.
        several = {tag for family in self._families.values() for tag in family}
        several |= {tag for spellings in self._stored.values() if len(spellings) > 1 for tag in spellings}
        self._carriers: dict[str, BitMap] = defaultdict(BitMap)
        for tag, key in carriers(connection, several):
            self._carriers[tag].add(key)

    @property
    def tags(self) -> Iterable[str]:
        """Every tag that a live asset carries, canonical."""
        return self._counts

    def assets(self, tag: str) -> int:
        """How many carry the canonical tag."""
        spellings = self._stored.get(tag, [])
        return self._counts[tag] if len(spellings) < 2 else self._together(spellings)  # noqa: PLR2004  # several

    def wider(self, term: str) -> int:
        """How many carry the term or a narrower one."""
        family = self._families.get(term)
        if family is None:
            (only,) = self._spellings((term, *self._ontology.narrower(term))) or (None,)
            return 0 if only is None else self._counts[self._ontology.canonical(only)]
        return self._together(family)

    def _spellings(self, terms: Iterable[str]) -> tuple[str, ...]:
        return tuple(tag for term in terms for tag in self._stored.get(term, ()))

    def _together(self, tags: Iterable[str]) -> int:
        return len(BitMap.union(*(self._carriers[tag] for tag in tags)))
