"""Strict YAML: bytes to placed nodes. What YAML would guess, run or blow up is refused, with its place.

Events are read one by one, so depth and aliases are bounded before anything is built, and nothing is constructed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import yaml

from ontology.escaping import visible
from ontology.nodes import NOTHING, Findings, Listing, Node, Place, Scalar, Table

MAX_DEPTH = 32
MAX_ALIASED_NODES = 10_000
"""How many nodes all aliases of a file may stand for, were they written out."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = yaml.reader.Reader.NON_PRINTABLE
_MAX_FORBIDDEN_SHOWN = 20
_SHOWN_CHARACTERS = 60

_IMPLIED = {"bool": "true or false", "null": NOTHING, "int": "a number", "float": "a number", "timestamp": "a date"}
# Numbers of YAML 1.2 that the 1.1 rules of PyYAML take for text: 1e3, 0o17.
_NEWER_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|0o[0-7]+")
_MERGE_TAG = "tag:yaml.org,2002:merge"

_SYNTAX_HINTS = (
    ("mapping values are not allowed", "indent with spaces; quote a text that holds `: `"),
    ("cannot start any token", "indent with spaces; quote a text that begins with a sign"),
    ("expected <block end>", "entries of one table begin in the same column"),
    ("could not find expected ':'", "every key needs a colon and a space after it"),
    ("unexpected end of stream", "close the quote"),
)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The root node, or None when the file is empty or cannot be read to its end. `text`: None when it is not UTF-8.

    `roots`: of every document in turn, where several were allowed.
    """

    root: Node | None
    text: str | None
    complete: bool
    roots: tuple[Node, ...] = ()


class _StopReadingError(Exception):
    """The rest of the file is not worth reading; the finding has been noted."""


@dataclass(slots=True)
class _Open:
    """A list or table whose end has not come yet. `size`: nodes within, aliases written out."""

    is_table: bool
    place: Place
    anchor: str | None
    children: list[Node]
    size: int = 1


def read_yaml(data: bytes, findings: Findings, *, loader: Any = _LOADER, several: bool = False) -> YamlFile:
    """Read one YAML document, or `several`; faults go to `findings`. Never raises for what the bytes hold."""
    text = _decoded(data, findings)
    if text is None or _has_forbidden_characters(text, findings):
        return YamlFile(None, text, complete=False)
    builder = _Builder(findings, several=several)
    try:
        builder.read(yaml.parse(text, Loader=loader))
    except _StopReadingError:
        return YamlFile(None, text, complete=False)
    except yaml.YAMLError as error:
        _syntax_error(error, findings)
        return YamlFile(None, text, complete=False)
    except ValueError as error:  # the pure Python scanner lets chr() refuse "\U00110000"
        findings.add("yaml_syntax", Place(1, 1), f"a character escape is not valid: {visible(str(error))}")
        return YamlFile(None, text, complete=False)
    return YamlFile(builder.root, text, complete=True, roots=tuple(builder.roots))


def _decoded(data: bytes, findings: Findings) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = Place(before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        byte = data[error.start]
        findings.add("not_utf8", place, f"the byte 0x{byte:02x} is not UTF-8", "save the file as UTF-8")
        return None


def _has_forbidden_characters(text: str, findings: Findings) -> bool:
    odd = list(islice(_FORBIDDEN.finditer(text), _MAX_FORBIDDEN_SHOWN))
    for match in odd:
        place = Place(text.count("\n", 0, match.start()) + 1, match.start() - text.rfind("\n", 0, match.start()))
        message = f"the character {visible(match.group())} may not stand in a YAML file"
        findings.add("yaml_character", place, message, "take it out")
    return bool(odd)


def _syntax_error(error: yaml.YAMLError, findings: Findings) -> None:
    mark = getattr(error, "problem_mark", None)
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    said = ", ".join(part for part in (getattr(error, "context", None), getattr(error, "problem", None)) if part)
    hint = next((hint for sign, hint in _SYNTAX_HINTS if sign in said), "check indentation, colons and quotes here")
    findings.add("yaml_syntax", place, f"not valid YAML: {visible(said or str(error))}", hint)


class _Builder:
    """Turns events into nodes, with its own stack: the depth of the input never becomes depth of calls."""

    def __init__(self, findings: Findings, *, several: bool = False) -> None:
        self.roots: list[Node] = []
        self._findings = findings
        self._several = several
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._aliased_nodes = 0

    @property
    def root(self) -> Node | None:
        """Of the first document."""
        return self.roots[0] if self.roots else None

    def read(self, events: Iterable[Any]) -> None:
        """Take all events; stops at a second document, unless several may come.

        Raises `_StopReadingError` at depth and alias limits.
        """
        for event in events:
            match event:
                case yaml.ScalarEvent():
                    self._refuse_tag(event)
                    self._put(_scalar(event), event.anchor, 1)
                case yaml.CollectionStartEvent():
                    self._open(event)
                case yaml.CollectionEndEvent():
                    self._close()
                case yaml.AliasEvent():
                    self._put_alias(event)
                case yaml.DocumentStartEvent() if self._several:
                    self._anchors = {}
                case yaml.DocumentStartEvent() if self.roots:
                    message = "a second document begins here"
                    self._findings.add("yaml_documents", _place(event), message, "make it a file of its own")
                    return

    def _open(self, event: Any) -> None:
        self._refuse_tag(event)
        place = _place(event)
        if len(self._stack) >= MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            self._findings.add("yaml_too_deep", place, message, "no file of a project needs more than a few")
            raise _StopReadingError
        self._stack.append(_Open(isinstance(event, yaml.MappingStartEvent), place, event.anchor, []))

    def _close(self) -> None:
        done = self._stack.pop()
        line, column = done.place.line, done.place.column
        node: Node
        if done.is_table:
            node = Table(tuple(self._entries(done.children)), line, column)
        else:
            node = Listing(tuple(done.children), line, column)
        self._put(node, done.anchor, done.size)

    def _put(self, node: Node, anchor: str | None, size: int) -> None:
        if anchor is not None:
            self._anchors[anchor] = (node, size)
        if self._stack:
            self._stack[-1].children.append(node)
            self._stack[-1].size += size
        else:
            self.roots.append(node)

    def _put_alias(self, event: Any) -> None:
        """An alias shares its node, so nothing grows here; what it would be written out is counted all the same."""
        place = _place(event)
        known = self._anchors.get(event.anchor)
        if known is None:
            message = f"`*{visible(event.anchor)}` stands for nothing: no anchor of that name ends before it"
            self._findings.add("yaml_aliases", place, message, "write the value out")
            known = (Scalar("", place.line, place.column, NOTHING), 1)
        self._aliased_nodes += known[1]
        if self._aliased_nodes > MAX_ALIASED_NODES:
            message = f"the aliases of this file stand for more than {MAX_ALIASED_NODES:,} values"
            self._findings.add("yaml_aliases", place, message, "write the values out")
            raise _StopReadingError
        self._put(known[0], None, known[1])

    def _entries(self, children: list[Node]) -> Iterable[tuple[Scalar, Node]]:
        """The entries worth keeping: of equal keys the first."""
        first: dict[str, Scalar] = {}
        for key, value in zip(children[::2], children[1::2], strict=True):
            if not isinstance(key, Scalar):
                self._findings.add("wrong_type", key, "a key must be a text", "take out the brackets or `?`")
            elif key.implied == _MERGE_TAG:
                message = "merge keys (`<<`) are not supported: what a term says must stand where the term stands"
                self._findings.add("yaml_merge_key", key, message, "write the fields out")
            elif key.text in first:
                message = (
                    f"the key `{_shown(key.text)}` stands here a second time, first in line {first[key.text].line}"
                )
                hint = "keep one of the two, or join them"
                self._findings.add("duplicate_key", key, message, hint, id=visible(key.text))
            else:
                first[key.text] = key
                yield key, value

    def _refuse_tag(self, event: Any) -> None:
        if event.tag is None:
            return
        tag = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
        message = f"the YAML tag `{_shown(tag)}` is not allowed: files hold plain data only"
        self._findings.add("yaml_tag", _place(event), message, "take the tag out; quote the value if it is a text")


def _shown(text: str) -> str:
    return visible(text, limit=_SHOWN_CHARACTERS)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _scalar(event: Any) -> Scalar:
    place = _place(event)
    is_plain = event.implicit[0] and event.tag is None
    return Scalar(event.value, place.line, place.column, _implied(event.value) if is_plain else None)


def _implied(text: str) -> str | None:
    """What YAML 1.1 or 1.2 makes of an unquoted value; None when it stays text."""
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return tag if tag == _MERGE_TAG else _IMPLIED.get(tag.rpartition(":")[2], "a special value")
    return "a number" if _NEWER_NUMBER.fullmatch(text) else None
