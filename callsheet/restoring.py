"""Making a project anew from a backup (see `callsheet.backing_up`). Everything is judged before anything is written."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callsheet.backing_up import (
    DATABASE,
    FILES,
    FORMAT,
    HEADER,
    MANIFEST,
    TEXT_NAMES,
    TEXTS,
    Progress,
    check_database,
)
from callsheet.project import SETTINGS_FILE, Project, start_project
from callsheet.settings import load_settings
from callsheet.upgrade import SCHEMA
from callsheet.wiring import build_gallery_context
from gallery.checks.hashing import hash_of
from gallery.intake import ingest
from gallery.manifest import ManifestEntry, is_safe, read_manifest
from gallery.store.schema import current_revision, refuse_strange
from ontology.errors import ConflictError, IntegrityError, InvalidInputError, NotFoundError
from ontology.loader import builtin_ontology

_MAX_HEADER = 16 * 1024 * 1024
_ELSEWHERE = "assets/restored"
"""Where files go that lay outside the project and are not there any more."""


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was made, or in a dry run would be: `files` pictures of the backup's `listed`; the project's own texts."""

    place: Path
    made_at: str
    assets: int
    listed: int
    files: int
    texts: int

    def to_json(self) -> dict[str, Any]:
        """`{project, made_at, assets, listed, files, texts}`."""
        return {
            "project": str(self.place),
            "made_at": self.made_at,
            "assets": self.assets,
            "listed": self.listed,
            "files": self.files,
            "texts": self.texts,
        }


def restore_backup(
    backup: Path, target: Path, *, dry_run: bool = False, progress: Progress | None = None
) -> RestoreReport:
    """Make the project of a backup in a folder that is empty or not there yet. A dry run judges the backup alone.

    Files that lay outside the project and are not there any more go to `assets/restored/`. Raises `NotFoundError` (no
    backup there), `InvalidInputError` (something else), `ConflictError` (made by a newer version; the folder is not
    empty), `IntegrityError` (damaged, or with paths that lead elsewhere): then nothing was written.
    """
    found = _Backup(backup.expanduser().absolute())
    found.judge()
    place = target.expanduser().absolute()
    _refuse_taken(place)
    report = RestoreReport(
        place, str(found.header["made_at"]), int(found.header["assets"]), found.listed, found.copied, len(found.texts)
    )
    if dry_run:
        return report
    is_there = place.exists()
    # In a folder that is there somebody may be standing: what is made is moved into it, the settings at the end.
    staging = (place if is_there else place.parent) / f".restoring-{secrets.token_hex(4)}"
    staging.mkdir(parents=True)
    try:
        elsewhere = found.write(staging, progress)
        if is_there:
            for path in sorted(staging.iterdir(), key=lambda path: path.name == SETTINGS_FILE):
                path.rename(place / path.name)
        else:
            staging.rename(place)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    project = Project(place)
    if not project.settings_file.exists():
        start_project(place, only={SETTINGS_FILE})
    if elsewhere:
        context = build_gallery_context(project, load_settings(project, {}).values, builtin_ontology())
        with context.database:
            ingest.add(context, place / _ELSEWHERE, origin="import")
    return report


