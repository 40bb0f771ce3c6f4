"""The plain path: every candidate read for each request. It is the specification that an index has to agree with.

`tiers.py` says who stands in which tier, `ranking.py` in which order. Here they are asked only about candidates that
carry an id of the request, and about those that can stand in; what all candidates go through is one look at their tags.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import compress, islice
from operator import not_
from typing import Any

from ontology.terms import Ontology
from resolver.candidate import Candidate
from resolver.ranking import by_rank
from resolver.reading import positions_with, read_all
from resolver.request import AssetResolutionRequest
from resolver.roles import characters_among, identities_among, locations_among
from resolver.slots import Slot
from resolver.source import Found, Handle, TierMembers
from resolver.spelling import Spelling
from resolver.stand_ins import StandIns, StandInTier
from resolver.tiers import place_of


class OwnTier:
    """Tier `exact` or `identity` of a slot: the handles of the candidates that stand there."""

    def __init__(self, source: "PlainSource", slot: Slot, handles: Sequence[Handle]) -> None:
        self._source = source
        self._slot = slot
        self._handles = handles

    def __len__(self) -> int:
        return len(self._handles)

    def count(self, handles: Collection[Handle]) -> int:
        """How many of these are members."""
        return sum(map(handles.__contains__, self._handles))

    def best(self, most: int, *, without: Collection[Handle], last: Collection[Handle]) -> Sequence[Handle]:
        """The first members by rank; see `TierMembers.best`. Nobody is ever left out or put last here."""
        del without, last
        return list(islice(self._source.by_rank(self._slot, self._handles), most))


class PlainSource:
    """Candidates read one by one; a handle is a position among them. Their order never matters: ranks are total."""

    def __init__(self, request: AssetResolutionRequest, assets: Iterable[Any], ontology: Ontology | None) -> None:
        self._request = request
        self._preferred = frozenset(request.preferred_tags)
        self._excluded_ids = frozenset(request.excluded_asset_ids)
        self._marks = frozenset(request.identities)
        self._read = read_all(assets, self._marks)
        self._spelling = Spelling(self._read.spellings, ontology)
        self._stand_ins: dict[tuple[object, ...], StandIns] = {}

    def gathered(self, handles: Iterable[Handle]) -> set[Handle]:
        """A set of handles."""
        return set(handles)

    def found(self, handles: Iterable[Handle]) -> Mapping[Handle, Found]:
        """The assets behind some handles."""
        return {handle: Found(self._read.assets[handle], frozenset(self.tags(handle))) for handle in handles}

    def tags(self, handle: Handle) -> Collection[str]:
        """The canonical tags of a candidate; one may come more than once."""
        return self._spelling.canonical(self._read.tags[handle])

    def rating(self, handle: Handle) -> float:
        """The rating of a candidate; absent is 0."""
        return self._read.rating(handle)

    def candidate(self, handle: Handle) -> Candidate:
        """The candidate behind a handle."""
        return self._read.candidate(handle, frozenset(self.tags(handle)))

    def by_rank(self, slot: Slot, handles: Sequence[Handle]) -> Iterator[Handle]:
        """Candidates of one step of a tier, the best first."""
        return by_rank(slot, self._preferred, handles, self)

    def members(self, slot: Slot, tier: str) -> TierMembers:
        """The members of one tier of a slot."""
        own = self._carriers.get(slot.identity, ()) if slot.identity is not None else ()
        if tier in ("exact", "identity"):
            return OwnTier(self, slot, self._own(slot, tier, own))
        return StandInTier(self._standing_in(slot, tier), own)

    def _own(self, slot: Slot, tier: str, carriers: Sequence[Handle]) -> Sequence[Handle]:
        """Those who stand in tier `exact` or `identity`, of those who carry the slot's identity.

        With it, any role of the slot's order makes `exact`; so only the others have to be asked where they stand.
        """
        exact, others = self._split(carriers, self._spelling.all_forms(slot.role_order))
        if tier == "exact":
            return exact
        places = ((handle, place_of(slot, frozenset(self.tags(handle)))) for handle in others)
        return [handle for handle, place in places if place is not None and place.tier == tier]

    @cached_property
    def _carriers(self) -> Mapping[str, Sequence[Handle]]:
        """Identity of the request → the admitted candidates that carry it."""
        meant = {form: identity for identity in self._request.identities for form in self._spelling.forms(identity)}
        forms = frozenset(meant)
        found: dict[str, list[Handle]] = {identity: [] for identity in meant.values()}
        for handle in self._with_any(found):
            for identity in {meant[form] for form in forms.intersection(self._read.tags[handle])}:
                found[identity].append(handle)
        return found

    def _standing_in(self, slot: Slot, tier: str) -> StandIns:
        """Everyone who can stand in at a tier, whoever it is for: worked out once for all enemies."""
        key = (tier, slot.name, slot.stand_in_roles)
        if key not in self._stand_ins:
            steps = self._steps(slot, tier, self._with_any(slot.stand_in_roles))
            self._stand_ins[key] = StandIns(steps, lambda step: self.by_rank(slot, step))
        return self._stand_ins[key]

    def _steps(self, slot: Slot, tier: str, handles: Sequence[Handle]) -> list[list[Handle]]:
        """The stand-ins of a tier by step: by distance of their place; or nobody's picture before somebody else's."""
        levels = [self._spelling.all_forms(ids) for ids in slot.wider]
        wider, others = self._split(handles, frozenset().union(*levels))
        if tier == "role":
            belonging = self._locations if slot.is_background else self._characters
            strangers, nobodys = self._split(others, self._spelling.all_forms(belonging))
            return [nobodys] if self._request.different_identity == "never" else [nobodys, strangers]
        steps = []
        for forms in levels:
            step, wider = self._split(wider, forms)
            steps.append(step)
        return steps

    def _split(self, handles: Iterable[Handle], forms: AbstractSet[str]) -> tuple[list[Handle], list[Handle]]:
        """Those who carry one of some spellings, and those who carry none."""
        handles = list(handles)
        lacking = [*map(forms.isdisjoint, map(self._read.tags.__getitem__, handles))]
        return [*compress(handles, map(not_, lacking))], [*compress(handles, lacking)]

    def _with_any(self, ids: Iterable[str]) -> Sequence[Handle]:
        """The admitted candidates that carry one of some canonical tags. Every candidate is looked at once."""
        spelled = self._spelling.all_forms(ids)
        is_marked = spelled == self._marks  # so that nobody carries one of them in another spelling
        found = self._read.marked if is_marked else [*positions_with(spelled, self._read.tags)]
        return found if self._admits_all else [handle for handle in found if self._admits(self.candidate(handle))]

    @cached_property
    def _admits_all(self) -> bool:
        """Whether the request's filters cannot refuse anybody here."""
        request = self._request
        filters = request.required_tags or request.excluded_tags or request.excluded_asset_ids
        return not filters and {media or "image" for media in self._read.media_types} <= {*request.media_types}

    def _admits(self, candidate: Candidate) -> bool:
        """Whether a candidate passes the request's hard filters. Tags match exactly: no wildcards, no `broader`."""
        request = self._request
        return (
            candidate.media_type in request.media_types
            and candidate.tags.issuperset(request.required_tags)
            and candidate.tags.isdisjoint(request.excluded_tags)
            and candidate.id not in self._excluded_ids
        )

    @cached_property
    def identities(self) -> frozenset[str]:
        """Every character and location that a candidate carries."""
        return frozenset(identities_among(self._spelling.meanings()))

    @cached_property
    def _characters(self) -> frozenset[str]:
        return frozenset(characters_among(self.identities))

    @cached_property
    def _locations(self) -> frozenset[str]:
        return frozenset(locations_among(self.identities))
