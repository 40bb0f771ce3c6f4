"""Suggestions as values that leave the gallery, and their JSON."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from gallery.views import BulkResult, ItemError, ItemResult, Json

SourceName = Literal["path", "prompt", "together", "similar", "folder"]
"""Words of file and folder names; words of the generation prompt; tags that usually stand together; near-identical
pictures; the other pictures of the folder."""

SOURCES: tuple[SourceName, ...] = get_args(SourceName)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source says of a tag: `confidence` 0-1, and a sentence why."""

    tag: str
    source: SourceName
    confidence: float
    reason: str

    def to_json(self) -> Json:
        """`{source, confidence, reason}`."""
        return {"source": self.source, "confidence": round(self.confidence, 3), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag that an asset may deserve. `sources`: the best evidence of each source, the best first."""

    id: str
    tag: str
    confidence: float
    sources: tuple[Evidence, ...]

    def to_json(self) -> Json:
        """`{id, tag, confidence, sources: [{source, confidence, reason}]}`."""
        return {
            "id": self.id,
            "tag": self.tag,
            "confidence": round(self.confidence, 3),
            "sources": [item.to_json() for item in self.sources],
        }


@dataclass(frozen=True, slots=True)
class AssetSuggestions:
    """What is suggested for one asset, the best first.

    `path`, `tags` and `rejected` are those of the asset. With an `error` there is no such asset, and `id` is as it was
    given.
    """

    id: str
    suggestions: tuple[Suggestion, ...] = ()
    path: str = ""
    tags: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    error: ItemError | None = None

    @property
    def result(self) -> ItemResult:
        """`suggested`, `nothing` or `failed`."""
        if self.error is not None:
            return ItemResult(self.id, "failed", self.error)
        return ItemResult(self.id, "suggested" if self.suggestions else "nothing")


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is suggested for several assets, in the order they were given."""

    assets: tuple[AssetSuggestions, ...]

    def to_json(self) -> Json:
        """`{suggestions, results}`: all suggestions in one list, and for each asset `{id, outcome, error}`."""
        return {
            "suggestions": [item.to_json() for found in self.assets for item in found.suggestions],
            "results": [found.result.to_json() for found in self.assets],
        }


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was accepted, or would be: `suggestions` are the tags that were written, `result` what became of each asset.

    Outcomes: changed, nothing (no suggestion fits), failed.
    """

    result: BulkResult
    suggestions: tuple[Suggestion, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """`{suggestions, results, batch}`."""
        return {"suggestions": [item.to_json() for item in self.suggestions], **self.result.to_json()}
