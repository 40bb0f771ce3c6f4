"""Changing a prefilled operation by hand before it is sent: the prompt, its pictures, their order, type and layer.

Each function takes what `prefill_operation` returns, in either shape of operation, and returns another one; the given
one stays as it is. `place` counts the pictures of the call from 0.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from resolver.arranging import Part, arranged
from resolver.errors import OperationError
from resolver.prefill import LEAST_INPUTS

Prefilled = Mapping[str, Any]


def inputs_of(prefill: Prefilled) -> list[dict[str, Any]]:
    """The pictures that go into the call, in order: `{asset_id, url}`, of a fusion with role, type and layer."""
    params = prefill["params"]
    if "fusion_assets" in params:
        return [dict(entry) for entry in params["fusion_assets"]]
    if "image_urls" in params:
        pairs = zip(params["asset_ids"], params["image_urls"], strict=True)
        return [{"asset_id": asset_id, "url": url} for asset_id, url in pairs]
    return [{"asset_id": params["asset_id"], "url": params.get("image_url")}] if "asset_id" in params else []


def with_prompt(prefill: Prefilled, prompt: str | None) -> dict[str, Any]:
    """Another prompt; of a transition, for every step."""
    params = {**prefill["params"], "prompt": prompt}
    if "prompts" in params:
        params["prompts"] = [prompt] * len(params["prompts"])
    return {**prefill, "params": params}


def moved(prefill: Prefilled, place: int, by: int) -> dict[str, Any]:
    """A picture so many places further back (or, negative, to the front) in the order. It keeps its layer."""
    inputs = inputs_of(prefill)
    target = max(0, min(place + by, len(inputs) - 1))
    inputs.insert(target, inputs.pop(place))
    return _with_inputs(prefill, inputs)


def without(prefill: Prefilled, place: int) -> dict[str, Any]:
    """One picture less. Raises OperationError where the operation needs it."""
    inputs = inputs_of(prefill)
    least = LEAST_INPUTS.get(prefill["operation"], 1)
    if len(inputs) <= least:
        message = f"{prefill['operation']} needs {least} {'picture' if least == 1 else 'pictures'}"
        raise OperationError(message, hint="choose another operation")
    gone = inputs.pop(place)["asset_id"]
    slots = [slot for slot in prefill["slots"] if slot["asset_id"] != gone]
    dropped = [slot for slot in prefill["slots"] if slot["asset_id"] == gone]
    return {**_with_inputs(prefill, inputs), "slots": slots, "unfilled": [*prefill["unfilled"], *dropped]}


def with_fusion_type(prefill: Prefilled, place: int, fusion_type: str) -> dict[str, Any]:
    """A picture as another part of a fusion. Raises OperationError for what is no fusion, and for another word."""
    return _arranged(prefill, place, fusion_type=fusion_type)


def with_layer(prefill: Prefilled, place: int, layer: int) -> dict[str, Any]:
    """A picture on another layer of a fusion, 0 at the back. Raises OperationError for what is no fusion."""
    return _arranged(prefill, place, layer=max(0, layer))


def _arranged(prefill: Prefilled, place: int, **changed: Any) -> dict[str, Any]:
    inputs = inputs_of(prefill)
    if "fusion_assets" not in prefill["params"]:
        message = f"pictures of {prefill['operation']} have no {' and no '.join(changed)}"
        raise OperationError(message, hint="a fusion has types and layers")
    inputs[place] |= changed
    return arranged(prefill, [Part(one["asset_id"], one["fusion_type"], one["layer"]) for one in inputs])


def _with_inputs(prefill: Prefilled, inputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    params = dict(prefill["params"])
    if "fusion_assets" in params:
        params["fusion_assets"] = list(inputs)
    elif "image_urls" in params:
        params["asset_ids"] = [entry["asset_id"] for entry in inputs]
        params["image_urls"] = [entry["url"] for entry in inputs]
        params["prompts"] = [params["prompt"]] * (len(inputs) - 1)
    return {**prefill, "params": params}
