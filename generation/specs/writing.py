"""A spec as YAML, in the order and the words of people: what is written is read as the same again. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ontology.writing import quoted, scalar

_ALWAYS_QUOTED = frozenset({"version", "base", "style", "negative", "description"})
_INDENT = "  "


def to_yaml(document: Mapping[str, Any]) -> str:
    """The document, its fields in the order given. Values are texts, numbers, true and false, lists and tables."""
    return "\n".join(_table(document, 0)) + "\n"


def _table(table: Mapping[str, Any], depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    for key, value in table.items():
        name = f"{indent}{scalar(key)}:"
        if isinstance(value, Mapping) and value:
            yield name
            yield from _table(value, depth + 1)
        elif isinstance(value, list | tuple) and any(isinstance(item, Mapping | list | tuple) for item in value):
            yield name
            yield from _items(value, depth + 1)
        elif isinstance(value, str) and _is_block(value):
            yield f"{name} |-"
            yield from (f"{indent}{_INDENT}{line}" if line else "" for line in value.split("\n"))
        else:
            yield f"{name} {_inline(value, always_quoted=key in _ALWAYS_QUOTED)}"


def _items(items: Sequence[Any], depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    for item in items:
        if isinstance(item, Mapping) and item:
            first, *others = _table(item, depth + 1)
            yield f"{indent}- {first.lstrip()}"
            yield from others
        else:
            yield f"{indent}- {_inline(item)}"


def _is_block(text: str) -> bool:
    """Whether a text may stand in lines of its own: several, none of which YAML would read otherwise."""
    lines = text.split("\n")
    plain = all(line == line.strip() and line.isprintable() for line in lines)
    return len(lines) > 1 and plain and lines[0] != "" and lines[-1] != ""


def _inline(value: Any, *, always_quoted: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value) if always_quoted else scalar(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {_inline(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return "null" if value is None else str(value)
