"""The four facets of a picture, how each is named and coloured. Colour never stands alone: a tag shows its prefix."""

from collections.abc import Iterable
from dataclasses import dataclass

from ontology.terms import PLAYER

FREE = "free"


@dataclass(frozen=True, slots=True)
class Facet:
    """`namespaces`: where its terms are found; `colour`: a variable of the theme; `letter`: the key that picks one."""

    name: str
    label: str
    namespaces: tuple[str, ...]
    colour: str
    letter: str


FACETS = (
    Facet("character", "Character", ("npc", PLAYER), "text-primary", "n"),
    Facet("location", "Location", ("loc",), "text-success", "l"),
    Facet("role", "Role", ("role",), "text-warning", "r"),
    Facet("camera", "Camera", ("camera",), "text-accent", "m"),
)
OTHER = Facet(FREE, "Other tags", (), "foreground", "t")
_BY_NAMESPACE = {namespace: facet for facet in FACETS for namespace in facet.namespaces}


def facet_of(tag: str) -> Facet:
    """The facet that a tag belongs to, `OTHER` for every other namespace and for free words."""
    return _BY_NAMESPACE.get(tag.partition(":")[0], OTHER)


def of_facet(tags: Iterable[str], facet: Facet) -> tuple[str, ...]:
    """Those of the tags that belong to it, in their order."""
    return tuple(tag for tag in tags if facet_of(tag) is facet)
