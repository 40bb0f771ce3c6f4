"""The specs of a project: every file below `specs/`, read into one collection."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from generation.specs.model import Spec, SpecPlace
from generation.specs.reading import Rules, SpecFile, read_specs
from generation.specs.templates import Template
from ontology.diagnostics import Diagnostic
from ontology.loader import MAX_BYTES
from ontology.nodes import Findings, Place

SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Specs:
    """The sound specs by id and templates by name, in the order of files, and every finding."""

    specs: Mapping[str, Spec] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    templates: Mapping[str, Template] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Findings that keep something from being used."""
        return tuple(found for found in self.diagnostics if found.severity == "error")


def load_specs(path: Path, rules: Rules, *, shown_from: Path | None = None) -> Specs:
    """Every spec of a file or below a folder. Faults are collected: one bad file never hides the others.

    A path that is not there has no specs. Diagnostics name files relative to `shown_from`.
    """
    found: list[Diagnostic] = []
    files = [read_spec_file(file, rules, shown_from=shown_from) for file in spec_files(path, found, shown_from)]
    together = joined(files)
    return Specs(together.specs, (*found, *together.diagnostics), together.templates)


def joined(files: Iterable[SpecFile]) -> Specs:
    """The content of several files. Of two with one name the first is kept, and the second is a finding."""
    specs: dict[str, Spec] = {}
    templates: dict[str, Template] = {}
    found: list[Diagnostic] = []
    for content in files:
        found += content.diagnostics
        for spec in content.specs:
            first = specs.setdefault(spec.id, spec)
            if first is not spec:
                found.append(_twice("spec", spec.id, spec.place, first.place))
        for template in content.templates:
            known = templates.setdefault(template.name, template)
            if known is not template:
                found.append(_twice("template", template.name, template.place, known.place))
    return Specs(specs, tuple(found), templates)


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


Stamp = tuple[tuple[str, int, int], ...]
"""Name, time of change in nanoseconds and size of each file."""


def stamp_of(path: Path) -> Stamp:
    """What changes when a file of the folder does."""
    found = []
    for file in spec_files(path, []):
        with suppress(OSError):
            state = file.stat()
            found.append((str(file), state.st_mtime_ns, state.st_size))
    return tuple(found)


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


def _twice(what: str, name: str, place: SpecPlace | None, first: SpecPlace | None) -> Diagnostic:
    message = f"the {what} `{name}` stands in {first} too"
    file, line, column = (place.file, place.line, place.column) if place else (None, None, None)
    return Diagnostic(
        f"duplicate_{what}", message, "give one of the two another name", "error", name, file, line, column
    )
