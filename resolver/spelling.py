"""From the spellings that stand on assets to the ids they mean: cleaned, aliases and replaced ids followed.

This happens on reading, so an asset tagged before an alias was declared still counts.
"""

from collections.abc import Collection, Iterable

from ontology.cleaning import all_clean
from ontology.normalize import clean
from ontology.terms import Ontology


class Spelling:
    """What a collection of spellings means. Most mean themselves; only the others are kept."""

    def __init__(self, spellings: Collection[str], ontology: Ontology | None) -> None:
        renamed = ontology.renamed if ontology is not None else {}
        self._spellings = spellings
        self._meant: dict[str, str] = {}
        self._forms: dict[str, set[str]] = {}
        if all_clean(spellings):
            odd: Iterable[str] = renamed.keys() & spellings if renamed else ()
        else:
            odd = spellings
        for spelled in odd:
            cleaned = clean(spelled)
            meant = renamed.get(cleaned, cleaned)
            if meant != spelled:
                self._meant[spelled] = meant
                self._forms.setdefault(meant, {meant}).add(spelled)

    def meanings(self) -> Collection[str]:
        """The canonical tags that the spellings stand for; one may come more than once."""
        if not self._meant:
            return self._spellings
        return [self._meant.get(spelled, spelled) for spelled in self._spellings]

    def forms(self, tag: str) -> Collection[str]:
        """Every spelling of a canonical tag, itself among them."""
        return self._forms.get(tag, (tag,))

    def all_forms(self, tags: Iterable[str]) -> frozenset[str]:
        """Every spelling of some canonical tags, these among them."""
        known = frozenset(tags)
        return known.union(*(self._forms[tag] for tag in self._forms.keys() & known))

    def canonical(self, tags: Collection[str]) -> Collection[str]:
        """The canonical tags of an asset; one may come more than once, as two spellings of it may."""
        if not self._meant:
            return tags
        return [self._meant.get(tag, tag) for tag in tags]
