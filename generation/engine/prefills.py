"""A prefilled operation (contract §3) as a spec: what `prefill … --json | generate -` runs."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from json import dumps
from typing import Annotated, Any, Final, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from generation.engine.context import GenerationContext
from generation.engine.inputs import usable_asset
from generation.request import InputRole, Operation
from generation.specs.building import named_as_now
from generation.specs.document import Parameters
from generation.specs.model import Spec, SpecInput
from ontology.errors import InvalidInputError
from ontology.escaping import visible
from resolver import OPERATIONS

_ID_DIGITS: Final = 8
_IDENTITIES: Final = ("npc:", "loc:")
_PLAYER: Final = "player"
_MOST_PICTURES: Final = 500
_LONGEST_TEXT: Final = 32_000
"""Characters, as of a spec."""

_WHOLE: Final = "`callsheet prefill OPERATION --json` prints a whole one"
_ROLES: Final[Mapping[str, InputRole]] = {"background": "background", "character": "character"}

_Text = Annotated[str, Field(max_length=_LONGEST_TEXT)]
_Id = Annotated[str, Field(min_length=1, max_length=100)]


class _Part(BaseModel):
    """A part of a call; what the call tells beside (`url`, `tier`, …) changes nothing."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class _Picture(_Part):
    asset_id: _Id
    layer: int = 0
    fusion_type: str | None = None


class _Slot(_Part):
    identity: str | None = None
    asset_id: Any = None


class _Params(Parameters):
    """What goes to the provider. The fields of a spec's `prompt.parameters` may stand among them."""

    prompt: _Text | None = None
    negative_prompt: _Text | None = None
    prompts: list[_Text | None] | None = None
    image_url: str | None = None
    image_urls: list[str | None] | None = None
    asset_id: _Id | None = None
    parent_asset_id: str | None = None
    asset_ids: list[_Id] = Field(default=[], max_length=_MOST_PICTURES)
    fusion_assets: list[_Picture] = Field(default=[], max_length=_MOST_PICTURES)


class _Call(_Part):
    operation: str
    params: _Params
    slots: list[_Slot] | None = None
    unfilled: list[_Slot] | None = None


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
    call = _read(prefill)
    operation, params = call.operation, call.params
    inputs = _inputs(call)
    if operation == "text_to_image" and not params.prompt:
        raise InvalidInputError("the call has neither a prompt nor a picture", hint="prefill … --prompt TEXT")
    asked = [operation, dict(prefill["params"])]
    digits = sha256(dumps(asked, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
    return Spec(
        id=f"{operation.replace('_', '-')}-{digits[:_ID_DIGITS]}",
        asset_type="video" if operation in {"image_to_video", "video_transition"} else "image",
        operation=cast(Operation, operation),
        providers=tuple(providers or context.default_chain),
        prompt=params.prompt or "",
        negative_prompt=params.negative_prompt,
        parameters=named_as_now(params.model_dump(exclude_none=True, include=set(Parameters.model_fields))),
        inputs=inputs,
        tags=_tags(context, call, inputs),
    )


def _read(prefill: Mapping[str, Any]) -> _Call:
    if prefill.get("operation") not in OPERATIONS:
        raise _unfit(f"its operation is {prefill.get('operation')!r:.60}", f"operations are {', '.join(OPERATIONS)}")
    try:
        return _Call.model_validate_json(dumps(dict(prefill), default=str))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = visible(".".join(map(str, first["loc"])), limit=80)
        raise _unfit(f"{place or 'all of it'}: {first['msg']}", _WHOLE) from error


def _unfit(why: str, hint: str) -> InvalidInputError:
    return InvalidInputError(f"this is no prefilled call: {why}", hint=hint, code="invalid_prefill")


def _inputs(call: _Call) -> tuple[SpecInput, ...]:
    params = call.params
    if call.operation == "fusion":
        ordered = sorted(_given(params.fusion_assets, "fusion_assets"), key=lambda item: item.layer)
        return tuple(SpecInput(asset_id=item.asset_id, role=_role(item)) for item in ordered)
    if call.operation == "video_transition":
        ids = _given(params.asset_ids, "asset_ids")
        roles: list[InputRole] = ["first", *(["reference"] * (len(ids) - 2)), "last"]  # type: ignore[list-item]
        return tuple(SpecInput(asset_id=name, role=role) for name, role in zip(ids, roles, strict=False))
    if call.operation in {"image_to_image", "image_to_video"}:
        (name,) = _given([params.asset_id] if params.asset_id is not None else [], "asset_id")
        return (SpecInput(asset_id=name, role="base"),)
    return ()


_Item = TypeVar("_Item")


def _given(items: Sequence[_Item], field: str) -> Sequence[_Item]:
    if not items:
        raise _unfit(f"params.{field} names no picture", _WHOLE)
    return items


def _role(item: _Picture) -> InputRole:
    return _ROLES.get(str(item.fusion_type), "reference")


def _tags(context: GenerationContext, call: _Call, inputs: Sequence[SpecInput]) -> tuple[str, ...]:
    """Who and which place is to be seen: of the slots whose pictures go in, else of the pictures themselves.

    A picture made of words alone shows whoever was asked for.
    """
    used = [item.asset_id for item in inputs]
    is_words = call.operation == "text_to_image"
    shown = [*(call.slots or ()), *((call.unfilled or ()) if is_words else ())]
    told = [slot for slot in shown if is_words or slot.asset_id in used]
    found = dict.fromkeys(slot.identity for slot in told if slot.identity is not None)
    names = [slot.asset_id for slot in told]
    for name in (item for item in used if item not in names):
        for tag in usable_asset(context, str(name)).tags:
            if tag.startswith(_IDENTITIES) or tag == _PLAYER:
                found[tag] = None
    return tuple(found)
