"""What a format reads: entries about assets, about collections and saved searches, and what cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gallery.embedded.facts import GenerationFacts
from gallery.views import ItemError


@dataclass(frozen=True, slots=True)
class Facts:
    """What is to be known of an asset that comes without its file. `dhash` is signed, 64 bits.

    `duration` is in seconds.
    """

    id: str
    sha256: str
    media_type: str
    format: str
    bytes: int
    width: int | None
    height: int | None
    created_at: datetime
    added_at: datetime | None = None
    edited_at: datetime | None = None
    trashed_at: datetime | None = None
    dhash: int | None = None
    duration: float | None = None
    sample_rate: int | None = None
    channels: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One asset as a file speaks of it.

    `where`: the line or the file, for reports. Known by `sha256`, `id`, or `path` and `paths` (stored form), in this
    order. `said`: the fields it speaks of (tags as written), with their values; a field that is not there is left
    alone. `facts`: what allows to take it in without its file. `problems`: what could not be read, though the rest
    could. `sidecar`: its file, where there is one.
    """

    where: str
    sha256: str | None = None
    id: str | None = None
    path: str | None = None
    paths: tuple[str, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)
    facts: Facts | None = None
    generation: GenerationFacts | None = None
    problems: tuple[ItemError, ...] = ()
    sidecar: "Sidecar | None" = None


@dataclass(frozen=True, slots=True)
class Sidecar:
    """The sidecar that an entry comes from. `base`: what it held when it and the asset were last equal, if ever.

    Both are digests of the whole text; `path` is that of the picture, in stored form.
    """

    path: str
    digest: str
    base: str | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line or a file that says nothing that can be used, and why."""

    where: str
    error: ItemError


@dataclass(frozen=True, slots=True)
class CollectionEntry:
    """A collection, or more members of one that came before (`label` is None then). Members are ids, in order."""

    where: str
    name: str
    label: str | None
    created_at: datetime | None
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A saved search."""

    where: str
    name: str
    query: str
    saved_at: datetime


Found = Entry | Unreadable | CollectionEntry | SearchEntry
