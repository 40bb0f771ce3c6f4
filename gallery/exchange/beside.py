"""Text files that lie beside pictures: found in folders, read with care, matched to the pictures they speak of."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.exchange.entries import Entry, Found, Unreadable
from gallery.intake.media import MediaError, read_file
from gallery.intake.walking import os_failure
from gallery.store.chunks import chunked
from gallery.store.paths import ProjectPaths, is_storable, shown
from gallery.store.tables import asset_path
from gallery.views import ItemError
from ontology.errors import InvalidInputError, NotFoundError
from ontology.escaping import visible

MAX_BYTES = 1024 * 1024
"""Bytes of the longest file that is read."""

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif")

Reads = Callable[[str, str], list[str] | ItemError]
"""From the name and the text of a file to its tags, or why there are none."""


@dataclass
class BesideSource:
    """Files with tags beside pictures, in folders or named; read by one format."""

    context: GalleryContext
    files: list[Path]
    reads: Reads
    total: int = field(init=False)
    is_foreign: bool = True
    knows_ids: bool = False

    def __post_init__(self) -> None:
        self.total = len(self.files)

    def __iter__(self) -> Iterator[Found]:
        """A file each."""
        for piece in chunked(self.files):
            yield from self._of(piece)

    def _of(self, files: Sequence[Path]) -> Iterator[Found]:
        paths = ProjectPaths(self.context.root)
        pictures = {file: picture_of(file) for file in files}
        stored = {file: paths.stored(str(picture)) for file, picture in pictures.items() if picture is not None}
        known = self._known(list(filter(is_storable, stored.values())))
        for file, picture in pictures.items():
            where = shown(str(file))
            text = text_of(file)
            tags = text if isinstance(text, ItemError) else self.reads(file.name, text)
            if isinstance(tags, ItemError):
                yield Unreadable(where, tags)
            elif picture is None:
                error = ItemError("not_found", "no picture of this name is beside it", "move it beside its picture")
                yield Unreadable(where, error)
            elif not is_storable(stored[file]):
                yield Unreadable(where, ItemError("name_not_utf8", "its name is not UTF-8", "rename it"))
            else:
                place = stored[file]
                sha256 = None if place in known else _hash_of(picture)
                yield Entry(where, sha256=sha256, path=place, said={"tags": tags})

    def _known(self, stored: Sequence[str]) -> set[str]:
        """The pictures that need no hashing to be known."""
        with self.context.database.read() as connection:
            return set(connection.execute(select(asset_path.c.path).where(asset_path.c.path.in_(stored))).scalars())


def files_below(folder: Path, suffixes: Iterable[str]) -> list[Path]:
    """Every plain file below the folder, or the named one, whose name ends so; sorted. Links are not followed.

    Raises `NotFoundError`, `InvalidInputError` for what is neither.
    """
    endings = tuple(suffixes)
    if folder.is_file():
        return [folder]
    if not folder.exists():
        raise NotFoundError(f"there is no folder {visible(str(folder))}", hint="name the one with the files")
    if not folder.is_dir():
        raise InvalidInputError(f"{visible(str(folder))} is neither a file nor a folder", hint="name a folder")
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = Path(place, name)
            if name.lower().endswith(endings) and not name.startswith(".") and not path.is_symlink() and path.is_file():
                found.append(path)
    return sorted(found)


def picture_of(file: Path) -> Path | None:
    """The picture that `castle.png.txt` or `castle.txt` lies beside."""
    whole = file.with_suffix("")
    if whole.suffix.lower() in PICTURES and whole.is_file():
        return whole
    endings = [written for suffix in PICTURES for written in (suffix, suffix.upper())]
    return next((found for ending in endings if (found := file.with_name(file.stem + ending)).is_file()), None)


def text_of(file: Path) -> str | ItemError:
    """The text of a small plain UTF-8 file, without byte order mark, or why not."""
    try:
        # Without O_NONBLOCK opening a pipe would wait for its other end.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(descriptor, "rb") as opened:  # noqa: PTH123  # a descriptor has no path
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ItemError("not_a_file", "this is not a file")
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        failed = os_failure(str(file), error).error
        return failed or ItemError("unreadable", str(error))
    if len(data) > MAX_BYTES:
        return ItemError("too_long", f"it has more than {MAX_BYTES:,} bytes", "no file with tags has")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ItemError("not_utf8", "it is no UTF-8 text", "save it as UTF-8")


def _hash_of(picture: Path) -> str | None:
    try:
        return hashlib.sha256(read_file(str(picture)).data).hexdigest()
    except (OSError, MediaError):
        return None
