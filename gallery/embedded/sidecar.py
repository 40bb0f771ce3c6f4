"""The generation part of our own sidecars: field `generation` of `NAME.callsheet.json` beside the picture. Pure.

`{tool, prompt, negative_prompt, model, seed, steps, cfg, sampler, width, height, loras: [{name, weight}]}`; each may be
missing or null; of what was made here also `provider, revised_prompt, cost, stand_in, scores, checks: [{code, passed,
detail}], spec_id, job`. Further fields (`source`, `certainty`, `reason`, `raw` of an export) are passed over: what
stands in a sidecar was put there on purpose, and is certain.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from gallery.embedded.facts import GenerationFacts, Lora, UnreadableError
from gallery.embedded.values import mapping, parse_json, real, seed, text, unique_loras, whole

SUFFIX: Final = ".callsheet.json"
SOURCE: Final = "sidecar"
MAX_BYTES: Final = 1024 * 1024
_AMOUNT: Final = re.compile(r"[0-9]{1,7}\.[0-9]{2,6}")


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
        provider=text(found.get("provider")),
        revised_prompt=text(found.get("revised_prompt")),
        cost=_cost(found.get("cost")),
        stand_in=found.get("stand_in") is True,
        scores=_scores(found.get("scores")),
        checks=_checks(found.get("checks")),
        spec_id=text(found.get("spec_id")),
        job=text(found.get("job")),
    )


def _cost(value: Any) -> str | None:
    return value if isinstance(value, str) and _AMOUNT.fullmatch(value) else None


def _scores(value: Any) -> dict[str, float] | None:
    if not isinstance(value, dict):
        return None
    found = {text(name): real(score) for name, score in value.items()}
    return {name: score for name, score in found.items() if name and score is not None}


def _checks(value: Any) -> tuple[dict[str, Any], ...] | None:
    if not isinstance(value, list):
        return None
    named = [(text(mapping(item).get("code")), mapping(item)) for item in value]
    return tuple(
        {"code": code, "passed": item.get("passed") is True, "detail": text(item.get("detail")) or ""}
        for code, item in named
        if code
    )


def _loras(value: Any) -> Iterator[Lora]:
    for item in value if isinstance(value, list) else ():
        name = text(mapping(item).get("name"))
        if name:
            yield Lora(name, real(mapping(item).get("weight")))
