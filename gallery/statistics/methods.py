"""The part of `gallery.service.Gallery` that counts."""

from collections.abc import Mapping

from gallery.context import GalleryContext
from gallery.statistics import counting, facet_counts
from gallery.statistics.views import Statistics


class StatisticsMethods:
    """Each is a transaction of its own; see the functions behind them."""

    context: GalleryContext

    def statistics(self, query: str = "", *, top: int = counting.DEFAULT_TOP) -> Statistics:
        """See `gallery.statistics.counting.statistics`."""
        return counting.statistics(self.context, query, top=top)

    def tag_uses(self) -> Mapping[str, int]:
        """See `gallery.statistics.facet_counts.tag_uses`."""
        with self.context.database.read() as connection:
            return facet_counts.tag_uses(connection, self.context.ontology)
