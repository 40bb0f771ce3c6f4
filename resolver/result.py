"""`AssetResolutionResult`: what was found, why, what is missing, and how each tier stood (contract §3, "Result")."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from resolver.candidate import field_of
from resolver.findings import Finding, Notice
from resolver.request import AssetResolutionRequest
from resolver.selection import TierCount

WriteAsset = Callable[[Any], Any]
"""How an asset is written where an answer becomes data."""


@dataclass(frozen=True, slots=True)
class Match:
    """One asset in one slot. `asset` is the caller's own object; `identity` is None where none was asked for."""

    slot: str
    identity: str | None
    tier: str
    asset: Any
    reasons: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    def to_json(self, write: WriteAsset | None = None) -> dict[str, Any]:
        """`{slot, identity, tier, asset, reasons, warnings}`; `write` as of `AssetResolutionResult.to_json`."""
        return {
            "slot": self.slot,
            "identity": self.identity,
            "tier": self.tier,
            "asset": (write or asset_json)(self.asset),
            "reasons": [reason.to_json() for reason in self.reasons],
            "warnings": [warning.to_json() for warning in self.warnings],
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """A slot or character that no exact picture answers. `filled_by` is the tier that stood in, or None."""

    slot: str
    identity: str | None
    wanted_role: str
    filled_by: str | None

    def to_json(self) -> dict[str, Any]:
        """`{slot, identity, wanted_role, filled_by}`."""
        return {
            "slot": self.slot,
            "identity": self.identity,
            "wanted_role": self.wanted_role,
            "filled_by": self.filled_by,
        }


@dataclass(frozen=True, slots=True)
class SlotTrace:
    """How every tier of one slot stood, best first; None for a tier that was not reached."""

    slot: str
    identity: str | None
    tiers: Mapping[str, TierCount | None]

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiers", MappingProxyType(dict(self.tiers)))

    def __reduce__(self) -> tuple[Any, ...]:
        # A read-only view cannot be pickled; what it shows can.
        return SlotTrace, (self.slot, self.identity, dict(self.tiers))

    def to_json(self) -> dict[str, Any]:
        """`{slot, identity, tiers: {tier: {fit, taken_elsewhere, returned} | null}}`."""
        tiers = {tier: count.to_json() if count else None for tier, count in self.tiers.items()}
        return {"slot": self.slot, "identity": self.identity, "tiers": tiers}


@dataclass(frozen=True)
class AssetResolutionResult:
    """The whole answer to `request` (the canonical one). Assets are the caller's own objects, best first."""

    request: AssetResolutionRequest
    matches: tuple[Match, ...]
    gaps: tuple[Gap, ...]
    trace: tuple[SlotTrace, ...]
    notices: tuple[Notice, ...]

    @property
    def background_asset(self) -> Any | None:
        """The first background, or None."""
        return next(iter(self.background_assets), None)

    @property
    def background_assets(self) -> list[Any]:
        """Every background, best first."""
        return self._in_slot("background", self._assets)

    @property
    def hero_assets(self) -> list[Any]:
        """Every picture of the hero, best first."""
        return self._in_slot("hero", self._assets)

    @property
    def enemy_assets(self) -> list[Any]:
        """Every enemy's pictures, flat, each asset once, in the order of `enemy_ids`."""
        return self._enemies_once(self._assets)

    @property
    def enemies(self) -> Mapping[str, list[Any]]:
        """Enemy id → its pictures, `[]` when none. Every asked id is there when the enemies were asked for."""
        return MappingProxyType(self._enemies)

    @property
    def other_characters(self) -> Mapping[str, list[Any]]:
        """Other character's id → pictures, `[]` when none; every asked id is there."""
        return MappingProxyType(self._others)

    @cached_property
    def _enemies(self) -> dict[str, list[Any]]:
        return self._by_identity("enemy", self._asked_enemies, self._assets)

    @cached_property
    def _others(self) -> dict[str, list[Any]]:
        return self._by_identity("other", self.request.other_character_ids, self._assets)

    @property
    def _asked_enemies(self) -> tuple[str, ...]:
        return self.request.enemy_ids if self.request.wants_enemies else ()

    @property
    def _assets(self) -> list[Any]:
        return [match.asset for match in self.matches]

    # In the following `assets` has one for each match: the asset itself, or what was written for it.

    def _in_slot(self, slot: str, assets: Sequence[Any]) -> list[Any]:
        return [asset for match, asset in zip(self.matches, assets, strict=True) if match.slot == slot]

    def _enemies_once(self, assets: Sequence[Any]) -> list[Any]:
        unique: dict[Any, Any] = {}
        for match, asset in zip(self.matches, assets, strict=True):
            if match.slot == "enemy":
                unique.setdefault(field_of(match.asset, "id"), asset)
        return list(unique.values())

    def _by_identity(self, slot: str, ids: tuple[str, ...], assets: Sequence[Any]) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {identity: [] for identity in ids}
        for match, asset in zip(self.matches, assets, strict=True) if ids else ():
            if match.slot == slot and match.identity is not None:
                found[match.identity].append(asset)
        return found

    def to_json(self, write: WriteAsset | None = None) -> dict[str, Any]:
        """Every field as JSON-ready data; the request leads, assets are written by `write`, else by `asset_json`.

        `write` is called once for each match. What it returns stands in every place of that match.
        """
        matches = [match.to_json(write) for match in self.matches]
        assets = [match["asset"] for match in matches]
        backgrounds = self._in_slot("background", assets)
        return {
            "request": self.request.to_json(),
            "background_asset": next(iter(backgrounds), None),
            "background_assets": backgrounds,
            "hero_assets": self._in_slot("hero", assets),
            "enemy_assets": self._enemies_once(assets),
            "enemies": self._by_identity("enemy", self._asked_enemies, assets),
            "other_characters": self._by_identity("other", self.request.other_character_ids, assets),
            "matches": matches,
            "gaps": [gap.to_json() for gap in self.gaps],
            "trace": [slot.to_json() for slot in self.trace],
            "notices": [notice.to_json() for notice in self.notices],
        }


def asset_json(asset: Any) -> Any:
    """An asset as JSON-ready data: its own `to_json()`, all keys of a mapping, else the fields that the contract names.

    Tags become a list and a date its ISO text; whatever else a mapping holds is its owner's to keep JSON-ready.
    """
    if asset is None:
        return None
    if hasattr(asset, "to_json"):
        return asset.to_json()
    names = ("id", "tags", "media_type", "rating", "created_at", "width", "height", "url")
    found = dict(asset) if isinstance(asset, Mapping) else {name: field_of(asset, name) for name in names}
    found["tags"] = list(found.get("tags") or ())
    if hasattr(found.get("created_at"), "isoformat"):
        found["created_at"] = found["created_at"].isoformat()
    return found
