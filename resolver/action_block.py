"""Action blocks: what a block says, in either of its spellings, as a request (contract §3, "Action blocks")."""

from collections.abc import Mapping
from typing import Any

from ontology.terms import Ontology
from resolver.block_view import BlockView
from resolver.hearing import Heard
from resolver.request import AssetResolutionRequest


def request_from_action_block(
    block: Mapping[str, Any], *, ontology: Ontology | None = None, **overrides: Any
) -> AssetResolutionRequest:
    """The request behind an action block; what is not understood stands in its `notices`.

    Who stands under `hero`, `enemy` or `enemies` of the mapping form is cast so. Else the hero is the first character
    of `kind: hero`, else `player`, else the first not of `kind: monster`, else none; monsters are enemies, the rest
    others. Without an ontology the first character is the hero and every later one an enemy. Other known tags are
    preferred. `fusion` asks for a background and a hero even where none is named. `overrides` are request fields, e.g.
    `max_results`.

    Raises ActionBlockError where the block has the wrong shape, RequestError for bad overrides.
    """
    view = BlockView(block)
    heard = Heard(ontology)
    for spoken in view.spoken_tags():
        if spoken.odd:
            heard.hear_odd(spoken.tag, spoken.field)
        else:
            heard.hear(spoken.tag, spoken.field, spoken.part)
    fused = True if view.operation_type == "fusion" else None
    return heard.request(**{"need_background": fused, "need_hero": fused} | overrides)
