"""Choosing across slots together: who is returned where, and what each tier held (contract §3, after the table)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from resolver.request import AssetResolutionRequest
from resolver.slots import FALLBACK_TIERS, IDENTITY_TIERS, Slot
from resolver.source import CandidateSource, Handle, Handles


@dataclass(frozen=True, slots=True)
class TierCount:
    """What a tier held: how many `fit`, how many of these were `taken_elsewhere`, how many were `returned`."""

    fit: int
    taken_elsewhere: int
    returned: int

    def to_json(self) -> dict[str, int]:
        """`{fit, taken_elsewhere, returned}`."""
        return {"fit": self.fit, "taken_elsewhere": self.taken_elsewhere, "returned": self.returned}


@dataclass(slots=True)
class Choice:
    """What one slot got, by tier in the order they were reached, and the counts of the tiers it reached."""

    slot: Slot
    chosen: list[tuple[str, Handle]] = field(default_factory=list)
    counts: dict[str, TierCount] = field(default_factory=dict)

    @property
    def first_stand_in(self) -> Handle | None:
        """The slot's first match of all, where that one came from tier `role`."""
        return self.chosen[0][1] if self.chosen and self.chosen[0][0] == "role" else None


def select(request: AssetResolutionRequest, slots: Sequence[Slot], source: CandidateSource) -> list[Choice]:
    """Answer every slot from its own identity first; only then let the slots still open take what is left.

    Fallback tiers never take an asset that is returned for another slot at `exact` or `identity`. A stand-in that an
    earlier enemy already got first goes to the end of a later enemy's tier `role`.
    """
    choices = [Choice(slot) for slot in slots]
    nobody = source.gathered(())
    for choice in choices:
        _descend(request, choice, IDENTITY_TIERS, source, taken=nobody, last=nobody)
    taken = source.gathered(handle for choice in choices for _, handle in choice.chosen)
    stand_ins = source.gathered(())
    for choice in choices:
        is_enemy = choice.slot.name == "enemy"
        _descend(request, choice, FALLBACK_TIERS, source, taken=taken, last=stand_ins if is_enemy else nobody)
        if is_enemy and choice.first_stand_in is not None:
            stand_ins.add(choice.first_stand_in)
    return choices


def _descend(
    request: AssetResolutionRequest,
    choice: Choice,
    tiers: Sequence[str],
    source: CandidateSource,
    *,
    taken: Handles,
    last: Handles,
) -> None:
    """Go down some tiers of one slot until it is answered (or, with `fill`, full)."""
    for tier in choice.slot.tiers:
        if tier not in tiers:
            continue
        short = request.max_results - len(choice.chosen)
        if short <= 0 or (choice.chosen and not request.fill):
            return
        members = source.members(choice.slot, tier)
        best = members.best(short, without=taken, last=last)
        choice.counts[tier] = TierCount(len(members), members.count(taken), len(best))
        choice.chosen += [(tier, handle) for handle in best]
