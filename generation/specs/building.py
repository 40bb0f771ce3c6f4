"""From a document to a `Spec`: defaults are filled in, places are kept. Pure."""

from decimal import Decimal
from typing import Any

from generation.request import Operation
from generation.specs.document import Input, IntegrationPart, SpecDocument
from generation.specs.faults import spec_place
from generation.specs.model import AssetType, Integration, Retry, Spec, SpecInput, Step
from ontology.nodes import Node

_QUALITIES = {"hd": "high", "standard": "medium"}
_FORMATS = {"jpg": "jpeg"}
_SECTIONS: dict[AssetType, str] = {"image": "images", "audio": "audio", "video": "video"}


def spec_of(document: SpecDocument, node: Node, file: str, tags: tuple[str, ...]) -> Spec:
    """The spec that a document says. `tags`: those that were found valid, canonical."""
    made, prompt = document.generation, document.prompt
    parameters = prompt.parameters.model_dump(exclude_none=True)
    inputs = tuple(map(_input, document.inputs))
    chain = (made.provider, *made.fallback)
    return Spec(
        id=document.id,
        asset_type=made.type,
        operation=made.operation or operation_of(made.type, len(inputs), inputs, parameters),
        providers=tuple(name for name in chain if name is not None),
        prompt="\n".join(part for part in (prompt.base, prompt.style) if part),
        negative_prompt=prompt.negative,
        parameters=named_as_now(parameters),
        inputs=inputs,
        tags=tags,
        post_processing=tuple(
            Step(
                step.action,
                dict(step.model_extra or {}),
                spec_place(file, node, ("post_processing", number)),
            )
            for number, step in enumerate(document.post_processing)
        ),
        integration=None if document.integration is None else _integration(document.integration, made.type),
        on_rejected=made.on_rejected,
        retry_below=None if made.retry_below is None else Retry(made.retry_below.score, made.retry_below.max_purchases),
        max_cost=None if made.max_cost is None else Decimal(made.max_cost),
        track_quality=document.observability.track_quality,
        log_level=document.observability.log_level,
        place=spec_place(file, node, ()),
    )


def operation_of(
    asset_type: AssetType, count: int, inputs: tuple[SpecInput, ...], parameters: dict[str, Any]
) -> Operation:
    """What is done when the spec does not say it: told by the inputs; speech by its voice."""
    if asset_type == "audio":
        return "text_to_speech" if "voice" in parameters else "sound_effect"
    several = count > 1 or any(item.resolve is not None or item.limit > 1 for item in inputs)
    if asset_type == "video":
        return "video_transition" if several else "image_to_video"
    return "fusion" if several else "image_to_image" if count else "text_to_image"


def named_as_now(parameters: dict[str, Any]) -> dict[str, Any]:
    """Names of older models as they are called now."""
    if parameters.get("quality") in _QUALITIES:
        parameters["quality"] = _QUALITIES[parameters["quality"]]
    if parameters.get("format") in _FORMATS:
        parameters["format"] = _FORMATS[parameters["format"]]
    return parameters


def _input(said: Input) -> SpecInput:
    return SpecInput(said.asset, said.query, said.resolve, said.role, said.label or "", said.limit)


def _integration(said: IntegrationPart, asset_type: AssetType) -> Integration:
    return Integration(
        said.manifest_section or _SECTIONS[asset_type],
        said.manifest_key,
        said.manifest_path,
        said.manifest_type or asset_type,
        said.description,
    )
