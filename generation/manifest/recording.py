"""Writing entries into `manifest.json`: one writer at a time, the whole file or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gallery.store.faults import unreachable
from gallery.store.files import write_whole
from gallery.store.turns import turn
from generation.manifest.editing import EditError, set_members, without_member
from generation.manifest.entries import ManifestEntry
from generation.manifest.errors import ManifestError
from generation.manifest.listing import ROOT
from generation.manifest.reading import broken, place_in, read_text
from generation.manifest.scanning import ScanError, line_and_column
from generation.manifest.waiting import leave_mark
from ontology.escaping import visible

_NEW: Final = '{\n  "assets": {}\n}\n'
_WAIT_SECONDS: Final = 30.0
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True)
class Record:
    """An entry and where it belongs: `section` is dotted, `images` or `audio.sfx.jump`."""

    section: str
    key: str
    entry: ManifestEntry


def record(
    path: Path, section: str, key: str, entry: ManifestEntry, *, lock_file: Path, waiting: Path | None = None
) -> bool:
    """Put the entry into the manifest at `path`; whether that changed the file. See `record_all`."""
    return record_all(path, [Record(section, key, entry)], lock_file=lock_file, waiting=waiting)


def record_all(path: Path, records: Sequence[Record], *, lock_file: Path, waiting: Path | None = None) -> bool:
    """Put the entries into the manifest, all or none; whether that changed the file.

    Fields of an entry that is there are updated in place, all others stay, and so does every other byte of the file:
    order, spaces, line ends, a byte order mark. A file that is not there is made. Writers of all processes that name
    the same `lock_file` take turns. `waiting`: where a mark is left that something is to follow. Raises `ManifestError`
    (file:line:column) for a manifest that is broken, or has something else where a section belongs, `ConflictError`
    (`locked`), and `CallsheetError` where files cannot be used.
    """
    if not records:
        return False

    def edited(before: str | None) -> str:
        text = _NEW if before is None or not before.strip(_BOM + " \t\r\n") else before
        return changed(text, records, path)

    return _rewritten(path, edited, lock_file, waiting)


def remove_all(path: Path, names: Sequence[tuple[str, ...]], *, lock_file: Path, waiting: Path | None = None) -> bool:
    """Take entries out, each named by the parts of its section and its key; whether that changed the file.

    Everything else of the file stays. Raises as `record_all`.
    """

    def edited(before: str | None) -> str | None:
        if before is None:
            return None
        mark = _BOM if before.startswith(_BOM) else ""
        text = before.removeprefix(_BOM)
        try:
            for name in names:
                text = without_member(text, [ROOT, *name])
        except ScanError as error:
            raise broken(path, error) from error
        return mark + text

    return bool(names) and _rewritten(path, edited, lock_file, waiting)


def _rewritten(path: Path, edited: Callable[[str | None], str | None], lock_file: Path, waiting: Path | None) -> bool:
    """Whether the file became another; one writer at a time."""
    with turn(lock_file, _WAIT_SECONDS):
        before = read_text(path)
        after = edited(before)
        if after is None or after == before:
            return False
        if waiting is not None:
            leave_mark(waiting)
        try:
            write_whole(path.resolve(), after, durably=True)
        except OSError as error:
            raise unreachable(path, error) from error
    return True


def changed(text: str, records: Sequence[Record], path: Path) -> str:
    """The text of a manifest with these entries in it; `path` is for errors. Raises `ManifestError`."""
    mark = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    for each in records:
        where = [ROOT, *each.section.split("."), each.key]
        try:
            body = set_members(body, where, each.entry.members(), if_there=each.entry.resets())
        except ScanError as error:
            raise broken(path, error) from error
        except EditError as error:
            line, column = line_and_column(body, error.position)
            name = f"{each.section}.{each.key}"
            message = (
                f"{place_in(path, line, column)}: no place for {visible(name, limit=80)}: {visible(error.message)}"
            )
            raise ManifestError(message, hint=error.hint, code="manifest_in_the_way") from error
    return mark + body
