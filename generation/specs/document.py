"""The shape of a spec file, as the outside writes it. It parses once; what it has read becomes a `Spec`.

The published JSON Schema is made of these models.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from generation.request import InputRole, Operation
from generation.specs import fields
from generation.specs.model import AssetType, LogLevel, OnRejected

ParameterType = Literal["string", "integer", "number", "enum", "boolean"]

MOST_VARIATIONS, MOST_INPUTS, MOST_STEPS = 16, 16, 50
LARGEST_SEED = 2**63 - 1

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=32_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Listed = BeforeValidator(fields.listed, json_schema_input_type=str | list[str])
Version = Annotated[Literal["1.0"], BeforeValidator(fields.version, json_schema_input_type=Literal["1.0", "1", 1])]
Amount = Annotated[str | None, BeforeValidator(fields.amount, json_schema_input_type=str | float)]
Size = Annotated[str | None, BeforeValidator(fields.size, json_schema_input_type=str | list[int])]
Provider = Annotated[str, BeforeValidator(fields.provider)]


class Part(BaseModel):
    """What all parts of a spec have in common: nothing unknown, nothing guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Metadata(Part):
    """Who, when, and words for finding it; `tags` and `category` become tags of the result."""

    created: Line | None = None
    author: Line | None = None
    category: Line | None = Field(default=None, description="Becomes a free tag of the result.")
    tags: Annotated[list[Line], Listed] = Field(default=[], description="Become tags of the result.")
    description: Text | None = None
    notes: Text | None = None


class RetryBelow(Part):
    """Buy again what scores too low."""

    score: float = Field(gt=0, le=1)
    max_purchases: int = Field(ge=1, le=10, description="How often at most, the first purchase included.")


class Generation(Part):
    """What is made, and by whom."""

    type: AssetType
    operation: Operation | None = Field(default=None, description="Told by type, inputs and voice unless given.")
    provider: Provider | None = Field(
        default=None, description="`provider`, `provider:model`, or an alias of the catalogue."
    )
    fallback: Annotated[list[Provider], Listed] = Field(
        default=[], description="Whom to ask next; `manual` parks the job for a person."
    )
    on_rejected: OnRejected = Field(default="stop", description="Whether a refused content goes to the next provider.")
    retry_below: RetryBelow | None = None
    max_cost: Amount = Field(default=None, description="US dollars this spec may cost at most.")


class Parameters(Part):
    """How it is made. What is left out is the model's default."""

    size: Size = Field(default=None, examples=["1024x1024"])
    aspect_ratio: Annotated[str | None, BeforeValidator(fields.ratio)] = Field(default=None, examples=["16:9"])
    quality: Literal["auto", "low", "medium", "high", "xhigh", "max", "standard", "hd"] | None = None
    n_variations: int | None = Field(default=None, ge=1, le=MOST_VARIATIONS)
    seed: int | None = Field(default=None, ge=0, le=LARGEST_SEED)
    strength: float | None = Field(default=None, ge=0, le=1, description="0 keeps the input, 1 ignores it.")
    format: Literal["png", "jpeg", "jpg", "webp", "gif", "mp3", "wav", "ogg", "opus", "flac", "m4a", "mp4"] | None = (
        None
    )
    background: Literal["transparent", "opaque", "auto"] | None = None
    duration: float | None = Field(default=None, gt=0, le=600, description="Seconds.")
    loop: bool | None = None
    voice: Line | None = None
    speed: float | None = Field(default=None, ge=0.25, le=4)
    language: Line | None = None
    variant: Line | None = Field(
        default=None,
        description="Tells the result apart from others of the same words, which are else bought once. Sent to nobody.",
    )
    extra: Annotated[dict[str, dict[str, Any]], BeforeValidator(fields.extra)] | None = Field(
        default=None, description="Provider → parameters that go to it as they are."
    )


class Prompt(Part):
    """What it shows, or sounds like."""

    base: Text
    style: Text | None = Field(default=None, description="Added below the base.")
    negative: Text | None = None
    parameters: Parameters = Parameters()


class Input(Part):
    """A picture or sound that goes into the call: `asset`, `query` or `resolve`."""

    asset: Line | None = Field(default=None, description="The id of an asset.")
    query: Line | None = Field(default=None, description="A query, as `callsheet search` takes it.")
    resolve: dict[str, Any] | None = Field(
        default=None, description="The fields of a request, as `/v1/resolve` has them."
    )
    role: InputRole | None = None
    label: Line | None = Field(default=None, description="What the prompt calls it.")
    limit: int = Field(default=1, ge=1, le=MOST_INPUTS, description="At most so many of what the query finds.")


class ProcessingStep(BaseModel):
    """One step: an action, and its options beside it."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, allow_inf_nan=False)

    action: Line


class IntegrationPart(Part):
    """Where the result goes."""

    manifest_section: Annotated[str | None, BeforeValidator(fields.section)] = Field(
        default=None, examples=["images", "audio.sfx.jump"], description="`images`, or the type, unless given."
    )
    manifest_key: Annotated[str | None, BeforeValidator(fields.manifest_key)] = None
    manifest_path: Annotated[str | None, BeforeValidator(fields.manifest_path)] = Field(
        default=None, description="Below the project's assets/."
    )
    manifest_type: Line | None = None
    description: Text | None = None


class Observability(Part):
    """What is watched."""

    track_cost: bool = Field(default=True, description="Costs are always tracked; the field is kept for old files.")
    track_quality: bool = False
    log_level: LogLevel = "info"


class SpecDocument(Part):
    """One thing to make."""

    version: Version = Field(description='"1.0"')
    id: Annotated[str, BeforeValidator(fields.spec_id)]
    metadata: Metadata = Metadata()
    generation: Generation
    prompt: Prompt
    tags: Annotated[list[Line], Listed] = []
    inputs: Annotated[
        list[Annotated[Input, BeforeValidator(fields.asset_input, json_schema_input_type=str | Input)]],
        Field(max_length=MOST_INPUTS),
    ] = []
    post_processing: Annotated[list[ProcessingStep], Field(max_length=MOST_STEPS)] = []
    integration: IntegrationPart | None = None
    observability: Observability = Observability()


class ParameterPart(Part):
    """One parameter of a template."""

    name: Annotated[str, BeforeValidator(fields.parameter_name)]
    type: ParameterType = "string"
    values: list[Line | int | float] = Field(default=[], max_length=200, description="Of an enum.")
    default: Line | int | float | bool | None = None
    minimum: float | None = None
    maximum: float | None = None
    description: Text | None = None


class TemplateDocument(Part):
    """A spec with `{{names}}` in its texts, and what may be put in their place."""

    version: Version = Field(description='"1.0"')
    template: Annotated[str, BeforeValidator(fields.spec_id)]
    parameters: Annotated[list[ParameterPart], Field(max_length=20)] = []
    id: Line | None = Field(default=None, description="Made of the template's name and the values unless given.")
    metadata: dict[str, Any] = {}
    generation: dict[str, Any]
    prompt: dict[str, Any] = Field(description="As in a spec; `templates`: a text for each value of an enum.")
    tags: list[Any] = []
    inputs: list[Any] = []
    post_processing: list[Any] = []
    integration: dict[str, Any] = Field(default={}, description="As in a spec; `naming_pattern` makes the file's name.")
    observability: dict[str, Any] = {}