class _Backup:
    """One backup: judged as a whole, then written out."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.header = _header(place)
        self.texts: dict[str, str] = {}
        self.listed = 0
        self.copied = 0

    def judge(self) -> None:
        """Raises unless all of it can be believed and stays where it belongs; nothing is written."""
        hashes = self.header["sha256"]
        for name, sha256 in hashes.items():
            if name not in {DATABASE, MANIFEST}:
                self._judge_text(name)
                self.texts[name] = sha256
            if _hash_of(self.place, name) != sha256:
                raise _damaged(self.place, f"{name} is not what was written")
        if not {DATABASE, MANIFEST} <= hashes.keys():
            raise _damaged(self.place, f"{HEADER} does not tell of the database")
        check_database(self.place / DATABASE, self.place / DATABASE)
        revision = current_revision(self.place / DATABASE)
        refuse_strange(self.place / DATABASE, SCHEMA.state(revision))
        for entry in read_manifest(self.place / MANIFEST):
            self.listed += 1
            if self._kept(entry) is not None:
                self.copied += 1
        if self.listed != self.header["files"]:
            raise _damaged(self.place, f"{MANIFEST} has {self.listed} entries and should have {self.header['files']}")

    def _judge_text(self, name: str) -> None:
        inner = name.removeprefix(f"{TEXTS}/")
        is_ours = name.startswith(f"{TEXTS}/") and inner.split("/", 1)[0] in TEXT_NAMES
        if not is_ours or not (inner == SETTINGS_FILE or is_safe(inner)):
            raise _damaged(self.place, f"{name!r:.80} leads out of the project")

    def _kept(self, entry: ManifestEntry) -> Path | None:
        """Where the backup has the bytes of a file; None where it has not. Raises for what cannot be those bytes."""
        path = self.place / FILES / entry.sha256[:2] / entry.sha256
        if path.is_symlink() or (path.exists() and (not path.is_file() or path.stat().st_size != entry.size)):
            raise _damaged(self.place, f"{path.relative_to(self.place)} is not the file that the manifest names")
        return path if path.exists() else None

    def write(self, staging: Path, progress: Progress | None) -> bool:
        """Write everything below the folder, each file compared with its hash; whether any lay outside the project."""
        data_dir = Project(staging).data_dir
        data_dir.mkdir()
        self._copy(self.place / DATABASE, Project(staging).database_file, self.header["sha256"][DATABASE])
        for name, sha256 in self.texts.items():
            self._copy(self.place / name, staging / name.removeprefix(f"{TEXTS}/"), sha256)
        lay_elsewhere = False
        for done, (entry, kept, relative) in enumerate(self._wanted(), 1):
            lay_elsewhere = lay_elsewhere or not entry.is_inside
            self._copy(kept, staging / relative, entry.sha256)
            os.utime(staging / relative, ns=(entry.mtime_ns, entry.mtime_ns))
            if progress is not None:
                progress(done, self.copied, relative)
        return lay_elsewhere

    def _wanted(self) -> Iterator[tuple[ManifestEntry, Path, str]]:
        """Each file to be written, where its bytes are, and its path below the project."""
        elsewhere: set[str] = set()
        for entry in read_manifest(self.place / MANIFEST):
            kept = self._kept(entry)
            if kept is None:
                continue
            if entry.is_inside:
                yield entry, kept, entry.path
            elif not os.path.lexists(entry.path) and entry.sha256 not in elsewhere:
                elsewhere.add(entry.sha256)
                yield entry, kept, f"{_ELSEWHERE}/{entry.sha256[:16]}{Path(entry.path).suffix.lower()[:8]}"

    def _copy(self, source: Path, target: Path, sha256: str) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with source.open("rb") as read, target.open("xb") as written:
                shutil.copyfileobj(read, written)
        except FileExistsError as error:
            raise _damaged(self.place, f"two files want to be {target.name}") from error
        if hash_of(target) != sha256:
            raise _damaged(self.place, f"the bytes of {target.name} are not those that were written")


def _header(place: Path) -> dict[str, Any]:
    """What a backup says of itself. Raises as `restore_backup` does."""
    path = place / HEADER
    if not place.is_dir():
        raise NotFoundError(f"there is no backup at {place}", hint="name the folder that `callsheet backup` made")
    if path.is_symlink() or not path.is_file():
        raise InvalidInputError(
            f"{place} is no backup: it has no {HEADER}",
            hint="name the folder that `callsheet backup` made",
            code="not_a_backup",
        )
    try:
        header = json.loads(path.read_bytes()[:_MAX_HEADER])
        form = _number(header["format"])
        if form > FORMAT:
            raise ConflictError(
                f"{place} was made by a newer version of Callsheet (format {form})",
                hint="upgrade Callsheet, then restore it",
                code="newer_backup",
            )
        _check_kinds(header)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(place, f"{HEADER} cannot be read ({type(error).__name__})") from error
    return dict(header)


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("no number")
    return value


def _check_kinds(header: Any) -> None:
    """Raises `TypeError` or `KeyError` for a header that lacks something."""
    numbers = (header["assets"], header["files"])
    texts = (header["made_at"], *header["sha256"].keys(), *header["sha256"].values())
    if not all(type(number) is int for number in numbers) or not all(isinstance(text, str) for text in texts):
        raise TypeError("a value of another kind")


def _hash_of(place: Path, name: str) -> str | None:
    """The hash of a file of the backup; None where it is no plain file, or a link on its way leads out."""
    path = place / name
    try:
        return hash_of(path) if path.resolve(strict=True) == place.resolve() / name else None
    except OSError:
        return None


def _refuse_taken(place: Path) -> None:
    if os.path.lexists(place) and not place.is_dir():
        raise ConflictError(f"{place} is a file", hint="name an empty folder, or a new one", code="exists")
    if place.is_dir() and next(place.iterdir(), None) is not None:
        raise ConflictError(
            f"{place} is not empty, and a backup is restored into an empty place only",
            hint="name an empty folder, or a new one",
            code="exists",
        )


def _damaged(place: Path, what: str) -> IntegrityError:
    return IntegrityError(
        f"the backup {place} is damaged: {what}; nothing was restored",
        hint="take another backup",
        code="damaged_backup",
    )
