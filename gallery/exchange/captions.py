"""A folder for training: copies of pictures (or links to them), each with a caption of its tags beside it.

Names are those of the pictures; two of one name are told apart by their ids.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gallery.context import GalleryContext
from gallery.exchange.results import ExportItem, ExportResult
from gallery.exchange.stored import StoredAsset, stored_assets
from gallery.exchange.tag_files import caption_word
from gallery.exchange.writing import copy_whole, whole_file
from gallery.store.paths import ProjectPaths, shown
from gallery.store.targets import exists
from gallery.views import ItemError
from ontology.errors import CallsheetError, InvalidInputError
from ontology.escaping import visible

_ID_DIGITS = 9


@dataclass(frozen=True, slots=True)
class CaptionOptions:
    """How captions are written. `trigger` stands first in each; tags of the namespaces of `without` are left out."""

    trigger: str | None = None
    strip_namespace: bool = False
    without: frozenset[str] = frozenset()
    link: bool = False
    force: bool = False
    dry_run: bool = False


def write_captions(context: GalleryContext, folder: Path, query: str | None, options: CaptionOptions) -> ExportResult:
    """Write all pictures in sight, or those that the query finds; what cannot be written is told, the rest goes on.

    Raises `InvalidInputError` for the query and for a folder that is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise InvalidInputError(f"{visible(str(folder))} is no folder", hint="name one, or a new one", code="usage")
    if not options.dry_run:
        folder.mkdir(parents=True, exist_ok=True)
    paths, taken = ProjectPaths(context.root), set[str]()
    results: list[ExportItem] = []
    with context.database.read() as connection:
        results += [
            _write_one(folder, item, _present(paths, item.paths), taken, options)
            for item in stored_assets(context, connection, query, "live")
        ]
    return ExportResult(str(folder), sum(item.outcome != "failed" for item in results), results=tuple(results))


def _write_one(
    folder: Path, item: StoredAsset, source: Path | None, taken: set[str], options: CaptionOptions
) -> ExportItem:
    if source is None:
        error = ItemError("not_found", "its file is not there", "`callsheet doctor` tells more")
        return ExportItem(item.row.id, None, "failed", error)
    picture = folder / (_free_stem(source, item.row.id, taken) + source.suffix)
    caption = picture.with_suffix(".txt")
    try:
        for path in (picture, caption):
            if os.path.lexists(path) and not options.force:
                raise exists(path)
        if not options.dry_run:
            _place(source, picture, options)
            with whole_file(caption, force=options.force) as file:
                file.write((caption_of(item.row.tags, options) + "\n").encode())
    except CallsheetError as error:
        return ExportItem(item.row.id, shown(str(picture)), "failed", ItemError.of(error))
    except OSError as error:
        reason = ItemError("storage", f"{error.strerror or error}", "is there room, and may you write there?")
        return ExportItem(item.row.id, shown(str(picture)), "failed", reason)
    return ExportItem(item.row.id, shown(str(picture)), "written")


def caption_of(tags: Sequence[str], options: CaptionOptions) -> str:
    """The caption: trigger, then the tags in their order, each once."""
    kept = [tag for tag in tags if tag.partition(":")[0] not in options.without or ":" not in tag]
    words = [caption_word(tag, strip_namespace=options.strip_namespace) for tag in kept]
    return ", ".join(dict.fromkeys([*([options.trigger] if options.trigger else []), *words]))


def _place(source: Path, picture: Path, options: CaptionOptions) -> None:
    if not options.link:
        copy_whole(source, picture, force=options.force)
        return
    if options.force:
        picture.unlink(missing_ok=True)
    picture.symlink_to(source)


def _present(paths: ProjectPaths, stored: Iterable[str]) -> Path | None:
    return next((place for name in stored if (place := paths.absolute(name)).is_file()), None)


def _free_stem(source: Path, asset_id: str, taken: set[str]) -> str:
    """The name without its ending; ending alike would make one caption for two pictures, on some disks in any case."""
    stem = source.stem
    if stem.casefold() in taken:
        stem = f"{source.stem}_{asset_id[:_ID_DIGITS]}"
    if stem.casefold() in taken:
        stem = f"{source.stem}_{asset_id}"
    taken.add(stem.casefold())
    return stem
