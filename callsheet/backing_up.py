"""Making a backup of a project: a folder with its database, a manifest of its files, its own texts, and its pictures.

    backup.json       what this is, and the hash of everything else
    database.db       SQLite's own copy, one file
    manifest.jsonl    one line for each file: id, path, sha256, size, mtime_ns
    project/          callsheet.toml, ontology/, blocks/, scenes.yaml, specs/
    files/ab/<hash>   the bytes of the files, each once; only where they were asked for

It gets its name when it is complete and was read back, and never takes another's.
"""

import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callsheet.project import Project
from callsheet.upgrade import back_up
from gallery.checks.hashing import hash_of
from gallery.context import GalleryContext
from gallery.manifest import ManifestEntry, asset_count, entries_of
from gallery.store.database import Database
from gallery.store.driver import DRIVER, connect
from gallery.store.faults import as_callsheet_error
from gallery.store.moments import rfc3339, stamp
from gallery.store.paths import ProjectPaths, shown
from gallery.store.schema import can_be_read, current_revision
from ontology.errors import ConflictError, IntegrityError, NotFoundError

FORMAT = 1
HEADER, DATABASE, MANIFEST, TEXTS, FILES = "backup.json", "database.db", "manifest.jsonl", "project", "files"
TEXT_NAMES = ("callsheet.toml", "ontology", "blocks", "scenes.yaml", "specs")
"""What a project consists of beside its pictures. `.env` is not among them: it holds keys."""

