"""Writing files of constants beside a game's code."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gallery.store.faults import unreachable
from gallery.store.files import write_whole
from generation.manifest.constants import FILE_NAMES, Language, render
from generation.manifest.reading import read_manifest
from ontology.errors import ConflictError


@dataclass(frozen=True, slots=True)
class Written:
    """One file of constants; `changed`: whether its text became another."""

    language: Language
    path: Path
    changed: bool

    @property
    def outcome(self) -> str:
        """`written` or `unchanged`."""
        return "written" if self.changed else "unchanged"


def write_constants(
    manifest: Path, folder: Path, languages: Sequence[Language], *, dry_run: bool = False
) -> tuple[Written, ...]:
    """Write `assets.js`, `assets.ts` and `assets.py` of those languages into the folder; what is so already is left.

    Each file is whole or as it was. Raises `ConflictError` for a file of that name that was not made here, what
    `read_manifest` raises, and `CallsheetError` where a file cannot be used.
    """
    entries = read_manifest(manifest)
    texts = [(language, folder / FILE_NAMES[language], render(entries, language)) for language in languages]
    present = {path: _present(path) for _, path, _ in texts}
    for _, path, text in texts:
        before = present[path]
        if before is not None and before.partition("\n")[0] != text.partition("\n")[0]:
            raise ConflictError(
                f"{path} is there and was not made from a manifest",
                hint="move it away, or let the constants go to another folder",
                code="path_taken",
            )
    written = tuple(Written(language, path, present[path] != text) for language, path, text in texts)
    for (_, path, text), each in zip(texts, written, strict=True):
        if each.changed and not dry_run:
            try:
                write_whole(path, text)
            except OSError as error:
                raise unreachable(path, error) from error
    return written


def _present(path: Path) -> str | None:
    """The text of a file, line ends as they are; None where there is none. What is no text was not made here."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreachable(path, error) from error
