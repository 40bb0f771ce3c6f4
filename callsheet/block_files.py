"""The action blocks of a project: `blocks/*.yaml` and `*.json`, one block or a list of them in a file."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError, NotFoundError
from ontology.loader import MAX_BYTES
from ontology.nodes import NOTHING, Findings, Listing, Node, Place, Scalar, Table
from ontology.yaml_source import read_yaml

SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class BlockFiles:
    """What a folder of blocks held: blocks by id, in the order of files, the file of each, and every fault."""

    blocks: Mapping[str, Mapping[str, Any]]
    files: Mapping[str, Path]
    diagnostics: tuple[Diagnostic, ...]


class BlockFileError(InvalidInputError):
    """A block file that cannot be used; `diagnostics` has every fault of it."""

    code = "invalid_action_block"

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        first = diagnostics[0]
        super().__init__(str(first), hint="mend the file; docs/resolver.md shows the form of an action block")


def load_blocks(folder: Path, *, shown_from: Path | None = None) -> BlockFiles:
    """Every block below a folder. Faults are collected, not raised: one bad file never hides the others.

    Diagnostics name files relative to `shown_from`.
    """
    blocks: dict[str, Mapping[str, Any]] = {}
    files: dict[str, Path] = {}
    faults: list[Diagnostic] = []
    for path in _files_below(folder, shown_from, faults):
        findings = Findings(_shown(path, shown_from))
        for block, place in _blocks_in(path, findings):
            block_id = block["id"]
            if block_id in blocks:
                other = _shown(files[block_id], shown_from)
                findings.add("duplicate_block", place, f"block {block_id} is in {other} too", "rename one", id=block_id)
                continue
            blocks[block_id] = block
            files[block_id] = path
        faults += findings.diagnostics
    return BlockFiles(blocks, files, tuple(faults))


def _files_below(folder: Path, shown_from: Path | None, faults: list[Diagnostic]) -> list[Path]:
    """The block files below a folder, sorted. A folder that cannot be read is noted, not passed over."""

    def unreadable(error: OSError) -> None:
        findings = Findings(_shown(Path(error.filename or folder), shown_from))
        findings.add("unreadable", Place(1, 1), f"the folder cannot be read: {error.strerror}", "check its permissions")
        faults.extend(findings.diagnostics)

    if not folder.exists():
        return []
    found = [Path(parent) / name for parent, _, names in os.walk(folder, onerror=unreadable) for name in names]
    return sorted(path for path in found if path.suffix.lower() in SUFFIXES and path.is_file())


def read_block(path: Path) -> Mapping[str, Any]:
    """The one block of a file. Raises NotFoundError, or BlockFileError for bad content or several blocks."""
    if not path.exists() or path.is_dir():
        raise NotFoundError(
            f"there is no block file {path}", hint="name a block of the project, a file, or - for stdin"
        )
    return parse_block(path.read_bytes(), str(path), is_json=path.suffix.lower() == ".json")


def parse_block(data: bytes, name: str, *, is_json: bool = False) -> Mapping[str, Any]:
    """One block from bytes, YAML or JSON; it needs no id. Raises BlockFileError."""
    findings = Findings(name)
    content = _content(data, findings, is_json=is_json)
    found = content if isinstance(content, list) else [content]
    if not findings.diagnostics and (len(found) != 1 or not isinstance(found[0], Mapping)):
        findings.add("not_a_block", Place(1, 1), "this is not one action block", "write one mapping with `tags`")
    if findings.diagnostics:
        raise BlockFileError(tuple(findings.diagnostics))
    block: Mapping[str, Any] = found[0]
    return block


def _shown(path: Path, base: Path | None) -> str:
    return path.relative_to(base).as_posix() if base is not None and path.is_relative_to(base) else str(path)


def _blocks_in(path: Path, findings: Findings) -> Iterator[tuple[Mapping[str, Any], Place]]:
    """The blocks of one file that can be used, each with its place. What cannot be is noted."""
    try:
        if path.stat().st_size > MAX_BYTES:
            findings.add("too_large", Place(1, 1), "the file is larger than 16 MB", "split it")
            return
        data = path.read_bytes()
    except OSError as error:
        findings.add("unreadable", Place(1, 1), f"the file cannot be read: {error.strerror}", "check its permissions")
        return
    content = _content(data, findings, is_json=path.suffix.lower() == ".json")
    for number, block in enumerate(content if isinstance(content, list) else [content], start=1):
        if content is None:
            return
        if not isinstance(block, Mapping) or not isinstance(block.get("id"), str) or not block["id"]:
            what = f"entry {number} of the file" if isinstance(content, list) else "the file"
            findings.add(
                "no_block_id", Place(1, 1), f"{what} is not an action block with an id", "give it an `id:` text"
            )
            continue
        yield block, Place(1, 1)


def _content(data: bytes, findings: Findings, *, is_json: bool) -> Any:
    if is_json:
        try:
            return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unrepeated, parse_constant=_no_number)
        except json.JSONDecodeError as error:
            findings.add("bad_json", Place(error.lineno, error.colno), error.msg, "mend the JSON")
        except (ValueError, RecursionError) as error:
            findings.add("bad_json", Place(1, 1), str(error), "write UTF-8 JSON, each key once")
        return None
    file = read_yaml(data, findings)
    return None if file.root is None else plain_data(file.root, findings)


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; a key that stands there twice is a mistake, as it is in YAML."""
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"the key {twice!r} stands there twice")
    return dict(pairs)


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number that JSON knows")


def plain_data(node: Node, findings: Findings) -> Any:
    """A YAML node as dicts, lists, texts, numbers, true, false and None. What YAML would have to guess is noted."""
    if isinstance(node, Table):
        return {key.text: plain_data(value, findings) for key, value in node.entries}
    if isinstance(node, Listing):
        return [plain_data(item, findings) for item in node.items]
    return _plain_scalar(node, findings)


def _plain_scalar(node: Scalar, findings: Findings) -> Any:
    if node.implied is None or node.implied == "a date":
        return node.text
    if node.implied == NOTHING:
        return None
    if node.text in ("true", "false"):
        return node.text == "true"
    if node.implied == "a number":
        for kind in (int, float):
            try:
                number = kind(node.text)
            except ValueError:
                continue
            if not (node.text.lstrip("+-").startswith("0") and node.text.lstrip("+-0")[:1].isdigit()):
                return number
    findings.add("quote_it", node, f"{node.text} is read as {node.implied} by some tools", f'write "{node.text}"')
    return node.text
