"""Fooocus in its own scheme: a JSON object in `parameters` or EXIF. Its `a1111` scheme is read as A1111's. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gallery.embedded.facts import GenerationFacts, Lora
from gallery.embedded.values import json_mapping, real, seed, size, text, unique_loras, whole

TOOL: Final = "Fooocus"
_PLACES: Final = ("parameters", "exif:UserComment", "Comment", "comment")
_COMBINED = re.compile(r"lora(?:_combined)?_\d+")


def read(texts: Mapping[str, str]) -> GenerationFacts | None:
    """The facts where an object has Fooocus's fields: older versions write `Base Model`, newer `base_model`."""
    for place in _PLACES:
        found = {
            name.strip().lower().replace(" ", "_"): value for name, value in json_mapping(texts.get(place)).items()
        }
        if "base_model" in found and {"performance", "prompt", "styles", "sharpness"} & found.keys():
            return _facts(found, place)
    return None


def _facts(found: Mapping[str, Any], place: str) -> GenerationFacts:
    width, height = size(found.get("resolution"))
    return GenerationFacts(
        tool=TOOL,
        source=place,
        prompt=text(found.get("prompt")) or _joined(found.get("full_prompt")),
        negative_prompt=text(found.get("negative_prompt")) or _joined(found.get("full_negative_prompt")),
        model=text(found.get("base_model")),
        seed=seed(found.get("seed")),
        steps=whole(found.get("steps")),
        cfg=real(found.get("guidance_scale")),
        sampler=text(found.get("sampler")),
        width=width,
        height=height,
        loras=unique_loras(_loras(found)),
    )


def _joined(value: Any) -> str | None:
    """What the styles made of the prompt is a list of parts."""
    if isinstance(value, list):
        return text(", ".join(part for part in value if isinstance(part, str) and part))
    return text(value)


def _loras(found: Mapping[str, Any]) -> Iterator[Lora]:
    """`loras: [[name, weight, hash]]`, or `lora_combined_1: "name : weight"`."""
    listed = found.get("loras")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, list) and item and text(item[0]) not in {None, "None"}:
            yield Lora(str(text(item[0])), real(item[1]) if len(item) > 1 else None)
    for name, value in found.items():
        if _COMBINED.fullmatch(name) and isinstance(value, str):
            lora, _, weight = value.rpartition(" : ")
            if text(lora) not in {None, "None"}:
                yield Lora(lora.strip(), real(weight))
