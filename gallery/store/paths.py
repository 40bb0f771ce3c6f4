"""How files are named in the database: relative to the project, with `/`, when inside it, else absolute."""

import os
from pathlib import Path
from urllib.parse import quote

from gallery.store.folding import folded


class ProjectPaths:
    """Translates between real files and stored paths, for one project and one operation: it remembers folders."""

    def __init__(self, root: Path) -> None:
        self._root = Path(os.path.realpath(root))
        self._url = self._root.as_uri()
        self._prefix = os.path.join(self._root, "")  # noqa: PTH118  # the root with its last separator
        self._folders: dict[str, str] = {}

    def stored(self, path: str) -> str:
        """The stored form of a file's path. Links among its folders are followed, so one file has one name.

        The file itself may be a link and keeps its own name.
        """
        folder, name = os.path.split(path.rstrip(os.sep))
        if name in {"", ".", ".."}:
            folder, name = path, ""
        full = os.path.join(self._real(folder), name) if name else self._real(folder)  # noqa: PTH118  # see `is_inside`
        if full == str(self._root):
            return "."
        return full.removeprefix(self._prefix).replace(os.sep, "/")

    def _real(self, folder: str) -> str:
        """The folder without links in its path; asked of the system once for each folder, not for each file."""
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return self._folders[folder]

    def enter(self, folder: str) -> None:
        """Take note of a folder that is no link, in a folder already known: where it really is needs no look."""
        parent, name = os.path.split(folder)
        self._folders[folder] = os.path.join(self._real(parent), name)  # noqa: PTH118  # see `is_inside`

    def absolute(self, stored: str) -> Path:
        """Where the file of a stored path should be."""
        return self._root / stored

    def is_inside(self, stored: str) -> bool:
        """Whether the stored path lies in the project's folder."""
        return not os.path.isabs(stored)  # noqa: PTH117  # a million times: Path objects cost more than the answer

    def holds_project(self, stored: str) -> bool:
        """Whether the project itself lies in the folder of this stored path."""
        return stored == "." or self._prefix.startswith(os.path.join(stored, ""))  # noqa: PTH118  # as the prefix is

    def url(self, stored: str) -> str:
        """The file URI of a stored path; empty for an empty path."""
        if self.is_inside(stored):
            return f"{self._url}/{quote(stored)}"
        return Path(stored).as_uri()


def shown(path: str) -> str:
    r"""A path that can be printed and put into JSON: bytes that are not UTF-8 as `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def is_gone(place: Path) -> bool:
    """Whether there is surely no such file. One in a folder that may not be looked into is not known to be gone."""
    try:
        place.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def was_respelt(old: Path, new: Path) -> bool:
    """Whether the file has the new name alone, and the old one still leads to it: the system takes both for one.

    So it is after `a.png` became `A.png` where capitals make no difference, or another composition of an accent.
    """
    if old == new or old.parent != new.parent or folded(old.name) != folded(new.name):
        return False
    try:
        return old.samefile(new) and old.name not in os.listdir(old.parent)  # noqa: PTH208  # names, not paths
    except OSError:
        return False


def is_storable(path: str) -> bool:
    """Whether the name is UTF-8. Others cannot be stored as text, nor stand in JSON or a URL."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
