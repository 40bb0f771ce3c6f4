"""The gallery as one object: what `Workspace.gallery` is, and what every face calls."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gallery import (
    candidates,
    details,
    doctor,
    duplicates,
    editing,
    history,
    ingest,
    journal,
    rereading,
    saved_searches,
    search,
    similar,
    trash,
)
from gallery.arguments import several_texts
from gallery.batches import Origin
from gallery.context import GalleryContext
from gallery.doctor import Repair
from gallery.duplicates import DuplicateReport
from gallery.editing import Edit
from gallery.findings import Finding
from gallery.ingest import Progress
from gallery.query_slips import query_slips
from gallery.rows import State
from gallery.views import (
    AddResult,
    AssetDetail,
    AssetView,
    BatchView,
    BulkResult,
    ChangeView,
    Page,
    SavedSearch,
    Similar,
)


class Gallery:
    """Everything the gallery does, for one context. Thread-safe; each call is a transaction of its own.

    Ids may be shortened to a unique beginning everywhere. Where several texts or paths are asked for, one may stand
    alone. Errors are those of the functions behind the methods.
    """

    def __init__(self, context: GalleryContext) -> None:
        self.context = context

    def add(
        self,
        paths: Path | str | Iterable[Path | str],
        *,
        tags: str | Iterable[str] = (),
        dry_run: bool = False,
        progress: Progress | None = None,
        origin: Origin = "hand",
    ) -> AddResult:
        """See `gallery.ingest.add`."""
        return ingest.add(self.context, paths, tags=tags, dry_run=dry_run, progress=progress, origin=origin)

    def tag(
        self,
        ids: str | Iterable[str],
        *,
        add: str | Iterable[str] = (),
        remove: str | Iterable[str] = (),
        origin: Origin = "hand",
        dry_run: bool = False,
    ) -> BulkResult:
        """See `gallery.editing.change_tags`."""
        return editing.change_tags(self.context, ids, add=add, remove=remove, origin=origin, dry_run=dry_run)

    def edit(self, edits: Mapping[str, Edit], *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.editing.edit_each`."""
        return editing.edit_each(self.context, edits, origin=origin, dry_run=dry_run)

    def untag(
        self, ids: str | Iterable[str], tags: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """`tag` with removals alone."""
        gone = several_texts("tags", tags)
        return editing.change_tags(self.context, ids, remove=gone, origin=origin, dry_run=dry_run)

    def undo(self, batch: int | None = None, *, dry_run: bool = False) -> BulkResult:
        """See `gallery.journal.undo`."""
        return journal.undo(self.context, batch, dry_run=dry_run)

    def redo(self, *, dry_run: bool = False) -> BulkResult:
        """See `gallery.journal.redo`."""
        return journal.redo(self.context, dry_run=dry_run)

    def history(self, *, limit: int = 50) -> tuple[BatchView, ...]:
        """The newest batches, newest first."""
        return history.history(self.context, limit=limit)

    def asset_history(self, asset_id: str, *, limit: int = 50) -> tuple[ChangeView, ...]:
        """What happened to one asset, newest first."""
        return history.asset_history(self.context, asset_id, limit=limit)

    def last_batch(self) -> int:
        """The number of the newest batch; 0 before the first."""
        return history.last_batch(self.context)

    def trash(self, ids: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.trash.trash`."""
        return trash.trash(self.context, ids, origin=origin, dry_run=dry_run)

    def restore(self, ids: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.trash.restore`."""
        return trash.restore(self.context, ids, origin=origin, dry_run=dry_run)

    def search(
        self,
        query: str = "",
        *,
        limit: int = search.DEFAULT_LIMIT,
        cursor: str | None = None,
        state: State = "live",
        deadline: float | None = None,
    ) -> Page:
        """See `gallery.search.search`."""
        return search.search(self.context, query, limit=limit, cursor=cursor, state=state, deadline=deadline)

    def query_slips(self, query: str) -> tuple[str, ...]:
        """What may be misspelt in a query that found nothing, a sentence each; see `gallery.query_slips`."""
        return query_slips(query, self.context.ontology)

    def count(self, query: str = "", *, state: State = "live", deadline: float | None = None) -> int:
        """How many assets of this state match."""
        return search.count(self.context, query, state=state, deadline=deadline)

    def get(self, asset_id: str) -> AssetDetail:
        """See `gallery.details.get`."""
        return details.get(self.context, asset_id)

    def thumbnail(self, asset_id: str) -> Path:
        """See `gallery.details.thumbnail`."""
        return details.thumbnail(self.context, asset_id)

    def candidates(self) -> Iterator[AssetView]:
        """See `gallery.candidates.candidates`."""
        return candidates.candidates(self.context)

    def doctor(self) -> list[Finding]:
        """See `gallery.doctor.examine`."""
        return doctor.examine(self.context)

    def repair(self) -> Repair:
        """See `gallery.doctor.repair`."""
        return doctor.repair(self.context)

    def searches(self) -> tuple[SavedSearch, ...]:
        """The saved searches, by name."""
        return saved_searches.saved_searches(self.context)

    def saved_search(self, name: str) -> SavedSearch:
        """See `gallery.saved_searches.get_search`."""
        return saved_searches.get_search(self.context, name)

    def save_search(
        self, name: str, query: str, *, replace: bool = False, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """See `gallery.saved_searches.save_search`."""
        save = saved_searches.save_search
        return save(self.context, name, query, replace=replace, origin=origin, dry_run=dry_run)

    def rename_search(self, name: str, new_name: str, *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.saved_searches.rename_search`."""
        return saved_searches.rename_search(self.context, name, new_name, origin=origin, dry_run=dry_run)

    def remove_search(self, name: str, *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.saved_searches.remove_search`."""
        return saved_searches.remove_search(self.context, name, origin=origin, dry_run=dry_run)

    def reread(
        self,
        ids: str | Iterable[str] | None = None,
        *,
        dry_run: bool = False,
        progress: rereading.Progress | None = None,
    ) -> BulkResult:
        """See `gallery.rereading.reread`."""
        return rereading.reread(self.context, ids, dry_run=dry_run, progress=progress)

    def similar(
        self, asset_id: str, *, distance: int = similar.DEFAULT_DISTANCE, limit: int = similar.DEFAULT_LIMIT
    ) -> Similar:
        """See `gallery.similar.similar`."""
        return similar.similar(self.context, asset_id, distance=distance, limit=limit)

    def duplicates(
        self, *, distance: int = duplicates.DEFAULT_DISTANCE, apply: bool = False, dry_run: bool = False
    ) -> DuplicateReport:
        """See `gallery.duplicates.duplicates`."""
        return duplicates.duplicates(self.context, distance=distance, apply=apply, dry_run=dry_run)
