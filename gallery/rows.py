"""From database rows to the views that leave the gallery."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from gallery.paths import ProjectPaths
from gallery.tables import asset
from gallery.views import AssetView

VIEW_COLUMNS = (
    asset.c.id,
    asset.c.path,
    asset.c.tags,
    asset.c.media_type,
    asset.c.rating,
    asset.c.width,
    asset.c.height,
    asset.c.created_at,
    asset.c.version,
)
"""What `view_of` needs, in its order."""


def is_live() -> ColumnElement[bool]:
    """Neither trashed nor missing: what the resolver, search, counts and coverage see (contract, assets)."""
    return asset.c.trashed_at.is_(None) & asset.c.missing_since.is_(None)


def view_of(row: Sequence[Any], paths: ProjectPaths) -> AssetView:
    """The view of a row that begins with `VIEW_COLUMNS`."""
    asset_id, path, tags, media_type, rating, width, height, created_at, version = row[: len(VIEW_COLUMNS)]
    return AssetView(
        asset_id, path, paths.url(path), tuple(tags), media_type, rating, width, height, created_at, version
    )
