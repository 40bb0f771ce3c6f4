"""A ComfyUI graph as the walk sees it, from the `prompt` that ran or from the `workflow` of the editor. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gallery.embedded.values import mapping

MOST_NODES: Final = 20_000
_NEVER, _BYPASSED = 2, 4  # `mode` of a node in the editor
_SEED_BEHAVIOUR: Final = "control_after_generate"
_KSAMPLER = ("seed", _SEED_BEHAVIOUR, "steps", "cfg", "sampler_name", "scheduler", "denoise")
_ADVANCED = ("add_noise", "noise_seed", _SEED_BEHAVIOUR, "steps", "cfg", "sampler_name", "scheduler")

_WIDGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "CFGGuider": ("cfg",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "CLIPTextEncodeSDXL": (
        *("width", "height", "crop_w", "crop_h", "target_width", "target_height", "text_g", "text_l"),
    ),
    "ConditioningAverage": ("conditioning_to_strength",),
    "EmptyLatentImage": ("width", "height", "batch_size"),
    "EmptySD3LatentImage": ("width", "height", "batch_size"),
    "FluxGuidance": ("guidance",),
    "KSampler": _KSAMPLER,
    "KSamplerAdvanced": _ADVANCED,
    "KSamplerSelect": ("sampler_name",),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "PrimitiveNode": ("value",),
    "RandomNoise": ("noise_seed", _SEED_BEHAVIOUR),
    "SamplerCustom": ("add_noise", "noise_seed", _SEED_BEHAVIOUR, "cfg"),
    "StringConcatenate": ("string_a", "string_b", "delimiter"),
    "UNETLoader": ("unet_name", "weight_dtype"),
    "UnetLoaderGGUF": ("unet_name",),
}
"""The editor stores the values of a node's widgets without names; these are the names, in their order."""


@dataclass(frozen=True, slots=True)
class Link:
    """One output of a node."""

    node: str
    slot: int


@dataclass(frozen=True, slots=True)
class Output:
    """What an output is called and what type of value it gives; empty where that is not known."""

    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its class, its inputs by name (a value, or `[node, slot]`), its outputs as far as they are known."""

    id: str
    kind: str
    inputs: Mapping[str, Any]
    outputs: tuple[Output, ...] = ()

    def output(self, slot: int) -> Output:
        """The output in this place."""
        return self.outputs[slot] if 0 <= slot < len(self.outputs) else Output()


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by id. `is_whole`: it is what ran, and not the editor's drawing of it."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    is_whole: bool = True

    def link(self, value: Any) -> Link | None:
        """The link that an input's value is, if it is one and leads somewhere."""
        if not isinstance(value, list) or len(value) != 2 or not isinstance(value[0], str | int):  # noqa: PLR2004  # node, slot
            return None
        slot = value[1] if isinstance(value[1], int) else 0
        return Link(str(value[0]), slot) if str(value[0]) in self.nodes else None

    def links(self, node: Node) -> Iterator[tuple[str, Link]]:
        """The inputs of a node that come from other nodes."""
        for name, value in node.inputs.items():
            link = self.link(value)
            if link is not None:
                yield name, link

    def target(self, value: Any) -> Node | None:
        """The node that a link leads to."""
        link = self.link(value)
        return None if link is None else self.nodes[link.node]


def graph_of_prompt(prompt: Mapping[str, Any], workflow: Mapping[str, Any]) -> Graph:
    """The graph that ran; the editor's copy, where there is one, names the outputs. Empty for anything else."""
    outputs = {str(item.get("id")): _outputs(item) for item in _items(workflow.get("nodes"))}
    nodes = {}
    for number, (name, item) in enumerate(prompt.items()):
        kind = mapping(item).get("class_type")
        if number < MOST_NODES and isinstance(kind, str):
            nodes[name] = Node(name, kind, mapping(item.get("inputs")), outputs.get(name, ()))
    return Graph(nodes)


def graph_of_workflow(workflow: Mapping[str, Any]) -> Graph:
    """The graph of the editor alone: widgets named as far as their nodes are known, muted nodes left out."""
    links = dict(_links(workflow.get("links")))
    nodes, setters = {}, {}
    for item in _items(workflow.get("nodes"))[:MOST_NODES]:
        if item.get("mode") != _NEVER and isinstance(item.get("type"), str):
            node = _drawn(item, links)
            nodes[node.id] = node
            if node.kind == "SetNode":
                setters[_first_widget(item)] = node.id
    for item in _items(workflow.get("nodes"))[:MOST_NODES]:
        name = str(item.get("id"))
        if item.get("type") == "GetNode" and name in nodes and _first_widget(item) in setters:
            nodes[name] = Node(name, "Reroute", {"value": [setters[_first_widget(item)], 0]})
    return Graph(nodes, is_whole=False)


def _items(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _outputs(item: Mapping[str, Any]) -> tuple[Output, ...]:
    return tuple(Output(str(out.get("name", "")), str(out.get("type", ""))) for out in _items(item.get("outputs")))


def _links(value: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Link number → `[node, slot]`, from `[number, from, slot, to, slot, type]` or the same as an object."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, list) and len(item) >= 3 and isinstance(item[0], int):  # noqa: PLR2004  # see above
            yield item[0], [str(item[1]), item[2]]
        elif isinstance(item, dict) and isinstance(item.get("id"), int):
            yield item["id"], [str(item.get("origin_id")), item.get("origin_slot")]


def _drawn(item: Mapping[str, Any], links: Mapping[Any, list[Any]]) -> Node:
    linked: dict[str, Any] = {}
    for place in _items(item.get("inputs")):
        number = place.get("link")
        if isinstance(number, int) and number in links:
            linked[str(place.get("name"))] = links[number]
    kind = "Reroute" if item.get("mode") == _BYPASSED else str(item["type"])
    widgets = {} if kind == "Reroute" else _widgets(item)
    return Node(str(item.get("id")), kind, {**widgets, **linked}, _outputs(item))


def _widgets(item: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the widgets by name; of an unknown node the longest text, if it reads like one, as `text`."""
    values = item.get("widgets_values")
    if isinstance(values, dict):
        return dict(values)
    if not isinstance(values, list):
        return {}
    names = _WIDGETS.get(str(item.get("type")))
    if names is not None:
        return dict(zip(names, values, strict=False))
    prose = [value for value in values if isinstance(value, str) and re.search(r"\S[ ,]\s*\S", value)]
    return {"text": max(prose, key=len)} if prose else {}


def _first_widget(item: Mapping[str, Any]) -> str:
    values = item.get("widgets_values")
    return str(values[0]) if isinstance(values, list) and values else ""
