"""Which files are meant when somebody names files and folders."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gallery.context import GalleryContext
from gallery.intake.inspecting import NO_MEDIA, is_media
from gallery.intake.media import read_head
from gallery.store.paths import ProjectPaths, is_storable, shown
from gallery.views import AddItem, ItemError


@dataclass(frozen=True, slots=True)
class File:
    """One file to look at: where it is, its stored path, size in bytes and mtime as the folder's listing had them.

    `named` files must be pictures or sounds; others are passed over when they are not.
    """

    path: str
    stored: str
    size: int
    mtime_ns: int
    named: bool


Found = File | AddItem
"""A file to look at, or what is to be said about one that is not."""

LINK = ItemError("link", "links in folders are not followed", "name it itself if you want it")
HIDDEN = ItemError("hidden", "its name begins with a dot", "name it itself if you want it")
NO_FILE = ItemError("not_a_file", "this is neither a file nor a folder")


def find_files(context: GalleryContext, paths: ProjectPaths, named: Iterable[Path | str]) -> Iterator[Found]:
    """Named files in their order; folders with all that is in them, sorted by name. Each file once.

    In folders links are skipped and reported (they may lead out of the project), hidden entries skipped.
    """
    seen: set[str] = set()
    walk = _Walk(paths, paths.stored(str(context.data_dir)))
    for path in named:
        for found in walk.start(os.fspath(path)):
            name = found.stored if isinstance(found, File) else found.path
            if name not in seen:
                seen.add(name)
                yield found


def walk_folder(context: GalleryContext, paths: ProjectPaths, folder: str) -> Iterator[Found]:
    """All below one folder, as `find_files` has it. What was seen is not remembered: memory does not grow."""
    yield from _Walk(paths, paths.stored(str(context.data_dir))).start(folder)


def failure(path: str, code: str, message: str, hint: str | None = None, *, asset_id: str | None = None) -> AddItem:
    """The report that a file could not be added."""
    return AddItem(shown(path), asset_id, "failed", ItemError(code, message, hint))


def skipped(path: str, reason: ItemError) -> AddItem:
    """The report that something in a folder was passed over, and why."""
    return AddItem(shown(path), None, "skipped", reason)


def os_failure(path: str, error: OSError) -> AddItem:
    """The same for what the operating system says."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return failure(path, "not_found", "there is no such file", "check the path; it may just have been moved")
    if isinstance(error, PermissionError):
        return failure(path, "permission", "you may not read it", "change its permissions, then add it again")
    return failure(path, "unreadable", f"it cannot be read: {error.strerror or error}")


class _Walk:
    def __init__(self, paths: ProjectPaths, own_data: str) -> None:
        self._paths = paths
        self._own_data = own_data

    def start(self, path: str) -> Iterator[Found]:
        stored = self._paths.stored(path)
        if stored == self._own_data or stored.startswith(f"{self._own_data}/"):
            yield failure(stored, "own_data", "this is the gallery's own data", "name the original pictures instead")
            return
        try:
            status = os.stat(path)  # noqa: PTH116  # follows a link: a link that is named is wanted
        except (OSError, ValueError) as error:  # ValueError: a NUL inside
            yield os_failure(stored, error if isinstance(error, OSError) else FileNotFoundError())
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._folder(path)
        elif stat.S_ISREG(status.st_mode):
            yield self._file(path, stored, status, named=True)
        else:
            yield failure(stored, "not_a_file", "this is neither a file nor a folder")

    def _folder(self, folder: str) -> Iterator[Found]:
        """All below a folder, depth first. With a list of what is still to do: trees may be deeper than recursion."""
        pending: list[os.DirEntry[str]] = []
        subfolder: str | None = folder
        while subfolder is not None or pending:
            if subfolder is not None:
                try:
                    pending += reversed(_listing(subfolder))
                except OSError as error:
                    yield os_failure(self._paths.stored(subfolder), error)
                subfolder = None
                continue
            entry = pending.pop()
            if _is_plain_folder(entry) and not self._is_own_data(entry):
                subfolder = entry.path
                self._paths.enter(subfolder)
            else:
                yield from self._entry(entry)

    def _is_own_data(self, entry: os.DirEntry[str]) -> bool:
        return self._paths.stored(entry.path) == self._own_data

    def _entry(self, entry: os.DirEntry[str]) -> Iterator[Found]:
        """What is not a folder to walk through."""
        stored = self._paths.stored(entry.path)
        if stored == self._own_data:
            return
        try:
            if entry.is_symlink():
                yield skipped(stored, LINK)
            elif entry.name.startswith("."):
                yield skipped(stored, HIDDEN)
            elif not entry.is_file(follow_symlinks=False):
                yield skipped(stored, NO_FILE)
            else:
                yield self._file(entry.path, stored, entry.stat(follow_symlinks=False), named=False)
        except OSError as error:  # it vanished between the listing and the look
            yield os_failure(stored, error)

    def _file(self, path: str, stored: str, status: os.stat_result, *, named: bool) -> Found:
        if not is_storable(stored):
            if not named and not may_be_media(path):
                return skipped(stored, NO_MEDIA)
            return failure(stored, "name_not_utf8", "its name is not UTF-8", "rename it, then add it again")
        return File(path, stored, status.st_size, status.st_mtime_ns, named)


def may_be_media(path: str) -> bool:
    """Whether a file begins as a picture or sound of a kind that we take, as far as it can be read."""
    try:
        return is_media(read_head(path))
    except OSError:
        return True  # whoever looks closer will say why


def _listing(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        return sorted(listing, key=lambda entry: entry.name)


def _is_plain_folder(entry: os.DirEntry[str]) -> bool:
    """A folder that is walked through: not hidden, not a link."""
    try:
        return not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
    except OSError:  # pragma: no cover  # only file systems that list entries without their kind ask anew
        return False
