"""The seam between choosing and finding: what a selection asks of a body of candidates.

`PlainSource` answers by reading every candidate, and is the specification; `IndexSource` answers from sorted sets. A
candidate is named by a handle, a whole number that only its source can read.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from resolver.slots import Slot

Handle = int


class Found(NamedTuple):
    """What an answer says about an asset: the caller's own object, and its canonical tags."""

    asset: Any
    tags: frozenset[str]


class Handles(Protocol):
    """A set of handles, of the kind that its source works with fastest."""

    def add(self, handle: Handle, /) -> None:
        """Put one more in."""
        ...

    def __contains__(self, handle: Any, /) -> bool:
        """Whether this one is in."""
        ...


class TierMembers(Protocol):
    """The assets of one tier of one slot, after the request's filters."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def count(self, handles: Any) -> int:
        """How many of these handles, gathered by the same source, are members."""
        ...

    def best(self, most: int, *, without: Any, last: Any) -> Sequence[Handle]:
        """The first members by rank, at most `most`, none of `without`; those of `last` behind all others.

        While fallback tiers are answered, `without` stays the same and `last`, in the same object, only grows.
        """
        ...


class CandidateSource(Protocol):
    """A body of candidates that one request is asked of."""

    def members(self, slot: Slot, tier: str) -> TierMembers:
        """The members of one tier of a slot."""
        ...

    def gathered(self, handles: Iterable[Handle]) -> Handles:
        """A set of handles that this source's tiers take."""
        ...

    def found(self, handles: Iterable[Handle]) -> Mapping[Handle, Found]:
        """The assets behind some handles; asked once, at the end of an answer."""
        ...
