"""The files of a project that hold ids of the vocabulary, and where they lie."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gallery.drafts import text_of
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
    """One of them. `name` is its path from the project's folder on, with `/`."""

    name: str
    kind: Kind
    text: str

    @property
    def is_json(self) -> bool:
        """Whether it is written as JSON."""
        return self.name.lower().endswith(".json")


def vocabulary_files(places: Places) -> list[ProjectFile]:
    """The files of the ontology, sorted. Raises as `gallery.drafts.text_of`."""
    found = ontology_files(places.ontology) if places.ontology.exists() else []
    return [file for path in found if (file := _read(places, path, "ontology")) is not None]


def using_files(places: Places) -> Iterator[ProjectFile]:
    """Blocks, scenes and specs, sorted; what is larger than any vocabulary may be is passed over. Raises as above."""
    for folder, kind in ((places.blocks, "block"), (places.specs, "spec")):
        for path in _below(folder):
            file = _read(places, path, kind)  # type: ignore[arg-type]  # one of the two words above
            if file is not None:
                yield file
    if places.scenes.is_file():
        scenes = _read(places, places.scenes, "scene")
        if scenes is not None:
            yield scenes


def _below(folder: Path) -> list[Path]:
    found = [Path(parent) / name for parent, _, names in os.walk(folder) for name in names]
    return sorted(
        path
        for path in found
        if path.suffix.lower() in _SUFFIXES and path.is_file() and path.stat().st_size <= MAX_BYTES
    )


def _read(places: Places, path: Path, kind: Kind) -> ProjectFile | None:
    text = text_of(path)
    return None if text is None else ProjectFile(path.relative_to(places.root).as_posix(), kind, text)
