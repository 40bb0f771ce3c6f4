"""A generation spec as frozen values: one thing that is to be made, whatever file or face it came from. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from generation.catalogue.model import MANUAL
from generation.money import text_of
from generation.request import GenerationRequest, InputRole, Operation
from ontology.escaping import visible

__all__ = [
    "MANUAL",
    "AssetType",
    "Integration",
    "LogLevel",
    "OnRejected",
    "Retry",
    "Spec",
    "SpecInput",
    "SpecPlace",
    "Step",
]

AssetType = Literal["image", "audio", "video"]
OnRejected = Literal["stop", "next"]
LogLevel = Literal["debug", "info", "warning", "error"]

PARAMETERS = (
    *("size", "aspect_ratio", "quality", "n_variations", "seed", "strength", "format", "background"),
    *("duration", "loop", "voice", "speed", "language", "variant", "extra"),
)
"""What `Spec.parameters` may hold."""


@dataclass(frozen=True, slots=True)
class SpecPlace:
    """Where something of a spec was written: the file as it was named to the loader, line and column from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{visible(self.file)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class SpecInput:
    """A picture or sound that goes into the call: one asset, what a query finds, or what a request resolves to.

    Exactly one of `asset_id`, `query` and `resolve` is given. `resolve` holds the fields of an
    `AssetResolutionRequest`, as JSON has them; each match is an input, in slot order, its role from its slot unless
    `role` says another. `limit`: at most so many from a query, newest first.
    """

    asset_id: str | None = None
    query: str | None = None
    resolve: Mapping[str, Any] | None = None
    role: InputRole | None = None
    label: str = ""
    limit: int = 1

    def to_json(self) -> dict[str, Any]:
        """As it stands in a spec."""
        body: dict[str, Any] = {"asset": self.asset_id, "query": self.query, "role": self.role, "label": self.label}
        if self.resolve is not None:
            body["resolve"] = dict(self.resolve)
        if self.query is not None and self.limit != 1:
            body["limit"] = self.limit
        return {key: value for key, value in body.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of processing: an action and its options, as plain values. `place` does not take part in equality."""

    action: str
    options: Mapping[str, Any] = field(default_factory=dict)
    place: SpecPlace | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """As it stands in a spec."""
        return {"action": self.action, **self.options}


@dataclass(frozen=True, slots=True)
class Integration:
    """Where the result goes. `manifest_path` is relative to the project's `assets/`; None: a name of its own.

    `manifest_section` is dotted (`audio.sfx.jump`).
    """

    manifest_section: str = "images"
    manifest_key: str | None = None
    manifest_path: str | None = None
    manifest_type: str = "image"
    description: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it stands in a spec."""
        body = {
            "manifest_section": self.manifest_section,
            "manifest_key": self.manifest_key,
            "manifest_path": self.manifest_path,
            "manifest_type": self.manifest_type,
            "description": self.description,
        }
        return {key: value for key, value in body.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Retry:
    """Whether to buy again what scores too low: `score` from 0 to 1, `max_purchases` counts the first one too."""

    score: float
    max_purchases: int

    def to_json(self) -> dict[str, Any]:
        """As it stands in a spec."""
        return {"score": self.score, "max_purchases": self.max_purchases}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One thing to make.

    `providers` are names to try in turn, as they were written: `provider`, `provider:model`, or an alias of the
    catalogue; `manual` may be the last. `prompt` has base and style, one below the other; `parameters` holds what was
    written of `PARAMETERS`, `size` as `"1024x1024"`. `tags` are canonical. `max_cost` is in dollars. `place` does not
    take part in equality.
    """

    id: str
    asset_type: AssetType
    operation: Operation
    providers: tuple[str, ...]
    prompt: str
    negative_prompt: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[SpecInput, ...] = ()
    tags: tuple[str, ...] = ()
    post_processing: tuple[Step, ...] = ()
    integration: Integration | None = None
    on_rejected: OnRejected = "stop"
    retry_below: Retry | None = None
    max_cost: Decimal | None = None
    track_quality: bool = False
    log_level: LogLevel = "info"
    place: SpecPlace | None = field(default=None, compare=False)

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels; None where the spec leaves it to the model."""
        written = self.parameters.get("size")
        if written is None:
            return None
        width, _, height = str(written).partition("x")
        return int(width), int(height)

    @property
    def n(self) -> int:
        """How many variations are wanted."""
        return int(self.parameters.get("n_variations", 1))

    @property
    def variant(self) -> str | None:
        """What tells its result apart from others of the same words; it goes to no provider. None: nothing does."""
        said = self.parameters.get("variant")
        return None if said is None else str(said)

    def request(self, model: str, *, provider: str | None = None) -> GenerationRequest:
        """The call to a model, without inputs: whoever runs the spec reads their bytes and puts them in.

        `provider`: whose `extra` parameters go along.
        """
        said = self.parameters
        extra = said.get("extra", {})
        return GenerationRequest(
            operation=self.operation,
            model=model,
            prompt=self.prompt,
            negative_prompt=self.negative_prompt,
            size=self.size,
            aspect_ratio=said.get("aspect_ratio"),
            quality=said.get("quality"),
            format=said.get("format"),
            background=said.get("background"),
            strength=said.get("strength"),
            seed=said.get("seed"),
            n=self.n,
            duration=said.get("duration"),
            loop=bool(said.get("loop", False)),
            voice=said.get("voice"),
            speed=said.get("speed"),
            language=said.get("language"),
            extra=dict(extra.get(provider, {})) if provider is not None else {},
        )

    def to_json(self) -> dict[str, Any]:
        """The spec in the shape of a file, defaults left out: what is read from it is this spec again."""
        generation: dict[str, Any] = {"type": self.asset_type, "operation": self.operation}
        generation |= {"provider": self.providers[0]} if self.providers else {}
        generation |= {"fallback": list(self.providers[1:])} if self.providers[1:] else {}
        generation |= {"on_rejected": self.on_rejected} if self.on_rejected != "stop" else {}
        generation |= {"retry_below": self.retry_below.to_json()} if self.retry_below else {}
        generation |= {"max_cost": text_of(self.max_cost)} if self.max_cost is not None else {}
        prompt: dict[str, Any] = {"base": self.prompt}
        prompt |= {"negative": self.negative_prompt} if self.negative_prompt else {}
        prompt |= {"parameters": dict(self.parameters)} if self.parameters else {}
        body: dict[str, Any] = {"version": "1.0", "id": self.id, "generation": generation, "prompt": prompt}
        body |= {"tags": list(self.tags)} if self.tags else {}
        body |= {"inputs": [item.to_json() for item in self.inputs]} if self.inputs else {}
        body |= {"post_processing": [step.to_json() for step in self.post_processing]} if self.post_processing else {}
        body |= {"integration": self.integration.to_json()} if self.integration else {}
        watched: dict[str, Any] = {"track_quality": True} if self.track_quality else {}
        watched |= {"log_level": self.log_level} if self.log_level != "info" else {}
        return body | ({"observability": watched} if watched else {})
