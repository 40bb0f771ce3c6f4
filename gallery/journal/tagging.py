"""A change of tags as a delta: what is added and what goes. Nobody's other tags are overwritten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gallery.context import GalleryContext
from gallery.views import ItemError
from ontology.cardinality import clashes, new_clash, rivals
from ontology.errors import InvalidInputError
from ontology.normalize import canonical, clean, normalize_tags
from ontology.terms import Ontology

CLASHING = "clashing_tags"
"""The code of what breaks a rule of the vocabulary about tags that do not go together."""


@dataclass(frozen=True)
class TagDelta:
    """`added`: canonical tags in order. `removed`: every spelling that goes.

    `replaces`: what does not go together with an added tag goes too.
    """

    ontology: Ontology
    added: tuple[str, ...]
    removed: frozenset[str]
    replaces: bool = False

    def on(self, tags: Sequence[str]) -> list[str]:
        """The tags after the change. One that is there under an old spelling is there: spellings are not rewritten."""
        gone = self.removed | self._replaced(tags) if self.replaces else self.removed
        kept = [tag for tag in tags if tag not in gone]
        present = set(map(self.ontology.canonical, kept))
        return kept + [tag for tag in self.added if tag not in present]

    def _replaced(self, tags: Sequence[str]) -> frozenset[str]:
        return frozenset[str]().union(*(rivals(tag, tags, self.ontology) for tag in self.added))


def tag_delta(
    context: GalleryContext, add: Iterable[str], remove: Iterable[str], *, replaces: bool = False
) -> TagDelta:
    """What is to change. Raises `TagError` for what cannot be a tag, `InvalidInputError` for a contradiction.

    What is removed needs not be valid: a tag whose term was deleted must be removable. `replaces`: added tags take the
    place of those that they do not go together with.
    """
    ontology = context.ontology
    added = tags_to_add(context, add)
    removed: set[str] = set()
    for text in remove:
        removed |= {clean(text)} | ontology.stored_forms(canonical(text, ontology))
    both = [tag for tag in added if tag in removed]
    if both:
        raise InvalidInputError(
            f"`{both[0]}` is to be added and removed at once", hint="name each tag once", code="contradiction"
        )
    return TagDelta(ontology, added, frozenset(removed), replaces)


def tags_to_add(context: GalleryContext, texts: Iterable[str]) -> tuple[str, ...]:
    """The canonical tags. Raises `TagError` for what cannot be a tag, `InvalidInputError` for tags that clash."""
    tags = normalize_tags(texts, context.ontology, policy=context.tag_policy)
    found = clashes(tags, context.ontology)
    if found:
        named = " and ".join(f"`{tag}`" for tag in found[0].tags)
        raise InvalidInputError(f"{named} do not go together: {found[0].rule}", hint="choose one", code=CLASHING)
    return tags


def clash_error(before: Sequence[str], after: Sequence[str], ontology: Ontology) -> ItemError | None:
    """Why an asset cannot have these tags: one that is new does not go together with another. None: it can."""
    clash = new_clash(before, after, ontology)
    if clash is None:
        return None
    had = set(map(ontology.canonical, before))
    come = next(tag for tag in clash.tags if tag not in had)
    there = ", ".join(f"`{tag}`" for tag in clash.tags if tag != come)
    hint = f"take {there} away in the same change, or add it with --replace"
    return ItemError(CLASHING, f"`{come}` does not go together with {there}: {clash.rule}", hint)
