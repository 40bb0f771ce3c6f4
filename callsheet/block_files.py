"""The action blocks of a project: `blocks/*.yaml` and `*.json`, one block or a list of them in a file."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from callsheet.block_places import BlockPlaces, places_of
from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError, NotFoundError
from ontology.loader import MAX_BYTES
from ontology.nodes import Findings, Place
from ontology.plain_data import plain_data
from ontology.yaml_source import read_yaml

SUFFIXES = (".yaml", ".yml", ".json")


class UnknownBlockError(NotFoundError, KeyError):
    """A block was asked for by an id that no block has. A KeyError too, as a mapping has to raise."""

    def __init__(self, block_id: object, known: Iterable[str]) -> None:
        near = get_close_matches(str(block_id), list(known), n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "`callsheet blocks` lists them"
        super().__init__(f"this project has no action block {block_id!r:.60}", hint=hint)

    __str__ = Exception.__str__  # KeyError would show the message as a key, in quotes


class Blocks(Mapping[str, Mapping[str, Any]]):
    """Blocks by id, read-only. `blocks["nope"]` raises UnknownBlockError."""

    def __init__(self, blocks: Mapping[str, Mapping[str, Any]]) -> None:
        self._blocks = blocks

    def __getitem__(self, block_id: str) -> Mapping[str, Any]:
        try:
            return self._blocks[block_id]
        except KeyError:
            raise UnknownBlockError(block_id, self._blocks) from None

    def __contains__(self, block_id: object) -> bool:
        return block_id in self._blocks

    def __iter__(self) -> Iterator[str]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)

    def __repr__(self) -> str:
        return f"Blocks({self._blocks!r})"


@dataclass(frozen=True, slots=True)
class BlockFiles:
    """What a folder of blocks held: blocks by id, in the order of files, and every fault.

    `files`: id → its file; `numbers`: id → its place in the list that the file holds, from 0, None for an only one.
    """

    blocks: Blocks
    files: Mapping[str, Path]
    numbers: Mapping[str, int | None]
    diagnostics: tuple[Diagnostic, ...]

    def places(self, block_id: str) -> BlockPlaces:
        """Where the parts of a block stand."""
        return places_of(self.files[block_id], self.numbers[block_id])


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
    numbers: dict[str, int | None] = {}
    faults: list[Diagnostic] = []
    for path in files_of_blocks(folder, shown_from, faults):
        findings = Findings(_shown(path, shown_from))
        for block, number in _blocks_in(path, findings):
            block_id = block["id"]
            if block_id in blocks:
                place, first = (
                    places_of(path, number).key("id"),
                    places_of(files[block_id], numbers[block_id]).key("id"),
                )
                other = f"{_shown(files[block_id], shown_from)}:{first.line}:{first.column}"
                findings.add("duplicate_block", place, f"block {block_id} is in {other} too", "rename one", id=block_id)
                continue
            blocks[block_id] = block
            files[block_id] = path
            numbers[block_id] = number
        faults += findings.diagnostics
    return BlockFiles(Blocks(blocks), files, numbers, tuple(faults))


def files_of_blocks(folder: Path, shown_from: Path | None = None, faults: list[Diagnostic] | None = None) -> list[Path]:
    """The block files below a folder, sorted. A folder that cannot be read is noted among `faults`."""

    def unreadable(error: OSError) -> None:
        if faults is None:
            return
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


def _blocks_in(path: Path, findings: Findings) -> Iterator[tuple[Mapping[str, Any], int | None]]:
    """The blocks of one file that can be used, each with its number in a list. What cannot be is noted."""
    try:
        if path.stat().st_size > MAX_BYTES:
            findings.add("too_large", Place(1, 1), "the file is larger than 16 MB", "split it")
            return
        data = path.read_bytes()
    except OSError as error:
        findings.add("unreadable", Place(1, 1), f"the file cannot be read: {error.strerror}", "check its permissions")
        return
    content = _content(data, findings, is_json=path.suffix.lower() == ".json")
    if content is None:
        return
    entries = list(enumerate(content)) if isinstance(content, list) else [(None, content)]
    for number, block in entries:
        if isinstance(block, Mapping) and isinstance(block.get("id"), str) and block["id"]:
            yield block, number
            continue
        what = "the file" if number is None else f"entry {number + 1} of the file"
        place = places_of(path, number).field("id") if isinstance(block, Mapping) else places_of(path, number).block
        findings.add("no_block_id", place, f"{what} is not an action block with an id", "give it an `id:` text")


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
