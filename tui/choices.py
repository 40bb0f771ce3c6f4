"""What a picker offers: terms by the completion of the ontology, what was used last first, and free words in use."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ontology.cleaning import clean
from ontology.complete import complete
from ontology.tags import is_free_word
from ontology.terms import Ontology
from tui.facets import OTHER, Facet

MOST = 50
RECENT_FIRST = 10**12
"""More than any tag is used: what was picked last comes before what is used most, among what fits equally well."""


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
    ranked = {tag: RECENT_FIRST - place for place, tag in enumerate(recent)}
    weights = {**uses, **ranked}
    found = [
        Choice(
            hit.id,
            hit.label,
            hit.kind or "",
            hit.via if text.strip() and hit.via not in (hit.id, hit.label) else "",
            uses.get(hit.id, 0),
            hit.id in has,
        )
        for hit in complete(text, ontology, limit=MOST, uses=weights, namespaces=facet.namespaces)
    ]
    return found if facet is not OTHER else [*found, *_words(text, ontology, weights, uses, has, found)]


def _words(
    text: str,
    ontology: Ontology,
    weights: Mapping[str, int],
    uses: Mapping[str, int],
    has: Collection[str],
    found: Sequence[Choice],
) -> list[Choice]:
    """Free words in use that begin with the text, then the text itself as a new one."""
    wanted = clean(text)
    used = [tag for tag in weights if ":" not in tag and tag not in ontology and tag.startswith(wanted)]
    words = [Choice(tag, uses=uses.get(tag, 0), has=tag in has) for tag in sorted(used, key=lambda t: (-weights[t], t))]
    known = {choice.tag for choice in (*found, *words)}
    if wanted and wanted not in known and all(map(is_free_word, wanted.split(":"))):
        words.append(Choice(wanted, is_new=True, has=wanted in has))
    return words[:MOST]
