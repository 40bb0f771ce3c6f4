"""The slots of an answer, each with its candidates."""

from dataclasses import dataclass

from resolver import AssetResolutionResult, Gap, Match
from tui.question import SlotKey


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot as it is shown. `gap`: what is missing, if anything."""

    key: SlotKey
    matches: tuple[Match, ...]
    gap: Gap | None

    @property
    def title(self) -> str:
        """Its name and whom it is for."""
        name, identity = self.key
        return f"{name} {identity}" if identity else name

    @property
    def summary(self) -> str:
        """How many of which tier, and what is missing."""
        tiers = dict.fromkeys(match.tier for match in self.matches)
        counted = [f"{tier} {sum(match.tier == tier for match in self.matches)}" for tier in tiers]
        if self.gap is not None:
            counted.append(f"gap: no {self.gap.wanted_role}")
        return " · ".join(counted)


def slots_of(result: AssetResolutionResult) -> list[Slot]:
    """Every slot that was asked for, with its matches, empty ones too."""
    gaps = {(gap.slot, gap.identity): gap for gap in result.gaps}
    keys = list(dict.fromkeys((trace.slot, trace.identity) for trace in result.trace))
    return [
        Slot(key, tuple(match for match in result.matches if (match.slot, match.identity) == key), gaps.get(key))
        for key in keys
    ]
