"""An asset as a query sees it, without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Making:
    """How a picture was made. `loras`: names alone."""

    tool: str = ""
    prompt: str | None = None
    negative: str | None = None
    model: str | None = None
    seed: str | None = None
    steps: int | None = None
    sampler: str | None = None
    loras: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All that a query can ask of one asset. `bytes` is the size of its file; naive moments are UTC.

    `duration` is in milliseconds. `parents` and `children`: ids it was made from, and ids that were made from it.
    `collections`: name → its place there, as text that sorts.
    """

    id: str
    tags: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    path: str = ""
    media: str = "image"
    format: str = "png"
    bytes: int = 0
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    created: datetime = _EPOCH
    added: datetime = _EPOCH
    rating: int | None = None
    note: str | None = None
    edited: datetime | None = None
    trashed: bool = False
    missing: bool = False
    parents: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    collections: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    making: Making | None = None

    @property
    def pixels(self) -> int | None:
        """Width times height, where both are known."""
        return None if self.width is None or self.height is None else self.width * self.height
