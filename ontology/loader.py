"""Files to an `Ontology`: one file or a folder, merged with the built-in vocabulary, all faults of a load at once."""

import os
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache as cached
from hashlib import sha256
from importlib import resources
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from ontology.compiled import FORMAT, from_bytes, to_bytes
from ontology.diagnostics import Diagnostic
from ontology.errors import NotFoundError, OntologyError
from ontology.escaping import visible
from ontology.garbage import without_collection
from ontology.nodes import NOTHING, Findings, Node, Place, Scalar
from ontology.terms import Ontology

# YAML, and what checks declarations, are loaded where they are needed: a vocabulary from its cache needs neither.
if TYPE_CHECKING:
    from ontology.schema import FileDeclarations
    from ontology.yaml_source import YamlFile

MAX_BYTES = 16 * 1024 * 1024
"""A larger file is refused unread."""

_BUILTIN_PREFIX = "<built-in>/"
_SUFFIXES = frozenset({".yaml", ".yml"})
_FILE_START = Place(1, 1)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file's name for diagnostics and its bytes; None when it could not be read, which `findings` says."""

    findings: Findings
    data: bytes | None


def load_ontology(path: Path | None, *, builtin: bool = True, cache: Path | None = None) -> Ontology:
    """The vocabulary of a file or folder (`*.yaml`, `*.yml`, at any depth) on top of the built-in one.

    None is the built-in vocabulary alone. `builtin=False` leaves the built-in terms out; the four built-in namespaces
    stay. `cache` is a file for the vocabulary in compiled form: it is used when it was made from these very files, and
    written anew when not. Its folder is made, but none above that. A cache that cannot be read or written changes
    nothing but the time this takes. Raises `OntologyError` with every error, `NotFoundError` when the path is not
    there.
    """
    sources = [] if path is None else [_read(file) for file in ontology_files(path)]
    key = None if cache is None else _key(sources, builtin=builtin)
    known = None if cache is None or key is None else _from_cache(cache, key)
    if known is not None:
        return known
    ontology, diagnostics = _checked(sources, builtin=builtin)
    if ontology is None:
        raise OntologyError([found for found in diagnostics if found.severity == "error"])
    if cache is not None and key is not None:
        _into_cache(cache, to_bytes(ontology, key))
    return ontology


def check_ontology(path: Path | None, *, builtin: bool = True) -> tuple[Ontology | None, tuple[Diagnostic, ...]]:
    """The vocabulary, or None when there is any error, and every finding in the order of files, lines and columns.

    Never raises for what files hold. Files are named as the path was: a relative path stays relative. Raises
    `NotFoundError` when the path is not there.
    """
    if path is None:
        return _checked([], builtin=builtin)
    files = ontology_files(path)
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


def check_ontology_files(
    files: Iterable[tuple[str, bytes]], *, builtin: bool = True
) -> tuple[Ontology | None, tuple[Diagnostic, ...]]:
    """As `check_ontology`, for files that are given by name and content, in their order."""
    return _checked((_capped(Findings(name), data) for name, data in files), builtin=builtin)


@cached
def builtin_ontology() -> Ontology:
    """The vocabulary that ships with the package: `player`, roles and cameras."""
    return load_ontology(None)


_EMPTY_HINT = "the built-in vocabulary is in use; declare your own under `terms:`"


def ontology_files(path: Path) -> list[Path]:
    """The files of a folder, sorted by path; hidden files and folders (editors' copies) are left out.

    A path that is no folder is the only one. Raises `NotFoundError` when it is not there.
    """
    try:
        if not path.exists():
            raise NotFoundError(f"there is no file or folder {visible(str(path))}", hint="check the path")
        if not path.is_dir():
            return [path]
        return _files_below(path)
    except OSError:  # a folder on the way may not be entered: opening the path will say so, with its place
        return [path]


def _files_below(folder: Path) -> list[Path]:
    """A folder that may not be listed stands among the files: reading it says so, with its place."""
    closed: list[Path] = []
    below = [
        Path(parent) / name
        for parent, _, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename)))
        for name in names
    ]
    return sorted([*closed, *(file for file in below if _is_ontology_file(file, folder))])


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


def _key(sources: Sequence[_Source], *, builtin: bool) -> bytes | None:
    """What a vocabulary is made from; None when a file could not be read. The same key means the same vocabulary.

    Names stand in it as the loader was given them, for they become part of the terms' sources. The version of Unicode
    decides how aliases are cleaned.
    """
    parts = [str(FORMAT).encode(), unicodedata.unidata_version.encode(), str(builtin).encode(), *_builtin_parts()]
    for source in sources:
        if source.data is None:
            return None
        parts += [source.findings.file.encode("utf-8", "surrogatepass"), source.data]
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _from_cache(cache: Path, key: bytes) -> Ontology | None:
    try:
        if not cache.is_file():  # a pipe would block
            return None
        with without_collection():
            return from_bytes(cache.read_bytes(), key)
    except OSError:
        return None


def _into_cache(cache: Path, data: bytes) -> None:
    """Written beside and renamed, so that readers and other writers only ever meet a whole file."""
    beside = cache.with_name(f"{cache.name}.{token_hex(8)}.tmp")
    with suppress(OSError):
        cache.parent.mkdir(exist_ok=True)
        try:
            beside.write_bytes(data)
            beside.replace(cache)
        finally:
            beside.unlink(missing_ok=True)


def _checked(sources: Iterable[_Source], *, builtin: bool) -> tuple[Ontology | None, tuple[Diagnostic, ...]]:
    from ontology.checks import Declared, check  # noqa: PLC0415  # see the head of this file
    from ontology.merge import merged  # noqa: PLC0415  # the same

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


def _content(source: _Source) -> "YamlFile":
    from ontology.yaml_source import YamlFile, read_yaml  # noqa: PLC0415  # see the head of this file

    if source.data is None:
        return YamlFile(None, None, complete=False)
    return read_yaml(source.data, source.findings)


def _declarations(root: Node | None, findings: Findings) -> "FileDeclarations":
    from ontology.schema import FileDeclarations, read_declarations  # noqa: PLC0415  # see the head of this file

    if root is None or (isinstance(root, Scalar) and root.implied == NOTHING):
        findings.add("ontology_empty", _FILE_START, "the file is empty", _EMPTY_HINT, severity="warning")
        return FileDeclarations()
    return read_declarations(root, findings)


@cached
def _builtin_declarations() -> tuple["FileDeclarations", ...]:
    contents = [(findings, _content(_Source(findings, data))) for findings, data in _builtin_files()]
    return tuple(_declarations(content.root, findings) for findings, content in contents)


@cached
def _builtin_parts() -> tuple[bytes, ...]:
    """The built-in vocabulary as part of a key."""
    return tuple(data for _, data in _builtin_files())


def _builtin_files() -> Iterator[tuple[Findings, bytes]]:
    folder = resources.files("ontology") / "vocabulary"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        yield Findings(_BUILTIN_PREFIX + entry.name), entry.read_bytes()
