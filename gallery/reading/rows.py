"""From database rows to the views that leave the gallery."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, CompoundSelect, select, union

from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset
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
    asset.c.edited_at,
    asset.c.duration_ms,
)
"""What `view_of` needs, in its order."""


def is_live() -> ColumnElement[bool]:
    """Neither trashed nor missing: what the resolver, search, counts and coverage see (contract, assets)."""
    return asset.c.trashed_at.is_(None) & asset.c.missing_since.is_(None)


def hidden_keys() -> CompoundSelect[int]:
    """The keys of the assets that are not live: few, and each kind has its index."""
    hidden = (asset.c.trashed_at, asset.c.missing_since)
    return union(*(select(asset.c.key).where(column.is_not(None)) for column in hidden))


State = Literal["live", "trashed", "missing"]
"""Live: neither of the others. Missing: no file is left, and it is not in the trash."""

STATES: tuple[State, ...] = get_args(State)


def in_state(state: State) -> ColumnElement[bool]:
    """The condition for assets of this state."""
    if state == "trashed":
        return asset.c.trashed_at.is_not(None)
    if state == "missing":
        return asset.c.missing_since.is_not(None) & asset.c.trashed_at.is_(None)
    return is_live()


def view_of(row: Sequence[Any], paths: ProjectPaths) -> AssetView:
    """The view of a row that begins with `VIEW_COLUMNS`."""
    asset_id, path, tags, *facts, duration_ms = row[: len(VIEW_COLUMNS)]
    facts.append(in_seconds(duration_ms))
    return AssetView(asset_id, path, paths.url(path), tuple(tags), *facts)


def in_seconds(milliseconds: int | None) -> float | None:
    """A length of time as the views have it."""
    return None if milliseconds is None else milliseconds / 1000
