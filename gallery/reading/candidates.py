"""Everything the resolver may choose from, streamed."""

from collections.abc import Iterator

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.reading.rows import VIEW_COLUMNS, is_live, view_of
from gallery.store.paths import ProjectPaths
from gallery.views import AssetView

_ROWS_AT_ONCE = 2000


def candidates(context: GalleryContext) -> Iterator[AssetView]:
    """Every live asset, in no order that matters, from one query and one moment of the database.

    Exhaust or close the iterator: until then its connection sees the gallery as it was at the first asset.
    """
    paths = ProjectPaths(context.root)
    with context.database.read() as connection:
        rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(*VIEW_COLUMNS).where(is_live()))
        for row in rows:
            yield view_of(row, paths)
