"""The work on the vocabulary as one object: what `Workspace.vocabulary` is, and what every face calls."""

from collections.abc import Callable, Iterable

from gallery.context import GalleryContext
from gallery.journal.batches import Origin
from gallery.vocabulary import declaring, renaming
from gallery.vocabulary.places import Places
from gallery.vocabulary.usage import Order, orphans, usage
from gallery.vocabulary.views import Orphans, TermUsage, VocabularyChange
from ontology.terms import Kind


class Vocabulary:
    """Renaming, merging, deprecating and declaring terms; counting their uses. Each change is a batch of the journal.

    `changed` is called after each change that was written: the vocabulary is to be loaded anew. The same is needed
    after an undo of one. Errors are those of the functions behind the methods.
    """

    def __init__(self, context: GalleryContext, places: Places, changed: Callable[[], None] = lambda: None) -> None:
        self._context = context
        self._places = places
        self._changed = changed

    def rename(
        self, old: str, new: str, *, keep_alias: bool = True, origin: Origin = "hand", dry_run: bool = False
    ) -> VocabularyChange:
        """See `gallery.vocabulary.renaming.rename`."""
        given = (self._context, self._places, old, new)
        return self._done(renaming.rename(*given, keep_alias=keep_alias, origin=origin, dry_run=dry_run))

    def merge(self, old: str, into: str, *, origin: Origin = "hand", dry_run: bool = False) -> VocabularyChange:
        """See `gallery.vocabulary.renaming.merge`."""
        return self._done(renaming.merge(self._context, self._places, old, into, origin=origin, dry_run=dry_run))

    def deprecate(
        self, term: str, *, replaced_by: str | None = None, origin: Origin = "hand", dry_run: bool = False
    ) -> VocabularyChange:
        """See `gallery.vocabulary.declaring.deprecate`."""
        given = (self._context, self._places, term)
        return self._done(declaring.deprecate(*given, replaced_by=replaced_by, origin=origin, dry_run=dry_run))

    def add(
        self,
        term: str,
        *,
        label: str | None = None,
        kind: Kind | None = None,
        broader: str | Iterable[str] = (),
        aliases: str | Iterable[str] = (),
        keywords: str | Iterable[str] = (),
        file: str | None = None,
        origin: Origin = "hand",
        dry_run: bool = False,
    ) -> VocabularyChange:
        """See `gallery.vocabulary.declaring.add`."""
        change = declaring.add(
            self._context,
            self._places,
            term,
            label=label,
            kind=kind,
            broader=broader,
            aliases=aliases,
            keywords=keywords,
            file=file,
            origin=origin,
            dry_run=dry_run,
        )
        return self._done(change)

    def usage(
        self, term: str | None = None, *, namespace: str | None = None, sort: Order = "assets"
    ) -> tuple[TermUsage, ...]:
        """See `gallery.vocabulary.usage.usage`."""
        return usage(self._context, self._places, term, namespace=namespace, sort=sort)

    def orphans(self) -> Orphans:
        """See `gallery.vocabulary.usage.orphans`."""
        return orphans(self._context, self._places)

    def _done(self, change: VocabularyChange) -> VocabularyChange:
        if change.batch is not None:
            self._changed()
        return change
