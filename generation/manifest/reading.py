"""Reading a manifest's file."""

from pathlib import Path
from typing import Final

from gallery.store.faults import unreachable
from generation.manifest.errors import ManifestError
from generation.manifest.listing import Listed, entries_of
from generation.manifest.scanning import ScanError
from ontology.errors import NotFoundError
from ontology.escaping import visible

MOST_BYTES: Final = 64 * 1024 * 1024


def read_manifest(path: Path) -> tuple[Listed, ...]:
    """Every entry below `assets`. Raises `NotFoundError`, `ManifestError` and `CallsheetError`."""
    text = read_text(path)
    if text is None:
        raise NotFoundError(f"there is no {visible(str(path))}", hint="it is made when something is generated")
    try:
        return entries_of(text)
    except ScanError as error:
        raise broken(path, error) from error


def read_text(path: Path) -> str | None:
    """The text of a manifest as it is; None where there is no file. Raises `ManifestError` and `CallsheetError`."""
    target = path.resolve()
    try:
        data = target.read_bytes() if target.stat().st_size <= MOST_BYTES else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreachable(path, error) from error
    if data is None:
        raise ManifestError(f"{visible(str(path))} is larger than {MOST_BYTES // 2**20} MiB", hint="it is no manifest")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        message = f"{place_in(path, line, column)}: this is not UTF-8"
        raise ManifestError(message, hint="save the file as UTF-8") from error


def broken(path: Path, error: ScanError) -> ManifestError:
    """The error for a manifest that is no JSON."""
    return ManifestError(f"{place_in(path, error.line, error.column)}: {error.message}", hint=error.hint)


def place_in(path: Path, line: int, column: int) -> str:
    """`file:line:column`."""
    return f"{visible(str(path))}:{line}:{column}"
