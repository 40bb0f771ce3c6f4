"""What `sd-parsers`, an independent reader, sees in the same pictures: the same, but for what is listed."""

import pytest
from embedded_builders import (
    A1111_TEXT,
    DREAM,
    FOOOCUS,
    FORGE_TEXT,
    INVOKEAI,
    NOVELAI,
    SD_METADATA,
    SDNEXT_TEXT,
    encode,
    graph,
    ksampler,
    node,
    opened,
    photo,
    png,
    user_comment,
    workflow_of,
)
from sd_parsers import ParserManager

from gallery.embedded.reading import read_embedded


def drawn(prompt):
    """A graph with the editor's copy, without which the oracle reads nothing."""
    return png({"prompt": prompt, "workflow": workflow_of(prompt)})


COMBINED = graph(
    positive=node("ConditioningCombine", conditioning_1=("one", 0), conditioning_2=("two", 0)),
    one=encode("a castle"),
    two=encode("a dragon"),
)
ZEROED = graph(negative=node("ConditioningZeroOut", conditioning=("positive", 0)))
JOINED = graph(
    positive=encode(("join", 0)), join=node("StringConcatenate", string_a="oil", string_b="a castle", delimiter=", ")
)
CONTROL = node("ControlNetApplyAdvanced", positive=("positive", 0), negative=("negative", 0), strength=1.0)
CONTROLLED = graph(control=CONTROL, sampler=ksampler(positive=("control", 0), negative=("control", 1)))

PICTURES = {
    "A1111, PNG": png({"parameters": A1111_TEXT}),
    "A1111, JPEG": photo(comment=user_comment(A1111_TEXT)),
    "A1111, WebP": photo("WEBP", comment=user_comment(A1111_TEXT)),
    "Forge": png({"parameters": FORGE_TEXT}),
    "SD.Next": png({"parameters": SDNEXT_TEXT}),
    "Fooocus": png({"parameters": FOOOCUS, "fooocus_scheme": "fooocus"}),
    "InvokeAI": png({"invokeai_metadata": INVOKEAI}),
    "InvokeAI 2": png({"sd-metadata": SD_METADATA}),
    "InvokeAI 1": png({"Dream": DREAM}),
    "NovelAI": png(NOVELAI),
    "ComfyUI": drawn(graph()),
    "ComfyUI, combined": drawn(COMBINED),
    "ComfyUI, zeroed": drawn(ZEROED),
    "ComfyUI, joined": drawn(JOINED),
    "ComfyUI, ControlNet": drawn(CONTROLLED),
}

DIFFERENCES = {
    ("Forge", "cfg"): ("3.5", "1", "a distilled model has a guidance of its own, beside the scale that is always 1"),
    ("InvokeAI", "model"): ("amixx_3", None, "the oracle knows `model_name` alone, which is `name` since version 4"),
    ("ComfyUI, zeroed", "negative_prompt"): (None, "a castle", "the oracle goes on behind ConditioningZeroOut"),
    ("ComfyUI, joined", "prompt"): ("oil, a castle", None, "the oracle reads no text that is put together"),
    ("ComfyUI, ControlNet", "prompt"): ("a castle", "a castle\nblurry", "the oracle follows both inputs of the node"),
    ("ComfyUI, ControlNet", "negative_prompt"): ("blurry", "a castle\nblurry", "as above: each prompt becomes both"),
}
"""(Picture, field) → what we read, what the oracle reads, and why they differ."""


def seen_by_the_oracle(data):
    """Its reading in our words; a field it does not know is absent."""
    found = ParserManager().parse(opened(data))
    sampler = found.samplers[0]
    settings = {name: str(value) for name, value in sampler.parameters.items()}
    named = {
        "prompt": "\n".join(str(prompt).strip() for prompt in sampler.prompts) or None,
        "negative_prompt": "\n".join(str(prompt).strip() for prompt in sampler.negative_prompts) or None,
        "model": None if sampler.model is None else sampler.model.name,
        "sampler": sampler.name,
    }
    for ours, theirs in (("seed", "seed"), ("steps", "steps"), ("cfg", "cfg_scale")):
        if theirs in settings:
            named[ours] = settings[theirs]
    return named


def seen_by_us(data):
    body = read_embedded(data).facts.to_json()
    cfg = body["cfg"]
    return {
        **{name: body[name] for name in ("prompt", "negative_prompt", "model", "sampler", "seed")},
        "steps": None if body["steps"] is None else str(body["steps"]),
        "cfg": None if cfg is None else f"{cfg:g}",
    }


@pytest.mark.parametrize("name", PICTURES)
def test_both_readers_see_the_same_or_the_difference_is_listed(name):
    theirs, ours = seen_by_the_oracle(PICTURES[name]), seen_by_us(PICTURES[name])
    assert len(theirs) >= 5
    differing = {}
    for field, value in theirs.items():
        known = f"{float(value):g}" if field == "cfg" else value
        if known != ours[field]:
            differing[field] = (ours[field], known)
    listed = {field: found[:2] for (picture, field), found in DIFFERENCES.items() if picture == name}
    assert differing == listed
