"""What there is: the database of assets, their files and thumbnails, tagging with undo, search, health.

This room knows `ontology` and `resolver`. Its tables never leave it; callers see frozen views.

`import gallery` loads nothing heavy: each name below is fetched from its module when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gallery.checks.doctor import Repair
    from gallery.checks.findings import Finding
    from gallery.context import GalleryContext
    from gallery.likeness.duplicates import DuplicateReport
    from gallery.service import Gallery
    from gallery.store.database import DATABASE_NAME, Database
    from gallery.store.schema import Schema
    from gallery.views import (
        AddItem,
        AddResult,
        AssetDetail,
        AssetView,
        BatchView,
        BulkResult,
        ChangeView,
        CollectionPage,
        CollectionView,
        FamilyTree,
        ItemError,
        ItemResult,
        Page,
        RecordView,
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
    "CollectionPage",
    "CollectionView",
    "Database",
    "DuplicateReport",
    "FamilyTree",
    "Finding",
    "Gallery",
    "GalleryContext",
    "ItemError",
    "ItemResult",
    "Page",
    "RecordView",
    "Repair",
    "Schema",
    "Similar",
    "SimilarAsset",
]

_HOMES = {
    "DATABASE_NAME": "gallery.store.database",
    "Database": "gallery.store.database",
    "DuplicateReport": "gallery.likeness.duplicates",
    "Finding": "gallery.checks.findings",
    "Gallery": "gallery.service",
    "GalleryContext": "gallery.context",
    "Repair": "gallery.checks.doctor",
    "Schema": "gallery.store.schema",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "gallery.views")), name)
