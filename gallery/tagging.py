"""A change of tags as a delta: what is added and what goes. Nobody's other tags are overwritten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gallery.context import GalleryContext
from ontology.errors import InvalidInputError
from ontology.normalize import canonical, clean, normalize_tags
from ontology.terms import Ontology


@dataclass(frozen=True)
class TagDelta:
    """`added`: canonical tags in order. `removed`: every spelling that goes."""

    ontology: Ontology
    added: tuple[str, ...]
    removed: frozenset[str]

    def on(self, tags: Sequence[str]) -> list[str]:
        """The tags after the change. One that is there under an old spelling is there: spellings are not rewritten."""
        kept = [tag for tag in tags if tag not in self.removed]
        present = set(map(self.ontology.canonical, kept))
        return kept + [tag for tag in self.added if tag not in present]


def tag_delta(context: GalleryContext, add: Iterable[str], remove: Iterable[str]) -> TagDelta:
    """What is to change. Raises `TagError` for what cannot be a tag, `InvalidInputError` for a contradiction.

    What is removed needs not be valid: a tag whose term was deleted must be removable.
    """
    ontology = context.ontology
    added = normalize_tags(add, ontology, policy=context.tag_policy)
    removed: set[str] = set()
    for text in remove:
        removed |= {clean(text)} | ontology.stored_forms(canonical(text, ontology))
    both = [tag for tag in added if tag in removed]
    if both:
        raise InvalidInputError(
            f"`{both[0]}` is to be added and removed at once", hint="name each tag once", code="contradiction"
        )
    return TagDelta(ontology, added, frozenset(removed))
