"""`AssetResolutionRequest`: who, where, against whom, and how strict the answer has to be (contract §3, "Request")."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import cache
from typing import Any

from ontology.normalize import clean
from ontology.terms import Ontology
from resolver.candidate import MEDIA_TYPES, AssetId
from resolver.errors import RequestError
from resolver.findings import Notice
from resolver.roles import is_character, is_location

TIERS = ("exact", "identity", "broader", "role")
"""Best first."""
DIFFERENT_IDENTITY = ("last", "never")
MAX_RESULTS = 500
MOST_MEANT = 3

SINGLE_IDS = ("location_id", "hero_id")
ID_LISTS = ("enemy_ids", "other_character_ids")
TAG_LISTS = ("required_tags", "preferred_tags", "excluded_tags")
LISTS = (*ID_LISTS, *TAG_LISTS)
NEEDS = ("need_background", "need_hero", "need_enemies")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetResolutionRequest:
    """An immutable, validated question. Lists may be given as any iterable of texts; repeats collapse.

    Ids and tags are cleaned on construction; aliases are followed when the request meets an ontology. `need_*` is
    True, False, or None for "needed when its id is given". `notices` carries what was not understood on the way here
    (e.g. from an action block) and does not take part in equality. Raises RequestError with every fault at once.
    """

    location_id: str | None = None
    hero_id: str | None = None
    enemy_ids: tuple[str, ...] = ()
    other_character_ids: tuple[str, ...] = ()
    need_background: bool | None = None
    need_hero: bool | None = None
    need_enemies: bool | None = None
    required_tags: tuple[str, ...] = ()
    preferred_tags: tuple[str, ...] = ()
    excluded_tags: tuple[str, ...] = ()
    excluded_asset_ids: tuple[AssetId, ...] = ()
    media_types: tuple[str, ...] = ("image",)
    max_results: int = 5
    weakest_tier: str = "role"
    different_identity: str = "last"
    fill: bool = False
    notices: tuple[Notice, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        faults: list[str] = []
        for name in SINGLE_IDS:
            self._set(name, _one_id(name, getattr(self, name), faults))
        for name in LISTS:
            given = getattr(self, name)
            if given or not isinstance(given, tuple):
                self._set(name, _texts(name, given, faults))
        self._set("excluded_asset_ids", _asset_ids(self.excluded_asset_ids, faults))
        self._set("media_types", _choices("media_types", self.media_types, faults))
        faults += self._scalar_faults()
        faults += _kind_faults(self, strict=False)
        if faults:
            raise RequestError("; ".join(faults), hint="docs/resolver.md lists every field of a request")

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _scalar_faults(self) -> list[str]:
        faults = [
            f"{name} is {getattr(self, name)!r:.60}, not true, false or null"
            for name in NEEDS
            if getattr(self, name) is not None and not isinstance(getattr(self, name), bool)
        ]
        most: Any = self.max_results  # callers may hand in anything
        if not isinstance(most, int) or isinstance(most, bool):
            faults.append(f"max_results is {most!r:.60}, not a whole number")
        elif not 1 <= most <= MAX_RESULTS:
            faults.append(f"max_results is {most}, not from 1 to {MAX_RESULTS}")
        if self.weakest_tier not in TIERS:
            faults.append(f"weakest_tier is {self.weakest_tier!r:.60}, not one of {', '.join(TIERS)}")
        if self.different_identity not in DIFFERENT_IDENTITY:
            faults.append(f"different_identity is {self.different_identity!r:.60}, not one of last, never")
        fill: Any = self.fill
        if not isinstance(fill, bool):
            faults.append(f"fill is {fill!r:.60}, not true or false")
        return faults

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AssetResolutionRequest":
        """A request from JSON-like data, snake_case or camelCase; null is the default of a field.

        Raises RequestError with every fault at once: unknown fields, fields named twice, and values that are wrong.
        """
        return cls(**cls.fields_given(data))

    @classmethod
    def fields_given(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of JSON-like data by their names, those left out that are null. Their values are not looked at.

        Raises RequestError where a name is wrong, then with every fault of the values too.
        """
        if not isinstance(data, Mapping):
            raise RequestError(
                f"a request is a mapping, not a {type(data).__name__}",
                hint="docs/resolver.md lists every field of a request",
            )
        known = _known_fields()
        values: dict[str, Any] = {}
        faults: list[str] = []
        meant: list[str] = []
        for raw, value in data.items():
            name = snake_case(str(raw))
            if name not in known:
                faults.append(f"a request has no field {raw!r:.60}")
                meant += get_close_matches(name, known, n=1)
            elif name in values:
                faults.append(f"a request names the field {name} twice, once as {raw!r}")
            else:
                values[name] = value
        values = {name: value for name, value in values.items() if value is not None}
        if faults:
            raise RequestError(
                "; ".join((*faults, *_faults_of(values))),
                hint=f"did you mean {', '.join(meant)}?" if meant else f"a request has the fields {', '.join(known)}",
            )
        return values

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON-ready data, snake_case; `notices` left out."""
        data = {name: getattr(self, name) for name in _known_fields()}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in data.items()}

    def canonical(self, ontology: Ontology | None) -> "AssetResolutionRequest":
        """The same question with aliases and replaced ids followed. Raises RequestError for an id of the wrong kind."""
        request = self
        if ontology is not None and ontology.renamed:
            follow = ontology.canonical
            followed: dict[str, Any] = {name: tuple(map(follow, getattr(self, name))) for name in LISTS}
            followed |= {name: follow(asked) if (asked := getattr(self, name)) else None for name in SINGLE_IDS}
            if any(getattr(self, name) != value for name, value in followed.items()):  # nearly always all are canonical
                request = replace(self, **followed)
        faults = _kind_faults(request, strict=True)
        if faults:
            raise RequestError("; ".join(faults), hint=_meant(request, ontology))
        return request

    @property
    def identities(self) -> tuple[str, ...]:
        """Every id that a slot may be asked for: location, hero, enemies, others."""
        named = (self.location_id, self.hero_id, *self.enemy_ids, *self.other_character_ids)
        return tuple(identity for identity in named if identity is not None)

    @property
    def asks_anything(self) -> bool:
        """Whether there is any slot to be answered."""
        return self.wants_background or self.wants_hero or self.wants_enemies or bool(self.other_character_ids)

    @property
    def wants_background(self) -> bool:
        """`need_background`, with null read as "when a location is given"."""
        return self.location_id is not None if self.need_background is None else self.need_background

    @property
    def wants_hero(self) -> bool:
        """`need_hero`, with null read as "when a hero is given"."""
        return self.hero_id is not None if self.need_hero is None else self.need_hero

    @property
    def wants_enemies(self) -> bool:
        """`need_enemies`, with null read as "when enemies are given"."""
        return bool(self.enemy_ids) if self.need_enemies is None else self.need_enemies


def _meant(request: AssetResolutionRequest, ontology: Ontology | None) -> str:
    """The ids that may have been meant by those without a usable namespace: `alex` for npc:alex."""
    near: list[str] = []
    if ontology is not None:
        # rapidfuzz takes 15 ms to import and a sound request never needs it.
        from ontology.suggest import did_you_mean  # noqa: PLC0415

        asked = (tag for tag in request.identities if not is_character(tag) and not is_location(tag))
        near = [found[0].id for tag in asked if (found := did_you_mean(tag, ontology, limit=1))]
    kinds = "places are loc:…, characters npc:… or player"
    return f"did you mean {', '.join(near[:MOST_MEANT])}? {kinds}" if near else kinds


def snake_case(name: str) -> str:
    """`needBackground` → `need_background`; snake_case stays."""
    lowered = name.lower()
    return lowered if lowered == name else re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


@cache
def _known_fields() -> tuple[str, ...]:
    """What a request is made of in JSON."""
    return tuple(item.name for item in fields(AssetResolutionRequest) if item.name != "notices")


def _faults_of(values: Mapping[str, Any]) -> Iterator[str]:
    try:
        AssetResolutionRequest(**values)
    except RequestError as error:
        yield error.message


def _one_id(name: str, value: Any, faults: list[str]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        faults.append(f"{name} is {value!r:.60}, not a text")
        return None
    return clean(value) or None


def _texts(name: str, value: Any, faults: list[str]) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        faults.append(f"{name} is {value!r:.60}, not a list of texts")
        return ()
    items = tuple(value)
    wrong = [item for item in items if not isinstance(item, str)]
    if wrong:
        faults.append(f"{name} holds {wrong[0]!r:.60}, which is not a text")
        return ()
    cleaned = (tag for item in items if (tag := clean(item)))
    # A set has another order in every process; the answer must not.
    return tuple(dict.fromkeys(sorted(cleaned) if isinstance(value, set | frozenset) else cleaned))


def _asset_ids(value: Any, faults: list[str]) -> tuple[AssetId, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        faults.append(f"excluded_asset_ids is {value!r:.60}, not a list of ids")
        return ()
    items = tuple(value)
    wrong = [item for item in items if not isinstance(item, int | str) or isinstance(item, bool)]
    if wrong:
        faults.append(f"excluded_asset_ids holds {wrong[0]!r:.60}, which is no asset id")
    return tuple(dict.fromkeys(items)) if not wrong else ()


def _choices(name: str, value: Any, faults: list[str]) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        faults.append(f"{name} is {value!r:.60}, not a list")
        return ()
    items = tuple(value)
    if len(items) == 1 and items[0] in MEDIA_TYPES:
        return items
    if not items:
        faults.append(f"{name} is empty: nothing could ever fit; allowed are {', '.join(MEDIA_TYPES)}")
    faults += [
        f"{name} holds {item!r:.60}, not one of {', '.join(MEDIA_TYPES)}" for item in items if item not in MEDIA_TYPES
    ]
    return tuple(dict.fromkeys(item for item in items if item in MEDIA_TYPES))


def _kind_faults(request: AssetResolutionRequest, *, strict: bool) -> list[str]:
    """Ids of the wrong kind. Before aliases are known (not strict) only a clear mix-up of the two kinds is one."""
    faults = []
    place = request.location_id
    if place is not None and (is_character(place) or (strict and not is_location(place))):
        faults.append(f"location_id is {place!r:.60}, which is not a place (loc:…)")
    who = [("hero_id", request.hero_id)] if request.hero_id is not None else []
    who += [(name, tag) for name in ID_LISTS for tag in getattr(request, name)]
    faults += [
        f"{name} has {tag!r:.60}, which is not a character (npc:… or player)"
        for name, tag in who
        if is_location(tag) or (strict and not is_character(tag))
    ]
    return faults
