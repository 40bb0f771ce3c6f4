"""What is asked in Resolve: who, where, against whom; or a block, a shot, a prompt, a picture."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ontology.terms import Ontology
from resolver import AssetResolutionRequest, AssetResolutionResult, Pin, pinned
from tui.context import Project

SlotKey = tuple[str, str | None]

SOURCES = ("block", "scene", "prompt", "about")
"""One of them at most says what is asked; the other parts win over it."""

_TEXTS = ("location", "hero", *SOURCES)
_LISTS = ("enemies", "others", "prefer")


@dataclass(frozen=True, slots=True)
class Question:
    """Ids and texts as they were chosen. `about` is a picture whose tags ask; `excluded` are ids of pictures."""

    location: str | None = None
    hero: str | None = None
    enemies: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    block: str | None = None
    scene: str | None = None
    prompt: str | None = None
    about: str | None = None
    excluded: tuple[str, ...] = ()
    fill: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not any(getattr(self, name) for name in (*_TEXTS, *_LISTS))

    def with_source(self, name: str, value: str | None) -> "Question":
        """Another block, shot, prompt or picture, and nothing else left of the question."""
        chosen: dict[str, Any] = {name: value}
        return Question(**chosen)

    def toggled(self, name: str, tag: str) -> "Question":
        """A list with a tag more, or without it where it was there."""
        there: tuple[str, ...] = getattr(self, name)
        changed: dict[str, Any] = {name: tuple(one for one in there if one != tag) if tag in there else (*there, tag)}
        return replace(self, **changed)

    def without(self, name: str) -> "Question":
        """Without one of its single parts."""
        nothing: dict[str, Any] = {name: None}
        return replace(self, **nothing)

    def fields(self) -> dict[str, Any]:
        """As fields of a request, only what was chosen."""
        chosen = {
            "location_id": self.location,
            "hero_id": self.hero,
            "enemy_ids": self.enemies,
            "other_character_ids": self.others,
            "preferred_tags": self.prefer,
            "excluded_asset_ids": self.excluded,
            "fill": self.fill,
        }
        return {name: value for name, value in chosen.items() if value}

    def to_json(self) -> dict[str, Any]:
        """What is remembered for the next start: without excluded pictures."""
        return {name: value for name, value in asdict(self).items() if value and name not in ("excluded", "fill")}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Question":
        """The inverse; what does not fit is left out, for it comes from a file."""
        texts: dict[str, Any] = {name: kept[name] for name in _TEXTS if isinstance(kept.get(name), str)}
        lists: dict[str, Any] = {
            name: tuple(tag for tag in kept[name] if isinstance(tag, str))
            for name in _LISTS
            if isinstance(kept.get(name), list | tuple)
        }
        return cls(**texts, **lists)


@dataclass(frozen=True)
class Answer:
    """What the resolver said. `block`: the action block, or shot, that asked; `source`: the picture that did."""

    result: AssetResolutionResult
    block: Mapping[str, Any] | None = None
    source: str | None = None
    prompt: str | None = None
    pins: Mapping[SlotKey, str] = field(default_factory=dict)

    def pinned(self, ontology: Ontology) -> AssetResolutionResult:
        """The result with the pinned pictures first; pins of what is no candidate any more do not count."""
        there = [
            Pin(match.slot, match.identity, match.asset)
            for match in self.result.matches
            if self.pins.get((match.slot, match.identity)) == match.asset.id
        ]
        return pinned(self.result, there, ontology=ontology)

    def prefill(self, services: Project, operation: str) -> dict[str, Any]:
        """The operation prefilled with what stands first in each slot. Raises CallsheetError."""
        return services.prefill(
            operation,
            self.pinned(services.ontology),
            prompt=self.prompt,
            source_asset=self.source,
            action_block=self.block,
        )


def answer(services: Project, question: Question) -> Answer | None:
    """The resolver's answer; None where nothing is asked. Raises CallsheetError."""
    if question.is_empty:
        return None
    if question.about:
        request: AssetResolutionRequest = replace(services.request_about(question.about), **question.fields())
        return Answer(services.resolve(request), source=question.about)
    asked = services.ask(
        question.fields(),
        block=question.block,
        scene=question.scene,
        prompt=question.prompt,
        may_be_empty=True,
    )[0]
    words = question.prompt or (asked.block or {}).get("prompt")
    return Answer(services.resolve(asked.request), block=asked.block, prompt=words if isinstance(words, str) else None)
