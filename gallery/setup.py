"""How a project is set up, for whoever looks: settings, places, versions, tokens, folders. No secret is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """A setting by its dotted name, and where its value comes from: a flag, a variable, a file, or the default."""

    name: str
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """Where something of the project lies, and whether it is there."""

    name: str
    path: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class NamedToken:
    """A token of the server by its name: never itself, nor what it is checked by."""

    name: str
    scopes: tuple[str, ...]
    created_at: str


@dataclass(frozen=True, slots=True)
class FollowedFolder:
    """A folder that was synced or watched. `fault`: why it cannot be read now, None when it can."""

    path: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """All of it. `versions`: of the program and what it stands on, by name."""

    settings: tuple[EffectiveSetting, ...]
    places: tuple[NamedPlace, ...]
    versions: Mapping[str, str]
    tokens: tuple[NamedToken, ...]
    folders: tuple[FollowedFolder, ...]
