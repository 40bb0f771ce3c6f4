"""Files that are gone: an asset without any left becomes missing, another loses the path alone. No tag is touched."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import Connection, bindparam, delete, select, update

from gallery.context import GalleryContext
from gallery.intake.held import Held
from gallery.journal.batches import Change, Origin, apply
from gallery.store.chunks import chunked
from gallery.store.moments import rfc3339
from gallery.store.paths import ProjectPaths, is_gone, shown
from gallery.store.tables import asset, asset_path
from gallery.views import AddItem

DEPARTED = ("missing", "copy_gone")
"""The outcomes: no file of the asset is left; one of several files is gone."""


def depart(
    context: GalleryContext,
    paths: ProjectPaths,
    gone: Sequence[str],
    *,
    origin: Origin = "hand",
    run: int | None = None,
    dry_run: bool = False,
    foreseen: Mapping[int, Held] = MappingProxyType({}),
) -> tuple[list[AddItem], int | None]:
    """What became of the assets of files that are no longer there (stored paths), and the batch that says so.

    Looks again before it believes it. Trashed and missing assets, and paths that nobody knows, are passed over. Undo
    takes a missing mark back. All in one transaction: give it at most a few thousand paths. `foreseen`, for a dry run:
    by their keys the assets that would be otherwise by then (`gallery.intake.ingest.rehearse`).
    """
    with context.database.read() if dry_run else context.database.write() as connection:
        leaving = _Leaving(paths, rfc3339(context.now()))
        for row in _owners(connection, [path for path in gone if is_gone(paths.absolute(path))], foreseen):
            leaving.judge(*row)
        if dry_run or not leaving.changes:
            return leaving.items, None
        _drop_paths(connection, leaving)
        return leaving.items, apply(connection, context, "missing", leaving.changes, origin=origin, run=run)


class _Leaving:
    """What happens to each asset, collected."""

    def __init__(self, paths: ProjectPaths, moment: str) -> None:
        self._paths = paths
        self._moment = moment
        self.items: list[AddItem] = []
        self.changes: list[Change] = []
        self.dropped: list[str] = []
        self.moved: list[dict[str, object]] = []

    def judge(self, key: int, asset_id: str, first: str, files: Sequence[str], gone: Sequence[str]) -> None:
        """One asset with all its files, and those that are gone of them."""
        kept = [path for path in files if path not in gone]
        outcome = "copy_gone" if kept else "missing"
        self.items += [AddItem(shown(path), asset_id, outcome) for path in gone]
        if not kept:
            self.changes.append(Change(key, {"missing_since": None}, {"missing_since": self._moment}))
            return
        there = [path for path in kept if not is_gone(self._paths.absolute(path))]
        path = first if first in kept else (there or kept)[0]
        self.changes.append(Change(key, {"path": first, "paths": list(files)}, {"path": path, "paths": kept}))
        self.dropped += gone
        self.moved.append({"of_key": key, "to": path})


_Owner = tuple[int, str, str, list[str], list[str]]


def _owners(connection: Connection, gone: Sequence[str], foreseen: Mapping[int, Held]) -> list[_Owner]:
    """`(key, id, first path, all paths, those that are gone)` of each live asset that one of the paths belongs to."""
    keys: dict[int, list[str]] = {}
    for piece in chunked(gone):
        found = select(asset_path.c.asset_key, asset_path.c.path).where(asset_path.c.path.in_(piece))
        for key, path in connection.execute(found):
            keys.setdefault(key, []).append(path)
    files: dict[int, list[str]] = {key: [] for key in keys}
    live: dict[int, tuple[str, str]] = {}
    for some in chunked(sorted(keys)):
        columns = (asset_path.c.asset_key, asset_path.c.path, asset.c.id, asset.c.path)
        rows = connection.execute(
            select(*columns)
            .join(asset, asset.c.key == asset_path.c.asset_key)
            .where(asset.c.key.in_(some), asset.c.trashed_at.is_(None), asset.c.missing_since.is_(None))
            .order_by(asset_path.c.key)
        )
        for key, path, asset_id, first in rows:
            files[key].append(path)
            live[key] = (asset_id, first)
    owners: list[_Owner] = []
    for key, leaving in keys.items():
        if key in foreseen:
            owners += _foreseen_owner(key, foreseen[key], leaving)
        elif key in live:
            owners.append((key, *live[key], files[key], leaving))
    return owners


def _foreseen_owner(key: int, held: Held, gone: Sequence[str]) -> list[_Owner]:
    """The asset, if by then it is live and one of the paths is still its own."""
    leaving = [path for path in gone if path in held.files]
    if not leaving or held.trashed or held.missing_since is not None:
        return []
    return [(key, held.id, held.path, list(held.files), leaving)]


def _drop_paths(connection: Connection, leaving: _Leaving) -> None:
    for piece in chunked(leaving.dropped):
        connection.execute(delete(asset_path).where(asset_path.c.path.in_(piece)))
    if leaving.moved:
        statement = update(asset).where(asset.c.key == bindparam("of_key")).values(path=bindparam("to"))
        connection.execute(statement, leaving.moved)
