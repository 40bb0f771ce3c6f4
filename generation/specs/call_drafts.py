"""A prefilled call as the draft of a spec, so that it can be kept, priced and made later. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from generation.request import InputRole
from generation.specs.drafting import DEFAULT_PROVIDERS, SpecDraft
from generation.specs.model import AssetType
from generation.specs.naming import camel, free, slug
from generation.specs.writing import to_yaml
from ontology.errors import InvalidInputError
from ontology.terms import Ontology
from resolver.prefill import OPERATIONS
from resolver.prefill_edits import inputs_of

PROVIDERS: Mapping[str, tuple[str, ...]] = {"fusion": ("gemini", "local")}
"""Whom a draft names for an operation that not everybody can do, and its fallbacks."""

_ROLE_OF_TYPE: Mapping[str, InputRole] = {"background": "background", "character": "character"}
_HEAD = "# Drafted from a prefilled call. docs/generation.md explains every field; `callsheet specs check` reads it.\n"


def draft_of_call(prefill: Mapping[str, Any], ontology: Ontology, *, taken: Any = ()) -> SpecDraft:
    """The spec of what `resolver.prefill_operation` returns: operation, prompt, and the pictures by id.

    Pictures of a fusion stand from back to front. `taken`: ids of the specs that there are. Raises InvalidInputError
    (`no_prompt`) for a call without a prompt, and (`unknown_operation`) for another operation.
    """
    operation, params = prefill.get("operation"), prefill.get("params", {})
    if operation not in OPERATIONS:
        raise InvalidInputError(f"no operation is called {operation!r:.60}", code="unknown_operation")
    prompt = str(params.get("prompt") or "").strip()
    if not prompt:
        message = "a spec needs a prompt, and this call has none"
        raise InvalidInputError(message, hint="write what the picture shall show", code="no_prompt")
    shown = list(dict.fromkeys(slot["identity"] for slot in prefill["slots"] if slot["identity"]))
    name = " ".join([*(tag.rpartition(":")[2] for tag in shown), operation.replace("_", " ")])
    spec_id = free(slug(name), taken)
    asset_type: AssetType = "video" if "video" in operation else "image"
    first, *others = PROVIDERS.get(operation, DEFAULT_PROVIDERS[asset_type])
    document: dict[str, Any] = {
        "version": "1.0",
        "id": spec_id,
        "tags": [ontology.canonical(tag) for tag in shown],
        "generation": {"type": asset_type, "operation": operation, "provider": first, "fallback": others},
        "prompt": {"base": prompt},
        "inputs": _inputs(operation, inputs_of(prefill)),
        "integration": {
            "manifest_key": camel(name),
            "manifest_path": f"{asset_type}s/drafts/{spec_id}.{'webp' if asset_type == 'video' else 'png'}",
        },
    }
    if params.get("strength") is not None:
        document["prompt"]["parameters"] = {"strength": params["strength"]}
    kept = {key: value for key, value in document.items() if value not in ([], {})}
    if not others:
        del kept["generation"]["fallback"]
    return SpecDraft(spec_id, f"{spec_id}.yaml", _HEAD + to_yaml(kept), tuple(document["tags"]))


def _inputs(operation: str, pictures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(pictures, key=lambda one: one.get("layer", 0))
    roles = [_role(operation, one, place, len(ordered)) for place, one in enumerate(ordered)]
    return [{"asset": str(one["asset_id"]), "role": role} for one, role in zip(ordered, roles, strict=True)]


def _role(operation: str, picture: Mapping[str, Any], place: int, number: int) -> InputRole:
    if operation == "fusion":
        return _ROLE_OF_TYPE.get(str(picture.get("fusion_type")), "reference")
    if operation == "image_to_image":
        return "base"
    if place == 0:
        return "first"
    return "last" if place == number - 1 else "reference"
