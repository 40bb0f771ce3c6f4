"""Sidecars: `castle.png.callsheet.json` beside `castle.png`, written and read.

A sidecar that was edited since it was last read or written is not written over, nor is any other file of that name.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gallery.context import GalleryContext
from gallery.embedded.sidecar import SUFFIX
from gallery.exchange.beside import files_below, text_of
from gallery.exchange.entries import Entry, Found, Sidecar, Unreadable
from gallery.exchange.parsing import AssetBody, parsed
from gallery.exchange.results import ExportItem, ExportResult
from gallery.exchange.sidecar_state import digests, note
from gallery.exchange.sidecar_text import FORMAT, VERSION, digest_of, sidecar_text
from gallery.exchange.stored import CHUNK_ASSETS, StoredAsset, stored_assets
from gallery.exchange.writing import whole_file
from gallery.store.paths import ProjectPaths, is_storable, shown
from gallery.views import ItemError
from ontology.errors import CallsheetError
from ontology.escaping import visible


@dataclass
class _Writing:
    context: GalleryContext
    paths: ProjectPaths
    force: bool
    dry_run: bool
    results: list[ExportItem] = field(default_factory=list)

    def write(self, items: Sequence[StoredAsset]) -> None:
        """Write those of some assets, beside every file that they have."""
        with self.context.database.read() as connection:
            bases = digests(connection, [path for item in items for path in item.paths])
        done: list[tuple[str, str]] = []
        for item in items:
            text = sidecar_text(item)
            for path in item.paths:
                outcome, error = self._one(path, text, bases.get(path))
                if outcome != "failed" and bases.get(path) != digest_of(text):
                    done.append((path, digest_of(text)))
                self.results.append(ExportItem(item.row.id, shown(path + SUFFIX), outcome, error))
        if done and not self.dry_run:
            with self.context.database.write() as connection:
                note(connection, done)

    def _one(self, path: str, text: str, base: str | None) -> tuple[str, ItemError | None]:
        picture = self.paths.absolute(path)
        place = Path(f"{picture}{SUFFIX}")
        try:
            if not picture.is_file():
                return "failed", ItemError("not_found", "its picture is not there", "`callsheet doctor` tells more")
            if not place.is_symlink() and not place.exists():
                return self._put(place, text)
            found = None if place.is_symlink() else text_of(place)
            if isinstance(found, str) and digest_of(found) == digest_of(text):
                return "unchanged", None
            if not self.force and not (isinstance(found, str) and digest_of(found) == base):
                return "failed", _edited(found)
            return self._put(place, text)
        except CallsheetError as error:
            return "failed", ItemError.of(error)
        except OSError as error:
            return "failed", ItemError("storage", error.strerror or str(error), "may you write there, is there room?")

    def _put(self, place: Path, text: str) -> tuple[str, ItemError | None]:
        if not self.dry_run:
            with whole_file(place, force=True) as file:
                file.write(text.encode())
        return "written", None


def write_sidecars(
    context: GalleryContext, query: str | None, *, force: bool = False, dry_run: bool = False
) -> ExportResult:
    """Write those of all pictures in sight, or of what the query finds. Raises `InvalidInputError` for the query.

    Outcomes: written, unchanged, failed (`conflict`: it was edited, or is no sidecar; `not_found`; `storage`).
    """
    writing = _Writing(context, ProjectPaths(context.root), force, dry_run)
    with context.database.read() as connection:
        part: list[StoredAsset] = []
        for item in stored_assets(context, connection, query, "live"):
            part.append(item)
            if len(part) == CHUNK_ASSETS:
                writing.write(part)
                part = []
    writing.write(part)
    done = sum(item.outcome != "failed" for item in writing.results)
    return ExportResult("", done, results=tuple(writing.results))


def _edited(found: str | ItemError | None) -> ItemError:
    if isinstance(found, str) and _is_ours(found):
        hint = "`callsheet import --format sidecars` reads it; --force writes over it"
        return ItemError("conflict", "it was edited and not read since", hint)
    return ItemError("conflict", "a file of this name is there that is no sidecar of ours", "--force writes over it")


def _is_ours(text: str) -> bool:
    return f'"{FORMAT}"' in text


@dataclass
class SidecarSource:
    """The sidecars of a folder, or one that is named."""

    context: GalleryContext
    files: list[Path]
    total: int = field(init=False)
    is_foreign: bool = False
    knows_ids: bool = True

    def __post_init__(self) -> None:
        self.total = len(self.files)

    def __iter__(self) -> Iterator[Found]:
        """A file each."""
        paths = ProjectPaths(self.context.root)
        pictures = {file: paths.stored(str(file)[: -len(SUFFIX)]) for file in self.files}
        with self.context.database.read() as connection:
            bases = digests(connection, filter(is_storable, pictures.values()))
        for file, picture in pictures.items():
            where = shown(str(file))
            text = text_of(file)
            body = text if isinstance(text, ItemError) else _body(text)
            if not is_storable(picture):
                yield Unreadable(where, ItemError("name_not_utf8", "its name is not UTF-8", "rename it"))
            elif isinstance(body, ItemError) or isinstance(text, ItemError):
                yield Unreadable(where, body if isinstance(body, ItemError) else ItemError("invalid", "unreadable"))
            else:
                yield _entry(where, picture, body, Sidecar(picture, digest_of(text), bases.get(picture)))


def open_sidecars(context: GalleryContext, folder: Path) -> SidecarSource:
    """The sidecars below the folder. Raises `NotFoundError`, `InvalidInputError`."""
    return SidecarSource(context, files_below(folder, [SUFFIX]))


def _body(text: str) -> AssetBody | ItemError:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return ItemError("invalid", "it is no JSON", "was a conflict of versions left in it?")
    if not isinstance(found, dict):
        return ItemError("invalid", "it holds no JSON object")
    if found.pop("format", FORMAT) != FORMAT:
        return ItemError("foreign_format", "it is a file of another program")
    version = found.pop("version", VERSION)
    if version != VERSION:
        shown_version = visible(repr(version), limit=20)
        return ItemError("unknown_version", f"it is of version {shown_version}, {VERSION} is known", "update Callsheet")
    return parsed(AssetBody, json.dumps(found))


def _entry(where: str, picture: str, body: AssetBody, sidecar: Sidecar) -> Entry:
    entry = body.entry(where)
    return Entry(
        where,
        sha256=entry.sha256,
        id=entry.id,
        path=picture,
        said=entry.said,
        generation=entry.generation,
        problems=entry.problems,
        sidecar=sidecar,
    )
