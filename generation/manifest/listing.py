"""What the text of a manifest lists: entries by section and key, in its order. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from generation.manifest.scanning import Member, Node, Table, scan

ROOT: Final = "assets"
"""The table that holds all sections."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry. `section` has its parts, `("audio", "sfx", "jump")`; `paths` is empty where it names no file."""

    section: tuple[str, ...]
    key: str
    type: str | None
    paths: tuple[str, ...]


def entries_of(text: str) -> tuple[Listed, ...]:
    """Every entry of a manifest's text. Raises `ScanError`."""
    root = scan(text.removeprefix("\ufeff"))
    assets = root.get(ROOT) if isinstance(root, Table) else None
    return tuple(_within((), assets.node)) if assets is not None else ()


def _within(section: tuple[str, ...], node: Node) -> Iterator[Listed]:
    for member in _counting(node):
        if section and isinstance(member.node, Table) and _is_entry(member.node):
            yield Listed(section, member.key, _kind(member.node), _paths(member.node))
        else:
            yield from _within((*section, member.key), member.node)


def _counting(node: Node) -> list[Member]:
    """The members of a table, of those with one key the last."""
    return list({member.key: member for member in node.members}.values()) if isinstance(node, Table) else []


def _is_entry(table: Table) -> bool:
    """A table that says where a file is, or of which kind it is; others are sections."""
    return bool(_paths(table)) or _kind(table) is not None


def _kind(table: Table) -> str | None:
    member = table.get("type")
    return member.node.value if member is not None and isinstance(member.node.value, str) else None


def _paths(table: Table) -> tuple[str, ...]:
    """`path` may be one text, or a list of texts where a sound has several formats."""
    member = table.get("path")
    said: Any = member.node.value if member is not None else []
    listed = said if isinstance(said, list) else [said]
    return tuple(listed) if all(isinstance(each, str) for each in listed) else ()
