"""The files of a project that hold ids of the vocabulary, and where they lie."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gallery.store.drafts import text_of
from ontology.errors import CallsheetError
from ontology.loader import MAX_BYTES, ontology_files

Kind = Literal["ontology", "block", "scene", "spec"]
_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


@dataclass(frozen=True, slots=True)
class Places:
    """Where such files lie: folders, and the one file of scenes. None of them needs to be there."""

    root: Path
    ontology: Path
    blocks: Path
    scenes: Path
    specs: Path


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """One of them. `name` is its path from the project's folder on, with `/`. One that is no text has an empty one."""

    name: str
    kind: Kind
    text: str
    is_text: bool = True

    @property
    def is_json(self) -> bool:
        """Whether it is written as JSON."""
        return self.name.lower().endswith(".json")


def vocabulary_files(places: Places) -> list[ProjectFile]:
    """The files of the ontology, sorted. Raises as `gallery.store.drafts.text_of`."""
    found = ontology_files(places.ontology) if places.ontology.exists() else []
    return [file for path in found if (file := _read(places, path, "ontology")) is not None]


def using_files(places: Places) -> Iterator[ProjectFile]:
    """Blocks, specs and scenes, each kind sorted; what is larger than any vocabulary may be is passed over."""
    found: list[tuple[Path, Kind]] = [(path, "block") for path in _below(places.blocks)]
    found += [(path, "spec") for path in _below(places.specs)]
    found += [(places.scenes, "scene")] if places.scenes.is_file() else []
    for path, kind in found:
        try:
            file = _read(places, path, kind)
        except CallsheetError:  # whoever asks decides what becomes of it
            file = ProjectFile(_name(places, path), kind, "", is_text=False)
        if file is not None:
            yield file


def _below(folder: Path) -> list[Path]:
    found = [Path(parent) / name for parent, _, names in os.walk(folder) for name in names]
    return sorted(
        path
        for path in found
        if path.suffix.lower() in _SUFFIXES and path.is_file() and path.stat().st_size <= MAX_BYTES
    )


def _read(places: Places, path: Path, kind: Kind) -> ProjectFile | None:
    text = text_of(path)
    return None if text is None else ProjectFile(_name(places, path), kind, text)


def _name(places: Places, path: Path) -> str:
    return path.relative_to(places.root).as_posix()
