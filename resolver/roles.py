"""What an asset's plain tags say about it: roles, characters, locations, cameras (contract §3, "Helpers")."""

from collections.abc import Iterable, Mapping
from typing import Any

from ontology.normalize import clean
from ontology.terms import PLAYER
from resolver.errors import CandidateError

ROLE = "role:"
CHARACTER = "npc:"
LOCATION = "loc:"
CAMERA = "camera:"
CHARACTER_ROLE = "role:char:"
_IDENTITIES = (CHARACTER, LOCATION)

BACKGROUND_ROLE = "role:bg"
POV_ROLE = "role:pov:player"
HERO_ROLE = "role:char:hero"
NPC_ROLE = "role:char:npc"
MONSTER_ROLE = "role:char:monster"


def is_character(tag: str) -> bool:
    """Whether a canonical tag names somebody: an `npc:` id or `player`."""
    return tag == PLAYER or tag.startswith(CHARACTER)


def is_location(tag: str) -> bool:
    """Whether a canonical tag names a place."""
    return tag.startswith(LOCATION)


def characters_among(tags: Iterable[str]) -> list[str]:
    """Those of some canonical tags that name somebody, as `is_character` says, without asking it for each."""
    return [tag for tag in tags if tag.startswith(CHARACTER) or tag == PLAYER]


def locations_among(tags: Iterable[str]) -> list[str]:
    """Those of some canonical tags that name a place, as `is_location` says, without asking it for each."""
    return [tag for tag in tags if tag.startswith(LOCATION)]


def identities_among(tags: Iterable[str]) -> list[str]:
    """Those of some canonical tags that name somebody or a place."""
    return [tag for tag in tags if tag.startswith(_IDENTITIES) or tag == PLAYER]


def raw_tags(asset: Any) -> Iterable[Any]:
    """The `tags` of a candidate, object or mapping, as they are. Raises CandidateError where they are no list."""
    tags = asset.get("tags") if isinstance(asset, Mapping) else getattr(asset, "tags", None)
    if tags is None:
        return ()
    if isinstance(tags, str) or not isinstance(tags, Iterable):
        raise CandidateError(
            f"the tags of a candidate are {type(tags).__name__}, not a list of texts: {tags!r:.80}",
            candidate=asset,
            hint="give `tags` as a list, e.g. ['loc:dungeon', 'role:bg']",
        )
    return tags


def get_asset_roles(asset: Any) -> list[str]:
    """The asset's roles without their prefix (`"bg"`, `"pov:player"`), unique, in its tag order."""
    return [tag.removeprefix(ROLE) for tag in _cleaned(asset) if tag.startswith(ROLE)]


def get_asset_characters(asset: Any) -> list[str]:
    """The ids of the characters the asset shows, `player` included, unique, in its tag order."""
    return [tag for tag in _cleaned(asset) if is_character(tag)]


def get_asset_locations(asset: Any) -> list[str]:
    """The ids of the places the asset shows, unique, in its tag order."""
    return [tag for tag in _cleaned(asset) if is_location(tag)]


def get_asset_cameras(asset: Any) -> list[str]:
    """The ids of the asset's views, framings, angles and movements, unique, in its tag order."""
    return [tag for tag in _cleaned(asset) if tag.startswith(CAMERA)]


def _cleaned(asset: Any) -> dict[str, None]:
    return dict.fromkeys(clean(tag) for tag in raw_tags(asset) if isinstance(tag, str))
