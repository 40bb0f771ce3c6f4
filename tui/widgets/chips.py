"""Tags as words in the colour of their facet. The namespace is always spelled out."""

from collections.abc import Iterable

from textual.content import Content

from tui.facets import FACETS, OTHER, facet_of, of_facet
from tui.literal import literal


def chip(tag: str) -> Content:
    """One tag."""
    return literal(tag, f"${facet_of(tag).colour}")


def chips(tags: Iterable[str]) -> Content:
    """Tags one beside the other, those of the four facets first."""
    given = tuple(tags)
    ordered = [tag for facet in (*FACETS, OTHER) for tag in of_facet(given, facet)]
    return Content("  ").join(map(chip, ordered)) if ordered else literal("no tags yet", "$foreground-muted")
