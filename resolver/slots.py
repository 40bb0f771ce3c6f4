"""The slots of a request: what each looks for, in which roles, and down which tiers (contract §3, "Tiers")."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ontology.terms import PLAYER, Ontology
from resolver.request import TIERS, AssetResolutionRequest
from resolver.roles import BACKGROUND_ROLE, HERO_ROLE, MONSTER_ROLE, NPC_ROLE, POV_ROLE

SlotName = Literal["background", "hero", "enemy", "other"]

IDENTITY_TIERS = ("exact", "identity")
FALLBACK_TIERS = ("broader", "role")

ROLE_ORDERS: dict[SlotName, tuple[str, ...]] = {
    "background": (BACKGROUND_ROLE,),
    "hero": (HERO_ROLE, NPC_ROLE, MONSTER_ROLE),
    "enemy": (MONSTER_ROLE, NPC_ROLE),
    "other": (NPC_ROLE, HERO_ROLE, MONSTER_ROLE),
}
PLAYER_HERO_ORDER = (HERO_ROLE, POV_ROLE, NPC_ROLE, MONSTER_ROLE)

STAND_IN_ROLES: dict[SlotName, tuple[str, ...]] = {
    "background": (BACKGROUND_ROLE,),
    "hero": (HERO_ROLE,),
    "enemy": (MONSTER_ROLE, NPC_ROLE),
    "other": (),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to find a picture for.

    `role_order`: the roles that count, best first. `stand_in_roles`: any of them alone makes tier `role` (empty: the
    slot has no such tier). `wider`: ids of wider locations by distance, background only. `location`: the request's
    location, which is nobody's "other" location. `tiers`: the tiers this slot may go down, best first.
    """

    name: SlotName
    identity: str | None
    role_order: tuple[str, ...]
    stand_in_roles: tuple[str, ...]
    wanted_role: str
    location: str | None
    tiers: tuple[str, ...]
    wider: tuple[tuple[str, ...], ...] = ()

    @property
    def is_background(self) -> bool:
        """Whether the slot asks for a place and not for somebody."""
        return self.name == "background"


def filling_roles(name: SlotName, identity: str | None) -> tuple[str, ...]:
    """The roles of which any makes a picture of the identity exact; without an identity, any picture that fits."""
    if identity is None:
        return STAND_IN_ROLES[name]
    return PLAYER_HERO_ORDER if name == "hero" and identity == PLAYER else ROLE_ORDERS[name]


def plan_slots(request: AssetResolutionRequest, ontology: Ontology | None) -> tuple[Slot, ...]:
    """The slots of a canonical request in the order background, hero, each enemy, each other character."""
    return tuple(_plan(request, ontology))


def _plan(request: AssetResolutionRequest, ontology: Ontology | None) -> Iterator[Slot]:
    if request.wants_background:
        place = request.location_id
        wider = ontology.broader(place) if ontology is not None and place is not None else ()
        yield _slot("background", place, request, wider)
    if request.wants_hero:
        yield _slot("hero", request.hero_id, request)
    if request.wants_enemies:
        for enemy in request.enemy_ids or (None,):
            yield _slot("enemy", enemy, request)
    for other in request.other_character_ids:
        yield _slot("other", other, request)


def _slot(
    name: SlotName, identity: str | None, request: AssetResolutionRequest, wider: tuple[tuple[str, ...], ...] = ()
) -> Slot:
    plays_himself = name == "hero" and identity == PLAYER
    return Slot(
        name=name,
        identity=identity,
        role_order=PLAYER_HERO_ORDER if plays_himself else ROLE_ORDERS[name],
        stand_in_roles=(HERO_ROLE, POV_ROLE) if plays_himself else STAND_IN_ROLES[name],
        wanted_role=POV_ROLE if plays_himself else ROLE_ORDERS[name][0],
        location=request.location_id,
        tiers=_tiers(name, request.weakest_tier, has_id=identity is not None),
        wider=wider,
    )


@cache
def _tiers(name: SlotName, weakest: str, *, has_id: bool) -> tuple[str, ...]:
    """The tiers of the table that exist for the slot, down to the weakest that the request allows."""
    existing = existing_tiers(name, has_id=has_id)
    return tuple(tier for tier in existing if TIERS.index(tier) <= TIERS.index(weakest))


def existing_tiers(name: SlotName, *, has_id: bool) -> tuple[str, ...]:
    """The tiers that exist for a kind of slot: only a background has `broader`, an other character has no stand-in."""
    if not has_id:
        return ("role",)
    if name == "background":
        return TIERS
    if name == "other":
        return IDENTITY_TIERS
    return (*IDENTITY_TIERS, "role")
