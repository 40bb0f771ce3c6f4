"""The resolver a second time, slowly: written from the contract's words alone, to be compared with the real one.

Nothing here is shared with `resolver` but the class of the request. Every tier is a predicate on one asset, every order
a full sort, every slot looks at every asset. Assets are mappings with canonical or aliased tags.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from resolver import AssetResolutionRequest

BG, POV = "role:bg", "role:pov:player"
HERO, NPC, MONSTER = "role:char:hero", "role:char:npc", "role:char:monster"

TIERS_OF_SLOT = {
    "background": ["exact", "identity", "broader", "role"],
    "hero": ["exact", "identity", "role"],
    "enemy": ["exact", "identity", "role"],
    "other": ["exact", "identity"],
}
ALL_TIERS = ["exact", "identity", "broader", "role"]


@dataclass
class Expected:
    """What a resolution must say. `matches` rows end in the asset's id and its warning codes, sorted."""

    matches: list
    gaps: list
    trace: list


@dataclass
class World:
    """Everything a rule may look at: the request, the assets that pass its filters, wider locations by distance."""

    request: AssetResolutionRequest
    assets: list
    wider: list


def expected_resolution(request, assets, *, broader=None, renamed=None):
    """The answer to a request whose ids are canonical. `broader`: id → levels of wider ids; `renamed`: alias → id."""
    renamed = renamed or {}
    read = [{**asset, "tags": {renamed.get(tag, tag) for tag in asset["tags"]}} for asset in assets]
    wider = (broader or {}).get(request.location_id, [])
    world = World(request, [asset for asset in read if passes(request, asset)], list(wider))
    slots = asked_slots(request)
    first_half = {slot: go_down(world, slot, ["exact", "identity"]) for slot in slots}
    taken_by = {slot: {asset["id"] for _, asset in got} for slot, (got, _) in first_half.items()}
    everywhere = set().union(*taken_by.values()) if slots else set()
    answers, stand_ins = {}, set()
    for slot in slots:
        got, trace = first_half[slot]
        demoted = stand_ins if slot[0] == "enemy" else set()
        got, more = go_down(world, slot, ["broader", "role"], already=got, taken=everywhere, demoted=set(demoted))
        answers[slot] = (got, {**trace, **more})
        if slot[0] == "enemy" and got and got[0][0] == "role":
            stand_ins.add(got[0][1]["id"])
    return Expected(
        matches=[
            (*slot, tier, asset["id"], warnings(slot, tier, asset, taken_by))
            for slot in slots
            for tier, asset in answers[slot][0]
        ],
        gaps=[gap for slot in slots for gap in gaps(slot, answers[slot][0])],
        trace=[(*slot, {tier: answers[slot][1].get(tier) for tier in tiers_of(slot)}) for slot in slots],
    )


def passes(request, asset):
    return (
        (asset.get("media_type") or "image") in request.media_types
        and all(tag in asset["tags"] for tag in request.required_tags)
        and not any(tag in asset["tags"] for tag in request.excluded_tags)
        and asset["id"] not in request.excluded_asset_ids
    )


def asked_slots(request):
    slots = []
    if request.need_background or (request.need_background is None and request.location_id):
        slots.append(("background", request.location_id))
    if request.need_hero or (request.need_hero is None and request.hero_id):
        slots.append(("hero", request.hero_id))
    if request.need_enemies or (request.need_enemies is None and request.enemy_ids):
        slots += [("enemy", enemy) for enemy in request.enemy_ids] or [("enemy", None)]
    return slots + [("other", other) for other in request.other_character_ids]


def tiers_of(slot):
    return TIERS_OF_SLOT[slot[0]] if slot[1] else ["role"]


