"""Whether the gallery is well, and putting right what can be without asking."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from gallery.checks.content import Progress, check_content
from gallery.checks.database import (
    check_counts,
    check_pages,
    check_parent_index,
    check_sqlite,
    check_tag_index,
    wrong_indexes,
    wrong_parent_indexes,
)
from gallery.checks.edited import check_edited
from gallery.checks.files import check_files
from gallery.checks.findings import Finding
from gallery.checks.likeness import check_likeness, fill_likeness
from gallery.checks.rules import check_rules
from gallery.checks.tags import check_vocabulary
from gallery.checks.thumbnails import check_strays, check_thumbnails
from gallery.checks.unlisted import check_unlisted
from gallery.context import GalleryContext
from gallery.intake import ingest
from gallery.intake.rebuilding import rebuild_thumbnail
from gallery.journal.batches import BatchKind, Change, apply, index_parents, index_tags
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset
from ontology.errors import CallsheetError

_UNSOUND = {"damaged_database", "dangling_row"}
_DAMAGE = _UNSOUND | {"storage", "disk_full"}


@dataclass(frozen=True, slots=True)
class Repair:
    """What was put right, what was not (only what is worth a look: warnings and errors), the batches written."""

    fixed: tuple[Finding, ...]
    left: tuple[Finding, ...]
    batches: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """`{fixed, left, batches}`."""
        return {
            "fixed": [finding.to_json() for finding in self.fixed],
            "left": [finding.to_json() for finding in self.left],
            "batches": list(self.batches),
        }


def examine(context: GalleryContext, *, full: bool = False, progress: Progress | None = None) -> list[Finding]:
    """Everything that `examination` finds."""
    return list(examination(context, full=full, progress=progress))


def examination(context: GalleryContext, *, full: bool = False, progress: Progress | None = None) -> Iterator[Finding]:
    """Everything there is to say, as it is found; a healthy gallery has findings of severity `info` alone.

    Presence, size and time of every file are compared; bytes are read of those never checked and of those checked
    longest ago, or with `full` of all, which goes on where it was stopped. Nothing is changed but the note of when a
    file was found whole, and in a damaged database not even that. What cannot be read is a finding too, never an
    exception. Memory does not grow with the gallery.
    """
    yield from check_sqlite(context)
    is_sound = True
    for finding in _reported(_of_gallery(context, full=full)):
        is_sound = is_sound and finding.code not in _DAMAGE
        yield finding
    if is_sound and _exists(context):
        yield from _reported(check_content(context, full=full, progress=progress))
        yield from _reported(check_unlisted(context))
    yield from _reported(check_strays(context))


def _exists(context: GalleryContext) -> bool:
    try:
        return context.database.exists()
    except CallsheetError:
        return False  # reported already


def _reported(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The findings; an error that ends them is the last of them."""
    try:
        yield from findings
    except CallsheetError as error:
        yield Finding(error.code, "error", error.message, error.hint)


def _of_gallery(context: GalleryContext, *, full: bool) -> Iterator[Finding]:
    if not context.database.exists():
        yield Finding("no_database", "info", "nothing was added yet", "`callsheet add FOLDER` begins")
        return
    with context.database.read() as connection:
        yield from _checks(context, connection, full=full)


def _checks(context: GalleryContext, connection: Connection, *, full: bool) -> Iterator[Finding]:
    yield from check_pages(context, connection, full=full)
    yield from check_counts(connection)
    yield from check_edited(connection)
    yield from check_tag_index(connection)
    yield from check_parent_index(connection)
    yield from check_vocabulary(context, connection)
    yield from check_rules(context, connection)
    yield from check_files(context, connection)
    yield from check_thumbnails(context, connection, full=full)
    yield from check_likeness(context, connection)


