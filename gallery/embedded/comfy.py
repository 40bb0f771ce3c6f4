"""ComfyUI: the graph that ran (`prompt`), else the editor's drawing of it (`workflow`). Pure.

The facts are those of the sampler nearest the saved image. How sure they are depends on what stood between.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gallery.embedded.comfy_doubts import Doubts
from gallery.embedded.comfy_graph import Graph, Node, graph_of_prompt, graph_of_workflow
from gallery.embedded.comfy_samplers import SamplerReader
from gallery.embedded.comfy_texts import Role, TextReader
from gallery.embedded.facts import GenerationFacts, UnreadableError
from gallery.embedded.values import json_mapping, mapping, parse_json, real, seed, text, whole

TOOL: Final = "ComfyUI"
_LABELLED = re.compile(r"(?i)\s*(prompt|workflow)\s*:\s*(?=\{)")
_PLACES: Final = ("comment", "Comment", "xmp:UserComment", "exif:ImageDescription", "exif:UserComment")
_PIPES: Final = ".*pipe|context"
_ASKED: Final[Mapping[Role, tuple[str, ...]]] = {
    "positive": ("positive", "conditioning", "cond1", "text_embeds"),
    "negative": ("negative", "neg_conditioning", "text_embeds"),
}


def read(texts: Mapping[str, str]) -> GenerationFacts | None:
    """The facts of the graph in these texts, if there is one. Raises `UnreadableError` for a torn one."""
    place, graph = _find_graph(texts)
    if not graph.nodes:
        return None
    doubts = Doubts()
    if not graph.is_whole:
        doubts.add("read from the editor's drawing, not from what ran", 0.8)
    samplers = SamplerReader(graph, doubts)
    stages = samplers.stages()
    if not stages:
        return _without_sampler(graph, samplers, doubts, place)
    return _facts(graph, samplers, stages, doubts, place)


def _find_graph(texts: Mapping[str, str]) -> tuple[str, Graph]:
    """Where the graph stands, and the graph; an empty one when there is none."""
    found = dict(_wrapped(texts)) | dict(_labelled(texts))
    workflow_place, workflow = found.get("workflow", ("", {}))
    if "prompt" in found:
        place, prompt = found["prompt"]
        graph = graph_of_prompt(prompt, workflow)
        if graph.nodes:
            return place, graph
    return workflow_place, graph_of_workflow(workflow)


def _labelled(texts: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, Mapping[str, Any]]]]:
    """`prompt` and `workflow`: where it stands, and what. PNG names them; EXIF fields begin with `prompt:`."""
    for place, written in reversed(list(texts.items())):
        label = _LABELLED.match(written[:40])
        if place not in {"prompt", "workflow"} and label is None:
            continue
        graph = written if label is None else written[label.end() :]
        if graph.lstrip()[:1] != "{":
            continue
        parsed = parse_json(graph)
        if not isinstance(parsed, dict):
            raise UnreadableError(f"`{place}` holds damaged JSON")
        yield place if label is None else label[1].lower(), (place, parsed)


def _wrapped(texts: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, Mapping[str, Any]]]]:
    """The same from places where either the graph stands alone, or both as fields of one object."""
    for place in _PLACES:
        found = json_mapping(texts.get(place))
        if any("class_type" in mapping(item) for item in found.values()):
            yield "prompt", (place, found)
        for name in ("prompt", "workflow"):
            if isinstance(found.get(name), dict):
                yield name, (place, found[name])


def _facts(graph: Graph, samplers: SamplerReader, stages: list[Node], doubts: Doubts, place: str) -> GenerationFacts:
    sampler = stages[0]
    reader = TextReader(graph, doubts)
    prompts = {role: _prompt(graph, reader, sampler, role) for role in _ASKED}
    if prompts["positive"] is None:
        doubts.add("no prompt was found", 0.5)
    model, loras = samplers.model(sampler)
    guided = samplers.setting(sampler, ("cfg", "cfg_scale", "cfg_conds"), f"guider|{_PIPES}|value")
    if guided is None:
        guided = samplers.setting(sampler, ("guidance",), "positive|conditioning.*|guider|value")
    to_latent = f"latent.*|samples|init_latent|{_PIPES}|value"
    steps = samplers.setting(sampler, ("steps",), f".*sigmas.*|scheduler|{_PIPES}|value")
    name = samplers.setting(sampler, ("sampler_name",), f"sampler|{_PIPES}|value")
    return GenerationFacts(
        tool=TOOL,
        source=place,
        certainty=doubts.certainty,
        reason=doubts.reason,
        prompt=text(prompts["positive"]),
        negative_prompt=text(prompts["negative"]),
        model=model,
        seed=_seed(samplers, stages),
        steps=whole(steps),
        cfg=real(guided),
        sampler=text(name),
        width=whole(samplers.setting(sampler, ("width", "empty_latent_width"), to_latent)),
        height=whole(samplers.setting(sampler, ("height", "empty_latent_height"), to_latent)),
        loras=loras,
    )


def _prompt(graph: Graph, reader: TextReader, sampler: Node, role: Role) -> str | None:
    """What the sampler, its guider or its pipe is given in this role."""
    asking: Node | None = sampler
    for _ in range(10):  # a guider may stand behind reroutes
        if asking is None:
            return None
        name = next((name for name in _ASKED[role] if name in asking.inputs), None)
        if name is not None:
            return reader.prompt(asking.inputs[name], role)
        onward = next((n for n, _ in graph.links(asking) if n in {"guider", "value", ""}), None)
        if onward is None:
            piped = next((n for n, _ in graph.links(asking) if re.fullmatch(_PIPES, n)), None)
            return None if piped is None else reader.prompt(asking.inputs[piped], role)
        asking = graph.target(asking.inputs[onward])
    return None


def _seed(samplers: SamplerReader, stages: list[Node]) -> str | None:
    """That of the last stage that adds noise: one that only goes on has a seed that does nothing."""
    adding = [node for node in stages if node.inputs.get("add_noise") not in {"disable", False}] or stages
    return seed(samplers.setting(adding[0], ("seed", "noise_seed"), f"noise|{_PIPES}|value"))


def _without_sampler(graph: Graph, samplers: SamplerReader, doubts: Doubts, place: str) -> GenerationFacts | None:
    """Pictures that a provider made for the graph: one node with a prompt, and nothing to sample."""
    for node in graph.nodes.values():
        prompt = text(TextReader(graph, doubts).prompt(node.inputs.get("prompt"), "positive"))
        if prompt is not None and "clip" not in node.inputs:
            doubts.add(f"there is no sampler; {node.kind} has a prompt", 0.6)
            return GenerationFacts(
                tool=TOOL,
                source=place,
                certainty=doubts.certainty,
                reason=doubts.reason,
                prompt=prompt,
                model=text(samplers.value(node.inputs.get("model"))),
                seed=seed(samplers.value(node.inputs.get("seed"))),
            )
    return GenerationFacts(tool=TOOL, source=place, certainty=0.1, reason="the graph has no sampler that is known")
