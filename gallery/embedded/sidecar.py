"""The generation part of our own sidecars: field `generation` of `NAME.callsheet.json` beside the picture. Pure.

`{tool, prompt, negative_prompt, model, seed, steps, cfg, sampler, width, height, loras: [{name, weight}]}`; each may be
missing or null. Further fields (`source`, `certainty`, `reason`, `raw` of an export) are passed over: what
stands in a sidecar was put there on purpose, and is certain.
"""

from collections.abc import Iterator
from typing import Any, Final

from gallery.embedded.facts import GenerationFacts, Lora, UnreadableError
from gallery.embedded.values import mapping, parse_json, real, seed, text, unique_loras, whole

SUFFIX: Final = ".callsheet.json"
SOURCE: Final = "sidecar"
MAX_BYTES: Final = 1024 * 1024


def read_sidecar(data: bytes) -> GenerationFacts | None:
    """The facts in the bytes of a sidecar; None where it has no `generation`. Raises `UnreadableError`."""
    if len(data) > MAX_BYTES:
        raise UnreadableError("its sidecar is too long to be read")
    try:
        whole_file = parse_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        whole_file = None
    if not isinstance(whole_file, dict):
        raise UnreadableError("its sidecar holds no JSON object")
    found = whole_file.get("generation")
    if found is None:
        return None
    if not isinstance(found, dict):
        raise UnreadableError("`generation` of its sidecar is no JSON object")
    return GenerationFacts(
        tool=text(found.get("tool")) or "callsheet",
        source=SOURCE,
        reason="it stands in the sidecar",
        prompt=text(found.get("prompt")),
        negative_prompt=text(found.get("negative_prompt")),
        model=text(found.get("model")),
        seed=seed(found.get("seed")),
        steps=whole(found.get("steps")),
        cfg=real(found.get("cfg")),
        sampler=text(found.get("sampler")),
        width=whole(found.get("width")),
        height=whole(found.get("height")),
        loras=unique_loras(_loras(found.get("loras"))),
    )


def _loras(value: Any) -> Iterator[Lora]:
    for item in value if isinstance(value, list) else ():
        name = text(mapping(item).get("name"))
        if name:
            yield Lora(name, real(mapping(item).get("weight")))
