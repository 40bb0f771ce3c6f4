"""Taking the vocabulary of another tool into a project, as a file of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from callsheet.workspace import Workspace
from gallery.store.files import write_whole
from ontology.diagnostics import Diagnostic
from ontology.errors import ConflictError, InvalidInputError, NotFoundError
from ontology.importing import import_vocabulary
from ontology.loader import MAX_BYTES
from ontology.normalize import clean
from ontology.terms import Term
from ontology.writing import to_yaml


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What was taken in, the file it went into (relative to the project where it lies inside), what was left out."""

    file: str
    terms: tuple[Term, ...]
    report: tuple[Diagnostic, ...]


def import_file(
    ws: Workspace, source: Path, mapping: Mapping[str, str], *, target: Path | None = None, dry_run: bool = False
) -> ImportedFile:
    """Write the terms of a foreign vocabulary into the project's ontology. Nothing is written where nothing is new.

    Raises NotFoundError, InvalidInputError (too large, a bad `mapping`), ConflictError where the target exists.
    """
    if not source.is_file():
        raise NotFoundError(f"there is no file {source}", hint="name a YAML or JSON file")
    if source.stat().st_size > MAX_BYTES:
        raise InvalidInputError(f"{source} is larger than 16 MB", hint="split it")
    found = import_vocabulary(source.read_bytes(), name=str(source), map=mapping, ontology=ws.ontology)
    written = target if target is not None else ws.project.ontology_dir / f"imported-{clean(source.stem)}.yaml"
    if written.exists():
        raise ConflictError(f"{written} exists", hint="move it away, or name another file with --output")
    if found.terms and not dry_run:
        write_whole(written, to_yaml(found.terms, found.namespaces))
    inside = written.absolute().is_relative_to(ws.root)
    shown = written.absolute().relative_to(ws.root).as_posix() if inside else str(written)
    return ImportedFile(shown, found.terms, found.report)
