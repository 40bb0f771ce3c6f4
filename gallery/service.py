"""The gallery as one object: what `Workspace.gallery` is, and what every face calls."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from gallery import details
from gallery.checks import doctor
from gallery.checks.doctor import Repair
from gallery.checks.findings import Finding
from gallery.context import GalleryContext
from gallery.drawing import contact_sheets
from gallery.drawing.contact_sheets import ContactSheet, SheetOptions
from gallery.exchange import formats
from gallery.exchange.results import ExportResult, ImportResult
from gallery.following import syncing
from gallery.following.watching import Watcher
from gallery.intake import ingest, rereading
from gallery.intake.ingest import Progress
from gallery.journal import editing, history, trash, undoing
from gallery.journal.batches import Origin
from gallery.journal.editing import Edit
from gallery.journal.history import ALL, Filter
from gallery.likeness import duplicates, similar
from gallery.likeness.duplicates import DuplicateReport
from gallery.reading import candidates
from gallery.reading.arguments import several_texts
from gallery.reading.rows import State
from gallery.relations import collecting, lineage
from gallery.searching import saved_searches, search
from gallery.searching.browsing import BrowsingMethods
from gallery.searching.query_slips import query_slips
from gallery.statistics.methods import StatisticsMethods
from gallery.suggestions.methods import SuggestionMethods
from gallery.views import (
    AddResult,
    AssetDetail,
    AssetView,
    BatchView,
    BulkResult,
    ChangeView,
    CollectionPage,
    CollectionView,
    FamilyTree,
    Page,
    SavedSearch,
    Similar,
)


class Gallery(SuggestionMethods, BrowsingMethods, StatisticsMethods):
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
        """See `gallery.intake.ingest.add`."""
        return ingest.add(self.context, paths, tags=tags, dry_run=dry_run, progress=progress, origin=origin)

    def tag(
        self,
        ids: str | Iterable[str],
        *,
        add: str | Iterable[str] = (),
        remove: str | Iterable[str] = (),
        replace: bool = False,
        origin: Origin = "hand",
        dry_run: bool = False,
    ) -> BulkResult:
        """See `gallery.journal.editing.change_tags`."""
        wanted = {"add": add, "remove": remove}
        return editing.change_tags(self.context, ids, **wanted, replace=replace, origin=origin, dry_run=dry_run)

    def edit(self, edits: Mapping[str, Edit], *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.journal.editing.edit_each`."""
        return editing.edit_each(self.context, edits, origin=origin, dry_run=dry_run)

    def untag(
        self, ids: str | Iterable[str], tags: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """`tag` with removals alone."""
        gone = several_texts("tags", tags)
        return editing.change_tags(self.context, ids, remove=gone, origin=origin, dry_run=dry_run)

    def undo(self, batch: int | None = None, *, dry_run: bool = False) -> BulkResult:
        """See `gallery.journal.undoing.undo`."""
        return undoing.undo(self.context, batch, dry_run=dry_run)

    def redo(self, batch: int | None = None, *, dry_run: bool = False) -> BulkResult:
        """See `gallery.journal.undoing.redo`."""
        return undoing.redo(self.context, batch, dry_run=dry_run)

    def history(self, *, limit: int = 50, wanted: Filter = ALL) -> tuple[BatchView, ...]:
        """See `gallery.journal.history.history`."""
        return history.history(self.context, limit=limit, wanted=wanted)

    def asset_history(self, asset_id: str, *, limit: int = 50, wanted: Filter = ALL) -> tuple[ChangeView, ...]:
        """See `gallery.journal.history.asset_history`."""
        return history.asset_history(self.context, asset_id, limit=limit, wanted=wanted)

    def last_batch(self) -> int:
        """The number of the newest batch; 0 before the first."""
        return history.last_batch(self.context)

    def trash(self, ids: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.journal.trash.trash`."""
        return trash.trash(self.context, ids, origin=origin, dry_run=dry_run)

    def restore(self, ids: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.journal.trash.restore`."""
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
        """See `gallery.searching.search.search`."""
        return search.search(self.context, query, limit=limit, cursor=cursor, state=state, deadline=deadline)

    def query_slips(self, query: str) -> tuple[str, ...]:
        """What may be misspelt in a query that found nothing, a sentence each; see `gallery.searching.query_slips`."""
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
        """See `gallery.reading.candidates.candidates`."""
        return candidates.candidates(self.context)

    def doctor(self, *, full: bool = False, progress: Progress | None = None) -> list[Finding]:
        """See `gallery.checks.doctor.examination`."""
        return doctor.examine(self.context, full=full, progress=progress)

    def repair(self) -> Repair:
        """See `gallery.checks.doctor.repair`."""
        return doctor.repair(self.context)

    def searches(self) -> tuple[SavedSearch, ...]:
        """The saved searches, by name."""
        return saved_searches.saved_searches(self.context)

    def saved_search(self, name: str) -> SavedSearch:
        """See `gallery.searching.saved_searches.get_search`."""
        return saved_searches.get_search(self.context, name)

    def save_search(
        self, name: str, query: str, *, replace: bool = False, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """See `gallery.searching.saved_searches.save_search`."""
        save = saved_searches.save_search
        return save(self.context, name, query, replace=replace, origin=origin, dry_run=dry_run)

    def rename_search(self, name: str, new_name: str, *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.searching.saved_searches.rename_search`."""
        return saved_searches.rename_search(self.context, name, new_name, origin=origin, dry_run=dry_run)

    def remove_search(self, name: str, *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.searching.saved_searches.remove_search`."""
        return saved_searches.remove_search(self.context, name, origin=origin, dry_run=dry_run)

    def reread(
        self,
        ids: str | Iterable[str] | None = None,
        *,
        dry_run: bool = False,
        progress: rereading.Progress | None = None,
    ) -> BulkResult:
        """See `gallery.intake.rereading.reread`."""
        return rereading.reread(self.context, ids, dry_run=dry_run, progress=progress)

    def similar(
        self, asset_id: str, *, distance: int = similar.DEFAULT_DISTANCE, limit: int = similar.DEFAULT_LIMIT
    ) -> Similar:
        """See `gallery.likeness.similar.similar`."""
        return similar.similar(self.context, asset_id, distance=distance, limit=limit)

    def duplicates(
        self, *, distance: int = duplicates.DEFAULT_DISTANCE, apply: bool = False, dry_run: bool = False
    ) -> DuplicateReport:
        """See `gallery.likeness.duplicates.duplicates`."""
        return duplicates.duplicates(self.context, distance=distance, apply=apply, dry_run=dry_run)

    def sync(
        self,
        folders: Path | str | Iterable[Path | str],
        *,
        tags: str | Iterable[str] = (),
        dry_run: bool = False,
        accept_root: bool = False,
        progress: Progress | None = None,
        origin: Origin = "hand",
    ) -> AddResult:
        """See `gallery.following.syncing.sync`."""
        return syncing.sync(
            self.context,
            folders,
            tags=tags,
            dry_run=dry_run,
            accept_root=accept_root,
            progress=progress,
            origin=origin,
        )

    def watch(self, folders: Path | str | Iterable[Path | str], **options: Any) -> Watcher:
        """A watcher of these folders, which begins when its `events` are asked for: `gallery.following.watching`."""
        return Watcher(self.context, folders, **options)

    def edit_all(
        self, ids: str | Iterable[str], edit: Edit, *, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """See `gallery.journal.editing.edit_all`."""
        return editing.edit_all(self.context, ids, edit, origin=origin, dry_run=dry_run)

    def confirm(self, ids: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.journal.editing.confirm`."""
        return editing.confirm(self.context, ids, origin=origin, dry_run=dry_run)

    def collections(self) -> tuple[CollectionView, ...]:
        """See `gallery.relations.collecting.collections`."""
        return collecting.collections(self.context)

    def collection(
        self, name: str, *, limit: int = collecting.DEFAULT_LIMIT, cursor: str | None = None
    ) -> CollectionPage:
        """See `gallery.relations.collecting.collection_page`."""
        return collecting.collection_page(self.context, name, limit=limit, cursor=cursor)

    def create_collection(
        self, name: str, ids: str | Iterable[str] = (), *, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """See `gallery.relations.collecting.create`."""
        return collecting.create(self.context, name, ids, origin=origin, dry_run=dry_run)

    def collect(
        self,
        name: str,
        ids: str | Iterable[str],
        *,
        at: int | None = None,
        origin: Origin = "hand",
        dry_run: bool = False,
    ) -> BulkResult:
        """See `gallery.relations.collecting.add`."""
        return collecting.add(self.context, name, ids, at=at, origin=origin, dry_run=dry_run)

    def move_in_collection(
        self, name: str, ids: str | Iterable[str], *, to: int, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """See `gallery.relations.collecting.move`."""
        return collecting.move(self.context, name, ids, to=to, origin=origin, dry_run=dry_run)

    def uncollect(
        self, name: str, ids: str | Iterable[str], *, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """See `gallery.relations.collecting.remove`."""
        return collecting.remove(self.context, name, ids, origin=origin, dry_run=dry_run)

    def rename_collection(
        self, name: str, new_name: str, *, origin: Origin = "hand", dry_run: bool = False
    ) -> BulkResult:
        """See `gallery.relations.collecting.rename`."""
        return collecting.rename(self.context, name, new_name, origin=origin, dry_run=dry_run)

    def remove_collection(self, name: str, *, origin: Origin = "hand", dry_run: bool = False) -> BulkResult:
        """See `gallery.relations.collecting.discard`."""
        return collecting.discard(self.context, name, origin=origin, dry_run=dry_run)

    def link(
        self,
        children: str | Iterable[str],
        *,
        parents: str | Iterable[str] | None = None,
        operation: str | Literal[-1] | None = lineage.KEEP,
        origin: Origin = "hand",
        dry_run: bool = False,
    ) -> BulkResult:
        """See `gallery.relations.lineage.link`."""
        return lineage.link(
            self.context, children, parents=parents, operation=operation, origin=origin, dry_run=dry_run
        )

    def family_tree(self, asset_id: str, *, depth: int = lineage.DEFAULT_DEPTH) -> FamilyTree:
        """See `gallery.relations.lineage.family_tree`."""
        return lineage.family_tree(self.context, asset_id, depth=depth)

    def contact_sheet(
        self,
        path: Path | str,
        query: str = "",
        *,
        limit: int = contact_sheets.DEFAULT_LIMIT,
        options: SheetOptions | None = None,
        force: bool = False,
        dry_run: bool = False,
    ) -> ContactSheet:
        """See `gallery.drawing.contact_sheets.contact_sheet`."""
        return contact_sheets.contact_sheet(
            self.context, path, query, limit=limit, options=options, force=force, dry_run=dry_run
        )

    def export(
        self, target: formats.Place | None, name: str | None = None, options: formats.ExportOptions | None = None
    ) -> ExportResult:
        """See `gallery.exchange.formats.export`."""
        return formats.export(self.context, target, name, options)

    def import_from(
        self,
        place: formats.Place,
        name: str | None = None,
        options: formats.ImportOptions | None = None,
        *,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> ImportResult:
        """See `gallery.exchange.formats.import_from`."""
        return formats.import_from(self.context, place, name, options, progress=progress)
