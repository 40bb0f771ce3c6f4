"""NovelAI: `Description`, `Software`, `Source`, and settings as JSON in `Comment`. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from gallery.embedded.facts import GenerationFacts, UnreadableError
from gallery.embedded.values import json_mapping, mapping, real, seed, text, whole

TOOL: Final = "NovelAI"
_HASH = re.compile(r"\s+[0-9A-F]{8}\s*$")
"""Of the weights, behind the model's name."""


def read(texts: Mapping[str, str]) -> GenerationFacts | None:
    """The facts where NovelAI signs, or its settings are unmistakable. Raises `UnreadableError`."""
    texts = _unwrapped(texts)
    settings = json_mapping(texts.get("Comment"))
    if texts.get("Software") != TOOL and not {"uc", "scale"} <= settings.keys():
        return None
    if "Comment" in texts and not settings:
        raise UnreadableError("`Comment` of NovelAI holds no JSON object")
    prompt = _captions(settings.get("v4_prompt")) or text(settings.get("prompt")) or text(texts.get("Description"))
    return GenerationFacts(
        tool=TOOL,
        source="Comment" if settings else "Description",
        prompt=prompt,
        negative_prompt=_captions(settings.get("v4_negative_prompt")) or text(settings.get("uc")),
        model=text(_HASH.sub("", texts.get("Source", ""))),
        seed=seed(settings.get("seed")),
        steps=whole(settings.get("steps")),
        cfg=real(settings.get("scale")),
        sampler=text(settings.get("sampler")),
        width=whole(settings.get("width")),
        height=whole(settings.get("height")),
    )


def _unwrapped(texts: Mapping[str, str]) -> Mapping[str, str]:
    """In a WebP all of it stands as one JSON object in the user comment."""
    inner = json_mapping(texts.get("exif:UserComment"))
    if "Comment" not in inner:
        return texts
    return {name: value for name, value in inner.items() if isinstance(value, str)}


def _captions(value: Any) -> str | None:
    """Of version 4: what holds for the whole picture, then a line for each character."""
    caption = mapping(mapping(value).get("caption"))
    characters = caption.get("char_captions")
    parts = [text(caption.get("base_caption"))]
    parts += [text(mapping(item).get("char_caption")) for item in (characters if isinstance(characters, list) else ())]
    return text("\n".join(part for part in parts if part))
