"""Arranging the pictures of a prefilled fusion by hand: their order, what each is taken for, and its layer."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from resolver.errors import OperationError

FUSION_TYPES = ("background", "character", "image", "video")
MOST_LAYERS = 1000


class Part(NamedTuple):
    """What somebody wants of one picture: its place is that in the list. `layer` counts from 0, the lowest."""

    asset_id: Any
    fusion_type: str
    layer: int


def arranged(prefill: Mapping[str, Any], parts: Iterable[Part]) -> dict[str, Any]:
    """The prefill with its fusion assets in the order of the parts, with their types and layers.

    Pictures that no part names keep their own and come last; parts of pictures that are not in the call mean nothing,
    and neither does any part where the operation takes no fusion assets. Raises OperationError for a type that does not
    exist and a layer that is not 0-999.
    """
    wanted = {part.asset_id: part for part in map(_checked, parts)}
    entries = prefill["params"].get("fusion_assets")
    if entries is None or not wanted:
        return dict(prefill)
    places = {asset_id: place for place, asset_id in enumerate(wanted)}
    ordered = sorted(entries, key=lambda entry: places.get(entry["asset_id"], len(places)))
    return {**prefill, "params": {**prefill["params"], "fusion_assets": [_as(entry, wanted) for entry in ordered]}}


def _as(entry: Mapping[str, Any], wanted: Mapping[Any, Part]) -> dict[str, Any]:
    part = wanted.get(entry["asset_id"])
    return dict(entry) if part is None else {**entry, "fusion_type": part.fusion_type, "layer": part.layer}


def _checked(part: Part) -> Part:
    if part.fusion_type not in FUSION_TYPES:
        raise OperationError(
            f"no fusion type is called {part.fusion_type!r:.60}", hint=f"choose one of {', '.join(FUSION_TYPES)}"
        )
    if not 0 <= part.layer < MOST_LAYERS:
        raise OperationError(f"the layer of {part.asset_id} is {part.layer}", hint=f"layers are 0 to {MOST_LAYERS - 1}")
    return part
