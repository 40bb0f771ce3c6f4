"""Everything about one asset."""

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.intake.rebuilding import rebuild_thumbnail, whole_file
from gallery.journal.history import changes_of
from gallery.reading.generations import generation_of
from gallery.reading.identifiers import find_id, resolve_id
from gallery.reading.rows import VIEW_COLUMNS, view_of
from gallery.store.chunks import chunked
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset, asset_path
from gallery.store.thumbnails import find_thumbnail
from gallery.views import AssetDetail, AssetView
from ontology.errors import NotFoundError

HISTORY_ENTRIES = 50

_SAID = (asset.c.parents, asset.c.operation, asset.c.note, asset.c.rejected, asset.c.sample_rate, asset.c.channels)


def get(context: GalleryContext, asset_id: str) -> AssetDetail:
    """The asset with this id or unique beginning of one, trashed and missing ones too.

    Raises `NotFoundError`, and `InvalidInputError` for an ambiguous beginning.
    """
    columns = (*VIEW_COLUMNS, asset.c.key, asset.c.sha256, asset.c.trashed_at, asset.c.missing_since, *_SAID)
    with context.database.read() as connection:
        found = find_id(connection, asset_id)
        row = connection.execute(select(*columns).where(asset.c.id == found)).one()
        of_asset = select(asset_path.c.path).where(asset_path.c.asset_key == row.key).order_by(asset_path.c.key)
        return AssetDetail(
            asset=view_of(row, ProjectPaths(context.root)),
            sha256=row.sha256,
            paths=tuple(connection.execute(of_asset).scalars()),
            history=changes_of(connection, found, limit=HISTORY_ENTRIES),
            trashed=row.trashed_at,
            missing=row.missing_since,
            generation=generation_of(connection, row.key),
            parents=tuple(row.parents),
            operation=row.operation,
            note=row.note,
            rejected=tuple(row.rejected),
            sample_rate=row.sample_rate,
            channels=row.channels,
        )


def views(context: GalleryContext, ids: Iterable[str]) -> dict[str, AssetView]:
    """Id → asset for each of these full ids that there is, in whatever state."""
    paths = ProjectPaths(context.root)
    found: dict[str, AssetView] = {}
    with context.database.read() as connection:
        for piece in chunked(list(dict.fromkeys(ids))):
            rows = connection.execute(select(*VIEW_COLUMNS).where(asset.c.id.in_(piece)))
            found.update((row.id, view_of(row, paths)) for row in rows)
    return found


def thumbnail(context: GalleryContext, asset_id: str) -> Path:
    """The file of an asset's thumbnail, made anew when it is gone. Raises `NotFoundError` when no file is left for it.

    Where it cannot be written (a project that may only be looked at, a full disk) a picture's own file stands in.
    """
    found = resolve_id(context, asset_id)
    with context.database.read() as connection:
        sha256 = connection.execute(select(asset.c.sha256).where(asset.c.id == found)).scalar_one()
    path = _find_or_rebuild(context, found, sha256)
    if path is None:
        raise NotFoundError(
            f"{found} has no thumbnail, and none of its files is there to make one",
            hint="add the folder where the file is now",
        )
    return path


def _find_or_rebuild(context: GalleryContext, asset_id: str, sha256: str) -> Path | None:
    try:
        return find_thumbnail(context.data_dir, sha256) or rebuild_thumbnail(context, asset_id)
    except OSError:
        whole = whole_file(context, asset_id)
        return None if whole is None or whole[1].media_type != "image" else whole[0]
