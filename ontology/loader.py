"""Files to an `Ontology`: one file or a folder, merged with the built-in vocabulary, all faults of a load at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from ontology.checks import Declared, check
from ontology.diagnostics import Diagnostic
from ontology.errors import NotFoundError, OntologyError
from ontology.escaping import visible
from ontology.merge import merged
from ontology.nodes import NOTHING, Findings, Node, Place, Scalar
from ontology.schema import FileDeclarations, read_declarations
from ontology.terms import Ontology
from ontology.yaml_source import MAX_BYTES, YamlFile, read_yaml

_BUILTIN_PREFIX = "<built-in>/"
_SUFFIXES = frozenset({".yaml", ".yml"})
_FILE_START = Place(1, 1)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file's name for diagnostics and its bytes; None when it could not be read, which `findings` says."""

    findings: Findings
    data: bytes | None


def load_ontology(path: Path | None, *, builtin: bool = True) -> Ontology:
    """The vocabulary of a file or folder (`*.yaml`, `*.yml`, at any depth) on top of the built-in one.

    None is the built-in vocabulary alone. `builtin=False` leaves the built-in terms out; the four built-in namespaces
    stay. Raises `OntologyError` with every error, `NotFoundError` when the path is not there.
    """
    ontology, diagnostics = check_ontology(path, builtin=builtin)
    if ontology is None:
        raise OntologyError([found for found in diagnostics if found.severity == "error"])
    return ontology


def check_ontology(path: Path | None, *, builtin: bool = True) -> tuple[Ontology | None, tuple[Diagnostic, ...]]:
    """The vocabulary, or None when there is any error, and every finding in the order of files, lines and columns.

    Never raises for what files hold. Files are named as the path was: a relative path stays relative. Raises
    `NotFoundError` when the path is not there.
    """
    if path is None:
        return _checked([], builtin=builtin)
    files = _files(path)
    if not files:
        empty = Findings(str(path))
        empty.add(
            "ontology_empty", _FILE_START, "the folder holds no .yaml or .yml file", _EMPTY_HINT, severity="warning"
        )
        ontology, found = _checked([], builtin=builtin)
        return ontology, (*empty.diagnostics, *found)
    return _checked(map(_read, files), builtin=builtin)


def check_ontology_text(
    data: bytes | str, *, file: str = "<input>", builtin: bool = True
) -> tuple[Ontology | None, tuple[Diagnostic, ...]]:
    """As `check_ontology`, for the content of one file that somebody sent."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return _checked([_capped(Findings(file), raw)], builtin=builtin)


@cache
def builtin_ontology() -> Ontology:
    """The vocabulary that ships with the package: `player`, roles and cameras."""
    return load_ontology(None)


_EMPTY_HINT = "the built-in vocabulary is in use; declare your own under `terms:`"


def _files(path: Path) -> list[Path]:
    """The files of a folder, sorted by path; hidden files and folders (editors' copies) are left out."""
    try:
        if not path.exists():
            raise NotFoundError(f"there is no file or folder {visible(str(path))}", hint="check the path")
        if not path.is_dir():
            return [path]
        return sorted(file for file in path.rglob("*") if _is_ontology_file(file, path))
    except OSError:  # a folder on the way may not be entered: opening the path will say so, with its place
        return [path]


def _is_ontology_file(file: Path, folder: Path) -> bool:
    """Links that lead nowhere belong to it, so that they are reported; pipes and devices do not, for they may block."""
    if file.suffix.lower() not in _SUFFIXES or any(part.startswith(".") for part in file.relative_to(folder).parts):
        return False
    return file.is_file() or (file.is_symlink() and not file.exists())


def _read(path: Path) -> _Source:
    findings = Findings(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or 'unknown reason'}"
        findings.add("file_unreadable", _FILE_START, message, "check that it exists and that you may read it")
        return _Source(findings, None)
    return _capped(findings, data)


def _capped(findings: Findings, data: bytes) -> _Source:
    if len(data) <= MAX_BYTES:
        return _Source(findings, data)
    message = f"the file is larger than {MAX_BYTES // 1024 // 1024} MB"
    findings.add("file_too_big", _FILE_START, message, "split it into several files in one folder")
    return _Source(findings, None)


def _checked(sources: Iterable[_Source], *, builtin: bool) -> tuple[Ontology | None, tuple[Diagnostic, ...]]:
    declarations: list[FileDeclarations] = []
    diagnostics: list[Diagnostic] = []
    unread: list[str | None] = []
    order: dict[str, int] = {}
    for source in sources:
        order.setdefault(source.findings.file, len(order))
        content = _content(source)
        if content.complete:
            declarations.append(_declarations(content.root, source.findings))
        else:
            unread.append(content.text)
        diagnostics += source.findings.diagnostics
    shipped = _builtin_declarations()
    ontology = merged(declarations, shipped, builtin_terms=builtin)

    def may_be_elsewhere(name: str) -> bool:
        return any(text is None or name in text for text in unread)

    diagnostics += check(Declared(declarations, shipped, ontology, may_be_elsewhere))
    ordered = sorted(
        set(diagnostics), key=lambda found: (order[found.file or ""], found.line, found.column, found.code)
    )
    failed = any(found.severity == "error" for found in ordered)
    return (None if failed else ontology), tuple(ordered)


def _content(source: _Source) -> YamlFile:
    if source.data is None:
        return YamlFile(None, None, complete=False)
    return read_yaml(source.data, source.findings)


def _declarations(root: Node | None, findings: Findings) -> FileDeclarations:
    if root is None or (isinstance(root, Scalar) and root.implied == NOTHING):
        findings.add("ontology_empty", _FILE_START, "the file is empty", _EMPTY_HINT, severity="warning")
        return FileDeclarations()
    return read_declarations(root, findings)


@cache
def _builtin_declarations() -> tuple[FileDeclarations, ...]:
    return tuple(_builtin_files())


def _builtin_files() -> Iterator[FileDeclarations]:
    folder = resources.files("ontology") / "vocabulary"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        findings = Findings(_BUILTIN_PREFIX + entry.name)
        yield _declarations(read_yaml(entry.read_bytes(), findings).root, findings)
