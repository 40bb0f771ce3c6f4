"""From the body of a question to the questions themselves, and to their answers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from api.answers import Json
from api.inputs import Question
from gallery.services import Asked, Services
from ontology.errors import InvalidInputError, NotFoundError
from resolver import AssetResolutionRequest, AssetResolutionResult, resolve_assets_for_action
from resolver.request import snake_case

_BLOCK_NAMES: Final = ("action_block", "actionBlock")


def ask(services: Services, body: Question, *, prompt: str | None, may_be_empty: bool = False) -> Sequence[Asked]:
    """The questions of a body. Raises `InvalidInputError` (`RequestError` for its fields) and `NotFoundError`."""
    extra = dict(body.model_extra or {})
    block = body.block
    for name in [name for name in _BLOCK_NAMES if name in extra]:
        if block is not None:
            raise InvalidInputError(f"`block` and `{name}` are the same", hint="give one of them")
        block = extra.pop(name)
    fields = _fields(body.request or {}, extra)
    if any(source not in (None, "") for source in (body.scene, block, prompt)):
        fields = _sound(fields)  # they are merged with what these say
    return services.ask(fields, block=block, scene=body.scene, prompt=prompt, may_be_empty=may_be_empty)


def _fields(nested: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a request that were given, by their names."""
    twice = set(map(snake_case, nested)) & set(map(snake_case, top)) if nested else ()
    if twice:
        raise InvalidInputError(f"{', '.join(sorted(twice))}: given at the top and in `request`", hint="keep one")
    return AssetResolutionRequest.fields_given({**nested, **top} if nested else top)


def _sound(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same fields, cleaned. Raises `RequestError` for a value that is wrong."""
    request = AssetResolutionRequest(**fields)
    return {name: getattr(request, name) for name in fields}


def resolve(services: Services, body: Question, asked: Asked) -> AssetResolutionResult:
    """The answer among the body's candidates where it has some, else among the live assets."""
    if body.candidates is None:
        return services.resolve(asked.request)
    return resolve_assets_for_action(asked.request, body.candidates, ontology=services.ontology)


def only_one(asked: Sequence[Asked]) -> Asked:
    """The one question where one can be answered. Raises `InvalidInputError` naming the shots to choose from."""
    if len(asked) > 1:
        shots = ", ".join(str(one.shot) for one in asked)
        raise InvalidInputError("the scene has several shots", hint=f"name one, SCENE/SHOT: {shots}")
    return asked[0]


def candidate(body: Question, asset_id: str | int) -> Json:
    """One of the body's candidates. Raises `NotFoundError`."""
    found = next((item for item in body.candidates or () if item.get("id") == asset_id), None)
    if found is None:
        raise NotFoundError(f"no candidate has the id {asset_id!r:.60}", hint="it must stand in `candidates` too")
    return found
