"""The part of `gallery.service.Gallery` that suggests tags."""

from collections.abc import Iterable, Iterator

from gallery.context import GalleryContext
from gallery.suggestions import answers, suggesting
from gallery.suggestions.values import Accepted, AssetSuggestions, Suggestions
from gallery.views import BulkResult


class SuggestionMethods:
    """Each is a transaction of its own; see the functions behind them."""

    context: GalleryContext

    def suggest(
        self,
        ids: str | Iterable[str],
        *,
        sources: str | Iterable[str] | None = None,
        limit: int | None = suggesting.DEFAULT_LIMIT,
    ) -> Suggestions:
        """See `gallery.suggestions.suggesting.suggest`."""
        return suggesting.suggest(self.context, ids, sources=sources, limit=limit)

    def suggest_each(
        self,
        ids: str | Iterable[str],
        *,
        sources: str | Iterable[str] | None = None,
        limit: int | None = suggesting.DEFAULT_LIMIT,
    ) -> Iterator[AssetSuggestions]:
        """See `gallery.suggestions.suggesting.suggest_each`."""
        return suggesting.suggest_each(self.context, ids, sources=sources, limit=limit)

    def accept(
        self,
        ids: str | Iterable[str],
        tags: str | Iterable[str],
        *,
        sources: str | Iterable[str] | None = None,
        dry_run: bool = False,
    ) -> Accepted:
        """See `gallery.suggestions.answers.accept`."""
        return answers.accept(self.context, ids, tags, sources=sources, dry_run=dry_run)

    def accept_above(
        self,
        ids: str | Iterable[str],
        confidence: float,
        *,
        sources: str | Iterable[str] | None = None,
        dry_run: bool = False,
    ) -> Accepted:
        """See `gallery.suggestions.answers.accept_above`."""
        return answers.accept_above(self.context, ids, confidence, sources=sources, dry_run=dry_run)

    def reject(self, ids: str | Iterable[str], tags: str | Iterable[str], *, dry_run: bool = False) -> BulkResult:
        """See `gallery.suggestions.answers.reject`."""
        return answers.reject(self.context, ids, tags, dry_run=dry_run)

    def unreject(self, ids: str | Iterable[str], tags: str | Iterable[str], *, dry_run: bool = False) -> BulkResult:
        """See `gallery.suggestions.answers.unreject`."""
        return answers.unreject(self.context, ids, tags, dry_run=dry_run)