Progress = Callable[[int, int, str], None]

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that could not be copied, and why: `missing`, `changed` since it was taken in, `unreadable`."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, or in a dry run would hold; `bytes` counts the files of the manifest, each once."""

    place: Path
    assets: int
    files: int
    bytes: int
    with_files: bool
    left_out: tuple[LeftOut, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """`{backup, assets, files, bytes, with_files, left_out}`."""
        return {
            "backup": str(self.place),
            "assets": self.assets,
            "files": self.files,
            "bytes": self.bytes,
            "with_files": self.with_files,
            "left_out": [{"path": item.path, "reason": item.reason} for item in self.left_out],
        }


def make_backup(
    project: Project,
    context: GalleryContext,
    target: Path | None = None,
    *,
    with_files: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> BackupReport:
    """Write a backup to a place where nothing is yet (default: a new folder in `.callsheet/backups/`).

    The database comes first, then the files that it names: what is added meanwhile is not in it. Files that are not
    there or no longer what they were are left out and reported. Everything is read back before the backup gets its
    name. Raises `ConflictError` (the place is taken; an older or newer database), `NotFoundError` (nothing was added
    yet), `IntegrityError` (the database is damaged), `OSError` (no room): then nothing is left behind.
    """
    place = target.expanduser().absolute() if target else project.backups_dir / f"backup-{stamp(context.now())}"
    if os.path.lexists(place):
        raise ConflictError(f"{place} exists, and a backup never overwrites", hint="name a new place", code="exists")
    database = context.database
    with _reported(database):
        if not can_be_read(database.path, database.schema, current_revision(database.path)):
            raise NotFoundError(
                "nothing was added yet: there is nothing to back up", hint="`callsheet add FOLDER` begins"
            )
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f".{place.name}.partial-{secrets.token_hex(4)}")
    draft.mkdir()
    try:
        report = _Writing(project, context, draft, progress).write(place, with_files=with_files)
        if dry_run:
            return report
        if hasattr(os, "sync"):
            os.sync()  # all of it at once: forcing each file to disk takes many times as long
        if os.path.lexists(place):
            raise ConflictError(f"{place} was made meanwhile", hint="name a new place", code="exists")
        draft.rename(place)
        return report
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _reported(database: Database) -> Iterator[None]:
    """What the driver says of the database, as an error that names the way out."""
    try:
        yield
    except DRIVER.Error as error:
        raise as_callsheet_error(error, database.path, database.backups) from error


@dataclass(frozen=True, slots=True)
class _Writing:
    project: Project
    context: GalleryContext
    draft: Path
    progress: Progress | None

    def write(self, place: Path, *, with_files: bool) -> BackupReport:
        """Write everything into the draft and read it back."""
        database = self.draft / DATABASE
        with _reported(self.context.database):
            back_up(self.context.database.path, database)
        check_database(database, self.context.database.path)
        texts = self._copy_texts()
        files, size, left_out = self._list_files(with_files=with_files)
        report = BackupReport(place, asset_count(database), files, size, with_files, left_out)
        header = {
            "format": FORMAT,
            "made_at": rfc3339(self.context.now()),
            "assets": report.assets,
            "files": files,
            "bytes": size,
            "with_files": with_files,
            "sha256": {DATABASE: hash_of(database), MANIFEST: hash_of(self.draft / MANIFEST), **texts},
        }
        (self.draft / HEADER).write_text(json.dumps(header, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        self._read_back(with_files=with_files)
        return report

    def _copy_texts(self) -> dict[str, str]:
        """Copy the project's own files; name in the backup → hash. Links are not followed."""
        hashes: dict[str, str] = {}
        for source in _texts(self.project.root):
            name = f"{TEXTS}/{source.relative_to(self.project.root).as_posix()}"
            copy = self.draft / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            hashes[name] = hash_of(copy)
        return hashes

    def _list_files(self, *, with_files: bool) -> tuple[int, int, tuple[LeftOut, ...]]:
        """Write the manifest, and where it is wanted each file's bytes once. Files, their bytes, those left out."""
        paths = ProjectPaths(self.project.root)
        total = sum(1 for _ in entries_of(self.draft / DATABASE))
        left_out: list[LeftOut] = []
        count = size = 0
        with (self.draft / MANIFEST).open("w", encoding="utf-8", newline="") as manifest:
            for entry in entries_of(self.draft / DATABASE):
                manifest.write(entry.to_line())
                count += 1
                size += entry.size
                if with_files and (reason := _copy(paths.absolute(entry.path), self.draft, entry)) is not None:
                    left_out.append(LeftOut(shown(entry.path), reason))
                if self.progress is not None:
                    self.progress(count, total, shown(entry.path))
        return count, size, tuple(left_out)

    def _read_back(self, *, with_files: bool) -> None:
        if not with_files:
            return
        for path in sorted((self.draft / FILES).glob("*/*")):
            if hash_of(path) != path.name:
                raise IntegrityError(
                    f"{path.name} was written and reads back as something else: the disk of the backup is not sound",
                    hint="write the backup to another disk",
                    code="damaged_backup",
                )


def check_database(database: Path, named: Path) -> None:
    """Raises `IntegrityError` unless the pages of a copy are sound; `named` is what the message is about."""
    try:
        with closing(connect(database, create=False, frozen=True)) as connection:
            said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
    except DRIVER.DatabaseError as error:
        said = [str(error)]
    if said != ["ok"]:
        raise IntegrityError(
            f"the database {named} is damaged: {' '.join('; '.join(said).split())}",
            hint="take an earlier backup; `callsheet doctor` names the newest",
            code="damaged_database",
        )


def _texts(root: Path) -> Iterator[Path]:
    for name in TEXT_NAMES:
        place = root / name
        if place.is_symlink():
            continue
        if place.is_file():
            yield place
        elif place.is_dir():
            yield from sorted(path for path in place.rglob("*") if path.is_file() and not path.is_symlink())


def _copy(source: Path, draft: Path, entry: ManifestEntry) -> str | None:
    """Copy one file's bytes under their hash, unless they are there; why it was left out, or None."""
    target = draft / FILES / entry.sha256[:2] / entry.sha256
    if target.exists():
        return None
    try:
        if hash_of(source) != entry.sha256:
            return "changed"
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "unreadable"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    if hash_of(target) == entry.sha256:
        return None
    target.unlink()
    return "changed"
