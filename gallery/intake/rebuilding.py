"""Making a thumbnail anew from the file it shows."""

from pathlib import Path

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.intake.inspecting import inspect
from gallery.intake.media import MediaError, Picture
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset, asset_path
from gallery.store.thumbnails import find_thumbnail, write_thumbnail


def rebuild_thumbnail(context: GalleryContext, asset_id: str) -> Path | None:
    """Write the thumbnail of an asset from the first of its files that still holds its bytes; None when none does.

    Raises `OSError` when it cannot be written.
    """
    found = whole_file(context, asset_id)
    if found is None:
        return None
    _, picture = found
    write_thumbnail(context.data_dir, picture.sha256, picture.thumbnail_suffix, picture.thumbnail)
    return find_thumbnail(context.data_dir, picture.sha256)


def whole_file(context: GalleryContext, asset_id: str) -> tuple[Path, Picture] | None:
    """The first file of an asset that still holds its bytes, with the picture read from it; None when none does."""
    paths = ProjectPaths(context.root)
    for sha256, stored in _files(context, asset_id):
        place = paths.absolute(stored)
        try:
            picture = inspect(str(place))
        except (OSError, MediaError):
            continue
        if picture.sha256 == sha256:
            return place, picture
    return None


def _files(context: GalleryContext, asset_id: str) -> list[tuple[str, str]]:
    """`(sha256, path)` of each file, the oldest first."""
    joined = select(asset.c.sha256, asset_path.c.path).join(asset_path, asset_path.c.asset_key == asset.c.key)
    with context.database.read() as connection:
        rows = connection.execute(joined.where(asset.c.id == asset_id).order_by(asset_path.c.key))
        return [(row.sha256, row.path) for row in rows]
