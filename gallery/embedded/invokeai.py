"""InvokeAI: `invokeai_metadata`, before that `sd-metadata`, before that a command line in `Dream`. Pure."""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gallery.embedded.facts import GenerationFacts, Lora, UnreadableError
from gallery.embedded.values import json_mapping, mapping, real, seed, text, unique_loras, whole

TOOL: Final = "InvokeAI"
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_OPTIONS: Final = {"-s": "steps", "-S": "seed", "-W": "width", "-H": "height", "-C": "cfg_scale", "-A": "sampler"}


def read(texts: Mapping[str, str]) -> GenerationFacts | None:
    """The facts of whichever of the three is there, the newest first. Raises `UnreadableError`."""
    for place, reader in (("invokeai_metadata", _metadata), ("sd-metadata", _sd_metadata)):
        if place in texts:
            found = json_mapping(texts[place])
            if not found:
                raise UnreadableError(f"`{place}` holds no JSON object")
            return reader(found)
    return _dream(texts["Dream"]) if "Dream" in texts else None


def _metadata(found: Mapping[str, Any]) -> GenerationFacts:
    return GenerationFacts(
        tool=TOOL,
        source="invokeai_metadata",
        prompt=text(found.get("positive_prompt")),
        negative_prompt=text(found.get("negative_prompt")),
        model=_model_name(found.get("model")),
        seed=seed(found.get("seed")),
        steps=whole(found.get("steps")),
        cfg=real(found.get("cfg_scale", found.get("guidance"))),
        sampler=text(found.get("scheduler")),
        width=whole(found.get("width")),
        height=whole(found.get("height")),
        loras=unique_loras(_loras(found.get("loras"))),
    )


def _model_name(model: Any) -> str | None:
    """A name, or a record that has it under one of two keys."""
    record = mapping(model)
    return text(model) or text(record.get("name")) or text(record.get("model_name"))


def _loras(value: Any) -> Iterator[Lora]:
    for item in value if isinstance(value, list) else ():
        record = mapping(item)
        name = _model_name(record.get("model", record.get("lora")))
        if name:
            yield Lora(name, real(record.get("weight")))


def _sd_metadata(found: Mapping[str, Any]) -> GenerationFacts:
    image = mapping(found.get("image"))
    prompt = image.get("prompt")
    if isinstance(prompt, list):
        prompt = " ".join(str(mapping(part).get("prompt", "")) for part in prompt)
    wanted, unwanted = _apart(prompt if isinstance(prompt, str) else "")
    return GenerationFacts(
        tool=TOOL,
        source="sd-metadata",
        reason="the tool wrote it down; what stands in brackets is unwanted",
        prompt=wanted,
        negative_prompt=unwanted,
        model=text(found.get("model_weights")),
        seed=seed(image.get("seed")),
        steps=whole(image.get("steps")),
        cfg=real(image.get("cfg_scale")),
        sampler=text(image.get("sampler")),
        width=whole(image.get("width")),
        height=whole(image.get("height")),
    )


def _apart(prompt: str) -> tuple[str | None, str | None]:
    """What is wanted, and what is not: the parts in square brackets."""
    unwanted = [part.strip() for part in _BRACKETS.findall(prompt) if part.strip()]
    return text(_BRACKETS.sub("", prompt)), text(", ".join(unwanted))


def _dream(line: str) -> GenerationFacts | None:
    """`"a cat [ugly]" -s 50 -S 123 -W 512 -H 512 -C 7.5 -A k_lms`."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UnreadableError("`Dream` holds no command line") from error
    first = next((number for number, word in enumerate(words) if re.match(r"-[A-Za-z]|--\w", word)), len(words))
    values: dict[str, str] = {}
    for number, word in enumerate(words[first:], first):
        name = _OPTIONS.get(word[:2])
        if name:
            values.setdefault(name, word[2:] or (words[number + 1] if number + 1 < len(words) else ""))
    wanted, unwanted = _apart(" ".join(words[:first]))
    if not values:
        return None
    return GenerationFacts(
        tool=TOOL,
        source="Dream",
        certainty=0.9,
        reason="read from a command line; what stands in brackets is unwanted",
        prompt=wanted,
        negative_prompt=unwanted,
        seed=seed(values.get("seed")),
        steps=whole(values.get("steps")),
        cfg=real(values.get("cfg_scale")),
        sampler=text(values.get("sampler")),
        width=whole(values.get("width")),
        height=whole(values.get("height")),
    )
