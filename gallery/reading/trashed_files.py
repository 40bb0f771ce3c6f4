"""Which files belong to assets in the trash."""

from collections.abc import Iterable

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.store.chunks import chunked
from gallery.store.tables import asset, asset_path


def trashed_files(context: GalleryContext, paths: Iterable[str]) -> dict[str, str]:
    """Of these stored paths those whose asset is in the trash, with its id. Empty where there is no database yet."""
    if not context.database.exists():
        return {}
    found: dict[str, str] = {}
    with context.database.read() as connection:
        for piece in chunked(list(dict.fromkeys(paths))):
            rows = connection.execute(
                select(asset_path.c.path, asset.c.id)
                .join(asset, asset.c.key == asset_path.c.asset_key)
                .where(asset_path.c.path.in_(piece), asset.c.trashed_at.is_not(None))
            )
            found.update((row.path, row.id) for row in rows)
    return found
