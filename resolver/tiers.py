"""Which tier of a slot an asset stands in: one readable predicate for each row of contract §3's table.

The tiers do not overlap: an asset stands in the best one it fits.
"""

from typing import NamedTuple

from resolver.roles import BACKGROUND_ROLE, CHARACTER_ROLE, POV_ROLE, is_character, is_location
from resolver.slots import Slot


class Place(NamedTuple):
    """Where an asset stands for a slot. `step` ranks inside the tier, before everything else.

    In `broader` the step is the distance of the wider location (0 = nearest); in `role` 0 = nobody's identity, 1 =
    somebody else's; elsewhere 0.
    """

    tier: str
    step: int


def place_of(slot: Slot, tags: frozenset[str]) -> Place | None:
    """The tier that an asset with these canonical tags stands in for the slot; None where it fits none."""
    if slot.is_background:
        return _background_place(slot, tags)
    return _character_place(slot, tags)


def _background_place(slot: Slot, tags: frozenset[str]) -> Place | None:
    backdrop = BACKGROUND_ROLE in tags
    if slot.identity is not None and slot.identity in tags:
        if backdrop:
            return Place("exact", 0)
        return Place("identity", 0) if is_unpeopled(tags) else None
    if not backdrop:
        return None
    for distance, ids in enumerate(slot.wider):
        if not tags.isdisjoint(ids):
            return Place("broader", distance)
    return Place("role", int(any(map(is_location, tags))))


def _character_place(slot: Slot, tags: frozenset[str]) -> Place | None:
    if slot.identity is not None and slot.identity in tags:
        if not tags.isdisjoint(slot.role_order):
            return Place("exact", 0)
        return Place("identity", 0) if BACKGROUND_ROLE not in tags else None
    if tags.isdisjoint(slot.stand_in_roles):
        return None
    return Place("role", int(any(map(is_character, tags))))


def is_unpeopled(tags: frozenset[str]) -> bool:
    """Whether a picture of a place shows nobody: no character, no character role, not the player's own view."""
    return POV_ROLE not in tags and not any(is_character(tag) or tag.startswith(CHARACTER_ROLE) for tag in tags)
