"""What a picker offers: the tags that fit, those that the picture has marked, and what was typed as a new word."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from gallery.searching.tag_picking import pick_tags
from ontology.cleaning import clean
from ontology.normalize import check_tags
from ontology.tags import is_free_word
from ontology.terms import Ontology
from tui.facets import OTHER, Facet

MOST = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A tag that can be picked. `via`: the alias or keyword that was typed. `uses`: pictures that carry it.

    `has`: the picture has it already. `is_new`: a word that nothing carries yet.
    """

    tag: str
    label: str = ""
    kind: str = ""
    via: str = ""
    uses: int = 0
    has: bool = False
    is_new: bool = False


def choices(
    text: str,
    ontology: Ontology,
    facet: Facet,
    *,
    uses: Mapping[str, int],
    recent: Sequence[str] = (),
    has: Collection[str] = (),
) -> list[Choice]:
    """What a text may become in a facet, the likeliest first; everything of the facet where there is no text."""
    found = [
        Choice(
            one.tag,
            one.term.label if one.term is not None else "",
            ontology.kind(one.tag) or "",
            one.via if text.strip() and one.via not in (one.tag, one.term and one.term.label) else "",
            one.count,
            one.tag in has,
        )
        for one in pick_tags(text, ontology, uses, namespaces=facet.namespaces, recent=recent, limit=MOST)
        if (not one.term.deprecated if one.term is not None else _can_be_given(one.tag, ontology))
    ]
    word = clean(text)
    is_known = not word or word in ontology or word in {one.tag for one in found}
    if facet is OTHER and not is_known and all(map(is_free_word, word.split(":"))):
        found.append(Choice(word, is_new=True, has=word in has))
    return found


def _can_be_given(tag: str, ontology: Ontology) -> bool:
    return bool(check_tags([tag], ontology, policy="open").tags)
