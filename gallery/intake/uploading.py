"""Pictures that somebody sends: kept under the hash of their bytes, so that no name of theirs reaches the disk."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.intake import ingest
from gallery.intake.inspecting import NO_MEDIA
from gallery.intake.media import HEAD_BYTES
from gallery.intake.originals import suffix_and_type
from gallery.journal import editing
from gallery.journal.batches import Origin
from gallery.reading.arguments import several_texts
from gallery.store.faults import unreachable
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset
from gallery.views import AddItem, AddResult, ItemError
from ontology.errors import InvalidInputError
from ontology.normalize import normalize_tags

CHUNK: Final = 1024 * 1024
"""Bytes that are copied at a time."""


@dataclass(frozen=True, slots=True)
class Upload:
    """What was sent. `name` is what the sender calls it, for the report alone; `content` is read from where it is."""

    name: str
    content: BinaryIO


def take_uploads(
    context: GalleryContext,
    folder: Path,
    uploads: Sequence[Upload],
    *,
    tags: str | Iterable[str] = (),
    limit: int,
    origin: Origin = "hand",
) -> AddResult:
    """Take in pictures and sounds that were sent, each for itself; the tags go to every one, known ones included.

    Outcomes as of `gallery.intake.ingest.add`; the `path` of one that failed is its name. Bytes that are known are not
    kept again; those in the trash change nothing. `limit`: bytes of one file. Raises `TagError` before anything is
    read, `CallsheetError` where the folder cannot be written, and what the database raises.
    """
    wanted = normalize_tags(several_texts("tags", tags), context.ontology, policy=context.tag_policy)
    results: list[AddItem] = []
    batches: list[int] = []
    for upload in uploads:
        try:
            item, numbers = _take(context, folder, upload, wanted, limit, origin)
        except OSError as error:
            raise unreachable(folder, error) from error
        results.append(item)
        batches += numbers
    return AddResult(tuple(results), tuple(batches))


def _take(
    context: GalleryContext, folder: Path, upload: Upload, tags: Sequence[str], limit: int, origin: Origin
) -> tuple[AddItem, Sequence[int]]:
    kind = suffix_and_type(upload.content.read(HEAD_BYTES))
    upload.content.seek(0)
    if kind is None:
        return _failed(upload, NO_MEDIA.code, NO_MEDIA.message, "convert it first"), ()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".upload-{secrets.token_hex(8)}.tmp"
    try:
        sha256 = _copied(upload.content, draft, limit)
        if sha256 is None:
            return _failed(upload, "too_large", f"more than {limit:,} bytes", "send a smaller file"), ()
        known = _known(context, sha256, tags, origin)
        if known is not None:
            return known
        return _placed(context, draft, folder / f"{sha256}.{kind[0]}", upload, tags, origin)
    finally:
        draft.unlink(missing_ok=True)


def _copied(content: BinaryIO, draft: Path, limit: int) -> str | None:
    """The hash of what was copied; None when it is too much."""
    digest, size = hashlib.sha256(), 0
    with draft.open("xb") as file:
        while piece := content.read(CHUNK):
            size += len(piece)
            if size > limit:
                return None
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _known(
    context: GalleryContext, sha256: str, tags: Sequence[str], origin: Origin
) -> tuple[AddItem, Sequence[int]] | None:
    """What becomes of bytes that an asset has; None where there is none, or none of its files is left."""
    columns = (asset.c.id, asset.c.path, asset.c.trashed_at, asset.c.missing_since)
    with context.database.read() as connection:
        row = connection.execute(select(*columns).where(asset.c.sha256 == sha256)).first()
    if row is None or (row.trashed_at is None and row.missing_since is not None):
        return None
    if row.trashed_at is not None:
        return AddItem(row.path, row.id, "in_trash"), ()
    if not ProjectPaths(context.root).absolute(row.path).exists():
        return None
    if not tags:
        return AddItem(row.path, row.id, "known"), ()
    tagged = editing.change_tags(context, row.id, add=tags, origin=origin)
    (one,) = tagged.results
    outcome = "failed" if one.error else "known"
    return AddItem(row.path, row.id, outcome, one.error), () if tagged.batch is None else (tagged.batch,)


def _placed(
    context: GalleryContext, draft: Path, place: Path, upload: Upload, tags: Sequence[str], origin: Origin
) -> tuple[AddItem, Sequence[int]]:
    """Put it in its place and take it in; what turns out to be damaged does not stay."""
    was_there = place.exists()
    draft.replace(place)
    result = ingest.add(context, place, tags=tags, origin=origin)
    (item,) = result.results
    if item.id is None and not was_there:
        with suppress(OSError):
            place.unlink()
    if item.error is not None and item.outcome == "failed":
        return _failed(upload, item.error.code, item.error.message, item.error.hint), result.batches
    return item, result.batches


def _failed(upload: Upload, code: str, message: str, hint: str | None) -> AddItem:
    return AddItem(upload.name, None, "failed", ItemError(code, message, hint))


def first_failure(result: AddResult) -> InvalidInputError | None:
    """The error where nothing but one failure is in the result; None otherwise."""
    only = result.results[0].error if len(result.results) == 1 and result.failed else None
    return None if only is None else InvalidInputError(only.message, hint=only.hint, code=only.code)