def repair(context: GalleryContext) -> Repair:
    """Put right what is safe; no file of the user's is touched.

    Upgrades the database, rebuilds its indexes and the thumbnails, marks missing and found assets (each a batch that
    undo can take back), takes in what the program put down itself and was killed over, sweeps our own leftovers. A
    damaged database is left as it is: a backup is the way out. Raises what opening for writing raises, with nothing
    done.
    """
    if context.database.exists():
        with context.database.write():
            pass  # opening for writing upgrades an older database
    findings = examine(context)
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    if by_code.keys() & _UNSOUND:
        by_code.clear()
    elif by_code.keys() & _DAMAGE:
        by_code.pop("orphan_thumbnail", None)  # whose it is cannot be told
    fixed: list[Finding] = []
    batches: list[int] = []
    for code, mend in _MENDERS.items():
        if code in by_code:
            fixed += mend(context, by_code[code], batches)
    left = [finding for finding in findings if finding.severity != "info" and finding not in fixed]
    return Repair(tuple(fixed), tuple(left), tuple(batches))


def _mend_tag_index(context: GalleryContext, findings: Sequence[Finding], _: list[int]) -> list[Finding]:
    with context.database.write() as connection:
        wrong = [(key, found, tags) for key, _, found, tags in wrong_indexes(connection)]
        index_tags(connection, wrong)
    return list(findings)


def _mend_parent_index(context: GalleryContext, findings: Sequence[Finding], _: list[int]) -> list[Finding]:
    with context.database.write() as connection:
        wrong = [(key, found, parents) for key, _, found, parents in wrong_parent_indexes(connection)]
        index_parents(connection, wrong)
    return list(findings)


def _adopt(context: GalleryContext, findings: Sequence[Finding], batches: list[int]) -> list[Finding]:
    paths = ProjectPaths(context.root)
    result = ingest.add(context, [paths.absolute(finding.path) for finding in findings if finding.path])
    batches += result.batches
    failed = {item.path for item in result.failed}
    return [finding for finding in findings if finding.path not in failed]


def _mark_missing(context: GalleryContext, findings: Sequence[Finding], batches: list[int]) -> list[Finding]:
    return _mark(context, "missing", findings, rfc3339(context.now()), batches)


def _mark_found(context: GalleryContext, findings: Sequence[Finding], batches: list[int]) -> list[Finding]:
    return _mark(context, "found", findings, None, batches)


def _mark(
    context: GalleryContext, kind: BatchKind, findings: Sequence[Finding], to: str | None, batches: list[int]
) -> list[Finding]:
    ids = list(dict.fromkeys(finding.asset for finding in findings))
    changes: list[Change] = []
    with context.database.write() as connection:
        for piece in chunked(ids):
            rows = connection.execute(select(asset.c.key, asset.c.missing_since).where(asset.c.id.in_(piece)))
            for key, since in rows:
                before = None if since is None else rfc3339(since)
                if (before is None) != (to is None):
                    changes.append(Change(key, {"missing_since": before}, {"missing_since": to}))
        if changes:
            batches.append(apply(connection, context, kind, changes))
    return list(findings)


def _mend_thumbnails(context: GalleryContext, findings: Sequence[Finding], _: list[int]) -> list[Finding]:
    return [found for found in findings if found.asset and _rebuild(context, found.asset)]


def _rebuild(context: GalleryContext, asset_id: str) -> bool:
    try:
        return rebuild_thumbnail(context, asset_id) is not None
    except OSError:
        return False


def _sweep(_: GalleryContext, findings: Sequence[Finding], __: list[int]) -> list[Finding]:
    swept = []
    for finding in findings:
        if finding.path is not None:
            with suppress(OSError):
                place = Path(finding.path)
                shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
                swept.append(finding)
    return swept


def _fill_likeness(context: GalleryContext, findings: Sequence[Finding], _: list[int]) -> list[Finding]:
    return list(findings) if fill_likeness(context) else []


_Mender = Callable[[GalleryContext, Sequence[Finding], list[int]], list[Finding]]

_MENDERS: dict[str, _Mender] = {
    "tag_index": _mend_tag_index,
    "parent_index": _mend_parent_index,
    "missing_file": _mark_missing,
    "found_file": _mark_found,
    "orphan_file": _adopt,
    "missing_thumbnail": _mend_thumbnails,
    "no_likeness": _fill_likeness,  # from thumbnails, so after these
    "orphan_thumbnail": _sweep,
    "stray_file": _sweep,
}
