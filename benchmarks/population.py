"""Made-up assets and requests with the proportions of a large gallery. The same seed gives the same ones, everywhere.

Ids follow Zipf's law: few characters and places stand in many pictures. An asset has 3 to 8 tags, 5.4 in the mean.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from resolver import AssetResolutionRequest

Value = TypeVar("Value")

ASSET_SEED, REQUEST_SEED = 42, 7

CHARACTERS = [f"npc:c{number}" for number in range(2000)]
LOCATIONS = [f"loc:l{number}" for number in range(1000)]
CAMERAS = [f"camera:view:v{number}" for number in range(20)]
FREE_WORDS = [f"word{number}" for number in range(5000)]

ROLE_SHARES = {
    "bg": 0.25,
    "pov:player": 0.10,
    "char:hero": 0.15,
    "char:npc": 0.30,
    "char:monster": 0.15,
    "comic_frame": 0.05,
}
RATING_SHARES = {0: 0.5, 1: 0.05, 2: 0.1, 3: 0.15, 4: 0.12, 5: 0.08}
ROLE_SHARE, CAMERA_SHARE = 0.95, 0.40
CHARACTER_SHARES = {"bg": 0.10, "char": 0.95, "comic_frame": 0.70}
LOCATION_SHARES = {"bg": 0.95, "char": 0.30, "comic_frame": 0.70}
OTHERWISE = 0.20
UNKNOWN_SHARE, PREFERRED_CAMERA_SHARE = 0.10, 0.40

FIRST_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
SAME_MOMENT = 3
"""So many assets in a row have the same time."""


@dataclass(frozen=True, slots=True)
class MadeAsset:
    """One asset, with the fields that the resolver reads."""

    id: int
    tags: list[str]
    rating: int
    created_at: datetime
    media_type: str = "image"


class Shares(Generic[Value]):
    """Values drawn with weights."""

    def __init__(self, values: Sequence[Value], weights: Iterable[float]) -> None:
        self._values = values
        self._cumulative = list(accumulate(weights))

    def draw(self, chance: Random) -> Value:
        """One value."""
        return chance.choices(self._values, cum_weights=self._cumulative)[0]


def zipf(values: Sequence[str], exponent: float) -> Shares[str]:
    """Values drawn by Zipf's law: the first most often."""
    return Shares(values, [1 / rank**exponent for rank in range(1, len(values) + 1)])


_CHARACTERS, _LOCATIONS, _FREE_WORDS = zipf(CHARACTERS, 1.0), zipf(LOCATIONS, 1.0), zipf(FREE_WORDS, 1.0)
_CAMERAS = zipf(CAMERAS, 0.8)
_ROLES = Shares(list(ROLE_SHARES), ROLE_SHARES.values())
_RATINGS = Shares(list(RATING_SHARES), RATING_SHARES.values())


def make_assets(count: int, seed: int = ASSET_SEED) -> list[MadeAsset]:
    """So many assets with the ids 0, 1, 2 …; a later id is newer."""
    chance = Random(seed)
    return [
        MadeAsset(number, _tags(chance), _RATINGS.draw(chance), FIRST_MOMENT + timedelta(minutes=number // SAME_MOMENT))
        for number in range(count)
    ]


def make_requests(count: int, seed: int = REQUEST_SEED) -> list[AssetResolutionRequest]:
    """So many requests: a place, a hero, 0-3 enemies, 0-2 others, 0-3 preferred tags; one id in ten is unknown."""
    chance = Random(seed)
    return [_request(chance) for _ in range(count)]


def _tags(chance: Random) -> list[str]:
    wanted = chance.randint(3, 8)
    role = _ROLES.draw(chance) if chance.random() < ROLE_SHARE else ""
    family = role.partition(":")[0]
    tags = [f"role:{role}"] if role else []
    if chance.random() < CHARACTER_SHARES.get(family, OTHERWISE):
        tags.append(_CHARACTERS.draw(chance))
    if chance.random() < LOCATION_SHARES.get(family, OTHERWISE):
        tags.append(_LOCATIONS.draw(chance))
    if chance.random() < CAMERA_SHARE:
        tags.append(_CAMERAS.draw(chance))
    tags += [_FREE_WORDS.draw(chance) for _ in range(wanted - len(tags))]
    return list(dict.fromkeys(tags))


def _request(chance: Random) -> AssetResolutionRequest:
    return AssetResolutionRequest(
        location_id=_id(chance, _LOCATIONS, "loc"),
        hero_id=_id(chance, _CHARACTERS, "npc"),
        enemy_ids=tuple(_id(chance, _CHARACTERS, "npc") for _ in range(chance.randint(0, 3))),
        other_character_ids=tuple(_id(chance, _CHARACTERS, "npc") for _ in range(chance.randint(0, 2))),
        preferred_tags=tuple(_preferred(chance)),
    )


def _id(chance: Random, known: Shares[str], namespace: str) -> str:
    if chance.random() < UNKNOWN_SHARE:
        return f"{namespace}:unknown_{chance.randrange(100)}"
    return known.draw(chance)


def _preferred(chance: Random) -> Iterator[str]:
    for _ in range(chance.randint(0, 3)):
        yield (_CAMERAS if chance.random() < PREFERRED_CAMERA_SHARE else _FREE_WORDS).draw(chance)
