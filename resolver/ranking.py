"""The order of assets inside a tier (contract §3, "Rank inside a tier"). It is total: ids decide last."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from resolver.candidate import Candidate, id_order
from resolver.roles import characters_among, locations_among
from resolver.slots import Slot

Rank = tuple[int, int, int, int, float, int, tuple[int, int, str]]

Item = TypeVar("Item")
Criterion = Callable[[Item], Any]


def rank(slot: Slot, preferred: frozenset[str], step: int, candidate: Candidate) -> Rank:
    """A sort key, smaller is better.

    In order: step inside the tier (nearer wider location; nobody's identity before somebody else's), more preferred
    tags, earlier in the slot's role order, fewer other identities, higher rating, newer, smaller id.
    """
    tags = candidate.tags
    return (
        step,
        -len(preferred & tags) if preferred else 0,
        role_position(slot, tags),
        other_identities(slot, tags),
        -candidate.rating,
        -candidate.created,
        id_order(candidate.id),
    )


def role_position(slot: Slot, tags: Collection[str]) -> int:
    """Index of the asset's best role in the slot's order; past the end where it has none."""
    for position, role in enumerate(slot.role_order):
        if role in tags:
            return position
    return len(slot.role_order)


def other_identities(slot: Slot, tags: frozenset[str]) -> int:
    """How many characters other than the slot's own, and locations other than the request's, the asset carries."""
    own = None if slot.is_background else slot.identity
    people, places = characters_among(tags), locations_among(tags)
    return len(people) - (own in people) + len(places) - (slot.location in places)


class Reader(Protocol):
    """What ranks are made of, asked for a handle when it is needed."""

    @property
    def identities(self) -> frozenset[str]:
        """Every character and location that any of the candidates carries; there may be more."""
        ...

    def tags(self, handle: int, /) -> Collection[str]:
        """The canonical tags; one may come more than once."""
        ...

    def rating(self, handle: int, /) -> float:
        """The rating, 0-5; absent is 0."""
        ...

    def candidate(self, handle: int, /) -> Candidate:
        """The whole candidate."""
        ...


def by_rank(slot: Slot, preferred: frozenset[str], handles: Sequence[int], reader: Reader) -> Iterator[int]:
    """The handles of one step of a tier in the order of `rank`, worked out only as far as somebody asks.

    The first entries of the rank, one by one, then the whole of it for those whom these cannot tell apart. So where a
    thousand candidates have enough better ones before them, only an entry or two of their ranks is ever worked out.
    """
    own = None if slot.is_background else slot.identity

    def others(handle: int) -> int:
        """What `other_identities` counts, at the speed of sets. It decides among many, so it is asked most often."""
        tags = reader.tags(handle)
        return len(reader.identities.intersection(tags)) - (own in tags) - (slot.location in tags)

    criteria: list[Criterion[int]] = [
        lambda handle: role_position(slot, reader.tags(handle)),
        others,
        lambda handle: -reader.rating(handle),
        lambda handle: rank(slot, preferred, 0, reader.candidate(handle)),
    ]
    if preferred:
        criteria.insert(0, lambda handle: -len(preferred.intersection(reader.tags(handle))))
    return in_order(handles, criteria)


def in_order(items: Sequence[Item], criteria: Sequence[Criterion[Item]]) -> Iterator[Item]:
    """Items sorted by the first criterion, equals by the next, and so on: each group when somebody gets that far."""
    if len(items) < 2 or not criteria:  # noqa: PLR2004  # one alone is in order
        yield from items
        return
    first, *further = criteria
    groups: dict[Any, list[Item]] = {}
    for item in items:
        groups.setdefault(first(item), []).append(item)
    for key in sorted(groups):
        yield from in_order(groups[key], further)
