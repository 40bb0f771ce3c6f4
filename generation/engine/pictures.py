"""A picture on its way into the gallery. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FurtherFile:
    """The same picture in another format, or the atlas of a sheet; `suffix` without a dot."""

    data: bytes
    suffix: str


@dataclass(frozen=True, slots=True)
class Finished:
    """One picture as it is to be kept: its bytes, and what is told of its making.

    `further`: what lies beside it under the same name.
    """

    data: bytes
    media_type: str
    seed: int | None = None
    revised_prompt: str | None = None
    scores: Mapping[str, float] | None = None
    checks: tuple[Mapping[str, Any], ...] | None = None
    further: tuple[FurtherFile, ...] = ()