def go_down(world, slot, tiers, *, already=(), taken=frozenset(), demoted=frozenset()):
    """(matches so far, trace of the tiers reached) after going down some tiers of a slot."""
    request = world.request
    got, trace = list(already), {}
    allowed = ALL_TIERS[: ALL_TIERS.index(request.weakest_tier) + 1]
    for tier in tiers_of(slot):
        if tier not in tiers or tier not in allowed:
            continue
        if len(got) == request.max_results or (got and not request.fill):
            break
        members = [asset for asset in world.assets if tier_of(world, slot, asset) == tier]
        free = [asset for asset in members if asset["id"] not in taken]
        free.sort(key=lambda asset: (asset["id"] in demoted, rank(world, slot, tier, asset)))
        chosen = free[: request.max_results - len(got)]
        got += [(tier, asset) for asset in chosen]
        trace[tier] = (len(members), len(members) - len(free), len(chosen))
    return got, trace


def people(asset):
    return {tag for tag in asset["tags"] if tag.startswith("npc:") or tag == "player"}


def places(asset):
    return {tag for tag in asset["tags"] if tag.startswith("loc:")}


def role_order(slot):
    name, identity = slot
    return {
        "background": [BG],
        "hero": [HERO, POV, NPC, MONSTER] if identity == "player" else [HERO, NPC, MONSTER],
        "enemy": [MONSTER, NPC],
        "other": [NPC, HERO, MONSTER],
    }[name]


def tier_of(world, slot, asset):
    """The best tier the asset fits, or None."""
    for tier in tiers_of(slot):
        if FITS[tier](world, slot, asset):
            return tier
    return None


def fits_exact(_world, slot, asset):
    return slot[1] in asset["tags"] and any(role in asset["tags"] for role in role_order(slot))


def fits_identity(_world, slot, asset):
    tags = asset["tags"]
    if slot[0] == "background":
        return slot[1] in tags and not people(asset) and not tags & {HERO, NPC, MONSTER, POV}
    return slot[1] in tags and BG not in tags


def fits_broader(world, _slot, asset):
    return BG in asset["tags"] and any(place in asset["tags"] for level in world.wider for place in level)


def fits_role(world, slot, asset):
    roles = {
        "background": [BG],
        "hero": [HERO, POV] if slot[1] == "player" else [HERO],
        "enemy": [MONSTER, NPC],
    }[slot[0]]
    if world.request.different_identity == "never" and belongs_elsewhere(slot, asset):
        return False
    return any(role in asset["tags"] for role in roles)


FITS = {"exact": fits_exact, "identity": fits_identity, "broader": fits_broader, "role": fits_role}


def belongs_elsewhere(slot, asset):
    shown = places(asset) if slot[0] == "background" else people(asset)
    return bool(shown - {slot[1]})


def rank(world, slot, tier, asset):
    request, tags = world.request, asset["tags"]
    if tier == "broader":
        first = next(n for n, level in enumerate(world.wider) if tags & set(level))
    else:
        first = int(tier == "role" and belongs_elsewhere(slot, asset))
    order = role_order(slot)
    own_people = set() if slot[0] == "background" else {slot[1]}
    return (
        first,
        -sum(tag in tags for tag in request.preferred_tags),
        min([order.index(role) for role in order if role in tags], default=99),
        len(people(asset) - own_people) + len(places(asset) - {request.location_id}),
        -(asset.get("rating") or 0),
        -moment(asset.get("created_at")),
        (isinstance(asset["id"], str), asset["id"]),
    )


def moment(created):
    """Seconds since 1970; a naive date is UTC; no date is before all others."""
    if created is None:
        return float("-inf")
    found = datetime.fromisoformat(created) if isinstance(created, str) else created
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def warnings(slot, tier, asset, taken_by):
    codes = []
    if tier in ("exact", "identity") and sum(asset["id"] in ids for ids in taken_by.values()) > 1:
        codes.append("shared")
    if tier == "role" and belongs_elsewhere(slot, asset):
        codes.append("different_identity")
    return sorted(codes)


def gaps(slot, got):
    best = got[0][0] if got else None
    if best == "exact" or (slot[1] is None and got):
        return []
    return [(*slot, POV if slot == ("hero", "player") else role_order(slot)[0], best)]
