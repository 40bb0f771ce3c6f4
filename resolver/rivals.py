"""All candidates but one: who of them stands in its way, slot by slot.

Asked of a source once, and no further than an answer can depend on it: the returned of each slot's own tiers, and of
those who can stand in as many as can be returned, or sent to the end by an earlier enemy.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from resolver.candidate import AssetId, Candidate
from resolver.ranking import Rank, rank
from resolver.request import AssetResolutionRequest
from resolver.slots import FALLBACK_TIERS, IDENTITY_TIERS, Slot
from resolver.source import CandidateSource, Handle
from resolver.tiers import place_of


class Own(NamedTuple):
    """Ranks of those who stand in a slot by its own identity, best first, no more than are returned.

    `identity` is left empty where `exact` answers the slot alone.
    """

    exact: Sequence[Rank]
    identity: Sequence[Rank]

    def tier(self, name: str) -> Sequence[Rank]:
        """The ranks in tier `exact` or `identity`."""
        return self.exact if name == "exact" else self.identity


NONE = Own((), ())


class Rivals:
    """The others of one request. `kept`: those on whom the answer depends, as they were given.

    `read` turns a handle of the source into its candidate.
    """

    def __init__(
        self,
        request: AssetResolutionRequest,
        slots: Sequence[Slot],
        source: CandidateSource,
        read: Callable[[Handle], Candidate],
    ) -> None:
        self._request = request
        self._source = source
        self._read = read
        self._preferred = frozenset(request.preferred_tags)
        self._nobody = source.gathered(())
        self.kept: dict[AssetId, Candidate] = {}
        returned: set[Handle] = set()
        self._own = {slot: self._standing_by_identity(slot, returned) for slot in slots}
        self._taken = source.gathered(returned)
        open_enemies = [slot for slot in slots if slot.name == "enemy" and self.is_open_below(slot)]
        self._turns = {slot: turn for turn, slot in enumerate(open_enemies)}
        self._free = self._standing_in(slots)

    def own(self, slot: Slot) -> Own:
        """Those who stand in the slot by its identity."""
        return self._own[slot]

    def is_open_below(self, slot: Slot) -> bool:
        """Whether a stand-in can be the first picture of the slot."""
        return not any(self._own[slot]) and any(tier in FALLBACK_TIERS for tier in slot.tiers)

    def yield_to(self, slot: Slot, tier: str, own: Rank) -> bool:
        """Whether one more of this rank, whom no slot returns by its identity, is the first that stands in.

        Each earlier enemy without a picture of its own was given one of the stand-ins first, best first. That one goes
        to the end, so the enemy whose turn it is gets the next; when all have been given, the best again.
        """
        free = self._free[_kind(slot)]
        if any(free[better] for better in slot.tiers[: slot.tiers.index(tier)] if better in FALLBACK_TIERS):
            return False
        ranks = free[tier]
        turn = self._turns.get(slot, 0)
        return bisect_left(ranks, own) == (turn if turn <= len(ranks) else 0)

    def returns(self, slot: Slot, tier: str, own: Rank) -> bool:
        """Whether the slot returns one more of this rank from tier `exact` or `identity`."""
        exact, identity = self._own[slot]
        if tier == "exact":
            return bisect_left(exact, own) < self._request.max_results
        if exact and not self._request.fill:
            return False
        return len(exact) + bisect_left(identity, own) < self._request.max_results

    def _standing_by_identity(self, slot: Slot, returned: set[Handle]) -> Own:
        """The ranks of those whom the slot has of its own; who of them is returned is put to `returned`."""
        left = self._request.max_results
        tiers: dict[str, Sequence[Rank]] = {}
        for tier in IDENTITY_TIERS:
            if tier not in slot.tiers or not left or (any(tiers.values()) and not self._request.fill):
                continue
            handles = self._source.members(slot, tier).best(
                self._request.max_results, without=self._nobody, last=self._nobody
            )
            returned.update(handles[:left])
            left = max(0, left - len(handles))
            tiers[tier] = self._ranks(slot, handles)
        return Own(tiers.get("exact", ()), tiers.get("identity", ())) if any(tiers.values()) else NONE

    def _standing_in(self, slots: Iterable[Slot]) -> Mapping[tuple[object, ...], Mapping[str, Sequence[Rank]]]:
        """For each kind of slot and fallback tier the ranks of those that no slot returns by their identity."""
        most = self._request.max_results + len(self._turns)
        free: dict[tuple[object, ...], dict[str, Sequence[Rank]]] = {}
        for slot in slots:
            kind = _kind(slot)
            full = sum(map(len, self._own[slot])) >= self._request.max_results
            if kind in free or full or not (self._request.fill or self.is_open_below(slot)):
                continue
            free[kind] = {
                tier: self._ranks(
                    slot, self._source.members(slot, tier).best(most, without=self._taken, last=self._nobody)
                )
                for tier in slot.tiers
                if tier in FALLBACK_TIERS
            }
        return free

    def _ranks(self, slot: Slot, handles: Iterable[Handle]) -> list[Rank]:
        ranks = []
        for handle in handles:
            candidate = self._read(handle)
            self.kept[candidate.id] = candidate
            place = place_of(slot, candidate.tags)
            ranks.append(rank(slot, self._preferred, place.step if place is not None else 0, candidate))
        return ranks


def _kind(slot: Slot) -> tuple[object, ...]:
    """What slots have in common that ask one body of stand-ins: all enemies do."""
    return slot.name, slot.stand_in_roles
