"""What a purchase is booked at: what the provider told, unless it cannot be true. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from generation.money import LARGEST, ZERO, text_of
from generation.result import Cost, CostEstimate, CostSource


@dataclass(frozen=True, slots=True)
class Booked:
    """The amount in dollars, where it came from, and what was odd about what was told."""

    amount: Decimal
    source: CostSource
    discrepancy: str | None = None


def booked(estimate: CostEstimate, cost: Cost) -> Booked:
    """What to book for a call that ended well.

    A cost that nobody told is the high estimate. One that cannot be true (negative, no number, nothing where something
    was sure to be charged) is not believed: the high estimate is booked. One above the estimate is, as it is money that
    is gone. Both are flagged.
    """
    high = estimate.high if estimate.high is not None else ZERO
    low = estimate.low if estimate.low is not None else ZERO
    told = cost.amount
    if told is None or cost.source == "unknown":
        return Booked(high, "estimated")
    if not told.is_finite() or told < 0 or told > LARGEST:
        return Booked(high, "estimated", f"the provider told a cost of {told}, which cannot be; the estimate is kept")
    if told == 0 and low > 0:
        return Booked(
            high, "estimated", f"the provider told no cost, but {text_of(low)} is the least; the estimate is kept"
        )
    if told > high:
        return Booked(told, cost.source, f"the cost is above the estimate of {text_of(high)}")
    return Booked(told, cost.source)
