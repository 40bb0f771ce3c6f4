"""What comes back from a provider, and what it costs, without any vendor's words. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Literal

from generation.money import ZERO, text_of

CostSource = Literal["reported", "computed", "estimated", "unknown"]


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a call may cost, in dollars. Budgets are checked against `high`; None: nobody knows a price.

    `basis` says how it was worked out, for people; `guess`: no price list stands behind it.
    """

    low: Decimal | None
    high: Decimal | None
    basis: str
    guess: bool = False

    def to_json(self) -> dict[str, Any]:
        """Amounts as texts."""
        return {"low": text_of(self.low), "high": text_of(self.high), "basis": self.basis, "guess": self.guess}


@dataclass(frozen=True, slots=True)
class Total:
    """What several things may cost together, in dollars. `unknown`: how many of them have no price."""

    low: Decimal
    high: Decimal
    unknown: int = 0

    def to_json(self) -> dict[str, Any]:
        """Amounts as texts."""
        return {"low": text_of(self.low), "high": text_of(self.high), "unknown": self.unknown}


def total_of(estimates: Iterable[CostEstimate | None]) -> Total:
    """The sum of those that are known; None is unknown, like an estimate without an end."""
    low, high, unknown = ZERO, ZERO, 0
    for one in estimates:
        if one is None or one.low is None or one.high is None:
            unknown += 1
        else:
            low, high = low + one.low, high + one.high
    return Total(low, high, unknown)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a call did cost: `reported` by the provider, `computed` from what it counted, `estimated`, or `unknown`."""

    amount: Decimal | None
    source: CostSource

    def to_json(self) -> dict[str, Any]:
        """The amount as a text."""
        return {"amount": text_of(self.amount), "source": self.source}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Something that was asked and that the provider cannot do as asked."""

    field: str
    asked: Any
    used: Any
    reason: str

    def to_json(self) -> dict[str, Any]:
        """As it stands in results and reports."""
        return {"field": self.field, "asked": self.asked, "used": self.used, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was made. `media_type` is what the bytes are, whatever the provider said they would be."""

    data: bytes = field(repr=False)
    media_type: str
    index: int = 0
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    sample_rate: int | None = None
    seed: int | None = None
    revised_prompt: str | None = None

    @property
    def sha256(self) -> str:
        """The hash of the bytes, in hexadecimal."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """Everything one call gave. `raw` is the answer without secrets and with hashes in place of file contents.

    `partial` says why there are fewer outputs than asked for; `stand_in`: made offline, in place of the real thing.
    """

    outputs: Sequence[Output]
    provider: str
    model: str
    cost: Cost
    model_version: str | None = None
    request_id: str | None = None
    remote_id: str | None = None
    usage: Mapping[str, Any] = field(default_factory=dict)
    adjustments: Sequence[Adjustment] = ()
    started: datetime | None = None
    finished: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)
    partial: str | None = None
    stand_in: bool = False
