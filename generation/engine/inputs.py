"""The inputs of an order: found once, when it is given, and read before anything is reserved."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from gallery import AssetView
from gallery.intake.originals import original
from generation.engine.context import GenerationContext
from generation.request import InputAsset, InputRole
from generation.specs.model import Spec, SpecInput
from ontology.errors import InvalidInputError, NotFoundError
from ontology.escaping import visible

MOST_BYTES: Final = 64 * 1024 * 1024
"""Of one input: no provider takes more."""

_SOUND: Final = "audio"
_PAGE: Final = 100
_ROLE_OF_SLOT: Final[dict[str, InputRole]] = {
    "background": "background",
    "hero": "character",
    "enemy": "character",
    "other": "character",
}


def settled_inputs(context: GenerationContext, spec: Spec) -> tuple[SpecInput, ...]:
    """The inputs as assets by id, in order, each once. Raises `NotFoundError` for what is not there to be used.

    A query or a request that finds nothing is an error too: a call that lacks a reference is money for the wrong thing.
    """
    found: dict[str, SpecInput] = {}
    for item in spec.inputs:
        for one in _settled(context, item):
            found.setdefault(str(one.asset_id), one)
    return tuple(found.values())


def _settled(context: GenerationContext, item: SpecInput) -> list[SpecInput]:
    if item.asset_id is not None:
        asset = usable_asset(context, item.asset_id)
        if asset.media_type == _SOUND:
            raise InvalidInputError(f"{asset.id} is a sound, and no call takes one", hint="name a picture")
        return [replace(item, asset_id=asset.id)]
    if item.query is not None:
        found = pictures_found(context, item.query, item.limit)
        if not found:
            hint = "`callsheet search` tries a query; tag what is meant, or name the asset by its id"
            raise NotFoundError(f"the input {visible(item.query, limit=80)!r} finds no picture", hint=hint)
        return [SpecInput(asset_id=asset.id, role=item.role, label=item.label) for asset in found]
    return _resolved(context, item)


def pictures_found(context: GenerationContext, query: str, limit: int) -> list[AssetView]:
    """The first that a query finds, without sounds: they may carry the same tags. Raises `InvalidInputError`."""
    found: list[AssetView] = []
    cursor = None
    while len(found) < limit:
        page = context.gallery.search(query, limit=_PAGE, cursor=cursor)
        found += [asset for asset in page.assets if asset.media_type != _SOUND]
        cursor = page.cursor
        if cursor is None:
            break
    return found[:limit]


def _resolved(context: GenerationContext, item: SpecInput) -> list[SpecInput]:
    result = context.resolve(item.resolve or {})
    first: dict[tuple[str, str | None], Any] = {}
    for match in result.matches:
        first.setdefault((match.slot, match.identity), match.asset)
    if not first:
        hint = "`callsheet resolve` with the same words shows what is missing"
        raise NotFoundError("the input that is to be resolved finds no asset", hint=hint)
    return [
        SpecInput(asset_id=asset.id, role=item.role or _ROLE_OF_SLOT.get(slot), label=item.label or identity or slot)
        for (slot, identity), asset in first.items()
    ]


def usable_asset(context: GenerationContext, asset_id: str) -> AssetView:
    """The live asset. Raises `NotFoundError` for one that is gone or in the trash."""
    found = context.gallery.get(asset_id)
    if found.trashed is not None:
        hint = f"callsheet restore {found.asset.id}"
        raise NotFoundError(f"{found.asset.id} is in the trash and cannot be an input", hint=hint)
    if found.missing is not None:
        hint = "add the folder where they are now"
        raise NotFoundError(f"the files of {found.asset.id} are gone, so it cannot be an input", hint=hint)
    return found.asset


def read_inputs(context: GenerationContext, inputs: Sequence[SpecInput]) -> tuple[InputAsset, ...]:
    """The bytes of the inputs, by layer from back to front. Raises `NotFoundError`, `InvalidInputError`."""
    read: list[InputAsset] = []
    for layer, item in enumerate(inputs):
        asset = usable_asset(context, str(item.asset_id))
        file = original(context.gallery.context, asset.id)
        if file.path.stat().st_size > MOST_BYTES:
            raise InvalidInputError(
                f"the input {asset.id} has more than {MOST_BYTES // 1024 // 1024} MB", hint="use a smaller picture"
            )
        role: InputRole = item.role or "reference"
        read.append(InputAsset(file.path.read_bytes(), file.media_type, role, item.label, layer, asset.id))
    return tuple(read)
