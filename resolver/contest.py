"""One asset against all others, for the same request: where it stands, and whether other tags would make it first."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ontology.terms import Ontology
from resolver.candidate import Candidate, read_id
from resolver.canonical_reading import TagReader, read_candidate
from resolver.index import CandidateIndex
from resolver.index_reading import candidate_at
from resolver.index_source import IndexSource
from resolver.plain import PlainSource
from resolver.ranking import Rank, rank
from resolver.request import AssetResolutionRequest
from resolver.rivals import Rivals
from resolver.slots import IDENTITY_TIERS, Slot, plan_slots
from resolver.tiers import Place, place_of


def refusal(request: AssetResolutionRequest, candidate: Candidate) -> str | None:
    """The first hard filter of the request that keeps the candidate out, as a rule's code; None where none does."""
    if candidate.id in request.excluded_asset_ids:
        return "excluded_asset"
    if candidate.media_type not in request.media_types:
        return "media_type"
    if not candidate.tags.issuperset(request.required_tags):
        return "required_tags"
    return None if candidate.tags.isdisjoint(request.excluded_tags) else "excluded_tags"


def allowed_place(request: AssetResolutionRequest, slot: Slot, tags: frozenset[str]) -> Place | None:
    """Where an asset with these tags stands in a slot, as far as the request lets it stand there."""
    place = place_of(slot, tags)
    if place is None or place.tier not in slot.tiers:
        return None
    return None if place.tier == "role" and place.step and request.different_identity == "never" else place


class Contest:
    """One asset against all other candidates of one request: would it be first in a slot if it had other tags.

    The others are read once. What the asset's tags change is worked out from their ranks, slot by slot, and is what the
    resolver would say: by identity a slot looks at nobody else's; a stand-in must not be returned by its identity
    anywhere, and as long as it is not, everybody else is returned where they would be without it.
    """

    def __init__(
        self,
        request: AssetResolutionRequest,
        asset: Any,
        candidates: Iterable[Any] | CandidateIndex,
        ontology: Ontology | None,
    ) -> None:
        """`request` is canonical; a candidate with the id of the asset is passed over. Raises CandidateError."""
        self.request = request
        self.shown = read_candidate(asset, TagReader(ontology))
        self.slots = plan_slots(request, ontology)
        self.wider = _wider_places(request, ontology)
        self.preferred = frozenset(request.preferred_tags)
        self.rivals = _rivals(self, candidates, ontology)
        self.asking: dict[str, list[Slot]] = {}
        for slot in self.slots:
            if slot.identity is not None:
                self.asking.setdefault(slot.identity, []).append(slot)
        self._probe = read_candidate(asset, TagReader(ontology))
        self._stand_in_ranks: dict[tuple[str, Place, frozenset[str]], Rank | None] = {}

    def rank_in(self, slot: Slot, candidate: Candidate) -> Rank | None:
        """The rank of a candidate in its tier of a slot; None where it stands in none."""
        place = allowed_place(self.request, slot, candidate.tags)
        return None if place is None else rank(slot, self.preferred, place.step, candidate)

    def tier_with(self, slot: Slot, tags: frozenset[str]) -> str | None:
        """The tier of the slot that the asset would stand in if it had these tags, whatever the filters say."""
        place = allowed_place(self.request, slot, tags)
        return None if place is None else place.tier

    def standing_with(self, slot: Slot, tags: frozenset[str]) -> tuple[str, Rank] | None:
        """Tier and rank that the asset would have in a slot with these tags; None where it would stand in none."""
        place = allowed_place(self.request, slot, tags)
        if place is None:
            return None
        self._probe.tags = tags
        return place.tier, rank(slot, self.preferred, place.step, self._probe)

    def is_first(self, slot: Slot, tags: frozenset[str]) -> bool:
        """Whether the resolver would put the asset first in the slot if it had these tags."""
        place = allowed_place(self.request, slot, tags)
        if place is None:
            return False
        there = self.rivals.own(slot)
        if place.tier not in IDENTITY_TIERS:
            own = None if any(there) else self._rank_as_stand_in(slot, place, tags)
            return own is not None and self.rivals.yield_to(slot, place.tier, own)
        if place.tier == "identity" and there.exact:
            return False
        self._probe.tags = tags
        if refusal(self.request, self._probe) is not None:
            return False
        ranks = there.tier(place.tier)
        return not ranks or rank(slot, self.preferred, place.step, self._probe) < ranks[0]

    def _rank_as_stand_in(self, slot: Slot, place: Place, tags: frozenset[str]) -> Rank | None:
        """The rank in a fallback tier; None where filters or another slot keep the asset from it.

        It is the same for all enemies that such tags do not name, so it is worked out once for them.
        """
        key = (slot.name, place, tags)
        if key not in self._stand_in_ranks:
            self._probe.tags = tags
            kept_out = refusal(self.request, self._probe) is not None or self.is_returned(tags)
            self._stand_in_ranks[key] = None if kept_out else rank(slot, self.preferred, place.step, self._probe)
        return self._stand_in_ranks[key]

    def is_returned(self, tags: frozenset[str]) -> bool:
        """Whether any slot would return the asset by its identity, so that it could stand in nowhere."""
        for tag in tags:
            for slot in self.asking.get(tag, ()):
                standing = self.standing_with(slot, tags)
                if standing is not None and self.rivals.returns(slot, *standing):
                    return True
        return False


def _rivals(contest: Contest, candidates: Iterable[Any] | CandidateIndex, ontology: Ontology | None) -> Rivals:
    request, slots, shown = contest.request, contest.slots, contest.shown
    if isinstance(candidates, CandidateIndex):
        documents, facts = candidates.documents, candidates.documents.facts_for(ontology)
        others = replace(request, excluded_asset_ids=(*request.excluded_asset_ids, shown.id))
        index = IndexSource(others, candidates, ontology)
        return Rivals(request, slots, index, lambda document: candidate_at(documents, facts, document))
    plain = PlainSource(request, [other for other in candidates if read_id(other) != shown.id], ontology)
    return Rivals(request, slots, plain, plain.candidate)


def _wider_places(request: AssetResolutionRequest, ontology: Ontology | None) -> frozenset[str]:
    if ontology is None or request.location_id is None:
        return frozenset()
    return frozenset(place for level in ontology.broader(request.location_id) for place in level)
