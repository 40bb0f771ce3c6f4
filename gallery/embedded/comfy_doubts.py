"""What makes the reading of a graph unsure, and how unsure. Pure."""

from dataclasses import dataclass, field
from typing import Final

SURE: Final = "read along the graph from the saved image"
_LOWEST: Final = 0.1
_NAMED: Final = 4


@dataclass
class Doubts:
    """Each doubt lowers the certainty once, by its factor. `steps_left` bounds all walks through one graph together."""

    factors: dict[str, float] = field(default_factory=dict)
    steps_left: int = 20_000

    def add(self, reason: str, factor: float) -> None:
        """Note a doubt; the same again changes nothing."""
        self.factors.setdefault(reason, factor)

    def step(self, depth: int, deepest: int = 150) -> bool:
        """Whether the walk may go on from here."""
        self.steps_left -= 1
        if self.steps_left > 0 and depth <= deepest:
            return True
        self.add("the graph is too large or too deep to be read whole", 0.5)
        return False

    @property
    def certainty(self) -> float:
        """The product of all doubts, 0.1 to 1."""
        certainty = 1.0
        for factor in self.factors.values():
            certainty *= factor
        return round(max(certainty, _LOWEST), 2)

    @property
    def reason(self) -> str:
        """The doubts, the gravest first."""
        found = sorted(self.factors, key=lambda reason: self.factors[reason])
        more = [f"and {len(found) - _NAMED} more doubts"] if len(found) > _NAMED else []
        return "; ".join(found[:_NAMED] + more) or SURE
