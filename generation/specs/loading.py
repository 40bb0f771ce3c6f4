"""The specs of a project: every file below `specs/`, read into one collection."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from generation.specs.model import Spec
from generation.specs.reading import Rules, SpecFile, read_specs
from ontology.diagnostics import Diagnostic
from ontology.errors import NotFoundError
from ontology.escaping import visible
from ontology.loader import MAX_BYTES
from ontology.nodes import Findings, Place

SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Specs:
    """The sound specs by id, in the order of files, and every finding.

    `files`: file as it is shown → its specs' ids.
    """

    specs: Mapping[str, Spec] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()

    def __getitem__(self, spec_id: str) -> Spec:
        """The spec. Raises NotFoundError naming the nearest ids."""
        if spec_id not in self.specs:
            near = get_close_matches(spec_id, list(self.specs), n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "`callsheet specs ls` lists them"
            raise NotFoundError(f"this project has no spec {visible(spec_id, limit=60)}", hint=hint)
        return self.specs[spec_id]

    def __contains__(self, spec_id: object) -> bool:
        return spec_id in self.specs

    def __iter__(self) -> Iterator[str]:
        return iter(self.specs)

    def __len__(self) -> int:
        return len(self.specs)


def load_specs(path: Path, rules: Rules, *, shown_from: Path | None = None) -> Specs:
    """Every spec of a file or below a folder. Faults are collected: one bad file never hides the others.

    A path that is not there has no specs. Diagnostics name files relative to `shown_from`.
    """
    specs: dict[str, Spec] = {}
    found: list[Diagnostic] = []
    for file in spec_files(path, found, shown_from):
        content = read_spec_file(file, rules, shown_from=shown_from)
        found += content.diagnostics
        for spec in content.specs:
            first = specs.setdefault(spec.id, spec)
            if first is not spec:
                found.append(_twice(spec, first))
    return Specs(specs, tuple(found))


def read_spec_file(path: Path, rules: Rules, *, shown_from: Path | None = None) -> SpecFile:
    """What one file holds; that it cannot be read is a finding."""
    shown = _shown(path, shown_from)
    findings = Findings(shown)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        findings.add("file_unreadable", Place(1, 1), message, "check that it exists and that you may read it")
        return SpecFile(diagnostics=tuple(findings.diagnostics))
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1024 // 1024} MB"
        findings.add("file_too_big", Place(1, 1), message, "split it into several files")
        return SpecFile(diagnostics=tuple(findings.diagnostics))
    return read_specs(data, shown, rules, is_json=path.suffix.lower() == ".json")


def spec_files(path: Path, found: list[Diagnostic], shown_from: Path | None = None) -> list[Path]:
    """The files of a folder at any depth, sorted, hidden ones left out; a path that is no folder is the only one."""
    if not path.is_dir():
        return [path] if path.exists() or path.is_symlink() else []

    def unreadable(error: OSError) -> None:
        findings = Findings(_shown(Path(error.filename or path), shown_from))
        message = f"the folder cannot be read: {error.strerror}"
        findings.add("file_unreadable", Place(1, 1), message, "check its permissions")
        found.extend(findings.diagnostics)

    below = [Path(parent) / name for parent, _, names in os.walk(path, onerror=unreadable) for name in names]
    return sorted(file for file in below if _is_spec_file(file, path))


def _is_spec_file(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.suffix.lower() in SUFFIXES and not hidden and (file.is_file() or file.is_symlink())


def _shown(path: Path, base: Path | None) -> str:
    return path.relative_to(base).as_posix() if base is not None and path.is_relative_to(base) else str(path)


def _twice(spec: Spec, first: Spec) -> Diagnostic:
    place = spec.place
    message = f"the spec `{spec.id}` stands in {first.place} too"
    file, line, column = (place.file, place.line, place.column) if place else (None, None, None)
    return Diagnostic("duplicate_spec", message, "give one of the two another id", "error", spec.id, file, line, column)
