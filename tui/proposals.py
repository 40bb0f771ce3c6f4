"""Which suggestion is shown for which facet: the best for each that is empty. What fits is for the gallery to say."""

from collections.abc import Iterable, Sequence

from tui.facets import FACETS, facet_of, of_facet
from tui.widgets.slots import Proposal


def proposals_for(tags: Sequence[str], suggested: Iterable[Proposal], sticky: Sequence[str]) -> dict[str, Proposal]:
    """Name of the facet → what to offer there. `suggested` the best first; `sticky` tags come before them."""
    empty = [facet for facet in FACETS if not of_facet(tags, facet)]
    offered = [*(Proposal(tag, 1.0, "", sticky=True) for tag in sticky), *suggested]
    found: dict[str, Proposal] = {}
    for proposal in offered:
        facet = facet_of(proposal.tag)
        if facet in empty:
            found.setdefault(facet.name, proposal)
    return found
