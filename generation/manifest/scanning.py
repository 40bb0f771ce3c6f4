"""JSON with the place of every value in its text, so that one value can be changed and the rest left alone. Pure.

As RFC 8259 has it: no comments, no commas at the end. Of a key that is there twice the last one counts, as in browsers.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NoReturn

from ontology.escaping import visible

DEEPEST: Final = 60
"""So many levels of tables and lists; more are taken for an attack."""

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD: Final = re.compile(r"true|false|null")
_SHOWN: Final = 20


class ScanError(ValueError):
    """Text that is no JSON, and where."""

    def __init__(self, message: str, text: str, position: int, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint
        self.line, self.column = line_and_column(text, position)


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Both from 1; the column in characters."""
    return text.count("\n", 0, position) + 1, position - (text.rfind("\n", 0, position) + 1) + 1


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number, true, false or null: `text[start:end]` is how it is written."""

    start: int
    end: int
    value: Any


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    start: int
    end: int
    items: tuple["Node", ...]

    @property
    def value(self) -> list[Any]:
        """As plain values."""
        return [item.value for item in self.items]


@dataclass(frozen=True, slots=True)
class Member:
    """A key and its value; `start` and `end` are those of the key with its quotes."""

    key: str
    start: int
    end: int
    node: "Node"


@dataclass(frozen=True, slots=True)
class Table:
    """An object: its members as they are written."""

    start: int
    end: int
    members: tuple[Member, ...]

    def get(self, key: str) -> Member | None:
        """The member that counts: the last of that key."""
        return next((member for member in reversed(self.members) if member.key == key), None)

    @property
    def value(self) -> dict[str, Any]:
        """As plain values."""
        return {member.key: member.node.value for member in self.members}


Node = Scalar | Listing | Table


def scan(text: str) -> Node:
    """The one value of the text. Numbers with a fraction are decimals. Raises `ScanError`."""
    scanner = _Scanner(text)
    node = scanner.value(scanner.space(0), 0)
    end = scanner.space(node.end)
    if end < len(text):
        scanner.fail(end, "there is something behind the end", "take it away")
    return node


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text

    def fail(self, position: int, message: str, hint: str) -> NoReturn:
        raise ScanError(message, self.text, position, hint)

    def space(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def value(self, position: int, depth: int) -> Node:
        if depth > DEEPEST:
            self.fail(position, f"more than {DEEPEST} levels", "a manifest is not so deep")
        char = self.text[position : position + 1]
        if char == "{":
            return self.table(position, depth)
        if char == "[":
            return self.listing(position, depth)
        return self.scalar(position)

    def scalar(self, position: int) -> Scalar:
        if self.text[position : position + 1] == '"':
            value, end = self.string(position)
            return Scalar(position, end, value)
        if found := _WORD.match(self.text, position):
            return Scalar(position, found.end(), json.loads(found[0]))
        if found := _NUMBER.match(self.text, position):
            return Scalar(position, found.end(), _number(found[0]))
        return self.fail(
            position, f"a value is missing before {self.next_word(position)}", "write it, or take the comma away"
        )

    def string(self, position: int) -> tuple[str, int]:
        found = _STRING.match(self.text, position)
        if found is None:
            self.fail(position, "a text is not closed, or holds a bare control character", 'close it with "')
        return json.loads(found[0]), found.end()

    def table(self, start: int, depth: int) -> Table:
        members: list[Member] = []
        position = self.space(start + 1)
        while self.text[position : position + 1] != "}":
            if members:
                position = self.comma(position, "}")
            if self.text[position : position + 1] != '"':
                self.fail(
                    position, f"a key is missing before {self.next_word(position)}", "keys stand in double quotes"
                )
            key, end = self.string(position)
            colon = self.space(end)
            if self.text[colon : colon + 1] != ":":
                self.fail(colon, f"`:` is missing behind {visible(key, limit=40)}", "write a colon and a value")
            node = self.value(self.space(colon + 1), depth + 1)
            members.append(Member(key, position, end, node))
            position = self.space(node.end)
        return Table(start, position + 1, tuple(members))

    def listing(self, start: int, depth: int) -> Listing:
        items: list[Node] = []
        position = self.space(start + 1)
        while self.text[position : position + 1] != "]":
            if items:
                position = self.comma(position, "]")
            items.append(self.value(position, depth + 1))
            position = self.space(items[-1].end)
        return Listing(start, position + 1, tuple(items))

    def comma(self, position: int, closing: str) -> int:
        if self.text[position : position + 1] != ",":
            self.fail(position, f"`,` or `{closing}` is missing before {self.next_word(position)}", "write it there")
        return self.space(position + 1)

    def next_word(self, position: int) -> str:
        rest = self.text[position : position + _SHOWN].partition("\n")[0].strip()
        return f"`{visible(rest)}`" if rest else "the end"


def _number(text: str) -> int | Decimal:
    # Digits without end would take the interpreter long to read; such a number is kept as a decimal.
    return Decimal(text) if not text.lstrip("-").isdigit() or len(text) > _SHOWN else int(text)


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are one in JSON: true is not 1, and 0.040 is 0.04."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other)
