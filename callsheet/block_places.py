"""Where the parts of an action block stand in its file. A file is read for this only when something is wrong in it."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ontology.cleaning import clean
from ontology.nodes import Findings, Listing, Node, Place, Placed, Scalar, Table
from ontology.yaml_source import read_yaml
from resolver.request import snake_case

_FILES_REMEMBERED = 4
_TOP = Place(1, 1)


class BlockPlaces:
    """The places of one block; of a file that YAML cannot follow everything is at its top."""

    def __init__(self, node: Node | None) -> None:
        self._node = node

    @property
    def block(self) -> Placed:
        """Where the block begins."""
        return self._node or _TOP

    def field(self, path: str, text: str | None = None) -> Placed:
        """Where the value of a field stands, such as `referenceImage.tags`, or the text in it; else what is nearest.

        `text` may be written without its namespace. A path that leads nowhere is looked for in the whole block.
        """
        node = self._node
        for name in path.split("."):
            inner = _entry(node, name)
            if inner is None:
                break
            node = inner[1]
        if text is not None:
            node = next((found for found in _scalars(node) if _says(found, text)), node)
        return node or _TOP

    def key(self, name: str) -> Placed:
        """Where the name of a field stands."""
        found = _entry(self._node, name)
        return found[0] if found is not None else self.block


def places_of(path: Path, number: int | None) -> BlockPlaces:
    """The places of a file's block: the one of that number in a list, from 0, or the only one."""
    root = _root(path)
    if number is None:
        return BlockPlaces(root)
    return BlockPlaces(root.items[number] if isinstance(root, Listing) and number < len(root.items) else root)


@lru_cache(_FILES_REMEMBERED)
def _root(path: Path) -> Node | None:
    try:
        data = path.read_bytes()
    except OSError:
        return None
    # JSON is YAML but for tabs between its words; inside its texts there are none.
    return read_yaml(data.replace(b"\t", b" "), Findings(path.name)).root


def _entry(node: Node | None, name: str) -> tuple[Scalar, Node] | None:
    if not isinstance(node, Table):
        return None
    exact = next((entry for entry in node.entries if entry[0].text == name), None)
    return exact or next((entry for entry in node.entries if snake_case(entry[0].text) == snake_case(name)), None)


def _scalars(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, Table):
        for _, value in node.entries:
            yield from _scalars(value)


def _says(scalar: Scalar, text: str) -> bool:
    said = clean(scalar.text)
    return bool(said) and (said == clean(text) or clean(text).endswith(f":{said}"))
