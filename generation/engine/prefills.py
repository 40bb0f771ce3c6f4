"""A prefilled operation (contract §3) as a spec: what `prefill … --json | generate -` runs."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from json import dumps
from typing import Any, Final, cast

from generation.engine.context import GenerationContext
from generation.engine.inputs import usable_asset
from generation.request import InputRole, Operation
from generation.specs.model import Spec, SpecInput
from ontology.errors import InvalidInputError
from resolver import OPERATIONS

_ID_DIGITS: Final = 8
_IDENTITIES: Final = ("npc:", "loc:")
_PLAYER: Final = "player"
_KNOWN: Final = frozenset(
    {
        *("prompt", "fusion_assets", "image_url", "asset_id", "strength", "parent_asset_id", "image_urls", "asset_ids"),
        *("prompts", "negative_prompt", "size", "quality", "seed", "n_variations", "format", "background", "duration"),
    }
)
_PARAMETERS: Final = ("size", "quality", "seed", "n_variations", "format", "background", "duration", "strength")
_ROLES: Final[Mapping[str, InputRole]] = {"background": "background", "character": "character"}


def is_prefill(body: Any) -> bool:
    """Whether a JSON value is what `prefill --json` prints, or was made of it."""
    return isinstance(body, Mapping) and "params" in body and "operation" in body


def spec_of_prefill(
    context: GenerationContext, prefill: Mapping[str, Any], *, providers: Sequence[str] | None = None
) -> Spec:
    """The spec of a prefilled call: its inputs by layer, tagged with whoever and whatever place they show.

    The same call has the same id. Raises `InvalidInputError` for another shape, `NotFoundError` for an asset that is
    not there.
    """
    operation, params = _read(prefill)
    inputs = _inputs(operation, params)
    if operation == "text_to_image" and not params.get("prompt"):
        raise InvalidInputError("the call has neither a prompt nor a picture", hint="prefill … --prompt TEXT")
    prompt = str(params.get("prompt") or "")
    parameters = {name: params[name] for name in _PARAMETERS if params.get(name) is not None}
    digits = sha256(dumps([operation, params], sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
    return Spec(
        id=f"{operation.replace('_', '-')}-{digits[:_ID_DIGITS]}",
        asset_type="video" if operation in {"image_to_video", "video_transition"} else "image",
        operation=cast(Operation, operation),
        providers=tuple(providers or context.default_chain),
        prompt=prompt,
        negative_prompt=params.get("negative_prompt"),
        parameters=parameters,
        inputs=inputs,
        tags=_tags(context, operation, prefill, inputs),
    )


def _read(prefill: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    operation, params = prefill.get("operation"), prefill.get("params")
    if operation not in OPERATIONS or not isinstance(params, Mapping):
        raise InvalidInputError(
            f"this is no prefilled call: its operation is {operation!r:.60}",
            hint="`callsheet prefill OPERATION --json` prints one",
            code="invalid_prefill",
        )
    unknown = sorted(str(name) for name in params if name not in _KNOWN)
    if unknown:
        raise InvalidInputError(
            f"a prefilled call has no parameter {unknown[0]!r:.60}",
            hint=f"known are {', '.join(sorted(_KNOWN))}",
            code="invalid_prefill",
        )
    return operation, params


def _inputs(operation: str, params: Mapping[str, Any]) -> tuple[SpecInput, ...]:
    if operation == "fusion":
        entries = params.get("fusion_assets")
        if not isinstance(entries, Sequence) or not all(isinstance(item, Mapping) for item in entries):
            raise _no_inputs("fusion_assets")
        ordered = sorted(entries, key=lambda item: int(item.get("layer", 0)))
        return tuple(
            SpecInput(asset_id=_id(item.get("asset_id"), "fusion_assets"), role=_role(item)) for item in ordered
        )
    if operation == "video_transition":
        ids = params.get("asset_ids")
        if not isinstance(ids, Sequence) or isinstance(ids, str):
            raise _no_inputs("asset_ids")
        roles: list[InputRole] = ["first", *(["reference"] * (len(ids) - 2)), "last"]  # type: ignore[list-item]
        return tuple(
            SpecInput(asset_id=_id(name, "asset_ids"), role=role) for name, role in zip(ids, roles, strict=False)
        )
    if operation in {"image_to_image", "image_to_video"}:
        return (SpecInput(asset_id=_id(params.get("asset_id"), "asset_id"), role="base"),)
    return ()


def _role(item: Mapping[str, Any]) -> InputRole:
    return _ROLES.get(str(item.get("fusion_type")), "reference")


def _id(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise _no_inputs(field)
    return value


def _no_inputs(field: str) -> InvalidInputError:
    return InvalidInputError(
        f"the call names no assets in params.{field}",
        hint="`callsheet prefill OPERATION --json` prints a whole one",
        code="invalid_prefill",
    )


def _tags(
    context: GenerationContext, operation: str, prefill: Mapping[str, Any], inputs: Sequence[SpecInput]
) -> tuple[str, ...]:
    """Who and which place is to be seen: of the slots whose pictures go in, else of the pictures themselves.

    A picture made of words alone shows whoever was asked for.
    """
    used = [item.asset_id for item in inputs]
    found: dict[str, None] = {}
    told: set[Any] = set()
    slots = [*(prefill.get("slots") or ()), *((prefill.get("unfilled") or ()) if operation == "text_to_image" else ())]
    for slot in slots:
        if isinstance(slot, Mapping) and (slot.get("asset_id") in used or operation == "text_to_image"):
            told.add(slot.get("asset_id"))
            if isinstance(slot.get("identity"), str):
                found[slot["identity"]] = None
    for name in (item for item in used if item not in told):
        for tag in usable_asset(context, str(name)).tags:
            if tag.startswith(_IDENTITIES) or tag == _PLAYER:
                found[tag] = None
    return tuple(found)
