"""What goes into processing and what comes out, as frozen values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

PictureOf = Callable[[Mapping[str, Any]], bytes | None]
"""The bytes of the picture that a `composite` names, by its options `asset` or `query`; None where there is none."""
DuplicateOf = Callable[[str, int | None], str | None]
"""By the SHA-256 of a file and its difference hash: the id of an asset that is or looks the same, None for none."""


@dataclass(frozen=True, slots=True)
class ProcessingContext:
    """What steps need besides the picture. `name` is that of the files to be, without suffix, for an atlas.

    `size`: what was asked of the provider, in pixels; `dimensions_match` holds the picture against it where no step has
    set a size. Without `picture_of` a `composite` fails, without `duplicate_of` nothing is a duplicate. `sound_format`:
    what the name of a sound's file says that it is; it is written so.
    """

    name: str = "picture"
    size: tuple[int, int] | None = None
    picture_of: PictureOf | None = None
    duplicate_of: DuplicateOf | None = None
    sound_format: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessedFile:
    """One file as it is to be kept; `suffix` without a dot. `width` and `height` in pixels, None for an atlas.

    `duration` of a sound in seconds.
    """

    data: bytes
    media_type: str
    width: int | None
    height: int | None
    suffix: str
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check, or one step that could not be done (`code` is the action then, and `passed` is False)."""

    code: str
    passed: bool
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """`{code, passed, detail}`."""
        return {"code": self.code, "passed": self.passed, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Processed:
    """What became of one picture or sound, or of several pictures that were packed into one.

    `files`: the main one first; never empty. `scores`: name → 0 to 1, see `generation.processing.scoring`.
    `sources`: which of the pictures that were handed in it is made of, counted from 0.
    """

    files: tuple[ProcessedFile, ...]
    checks: tuple[CheckResult, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    sources: tuple[int, ...] = (0,)

    @property
    def passed(self) -> bool:
        """Whether every check was passed and every step done."""
        return all(check.passed for check in self.checks)
