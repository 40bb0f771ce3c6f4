"""What a model can do, as data. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from generation.request import Operation


@dataclass(frozen=True, slots=True)
class Capability:
    """One thing that one model can do, as data (`models.toml`).

    `sizes`: pixel sizes it knows, empty for any; `accepts`: names of the request's fields it honours beside prompt,
    model and inputs; what it does not honour becomes an `Adjustment`; `qualities`: those it knows, in rising order.
    """

    operation: Operation
    model: str
    sizes: Sequence[tuple[int, int]] = ()
    formats: Sequence[str] = ("png",)
    max_inputs: int = 0
    max_n: int = 1
    accepts: frozenset[str] = field(default_factory=frozenset)
    qualities: Sequence[str] = ()
