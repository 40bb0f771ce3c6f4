"""YAML or JSON as it was written: every text, list and table with the span of the characters that it takes.

This is what editing a file in place needs; reading one for what it says is the task of `ontology.yaml_source`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from ontology.yaml_source import MAX_ALIASED_NODES, MAX_DEPTH

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BOM = "\ufeff"
_ANCHOR = re.compile(r"&\S+\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text, from `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A single value. `style`: its quote, `|` or `>` for a block of lines, None where it is written plainly."""

    value: str
    span: Span
    style: str | None


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence. In brackets, the span ends behind the closing one; otherwise its end says nothing."""

    nodes: tuple["Spanned", ...]
    span: Span
    in_brackets: bool


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping, in the order of the file. Of its span the same is true as of that of `Items`."""

    entries: tuple[tuple["Spanned", "Spanned"], ...]
    span: Span
    in_brackets: bool

    def get(self, *names: str) -> "Spanned | None":
        """The value of the first key that has one of these names."""
        return next((value for key, value in self.entries if isinstance(key, Text) and key.value in names), None)

    def named(self) -> Iterator[tuple[Text, "Spanned"]]:
        """The entries whose keys are texts."""
        return ((key, value) for key, value in self.entries if isinstance(key, Text))


Spanned = Text | Items | Fields


def documents(text: str) -> tuple[Spanned, ...] | None:
    """The documents of a file, none for an empty one; None where it cannot be read, or its aliases would blow up.

    What an alias stands for is the node of its anchor itself, with the span of the anchor.
    """
    shift = len(_BOM) if text.startswith(_BOM) else 0
    # JSON is YAML but for tabs between its words; a table of YAML is not indented by them.
    plain = text[shift:].replace("\t", " ") if text[shift:].lstrip().startswith(("{", "[")) else text[shift:]
    try:
        return _Builder(text, shift).read(yaml.parse(plain, Loader=_LOADER))
    except (yaml.YAMLError, ValueError):
        return None


def plain(node: Spanned) -> Any:
    """The values alone: texts, lists, and mappings as lists of pairs. For comparing."""
    match node:
        case Text():
            return node.value
        case Items():
            return [plain(inner) for inner in node.nodes]
        case Fields():
            return [(plain(key), plain(value)) for key, value in node.entries]


@dataclass(slots=True)
class _Open:
    """A list or table whose end has not come yet. `size`: nodes within, aliases written out."""

    event: Any
    children: list[Spanned]
    size: int = 1


class _Builder:
    """Turns events into nodes, with its own stack. Raises ValueError for what is too deep or too much."""

    def __init__(self, text: str, shift: int) -> None:
        self._text = text
        self._shift = shift
        self._stack: list[_Open] = []
        self._done: list[Spanned] = []
        self._anchors: dict[str, tuple[Spanned, int]] = {}
        self._aliased = 0

    def read(self, events: Any) -> tuple[Spanned, ...]:
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    self._anchors = {}
                case yaml.ScalarEvent():
                    self._put(Text(event.value, self._span(event, event), event.style or None), event.anchor, 1)
                case yaml.CollectionStartEvent():
                    if len(self._stack) >= MAX_DEPTH:
                        raise ValueError
                    self._stack.append(_Open(event, []))
                case yaml.CollectionEndEvent():
                    self._close(event)
                case yaml.AliasEvent():
                    self._put_alias(str(event.anchor))
        return tuple(self._done)

    def _span(self, first: Any, last: Any) -> Span:
        start, end = first.start_mark.index + self._shift, last.end_mark.index + self._shift
        anchor = _ANCHOR.match(self._text, start, end) if first.anchor is not None else None
        return Span(anchor.end() if anchor else start, end)

    def _close(self, event: Any) -> None:
        done = self._stack.pop()
        span, in_brackets = self._span(done.event, event), bool(done.event.flow_style)
        node: Spanned
        if isinstance(done.event, yaml.MappingStartEvent):
            entries = tuple(zip(done.children[::2], done.children[1::2], strict=True))
            node = Fields(entries, span, in_brackets)
        else:
            node = Items(tuple(done.children), span, in_brackets)
        self._put(node, done.event.anchor, done.size)

    def _put(self, node: Spanned, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = (node, size)
        if self._stack:
            self._stack[-1].children.append(node)
            self._stack[-1].size += size
        else:
            self._done.append(node)

    def _put_alias(self, anchor: str) -> None:
        if anchor not in self._anchors:
            raise ValueError
        node, size = self._anchors[anchor]
        self._aliased += size
        if self._aliased > MAX_ALIASED_NODES:
            raise ValueError
        self._put(node, None, size)
