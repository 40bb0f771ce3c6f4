"""What there is: the database of assets, their files and thumbnails, tagging with undo, search, health.

This room knows `ontology` and `resolver`. Its tables never leave it; callers see frozen views.

`import gallery` loads nothing heavy: each name below is fetched from its module when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gallery.context import GalleryContext
    from gallery.database import DATABASE_NAME, Database
    from gallery.doctor import Repair
    from gallery.duplicates import DuplicateReport
    from gallery.findings import Finding
    from gallery.schema import Schema
    from gallery.service import Gallery
    from gallery.views import (
        AddItem,
        AddResult,
        AssetDetail,
        AssetView,
        BatchView,
        BulkResult,
        ChangeView,
        ItemError,
        ItemResult,
        Page,
        Similar,
        SimilarAsset,
    )

__all__ = [
    "DATABASE_NAME",
    "AddItem",
    "AddResult",
    "AssetDetail",
    "AssetView",
    "BatchView",
    "BulkResult",
    "ChangeView",
    "Database",
    "DuplicateReport",
    "Finding",
    "Gallery",
    "GalleryContext",
    "ItemError",
    "ItemResult",
    "Page",
    "Repair",
    "Schema",
    "Similar",
    "SimilarAsset",
]

_HOMES = {
    "DATABASE_NAME": "gallery.database",
    "Database": "gallery.database",
    "DuplicateReport": "gallery.duplicates",
    "Finding": "gallery.findings",
    "Gallery": "gallery.service",
    "GalleryContext": "gallery.context",
    "Repair": "gallery.doctor",
    "Schema": "gallery.schema",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "gallery.views")), name)
