"""Choosing another first match by hand: what is pinned comes first in its slot."""

from collections.abc import Mapping
from dataclasses import replace

from resolver.candidate import AssetId, field_of
from resolver.result import AssetResolutionResult, Match

SlotKey = tuple[str, str | None]
"""A slot and the identity that was asked for in it."""


def with_pins(result: AssetResolutionResult, pins: Mapping[SlotKey, AssetId]) -> AssetResolutionResult:
    """The result with each pinned asset as the first match of its slot; the others keep their order.

    A pin of an asset that is no match there changes nothing. Gaps and trace stay: they tell what the gallery holds.
    """
    slots: dict[SlotKey, list[Match]] = {}
    for match in result.matches:
        slots.setdefault((match.slot, match.identity), []).append(match)
    for key, matches in slots.items():
        if key in pins:
            matches.sort(key=lambda match: field_of(match.asset, "id") != pins[key])
    return replace(result, matches=tuple(match for matches in slots.values() for match in matches))
