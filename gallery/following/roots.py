"""Folders that are kept in step with the gallery: telling one that is there from the place where a drive was.

A folder that is synced or watched is remembered with its identity, and so is every disk mounted below it. Nothing in
it is taken for deleted while it is gone, empty although it had files, or another folder without them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, delete, false, insert, not_, or_, select, update

from gallery.context import GalleryContext
from gallery.reading.rows import is_live
from gallery.store.paths import ProjectPaths, is_gone
from gallery.store.tables import asset, asset_path, root
from ontology.errors import CallsheetError, ConflictError, InvalidInputError, NotFoundError
from ontology.escaping import visible

_SAMPLE = 200
"""So many known files tell whether another folder holds what the old one held."""

_ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Root:
    """A folder as it is remembered: its stored path, and the device and inode it had when it was last seen."""

    path: str
    identity: str


def identity_of(place: Path) -> str | None:
    """Device and inode of a folder, `2049:131`; None where no folder can be seen."""
    try:
        status = place.stat()
    except OSError:
        return None
    return f"{status.st_dev}:{status.st_ino}" if place.is_dir() else None


def below(paths: ProjectPaths, folder: str) -> ColumnElement[bool]:
    """The condition for files whose stored path lies in a folder, given as it is stored."""
    column = asset_path.c.path
    inside = not_(column.startswith("/")) & not_(column.like("_:/%"))
    if folder == ".":
        return inside
    # By the bounds of the text, for which the index answers: "0" follows "/".
    start = folder if folder.endswith("/") else f"{folder}/"
    within = and_(column >= start, column < f"{start[:-1]}0")
    return or_(within, inside) if paths.holds_project(folder) else within


def check(connection: Connection, paths: ProjectPaths, folder: str, *, accept: bool = False) -> None:
    """Raise for a folder that is not what it was; `folder` as it is stored.

    `ConflictError` (`root_unavailable`) when it is gone, empty although it had files, or another folder without most of
    them; `NotFoundError` when it was never there, `InvalidInputError` for a file. `accept` believes a folder that is
    empty or another one.
    """
    place = paths.absolute(folder)
    identity = identity_of(place)
    if identity is None:
        raise _not_there(connection, paths, folder, place)
    if accept:
        return
    remembered = connection.execute(select(root.c.identity).where(root.c.path == folder)).scalar_one_or_none()
    if _is_empty(place):
        if _sample(connection, paths, folder):
            raise _unavailable(folder, "is empty, although files of the gallery were in it")
    elif remembered not in {None, identity}:
        sample = _sample(connection, paths, folder)
        kept = sum(_is_as_known(paths.absolute(path), size) for path, size in sample)
        if kept * 2 < len(sample):
            raise _unavailable(folder, "is another folder than before, and most of the known files are not in it")


def unavailable(connection: Connection, paths: ProjectPaths) -> dict[str, CallsheetError]:
    """Every remembered folder that is not what it was, with the error that says so."""
    found: dict[str, CallsheetError] = {}
    for one in remembered_roots(connection):
        try:
            check(connection, paths, one.path)
        except CallsheetError as error:
            found[one.path] = error
    return found


def remembered_roots(connection: Connection) -> list[Root]:
    """All folders that are remembered, by path."""
    rows = connection.execute(select(root.c.path, root.c.identity).order_by(root.c.path))
    return [Root(path, identity) for path, identity in rows]


def remember(context: GalleryContext, paths: ProjectPaths, folder: str) -> None:
    """Note what a folder is now, and every disk mounted below it that holds known files."""
    with context.database.read() as connection:
        mounted = [folder, *mounts_below(connection, paths, folder)]
    now = {path: identity for path in mounted if (identity := identity_of(paths.absolute(path))) is not None}
    with context.database.write() as connection:
        known = {one.path for one in remembered_roots(connection)}
        for path, identity in now.items():
            values = {"identity": identity, "seen_at": context.now()}
            if path in known:
                connection.execute(update(root).where(root.c.path == path).values(**values))
            else:
                connection.execute(insert(root).values(path=path, **values))


def forget(context: GalleryContext, folder: str) -> None:
    """No longer expect a folder to be there."""
    with context.database.write() as connection:
        connection.execute(delete(root).where(root.c.path == folder))


def mounts_below(connection: Connection, paths: ProjectPaths, folder: str) -> Iterator[str]:
    """The folders below this one where another disk begins, as far as known files lie on it."""
    device = _device(paths.absolute(folder))
    seen: set[Path] = set()
    for path in _known(connection, paths, folder):
        place = paths.absolute(path).parent
        if place in seen or _device(place) in {None, device}:
            seen.add(place)
            continue
        while _device(place.parent) == _device(place):
            seen.add(place)
            place = place.parent
        if place not in seen:
            seen.add(place)
            yield paths.stored(str(place))


def in_folders(paths: ProjectPaths, folders: list[str]) -> ColumnElement[bool]:
    """The condition for files in any of several folders."""
    return or_(false(), *(below(paths, folder) for folder in folders))


def _known(connection: Connection, paths: ProjectPaths, folder: str) -> Iterator[str]:
    streamed = connection.execution_options(yield_per=_ROWS_AT_ONCE)
    yield from streamed.execute(select(asset_path.c.path).where(below(paths, folder))).scalars()


def _sample(connection: Connection, paths: ProjectPaths, folder: str) -> list[tuple[str, int]]:
    """`(path, size)` of some files that should be in the folder."""
    rows = (
        select(asset_path.c.path, asset_path.c.size)
        .join(asset, asset.c.key == asset_path.c.asset_key)
        .where(below(paths, folder), is_live())
        .limit(_SAMPLE)
    )
    return [(path, size) for path, size in connection.execute(rows)]


def _is_as_known(place: Path, size: int) -> bool:
    try:
        return not is_gone(place) and place.stat().st_size == size
    except OSError:
        return False


def _not_there(connection: Connection, paths: ProjectPaths, folder: str, place: Path) -> CallsheetError:
    if place.is_file():
        return InvalidInputError(
            f"{visible(folder)} is a file, and folders alone can be kept in step",
            hint="name its folder, or `callsheet add` the file",
        )
    is_known = connection.execute(select(root.c.path).where(root.c.path == folder)).first() is not None
    if is_known or _sample(connection, paths, folder):
        return _unavailable(folder, "is not there")
    return NotFoundError(f"there is no folder {visible(folder)}", hint="check the path")


def _unavailable(folder: str, what: str) -> ConflictError:
    return ConflictError(
        f"{visible(folder)} {what}; nothing in it is marked missing",
        hint="plug the drive in, or mount the folder; if the files are gone for good: "
        "`callsheet add FOLDER --sync --accept-root`",
        code="root_unavailable",
    )


def _is_empty(place: Path) -> bool:
    """Whether there is nothing in the folder; one that may not be looked into is not called empty."""
    try:
        with os.scandir(place) as entries:
            return next(entries, None) is None
    except OSError:
        return False


def _device(place: Path) -> int | None:
    try:
        return place.stat().st_dev
    except OSError:
        return None
