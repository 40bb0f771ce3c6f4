"""Putting members into a table of a JSON text, in the style of that text, and changing nothing else. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from generation.manifest.scanning import Member, Node, Table, is_same, scan

_UNIT: Final = "  "

_Edit = tuple[int, int, str]
"""From where to where, and what stands there instead."""


class EditError(ValueError):
    """What is in the way; `position` in the text."""

    def __init__(self, message: str, position: int, hint: str) -> None:
        super().__init__(message)
        self.message, self.position, self.hint = message, position, hint


@dataclass(frozen=True, slots=True)
class _Style:
    """How the text is laid out. `unit` indents one level, None: all on one line; `colon`: what follows a key."""

    unit: str | None
    newline: str
    colon: str

    @classmethod
    def of(cls, text: str, root: Table) -> "_Style":
        newline = "\r\n" if "\r\n" in text else "\n"
        if not root.members:
            return cls(_UNIT, newline, ": ")
        first = root.members[0]
        colon = text[first.end : first.node.start]
        unit = (_indent_before(text, first.start) or _UNIT) if _is_spread(text, root) else None
        return cls(unit, newline, colon if "\n" not in colon else ": ")


def set_members(
    text: str, path: Sequence[str], members: Mapping[str, Any], *, if_there: Mapping[str, Any] | None = None
) -> str:
    """The text with these members in the table at the path, which is made where it is missing.

    A member of the same value stays as it is written; others get the new value in their place, new ones come last.
    `if_there` are set only where the table has them. Raises `ScanError`, and `EditError` where a part of the path is
    no table.
    """
    root = scan(text)
    if not isinstance(root, Table):
        raise EditError("the whole is not a table", root.start, "a manifest begins with {")
    style = _Style.of(text, root)
    table: Table = root
    for number, key in enumerate(path):
        member = table.get(key)
        if member is None:
            return _spliced(text, [_added(text, table, {key: _nested(path[number + 1 :], members)}, style)])
        table = _table_of(member)
    wanted = {**members, **_present(table, if_there or {})}
    there = {key: member for key in wanted if (member := table.get(key)) is not None}
    edits = [
        _replaced(text, table, member, wanted[key], style)
        for key, member in there.items()
        if not is_same(member.node.value, wanted[key])
    ]
    missing = {key: value for key, value in wanted.items() if key not in there}
    return _spliced(text, edits + ([_added(text, table, missing, style)] if missing else []))


def without_member(text: str, path: Sequence[str]) -> str:
    """The text without the member at the path, with the comma that it no longer needs; as it is where there is none.

    Of a key that is there several times every one goes. Raises `ScanError`.
    """
    while (found := _found(scan(text), path)) is not None:
        table, number = found
        text = _spliced(text, [_left_out(table, number)])
    return text


def _found(root: Node, path: Sequence[str]) -> tuple[Table, int] | None:
    """The table that holds the member, and which of its members it is."""
    node = root
    for key in path[:-1]:
        member = node.get(key) if isinstance(node, Table) else None
        if member is None:
            return None
        node = member.node
    members = node.members if isinstance(node, Table) else ()
    numbers = [number for number, member in enumerate(members) if member.key == path[-1]]
    return (node, numbers[-1]) if isinstance(node, Table) and numbers else None


def _left_out(table: Table, number: int) -> _Edit:
    """From the end of the one before, else up to the one behind, else all that the table holds."""
    members = table.members
    if number > 0:
        return members[number - 1].node.end, members[number].node.end, ""
    if len(members) > 1:
        return members[0].start, members[1].start, ""
    return table.start + 1, table.end - 1, ""


def _spliced(text: str, edits: Sequence[_Edit]) -> str:
    """Every edit done; those further back first, so that the places of the others stay true."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _present(table: Table, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in wanted.items() if table.get(key) is not None}


def _table_of(member: Member) -> Table:
    if not isinstance(member.node, Table):
        raise EditError(
            f"`{member.key}` is not a table", member.node.start, "make it {}, or take another section or key"
        )
    return member.node


def _nested(path: Sequence[str], members: Mapping[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = dict(members)
    for key in reversed(path):
        body = {key: body}
    return body


def _replaced(text: str, table: Table, member: Member, value: Any, style: _Style) -> _Edit:
    """Another value in the place of the one that is there."""
    spread = _is_spread(text, table) and style.unit is not None
    indent = _indent_before(text, member.start) if spread else None
    return member.node.start, member.node.end, _written(value, style if spread else _flat(style), indent or "")


def _added(text: str, table: Table, members: Mapping[str, Any], style: _Style) -> _Edit:
    """New members behind the last one."""
    if table.members:
        last = table.members[-1]
        if style.unit is None or not _is_spread(text, table):
            comma = ", " if " " in style.colon else ","
            flat = _flat(style)
            return last.node.end, last.node.end, "".join(comma + each for each in _lines(members, flat, ""))
        indent = _indent_before(text, last.start)
        indent = style.unit if indent is None else indent
        lines = _lines(members, style, indent)
        return last.node.end, last.node.end, "".join(f",{style.newline}{indent}{line}" for line in lines)
    outer = _line_indent(text, table.start)
    return table.start, table.end, _written(members, style, outer)


def _flat(style: _Style) -> _Style:
    return _Style(None, style.newline, style.colon)


def _is_spread(text: str, table: Table) -> bool:
    """Whether its members stand on lines of their own."""
    return bool(table.members) and "\n" in text[table.start : table.members[0].start]


def _indent_before(text: str, position: int) -> str | None:
    """What stands before it on its line, if that is only space."""
    before = text[text.rfind("\n", 0, position) + 1 : position]
    return before if not before.strip() else None


def _line_indent(text: str, position: int) -> str:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line[: len(line) - len(line.lstrip())]


def _lines(members: Mapping[str, Any], style: _Style, indent: str) -> list[str]:
    return [f"{_quoted(key)}{style.colon}{_written(value, style, indent)}" for key, value in members.items()]


def _written(value: Any, style: _Style, indent: str) -> str:
    """A value as JSON, in the style."""
    if isinstance(value, Mapping | list | tuple) and value:
        inner = indent + (style.unit or "")
        if isinstance(value, Mapping):
            (opening, closing), parts = "{}", _lines(value, style, inner)
        else:
            (opening, closing), parts = "[]", [_written(each, style, inner) for each in value]
        if style.unit is None:
            return opening + (", " if " " in style.colon else ",").join(parts) + closing
        lines = f",{style.newline}{inner}".join(parts)
        return f"{opening}{style.newline}{inner}{lines}{style.newline}{indent}{closing}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return _quoted(value) if isinstance(value, str) else json.dumps(value, allow_nan=False)


def _quoted(text: str) -> str:
    """Letters of all scripts as they are; halves of characters, which no file can hold, as escapes."""
    return json.dumps(text, ensure_ascii=any("\ud800" <= char <= "\udfff" for char in text))
