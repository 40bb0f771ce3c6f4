"""The index path: the tiers of contract §3's table as set algebra on bitmaps. It agrees with the plain path, always."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from ontology.terms import Ontology
from resolver.facts import NOBODY
from resolver.index import CandidateIndex
from resolver.ranks import document_at
from resolver.request import AssetResolutionRequest
from resolver.roles import BACKGROUND_ROLE, POV_ROLE
from resolver.slots import IDENTITY_TIERS, Slot
from resolver.source import Found, Handle
from resolver.walk import Walk


@dataclass(slots=True)
class Body:
    """Documents, some of which come a step later than the others (`strangers`), or in `levels`, nearest first.

    A body of stand-ins is the same for every enemy; `nobodys` are those of the first step, where there are strangers.
    """

    documents: BitMap
    strangers: BitMap = NOBODY
    levels: Sequence[BitMap] = ()
    nobodys: BitMap = NOBODY


@dataclass(slots=True)
class IndexTier:
    """One tier of one slot: a body but for the documents that carry the slot's identity (`own`)."""

    body: Body
    own: BitMap
    walk: Walk

    def __len__(self) -> int:
        documents = self.body.documents
        return len(documents) - documents.intersection_cardinality(self.own) if self.own else len(documents)

    def count(self, handles: BitMap) -> int:
        """How many of these are members."""
        return len((handles & self.body.documents) - self.own) if handles else 0

    def best(self, most: int, *, without: BitMap, last: BitMap) -> Sequence[Handle]:
        """The first members by rank; see `TierMembers.best`.

        Who carries the slot's own identity and could stand in was returned at `exact`, and so is in `without`.
        """
        found: list[Handle] = []
        passed = without | last if last else without
        for step in self._steps():
            found += self.walk.first(step, most - len(found), passed)
            if len(found) == most:
                return found
        for step in self._steps() if last else ():
            found += self.walk.first(step & last, most - len(found), without)
        return found

    def _steps(self) -> Iterator[BitMap]:
        body = self.body
        if body.levels:
            left = body.documents
            for level in body.levels:
                yield left & level
                left = left - level
        elif body.strangers:
            yield body.nobodys
            yield body.documents & body.strangers
        else:
            yield body.documents


class IndexSource:
    """The documents of an index that pass one request's filters; a handle is a document."""

    def __init__(self, request: AssetResolutionRequest, index: CandidateIndex, ontology: Ontology | None) -> None:
        self._request = request
        self._index = index
        self._documents = index.documents
        self._facts = index.documents.facts_for(ontology)
        self._tagged: dict[str, BitMap] = {}
        self._bodies: dict[tuple[object, ...], Body] = {}
        self._parting: dict[tuple[str, ...], list[BitMap]] = {}
        self._levels: dict[tuple[bool, bool], list[BitMap]] = {}
        self._required = [self._with(tag) for tag in request.required_tags]
        self._refused = self._refusals()
        self._preferred = [found for tag in request.preferred_tags if (found := self._with(tag))]

    def gathered(self, handles: Iterable[Handle]) -> BitMap:
        """A set of documents."""
        return BitMap(handles)

    def found(self, handles: Iterable[Handle]) -> Mapping[Handle, Found]:
        """The assets behind some documents; a lookup is asked once."""
        documents, tags = self._documents, self._facts.tags_kept()
        ids, found = documents.ids, {}
        assets = self._index.assets([ids[document_at(handle)] for handle in handles])
        for handle in handles:
            if handle not in tags:
                tags[handle] = documents.tags(handle, self._facts)
            found[handle] = Found(assets[ids[document_at(handle)]], tags[handle])
        return found

    def members(self, slot: Slot, tier: str) -> IndexTier:
        """The members of one tier of a slot."""
        own = self._with(slot.identity) if slot.identity is not None else NOBODY
        if tier in IDENTITY_TIERS:
            return IndexTier(self._own_body(slot, tier, own), NOBODY, self._walk(slot, tier))
        key = (tier, slot.name, slot.stand_in_roles)
        if key not in self._bodies:
            self._bodies[key] = self._stand_in_body(slot, tier)
        return IndexTier(self._bodies[key], own, self._walk(slot, tier))

    def _own_body(self, slot: Slot, tier: str, own: BitMap) -> Body:
        """Those who carry the slot's identity: with a role of its order, or without what speaks against them."""
        if tier == "exact":
            return Body(self._admitted(own & self._facts.tagged_any(slot.role_order)))
        if slot.is_background:
            return Body(self._admitted(own - self._facts.peopled_or((*slot.role_order, POV_ROLE))))
        return Body(self._admitted(own - self._facts.tagged_any((*slot.role_order, BACKGROUND_ROLE))))

    def _stand_in_body(self, slot: Slot, tier: str) -> Body:
        """Those with a role that can stand in: in wider places, or anywhere and anybody's."""
        able = self._facts.tagged_any(slot.stand_in_roles)
        levels = [BitMap.union(*map(self._with, ids)) for ids in slot.wider]
        wider = BitMap().union(*levels)
        if tier == "broader":
            return Body(self._admitted(able & wider), levels=levels)
        nobodys = self._facts.tagged_but_nobodys(slot.stand_in_roles, places=slot.is_background)
        nobodys = self._admitted(nobodys - wider if wider else nobodys)
        if self._request.different_identity == "never":
            return Body(nobodys)
        strangers = self._facts.places if slot.is_background else self._facts.people
        return Body(self._admitted(able - wider if wider else able), strangers, nobodys=nobodys)

    def _walk(self, slot: Slot, tier: str) -> Walk:
        """The ranking of a tier whose members all carry the slot's identity, or none of them does."""
        carry_own = tier in IDENTITY_TIERS
        located = slot.location is not None and not (slot.is_background and carry_own)
        return Walk(
            ranks=self._documents.ranks,
            preferred=self._preferred,
            roles=self._parting_roles(slot, tier),
            identities=self._facts.identities,
            own=int(carry_own),
            location=self._with(slot.location) if located and slot.location is not None else NOBODY,
            levels=self._levels.setdefault((carry_own, located), []),
        )

    def _parting_roles(self, slot: Slot, tier: str) -> list[BitMap]:
        """The documents of the roles that part a tier, best first: whoever has none of these has the next one.

        For all have one, at `exact` of the slot's order, stand-ins of those it begins with; at `identity` nobody has.
        """
        order = () if tier == "identity" else slot.role_order if tier == "exact" else slot.stand_in_roles
        found = self._parting.get(order)
        if found is None:
            found = self._parting[order] = list(map(self._with, order[:-1]))
        return found

    def _with(self, tag: str) -> BitMap:
        """The documents that carry a canonical tag; not to be changed."""
        found = self._tagged.get(tag)
        if found is None:
            found = self._tagged[tag] = self._facts.tagged(tag)
        return found

    def _admitted(self, documents: BitMap) -> BitMap:
        """The documents that pass the request's filters."""
        for required in self._required:
            documents = documents & required
        return documents - self._refused if self._refused else documents

    def _refusals(self) -> BitMap:
        """The documents that the request's filters refuse: by media type, tag or id."""
        request, documents = self._request, self._documents
        refused = [
            members for media, members in documents.media.items() if members and media not in request.media_types
        ]
        refused += [self._with(tag) for tag in request.excluded_tags]
        if request.excluded_asset_ids:
            excluded = (documents.document(asset_id) for asset_id in request.excluded_asset_ids)
            refused.append(BitMap(document for document in excluded if document is not None))
        return BitMap.union(*refused) if refused else NOBODY
