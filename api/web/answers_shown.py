"""An answer of the resolver as a page shows it: by slot, the best picture first, what is missing said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from gallery.reading.cards import views
from gallery.service import Gallery
from gallery.views import AssetView
from ontology.terms import Ontology
from resolver import AssetResolutionResult, Gap, Match, Notice, TierCount

MOST_SHOWN: Final = 24
"""So many candidates of a slot are drawn, however many were asked for."""

NAMES: Final = {"background": "Background", "hero": "Hero", "enemy": "Enemy", "other": "Other"}


@dataclass(frozen=True, slots=True)
class SlotShown:
    """One slot: its first candidates, how many more were returned, what it lacks and how its tiers stood."""

    slot: str
    identity: str | None
    label: str
    matches: tuple[Match, ...]
    more: int
    gap: Gap | None
    tiers: Mapping[str, TierCount | None]

    @property
    def name(self) -> str:
        """The slot's name for people."""
        return NAMES.get(self.slot, self.slot)


def slots(result: AssetResolutionResult, ontology: Ontology) -> list[SlotShown]:
    """The slots in order, those without any picture too."""
    of_slot: dict[tuple[str, str | None], list[Match]] = {}
    for match in result.matches:
        of_slot.setdefault((match.slot, match.identity), []).append(match)
    gaps = {(gap.slot, gap.identity): gap for gap in result.gaps}
    shown = []
    for entry in result.trace:
        place = (entry.slot, entry.identity)
        found = of_slot.get(place, [])
        more = max(0, len(found) - MOST_SHOWN)
        label = label_of(entry.identity, ontology)
        shown.append(SlotShown(*place, label, tuple(found[:MOST_SHOWN]), more, gaps.get(place), entry.tiers))
    return shown


def label_of(identity: str | None, ontology: Ontology) -> str:
    """What the vocabulary calls an id; the id itself without a label, "anybody" for none."""
    if identity is None:
        return "anybody"
    term = ontology.term(identity)
    return identity if term is None or not term.label else term.label


def noting(result: AssetResolutionResult, notices: Iterable[Notice]) -> AssetResolutionResult:
    """The answer with more to tell."""
    return replace(result, notices=(*result.notices, *notices))


def used(gallery: Gallery, prefill: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], AssetView | None]]:
    """What a call takes, in its order: its entry, and the asset; None for one that this gallery does not hold."""
    params = prefill["params"]
    entries: list[Mapping[str, Any]] = list(params.get("fusion_assets", ()))
    ids = params.get("asset_ids") or ([params["asset_id"]] if params.get("asset_id") is not None else [])
    entries += [{"asset_id": asset_id, "role": None} for asset_id in ids]
    known = views(gallery.context, (str(entry["asset_id"]) for entry in entries))
    return [(entry, known.get(str(entry["asset_id"]))) for entry in entries]
