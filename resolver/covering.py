"""Coverage: for every character and place, how many pictures there are in which role and view, and what is missing."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ontology.terms import PLAYER, Ontology
from resolver.candidate import AssetId, field_of, read_id, read_tags
from resolver.canonical_reading import TagReader
from resolver.errors import CandidateError
from resolver.index import CandidateIndex
from resolver.index_counts import PairCounts, count_pairs
from resolver.roles import (
    BACKGROUND_ROLE,
    CAMERA,
    CHARACTER,
    HERO_ROLE,
    LOCATION,
    MONSTER_ROLE,
    NPC_ROLE,
    POV_ROLE,
    ROLE,
    is_character,
    is_location,
)

CHARACTER_ROLES = (HERO_ROLE, NPC_ROLE, MONSTER_ROLE)
WANTED = {
    "hero": ("hero", HERO_ROLE),
    "monster": ("enemy", MONSTER_ROLE),
    "npc": ("other", NPC_ROLE),
}
"""Kind of a character → the slot it most likely plays, and the role of an exact picture for it."""
SLOTS = ("background", "hero", "enemy", "other")


def coverage(
    candidates: Iterable[Any] | CandidateIndex, ontology: Ontology, *, media_types: Iterable[str] = ("image",)
) -> dict[str, Any]:
    """How many pictures each character and place has: `{characters, locations, cameras, gaps}`, keys sorted.

    `characters`: id → role without its prefix → number of pictures with both tags (`char:hero`, `char:npc`,
    `char:monster`, and `pov:player` for the player). `locations`: id → `{"bg": n}`. `cameras`: id of a character or a
    place → camera id → number of pictures with both tags, only what there is. `gaps`: `{slot, identity, wanted_role}`
    of each id that no exact picture answers: a place without `role:bg`, and, by its kind, a hero without
    `role:char:hero`, a monster without `role:char:monster`, an npc without `role:char:npc`, the player without
    `role:pov:player`; in slot order, then by id.

    Every term that is not deprecated is there, the player too, zeroes included, and ids that only pictures name. Ids
    that a closed namespace does not list are counted but are no gaps. Reads each picture once; an index counts without
    reading, and its lookup is not asked. Raises CandidateError.
    """
    if isinstance(candidates, CandidateIndex):
        seen, shown = count_pairs(
            candidates.documents, ontology, media_types=media_types, first=is_identity, second=_is_mark
        )
    else:
        seen, shown = _read_through(candidates, ontology, frozenset(media_types))
    terms = {term.id for term in ontology.terms.values() if not term.deprecated and is_identity(term.id)}
    identities = sorted({*terms, *shown, PLAYER})
    cameras: dict[str, dict[str, int]] = {identity: {} for identity in identities}
    for (identity, tag), number in sorted(seen.items()):
        if tag.startswith(CAMERA):
            cameras[identity][tag] = number
    return {
        "characters": {who: _by_role(who, seen) for who in identities if is_character(who)},
        "locations": {place: {"bg": seen[place, BACKGROUND_ROLE]} for place in identities if is_location(place)},
        "cameras": cameras,
        "gaps": _gaps(identities, seen, ontology),
    }


def unique(candidates: Iterable[Any]) -> Iterable[tuple[AssetId, Any]]:
    """Each candidate with its id. Raises CandidateError for an id that comes twice."""
    seen: set[AssetId] = set()
    for asset in candidates:
        asset_id = read_id(asset)
        if asset_id in seen:
            raise CandidateError(
                f"two candidates have the id {asset_id!r}", candidate=asset_id, hint="give each asset once"
            )
        seen.add(asset_id)
        yield asset_id, asset


def _read_through(candidates: Iterable[Any], ontology: Ontology, media_types: frozenset[str]) -> PairCounts:
    """Every pair of an identity and a role or camera on one picture."""
    reader = TagReader(ontology)
    counts = PairCounts(Counter(), set())
    for asset_id, asset in unique(candidates):
        if (field_of(asset, "media_type") or "image") not in media_types:
            continue
        tags = set(map(reader.__getitem__, read_tags(asset, asset_id)))
        shown = [tag for tag in tags if is_identity(tag)]
        counts.ones.update(shown)
        counts.seen.update((identity, mark) for mark in filter(_is_mark, tags) for identity in shown)
    return counts


def is_identity(tag: str) -> bool:
    """Whether a canonical tag names a character or a place."""
    return tag == PLAYER or tag.startswith((CHARACTER, LOCATION))


def _is_mark(tag: str) -> bool:
    return tag.startswith((ROLE, CAMERA))


def _by_role(who: str, seen: Counter[tuple[str, str]]) -> dict[str, int]:
    roles = (*CHARACTER_ROLES, POV_ROLE) if who == PLAYER else CHARACTER_ROLES
    return {role.removeprefix(ROLE): seen[who, role] for role in roles}


def _gaps(identities: list[str], seen: Counter[tuple[str, str]], ontology: Ontology) -> list[dict[str, str]]:
    gaps = []
    for identity in identities:
        slot, role = wanted_of(identity, ontology)
        if not seen[identity, role] and _is_expected(identity, ontology):
            gaps.append({"slot": slot, "identity": identity, "wanted_role": role})
    return sorted(gaps, key=lambda gap: SLOTS.index(gap["slot"]))


def wanted_of(identity: str, ontology: Ontology) -> tuple[str, str]:
    """The slot that somebody or a place most likely plays, and the role of an exact picture for it."""
    if is_location(identity):
        return "background", BACKGROUND_ROLE
    if identity == PLAYER:
        return "hero", POV_ROLE
    return WANTED[ontology.kind(identity) or "npc"]


def _is_expected(identity: str, ontology: Ontology) -> bool:
    """Whether a picture of it should exist: a current term, or an id of a namespace where anything goes."""
    term = ontology.term(identity)
    if identity == PLAYER or term is not None:
        return term is None or not term.deprecated
    space = ontology.namespaces.get(identity.partition(":")[0])
    return space is None or not space.closed
