"""What the text of a manifest lists: entries by section and key, in its order. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from generation.manifest.scanning import Member, Node, Table, scan

ROOT: Final = "assets"
"""The table that holds all sections."""

OUR_FIELDS: Final = frozenset(
    {"type", "path", "description", "aiGenerated", "aiProvider", "aiCost", "generatedDate", "standIn"}
)
"""Fields that are written here, see `generation.manifest.entries`; any other is the user's."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry. `section` has its parts, `("audio", "sfx", "jump")`; `paths` is empty where it names no file.

    `generated`: whether it says that it was made; `has_more`: whether it has fields that are not written here.
    """

    section: tuple[str, ...]
    key: str
    type: str | None
    paths: tuple[str, ...]
    generated: bool = False
    has_more: bool = False

    @property
    def name(self) -> str:
        """`images.coin`."""
        return ".".join((*self.section, self.key))


def entries_of(text: str) -> tuple[Listed, ...]:
    """Every entry of a manifest's text. Raises `ScanError`."""
    root = scan(text.removeprefix("\ufeff"))
    assets = root.get(ROOT) if isinstance(root, Table) else None
    return tuple(_within((), assets.node)) if assets is not None else ()


def _within(section: tuple[str, ...], node: Node) -> Iterator[Listed]:
    for member in _counting(node):
        if section and isinstance(member.node, Table) and _is_entry(member.node):
            yield Listed(section, member.key, _kind(member.node), _paths(member.node), *_whose(member.node))
        else:
            yield from _within((*section, member.key), member.node)


def _counting(node: Node) -> list[Member]:
    """The members of a table, of those with one key the last."""
    return list({member.key: member for member in node.members}.values()) if isinstance(node, Table) else []


def _is_entry(table: Table) -> bool:
    """A table that says where a file is, or of which kind it is; others are sections."""
    return bool(_paths(table)) or _kind(table) is not None


def _whose(table: Table) -> tuple[bool, bool]:
    member = table.get("aiGenerated")
    more = any(each.key not in OUR_FIELDS for each in table.members)
    return member is not None and member.node.value is True, more


def _kind(table: Table) -> str | None:
    member = table.get("type")
    return member.node.value if member is not None and isinstance(member.node.value, str) else None


def _paths(table: Table) -> tuple[str, ...]:
    """`path` may be one text, or a list of texts where a sound has several formats."""
    member = table.get("path")
    said: Any = member.node.value if member is not None else []
    listed = said if isinstance(said, list) else [said]
    return tuple(listed) if all(isinstance(each, str) for each in listed) else ()
