"""The part of `gallery.service.Gallery` for faces that show a whole gallery and read of it no more than is seen."""

from collections.abc import Iterable, Iterator

from gallery import details
from gallery.context import GalleryContext
from gallery.journal import batch_changes
from gallery.journal.batch_changes import AssetChange
from gallery.reading.rows import State
from gallery.searching import search
from gallery.views import AssetView


class BrowsingMethods:
    """Each is a transaction of its own; see the functions behind them."""

    context: GalleryContext

    def ids_in_order(
        self, query: str = "", *, state: State = "live", deadline: float | None = None
    ) -> Iterator[list[str]]:
        """See `gallery.searching.search.ids_in_order`."""
        return search.ids_in_order(self.context, query, state=state, deadline=deadline)

    def views(self, ids: Iterable[str]) -> dict[str, AssetView]:
        """See `gallery.details.views`."""
        return details.views(self.context, ids)

    def batch_changes(self, number: int, *, limit: int = 200, after: str | None = None) -> tuple[AssetChange, ...]:
        """See `gallery.journal.batch_changes.batch_changes`."""
        return batch_changes.batch_changes(self.context, number, limit=limit, after=after)
