"""One asset against all others, for the same request: where it stands, and whether other tags would make it first."""

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Any

from ontology.terms import Ontology
from resolver.candidate import AssetId, Candidate, field_of
from resolver.canonical_reading import TagReader, read_candidate, read_candidates
from resolver.ranking import Rank, rank
from resolver.request import AssetResolutionRequest
from resolver.resolve import resolve_assets_for_action
from resolver.result import AssetResolutionResult
from resolver.slots import FALLBACK_TIERS, IDENTITY_TIERS, Slot, plan_slots
from resolver.tiers import Place, place_of

Standing = tuple[Rank, Candidate]


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


class Field:
    """The others in one slot: the ranks that an asset has to beat in each tier.

    `exact`, `identity`: the best rank there. In the tiers below, only those that no slot returns by their identity are
    sure to be in the way, and each earlier enemy can send one of them to the end.
    """

    def __init__(
        self, slot: Slot, tiers: dict[str, list[Standing]], *, by_identity: set[AssetId], earlier: int
    ) -> None:
        self.slot = slot
        self._bars: dict[str, Rank | None] = {}
        self._shut: set[str] = set()
        for tier in slot.tiers:
            below = tier in FALLBACK_TIERS
            sure = sorted(rank for rank, other in tiers.get(tier, ()) if not (below and other.id in by_identity))
            spared = earlier if below else 0
            self._bars[tier] = sure[spared] if len(sure) > spared else None
            if len(sure) > spared:
                self._shut.update(slot.tiers[slot.tiers.index(tier) + 1 :])

    @property
    def is_open_below(self) -> bool:
        """Whether a tier below `exact` and `identity` can give the slot its first picture at all."""
        return any(tier in FALLBACK_TIERS and tier not in self._shut for tier in self.slot.tiers)

    def lets_win(self, tier: str, own: Rank) -> bool:
        """False where an asset of this rank cannot be first from this tier. In the upper tiers True is certain."""
        bar = self._bars[tier]
        return tier not in self._shut and (bar is None or own < bar)


class Contest:
    """One asset against all other candidates of one request: would it be first in a slot if it had other tags.

    Of the others only those are kept that can ever matter: the first of each slot and tier, as many as could be taken
    elsewhere, be sent to the end, or be returned. The answer of `is_first` is the resolver's own.
    """

    def __init__(
        self, request: AssetResolutionRequest, asset: Any, others: Iterable[Any], ontology: Ontology | None
    ) -> None:
        """`request` is canonical; `others` do not hold the asset. Raises CandidateError."""
        self.request = request
        self.shown = read_candidate(asset, TagReader(ontology))
        self.slots = plan_slots(request, ontology)
        self.wider = _wider_places(request, ontology)
        self._ontology = ontology
        self._preferred = frozenset(request.preferred_tags)
        self._probe = read_candidate(asset, TagReader(ontology))
        admitted = [other for other in read_candidates(others, ontology) if refusal(request, other) is None]
        tiers = [self._sorted_out(slot, admitted) for slot in self.slots]
        by_identity = {other.id for found in tiers for tier in IDENTITY_TIERS for _, other in found.get(tier, ())}
        self._fields: dict[Slot, Field] = {}
        earlier = 0
        for slot, found in zip(self.slots, tiers, strict=True):
            self._fields[slot] = Field(
                slot, found, by_identity=by_identity, earlier=earlier if slot.name == "enemy" else 0
            )
            earlier += slot.name == "enemy"
        self._kept = self._worth_keeping(tiers, enemies=earlier)

    def field(self, slot: Slot) -> Field:
        """The others in a slot."""
        return self._fields[slot]

    def rank_in(self, slot: Slot, candidate: Candidate) -> Rank | None:
        """The rank of a candidate in its tier of a slot; None where it stands in none."""
        place = allowed_place(self.request, slot, candidate.tags)
        return None if place is None else rank(slot, self._preferred, place.step, candidate)

    def may_win_from(self, slot: Slot, tags: frozenset[str]) -> str | None:
        """The tier from which the asset may be first with these tags; None where it certainly is not. Cheap."""
        place = allowed_place(self.request, slot, tags)
        if place is None:
            return None
        self._probe.tags = tags
        if refusal(self.request, self._probe) is not None:
            return None
        own = rank(slot, self._preferred, place.step, self._probe)
        return place.tier if self._fields[slot].lets_win(place.tier, own) else None

    def is_first(self, slot: Slot, tags: frozenset[str]) -> bool:
        """Whether the resolver puts the asset first in the slot when it has these tags."""
        asset = self.shown.asset
        changed = {
            "id": self.shown.id,
            "tags": tuple(tags),
            **{name: field_of(asset, name) for name in ("media_type", "rating", "created_at")},
        }
        result = resolve_assets_for_action(self.request, [*self._kept, changed], ontology=self._ontology)
        return first_in(slot, result) == self.shown.id

    def _sorted_out(self, slot: Slot, candidates: Sequence[Candidate]) -> dict[str, list[Standing]]:
        tiers: dict[str, list[Standing]] = {}
        for candidate in candidates:
            place = allowed_place(self.request, slot, candidate.tags)
            if place is not None:
                standing = (rank(slot, self._preferred, place.step, candidate), candidate)
                tiers.setdefault(place.tier, []).append(standing)
        return tiers

    def _worth_keeping(self, tiers: Sequence[dict[str, list[Standing]]], *, enemies: int) -> list[Any]:
        kept: dict[AssetId, Any] = {}
        for found in tiers:
            for tier in IDENTITY_TIERS:
                kept |= _first(self.request.max_results, found.get(tier, ()))
        enough = len(kept) + enemies + 1
        below: dict[AssetId, Any] = {}
        for found in tiers:
            for tier in FALLBACK_TIERS:
                below |= _first(enough, found.get(tier, ()))
        return list((kept | below).values())


def _wider_places(request: AssetResolutionRequest, ontology: Ontology | None) -> frozenset[str]:
    if ontology is None or request.location_id is None:
        return frozenset()
    return frozenset(place for level in ontology.broader(request.location_id) for place in level)


def first_in(slot: Slot, result: AssetResolutionResult) -> AssetId | None:
    """The id of the slot's first match; None where it has none."""
    for match in result.matches:
        if (match.slot, match.identity) == (slot.name, slot.identity):
            return field_of(match.asset, "id")  # type: ignore[no-any-return]  # read_id has seen it
    return None


def _first(most: int, standings: Iterable[Standing]) -> dict[AssetId, Any]:
    best = nsmallest(most, standings, key=lambda standing: standing[0])
    return {candidate.id: candidate.asset for _, candidate in best}
