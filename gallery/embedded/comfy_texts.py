"""Which texts reach a sampler: from its conditioning back through whatever stands between. Pure.

Positive and negative are never told by guessing at the words: the output that a link leaves, or the input by which a
node is asked, says which of the two it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from gallery.embedded.comfy_doubts import Doubts
from gallery.embedded.comfy_graph import Graph, Link, Node

Role = Literal["positive", "negative"]

_SIDES: Final[tuple[dict[Role, str], ...]] = (
    {"positive": "positive", "negative": "negative"},
    {"positive": "text_positive", "negative": "text_negative"},
    {"positive": "positive_prompt", "negative": "negative_prompt"},
    {"positive": "prompt_positive", "negative": "prompt_negative"},
    {"positive": "pos", "negative": "neg"},
    {"positive": "conditioning", "negative": "neg_conditioning"},
)
"""Pairs of inputs: a node that has both is asked for one of them."""
_TEXTS: Final = ("populated_text", "text", "text_g", "text_l", "clip_g", "clip_l", "t5xxl", "llama", "prompt", "string")
_STRINGS: Final = (*_TEXTS, "value", "String", "wildcard_text", "text_string", "multiline_text", "output", "anything")
_JOINED = re.compile(r"(?i)(?:text|string|str|prompt|input)_?(?:[a-z]|\d{1,2})")
_DELIMITERS: Final = ("delimiter", "separator")
_ZEROED: Final = {"ConditioningZeroOut"}
_REROUTES = re.compile(r"(?i)reroute|primitive|^(?:get|set)node$|pipe|switch")
_WRITERS = re.compile(r"(?i)llm|gpt|ollama|gemini|claude|florence|caption|interrogat|tagger|enhance|qwen.?vl|joycap")
_CHANCE = re.compile(r"(?i)wildcard|dprandom|dynamicprompt|random.?(?:prompt|line)")
_CONDITIONINGS = re.compile(r"(?i)cond(?:itioning)?(?:_?\d{0,2}|_to|_from|_\w{1,2})|text_embeds|embeds?")
_ELSEWHERE = re.compile(
    r"(?i)(?:.*_)?(?:model|clip|vae|latent|latent_image|samples|image|images|pixels|mask|control_net|style_model|"
    r"clip_vision|clip_vision_output|ipadapter|sigmas|noise|sampler|seed|steps|width|height)_?\d*"
)
_PROSE = re.compile(r"\S[ ,]\s*\S")
_CARRIED: Final = {"", "*", "CONDITIONING", "STRING"}
_LONGEST: Final = 100_000


class TextReader:
    """Reads texts from one graph; what makes them unsure goes into the doubts."""

    def __init__(self, graph: Graph, doubts: Doubts) -> None:
        self._graph = graph
        self._doubts = doubts
        self._strings: dict[tuple[Link, Role], str | None] = {}

    def prompt(self, value: Any, role: Role) -> str | None:
        """The texts that reach this input, one a line, each once; None when none does."""
        parts = dict.fromkeys(self._conditioning(value, role, set(), 0))
        return "\n".join(parts)[:_LONGEST] or None

    def _conditioning(
        self, value: Any, role: Role, seen: set[tuple[Link, Role]], depth: int, *, expected: bool = True
    ) -> Iterator[str]:
        """The texts behind an input. `expected`: there should be one, so none is a doubt."""
        link = self._graph.link(value)
        if link is None:
            yield from _said(value)
            return
        if (link, role) in seen or not self._doubts.step(depth):
            return
        seen.add((link, role))
        node = self._graph.nodes[link.node]
        if node.kind in _ZEROED:
            return
        side = self._side(node, link, role)
        if side is not None:
            yield from self._conditioning(*side, seen, depth + 1)
            return
        inner = _conditionings(self._graph, node)
        for item in inner:
            yield from self._conditioning(item, role, seen, depth + 1)
        own = [name for name in _TEXTS if name in node.inputs]
        for name in own:
            yield from _said(self._string(node.inputs[name], role, depth + 1))
        if not inner and not own:
            for item in self._onward(node, expected=expected):
                yield from self._conditioning(item, role, seen, depth + 1, expected=False)

    def _side(self, node: Node, link: Link, role: Role) -> tuple[Any, Role] | None:
        """Of a node with a positive and a negative input the one that is meant, and which it is."""
        names = next((pair for pair in _SIDES if all(name in node.inputs for name in pair.values())), None)
        if names is None:
            return None
        meant = self._side_of_output(node, link.slot, names)
        if meant is None:
            if not _REROUTES.search(node.kind):
                self._doubts.add(f"which output of {node.kind} is the negative one is told by where it leads", 0.9)
            return node.inputs[names[role]], role
        if meant != role:
            self._doubts.add(f"positive and negative change places behind {node.kind}", 0.8)
        return node.inputs[names[meant]], meant

    def _side_of_output(self, node: Node, slot: int, names: Mapping[Role, str]) -> Role | None:
        """By the output's own name, else by its place: nodes that take both in give them out in that order."""
        called = node.output(slot).name.lower()
        if called.startswith("neg") or "negative" in called or called.endswith("-"):
            return "negative"
        if called.startswith("pos") or "positive" in called or called.endswith("+"):
            return "positive"
        are_linked = all(self._graph.link(node.inputs[name]) is not None for name in names.values())
        both: tuple[Role, Role] = ("positive", "negative")
        takes_in_order = are_linked and not _REROUTES.search(node.kind)
        return both[slot] if takes_in_order and slot < len(both) else None

    def _string(self, value: Any, role: Role, depth: int) -> str | None:
        """The text that an input holds or is linked to. Shared texts are read once; a cycle has none."""
        link = self._graph.link(value)
        if link is None:
            return value if isinstance(value, str) else None
        key = (link, role)
        if key not in self._strings:
            self._strings[key] = None
            if self._doubts.step(depth):
                self._strings[key] = self._string_of(link, role, depth)
        return self._strings[key]

    def _string_of(self, link: Link, role: Role, depth: int) -> str | None:
        node = self._graph.nodes[link.node]
        if _WRITERS.search(node.kind):
            self._doubts.add(f"a text was written by {node.kind} while it ran; the file does not hold it", 0.4)
            return None
        if _CHANCE.search(node.kind) and "populated_text" not in node.inputs:
            self._doubts.add(f"{node.kind} picked words by chance; the text is its template", 0.6)
        side = self._side(node, link, role)
        if side is not None:
            return self._string(*side, depth + 1)
        for name in _STRINGS:
            if name in node.inputs:
                found = self._string(node.inputs[name], role, depth + 1)
                if found is not None:
                    return found
        return self._joined(node, role, depth) or self._passed_on(node, role, depth)

    def _joined(self, node: Node, role: Role, depth: int) -> str | None:
        parts = [self._string(value, role, depth + 1) for name, value in node.inputs.items() if _JOINED.fullmatch(name)]
        between = next((node.inputs[name] for name in _DELIMITERS if name in node.inputs), None)
        delimiter = between.replace("\\n", "\n") if isinstance(between, str) else " "
        return delimiter.join(part for part in parts if part)[:_LONGEST] or None

    def _passed_on(self, node: Node, role: Role, depth: int) -> str | None:
        """An unknown node: the first text among what it is given."""
        return next(
            filter(None, (self._string(item, role, depth + 1) for item in self._onward(node, expected=True))), None
        )

    def _onward(self, node: Node, *, expected: bool) -> list[Any]:
        """The inputs of a node by which a text may come, by the type of what they carry, else by their names."""
        found = []
        for name, link in self._graph.links(node):
            carried = self._graph.nodes[link.node].output(link.slot).type
            if carried in _CARRIED and not (carried in {"", "*"} and _ELSEWHERE.fullmatch(name)):
                found.append(node.inputs[name])
        if found and not _REROUTES.search(node.kind):
            self._doubts.add(f"{node.kind} is not known; its inputs were followed", 0.8)
        elif not found:
            found = [value for value in node.inputs.values() if isinstance(value, str) and _PROSE.search(value)]
            if found:
                self._doubts.add(f"{node.kind} is not known; its texts were taken", 0.7)
            elif expected:
                self._doubts.add(f"{node.kind} is not known; no text was found there", 0.6)
        return found


def _said(value: Any) -> Iterable[str]:
    return [value.strip()] if isinstance(value, str) and value.strip() else []


def _conditionings(graph: Graph, node: Node) -> list[Any]:
    """The conditionings that a node combines, in the order of its inputs; of an average those that have weight."""
    found = {name: node.inputs[name] for name, _ in graph.links(node) if _CONDITIONINGS.fullmatch(name)}
    strength = node.inputs.get("conditioning_to_strength")
    if strength == 0:
        found.pop("conditioning_to", None)
    elif strength == 1:
        found.pop("conditioning_from", None)
    return list(found.values())
