"""Pinning: somebody prefers another picture than the first one of a slot. The rest of the answer stays."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from ontology.terms import Ontology
from resolver.candidate import field_of
from resolver.findings import Notice
from resolver.resolve import resolve_assets_for_action
from resolver.result import AssetResolutionResult, Match

FIELD = "pin"


class Pin(NamedTuple):
    """A picture that shall stand first in a slot, whose identity is None where none was asked for."""

    slot: str
    identity: str | None
    asset: Any


def pinned(
    result: AssetResolutionResult, pins: Iterable[Pin], *, ontology: Ontology | None = None
) -> AssetResolutionResult:
    """The same answer with each pinned asset as the first match of its slot, as `prefill_operation` then takes it.

    An asset that the slot did not return, for there were better ones, is put in front with the tier and the reasons
    that it has by itself. One that the request keeps out of the slot, and a slot that is not asked for, is a notice
    (`pin_without_slot`, `pin_unfit`). Raises CandidateError for an asset that cannot be read.
    """
    for pin in pins:
        result = _with(result, pin, ontology)
    return result


def _with(result: AssetResolutionResult, pin: Pin, ontology: Ontology | None) -> AssetResolutionResult:
    place = (pin.slot, pin.identity)
    asset_id = field_of(pin.asset, "id")
    what = f"{pin.slot} {pin.identity or ''}".strip()
    if place not in {(slot.slot, slot.identity) for slot in result.trace}:
        hint = "take the pin away, or ask for the slot"
        return _noting(
            result, Notice("pin_without_slot", f"{what} is not asked for; {asset_id} is not used", hint, FIELD)
        )
    found = _match(result, place, asset_id) or _alone(result, pin, ontology)
    if found is None:
        message = f"{asset_id} does not fit {what}, so it is not pinned"
        return _noting(result, Notice("pin_unfit", message, "ask why not: the tags that it lacks are named", FIELD))
    rest = [match for match in result.matches if (*_place(match), field_of(match.asset, "id")) != (*place, asset_id)]
    order = {(slot.slot, slot.identity): number for number, slot in enumerate(result.trace)}
    return replace(result, matches=tuple(sorted([found, *rest], key=lambda match: order[_place(match)])))


def _match(result: AssetResolutionResult, place: tuple[str, str | None], asset_id: Any) -> Match | None:
    of_slot = (match for match in result.matches if _place(match) == place)
    return next((match for match in of_slot if field_of(match.asset, "id") == asset_id), None)


def _alone(result: AssetResolutionResult, pin: Pin, ontology: Ontology | None) -> Match | None:
    """The match that the asset would be if there were no other."""
    alone = resolve_assets_for_action(result.request, [pin.asset], ontology=ontology)
    return _match(alone, (pin.slot, pin.identity), field_of(pin.asset, "id"))


def _place(match: Match) -> tuple[str, str | None]:
    return match.slot, match.identity


def _noting(result: AssetResolutionResult, notice: Notice) -> AssetResolutionResult:
    return replace(result, notices=(*result.notices, notice))
