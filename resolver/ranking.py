"""The order of assets inside a tier (contract §3, "Rank inside a tier"). It is total: ids decide last."""

from resolver.candidate import Candidate, id_order
from resolver.roles import is_character, is_location
from resolver.slots import Slot

Rank = tuple[int, int, int, int, float, int, tuple[int, int, str]]


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


def role_position(slot: Slot, tags: frozenset[str]) -> int:
    """Index of the asset's best role in the slot's order; past the end where it has none."""
    for position, role in enumerate(slot.role_order):
        if role in tags:
            return position
    return len(slot.role_order)


def other_identities(slot: Slot, tags: frozenset[str]) -> int:
    """How many characters other than the slot's own, and locations other than the request's, the asset carries."""
    own = None if slot.is_background else slot.identity
    return sum((is_character(tag) and tag != own) or (is_location(tag) and tag != slot.location) for tag in tags)
