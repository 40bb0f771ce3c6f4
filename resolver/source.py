"""The seam between choosing and finding: what a selection asks of a body of candidates.

`PlainSource` answers by reading every candidate, and is the specification; an index answers from sorted sets.
"""

from collections.abc import Collection, Iterable, Sequence
from heapq import nsmallest
from typing import Protocol

from resolver.candidate import AssetId, Candidate
from resolver.ranking import rank
from resolver.request import AssetResolutionRequest
from resolver.slots import Slot
from resolver.tiers import place_of


class TierMembers(Protocol):
    """The assets of one tier of one slot, after the request's filters."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def count(self, ids: Collection[AssetId]) -> int:
        """How many of these ids are members."""
        ...

    def best(self, most: int, *, without: Collection[AssetId], last: Collection[AssetId]) -> Sequence[Candidate]:
        """The first members by rank, at most `most`, none of `without`; those of `last` behind all others."""
        ...


class CandidateSource(Protocol):
    """A body of candidates that one request is asked of."""

    def members(self, slot: Slot, tier: str) -> TierMembers:
        """The members of one tier of a slot."""
        ...


class PlainTier:
    """A tier as a plain list of (step, candidate)."""

    def __init__(self, slot: Slot, preferred: frozenset[str], found: Sequence[tuple[int, Candidate]]) -> None:
        self._slot = slot
        self._preferred = preferred
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    def count(self, ids: Collection[AssetId]) -> int:
        """How many of these ids are members."""
        return sum(candidate.id in ids for _, candidate in self._found)

    def best(self, most: int, *, without: Collection[AssetId], last: Collection[AssetId]) -> Sequence[Candidate]:
        """The first members by rank; see `TierMembers.best`."""
        ranked = nsmallest(
            most,
            (
                (candidate.id in last, rank(self._slot, self._preferred, step, candidate), candidate)
                for step, candidate in self._found
                if candidate.id not in without
            ),
            key=lambda entry: entry[:2],
        )
        return [candidate for _, _, candidate in ranked]


class PlainSource:
    """Candidates read one by one. The order they came in never matters: ranks are total."""

    def __init__(self, request: AssetResolutionRequest, candidates: Iterable[Candidate]) -> None:
        self._request = request
        self._preferred = frozenset(request.preferred_tags)
        self._candidates = [candidate for candidate in candidates if admits(request, candidate)]
        self._tiers: dict[Slot, dict[str, list[tuple[int, Candidate]]]] = {}

    def members(self, slot: Slot, tier: str) -> TierMembers:
        """The members of one tier of a slot; every tier of the slot is worked out in one pass, once."""
        if slot not in self._tiers:
            self._tiers[slot] = self._sorted_out(slot)
        return PlainTier(slot, self._preferred, self._tiers[slot].get(tier, []))

    def _sorted_out(self, slot: Slot) -> dict[str, list[tuple[int, Candidate]]]:
        strangers_out = self._request.different_identity == "never"
        tiers: dict[str, list[tuple[int, Candidate]]] = {}
        for candidate in self._candidates:
            place = place_of(slot, candidate.tags)
            if place is None or (strangers_out and place.tier == "role" and place.step):
                continue
            tiers.setdefault(place.tier, []).append((place.step, candidate))
        return tiers


def admits(request: AssetResolutionRequest, candidate: Candidate) -> bool:
    """Whether a candidate passes the request's hard filters. Tags match exactly: no wildcards, no `broader`."""
    return (
        candidate.media_type in request.media_types
        and candidate.tags.issuperset(request.required_tags)
        and candidate.tags.isdisjoint(request.excluded_tags)
        and candidate.id not in request.excluded_asset_ids
    )
