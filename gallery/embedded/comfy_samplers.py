"""Which sampler made the saved image, and what it was set to. Pure."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final

from gallery.embedded.comfy_doubts import Doubts
from gallery.embedded.comfy_graph import Graph, Node
from gallery.embedded.facts import Lora
from gallery.embedded.values import real, text, unique_loras

_SAVES = re.compile(r"(?i)save|upload|send.?image|output")
_SHOWS = re.compile(r"(?i)preview|compare|show")
_ASKED: Final = {"positive", "guider", "conditioning", "text_embeds", "pipe", "basic_pipe", "context"}
_SET: Final = {"steps", "sigmas", "seed", "noise_seed", "noise", "denoise"}
_NOT_THE_IMAGE = re.compile(
    r"(?i)(?:.*_)?(?:model|clip|vae|positive|negative|conditioning|control_net|guider|noise|sigmas|sampler|text|prompt|"
    r"string|text_embeds|mask|reference_image|style_model|ipadapter)_?\d*"
)
_MODELS: Final = ("ckpt_name", "unet_name", "model_name", "gguf_name", "base_ckpt_name", "checkpoint", "model_path")
_TO_MODEL = re.compile(r"(?i)(?:.*_)?(?:model|unet|diffusion_model)_?\d*|guider|.*pipe|context|value|any.*|input")
_VALUES: Final = ("value", "Value", "seed", "noise_seed", "int", "float", "number", "Number", "string", "text")
_NUMBERED = re.compile(r"(?i)lora(?:_name)?_(\d{1,2})")
_WEIGHTS: Final = ("strength_model", "strength", "lora_strength", "weight", "model_strength")
_NUMBERED_WEIGHTS: Final = ("lora_wt_{}", "model_str_{}", "strength_model_{}", "model_weight_{}", "strength_{}")


class SamplerReader:
    """Reads samplers and their settings from one graph; what makes them unsure goes into the doubts."""

    def __init__(self, graph: Graph, doubts: Doubts) -> None:
        self._graph = graph
        self._doubts = doubts

    def stages(self) -> list[Node]:
        """The sampler nearest the saved image, then those before it; empty when there is none."""
        starts = self._starts()
        found = [chain for chain in (list(self._back(start)) for start in starts) if chain]
        if not found:
            return []
        if len({chain[0].id for chain in found}) > 1:
            self._doubts.add(f"{len(starts)} images are saved from this graph; this is the one of most stages", 0.6)
        return max(found, key=len)

    def _starts(self) -> list[Node]:
        """The nodes that save an image: what nobody takes anything from. Previews only where nothing else is."""
        taken = {link.node for node in self._graph.nodes.values() for _, link in self._graph.links(node)}
        ends = [node for node in self._graph.nodes.values() if node.id not in taken and any(self._graph.links(node))]
        saving = [node for node in ends if _SAVES.search(node.kind) and not _SHOWS.search(node.kind)]
        showing = [node for node in ends if _SHOWS.search(node.kind)]
        if not saving and not showing:
            self._doubts.add("no node saves an image", 0.8)
        return saving or showing or ends

    def _back(self, start: Node) -> Iterator[Node]:
        """Samplers on the image's way to this node, the nearest first."""
        return (
            node for node in self._nearest(start, lambda name: not _NOT_THE_IMAGE.fullmatch(name)) if is_sampler(node)
        )

    def _nearest(self, start: Node, follows: Callable[[str], bool]) -> Iterator[Node]:
        """The node and those before it along these inputs, by distance, each once."""
        pending, seen = deque([start]), {start.id}
        while pending and self._doubts.step(0):
            node = pending.popleft()
            yield node
            for name, link in self._graph.links(node):
                if link.node not in seen and follows(name):
                    seen.add(link.node)
                    pending.append(self._graph.nodes[link.node])

    def setting(self, node: Node, names: tuple[str, ...], via: str) -> Any:
        """The nearest value under one of these names, in the node or behind those of its inputs that `via` matches."""
        for found in self._nearest(node, lambda name: re.fullmatch(via, name) is not None):
            for name in names:
                value = self.value(found.inputs.get(name))
                if value is not None:
                    return value
        return None

    def value(self, value: Any, depth: int = 0) -> Any:
        """A plain value; what is linked is looked up where it comes from. None for anything else."""
        node = self._graph.target(value)
        if node is None:
            return value if isinstance(value, int | float | str) and not isinstance(value, bool) else None
        if not self._doubts.step(depth):
            return None
        for name in _VALUES:
            if name in node.inputs:
                return self.value(node.inputs[name], depth + 1)
        return next((self.value(node.inputs[name], depth + 1) for name, _ in self._graph.links(node)), None)

    def model(self, sampler: Node) -> tuple[str | None, tuple[Lora, ...]]:
        """The model behind a sampler and the LoRAs on the way, those nearest the model first."""
        loras: list[Lora] = []
        for node in self._nearest(sampler, lambda name: _TO_MODEL.fullmatch(name) is not None):
            loras[:0] = self._loras(node)
            if "merge" in node.kind.lower():
                self._doubts.add("models were merged; the first is named", 0.9)
            name = next(filter(None, (text(self.value(node.inputs.get(key))) for key in _MODELS)), None)
            if name is not None and "lora" not in node.kind.lower():
                return name, unique_loras(loras)
        return None, unique_loras(loras)

    def _loras(self, node: Node) -> list[Lora]:
        """Those that a node adds itself, behind those of the stacks it is given."""
        stacks = [self._graph.nodes[link.node] for name, link in self._graph.links(node) if "lora" in name.lower()]
        stacked = [list(self._nearest(stack, lambda name: "lora" in name.lower())) for stack in stacks]
        return [lora for stack in stacked for item in reversed(stack) for lora in self._own_loras(item)] + (
            self._own_loras(node)
        )

    def _own_loras(self, node: Node) -> list[Lora]:
        found = [
            self._lora(node.inputs.get("lora_name"), next((node.inputs[w] for w in _WEIGHTS if w in node.inputs), None))
        ]
        for name, value in node.inputs.items():
            number = _NUMBERED.fullmatch(name)
            if isinstance(value, dict) and value.get("on", True) is True:
                found.append(self._lora(value.get("lora"), value.get("strength")))
            elif number is not None and node.inputs.get(f"switch_{number[1]}", "On") == "On":
                weights = (pattern.format(number[1]) for pattern in _NUMBERED_WEIGHTS)
                found.append(self._lora(value, next((node.inputs[w] for w in weights if w in node.inputs), None)))
        return [lora for lora in found if lora is not None]

    def _lora(self, name: Any, weight: Any) -> Lora | None:
        """None without a name, and for one whose weight is 0: it does nothing."""
        called, strength = text(self.value(name)), real(self.value(weight))
        return None if called in {None, "None"} or strength == 0 else Lora(str(called), strength)


def is_sampler(node: Node) -> bool:
    """Whether a node makes an image out of noise: it is asked for something, and has settings of that work."""
    names = node.inputs.keys()
    return bool(names & _ASKED and names & _SET) or ("sampler" in node.kind.lower() and bool(names & _ASKED))
