"""How generation stands, as one number of which every part is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from generation.ledger.reports import CostReport
from generation.ledger.views import JobView
from generation.money import ZERO, text_of
from generation.providers.base import Health

WEIGHTS: Final[Mapping[str, int]] = {"success": 40, "budget": 25, "providers": 20, "certainty": 15}
"""What makes the score: how many of the last calls gave something, how much of the budget is left, how many providers
with a key can be asked, and that nothing is of unknown outcome."""

LAST_CALLS: Final = 50
LAST_JOBS: Final = 10


@dataclass(frozen=True, slots=True)
class HealthReport:
    """`parts`: name → 0-1, weighed by `WEIGHTS`. `recent`: the last jobs, the newest first."""

    at: str
    costs: CostReport
    providers: Mapping[str, Health]
    recent: tuple[JobView, ...]
    parts: Mapping[str, float]

    @property
    def score(self) -> int:
        """0-100."""
        return round(sum(WEIGHTS[name] * self.parts[name] for name in WEIGHTS))

    def to_json(self) -> dict[str, Any]:
        """`{timestamp, budget, providers, recent_generations, health_score, parts, weights}`."""
        return {
            "timestamp": self.at,
            "budget": {
                "month": self.costs.month,
                "monthly_limit": text_of(self.costs.limit),
                "current_spend": text_of(self.costs.balance.spent),
                "reserved": text_of(self.costs.balance.reserved),
                "unknown": text_of(self.costs.balance.unknown),
                "remaining": text_of(self.costs.remaining),
            },
            "providers": [
                {"provider": name, "state": health.state, "detail": health.detail, "missing_key": health.missing_key}
                for name, health in self.providers.items()
            ],
            "recent_generations": [job.to_json() for job in self.recent],
            "health_score": self.score,
            "parts": {name: round(self.parts[name], 4) for name in WEIGHTS},
            "weights": dict(WEIGHTS),
        }


def health_parts(costs: CostReport, providers: Mapping[str, Health], last: Sequence[bool]) -> dict[str, float]:
    """Each part from 0 to 1. Without any call the success is whole: nothing has gone wrong.

    A provider without a key, or without the program that it runs, is none that was chosen, so it does not count.
    """
    chosen = [health for health in providers.values() if health.state not in {"no_key", "absent"}]
    ready = [health for health in chosen if health.state == "ready"]
    taken = costs.balance.taken
    return {
        "success": sum(last) / len(last) if last else 1.0,
        "budget": float(costs.remaining / costs.limit) if costs.limit > ZERO else 0.0,
        "providers": len(ready) / len(chosen) if chosen else 0.0,
        "certainty": 1.0 - float(costs.balance.unknown / taken) if taken > ZERO else 1.0,
    }
