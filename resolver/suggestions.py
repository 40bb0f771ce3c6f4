"""What one could make of a picture: operations, prefilled from what else there is (contract §3, "Action blocks")."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ontology.terms import Ontology
from resolver.about_asset import request_about
from resolver.action_block import request_from_action_block
from resolver.block_view import BlockView
from resolver.candidate import Candidate
from resolver.canonical_reading import TagReader, read_candidate
from resolver.compatible import Blocks, compatible_action_blocks, named_blocks
from resolver.index import CandidateIndex
from resolver.prefill import OPERATIONS, prefill_operation
from resolver.request import AssetResolutionRequest
from resolver.resolve import resolve_assets_for_action
from resolver.result import AssetResolutionResult
from resolver.roles import get_asset_characters, get_asset_locations
from resolver.slots import IDENTITY_TIERS

MAX_SUGGESTIONS = 8
BEST_BLOCKS = 3
"""Blocks that come before the operations which every picture allows."""
WEAK_WARNINGS = frozenset({"degraded", "base_is_video", "base_url_unknown"})


class Suggestion(NamedTuple):
    """One thing to do with the picture; `prefill` is what `prefill_operation` returns."""

    operation: str
    label: str
    reason: str
    prefill: dict[str, Any]


def suggest_operations(
    asset: Any, candidates: Iterable[Any] | CandidateIndex, *, blocks: Blocks = (), ontology: Ontology | None = None
) -> list[dict[str, Any]]:
    """What to make of a picture, best first, at most 8: `[{operation, label, priority, reason, prefill}]`.

    `priority` counts from 1, the best. `prefill` is what `prefill_operation` returns, with the picture as its source;
    what would come out degraded is not suggested. In order: a fusion with the related background and characters, the
    three best compatible blocks, a variation, an animation, transitions to another picture of the same place and of the
    same character, further blocks. A video can only be fused, a sound nothing. Nothing is executed.

    Raises CandidateError and ActionBlockError.
    """
    desk = _Desk(asset, candidates, ontology)
    if desk.shown.media_type not in ("image", "video"):
        return []
    of_blocks = list(desk.of_blocks(blocks))
    found = [*desk.fusion(), *of_blocks[:BEST_BLOCKS]]
    if desk.shown.media_type == "image":
        found += [*desk.from_source(), *desk.transitions()]
    found += of_blocks[BEST_BLOCKS:]
    return [
        {
            "operation": suggestion.operation,
            "label": suggestion.label,
            "priority": priority,
            "reason": suggestion.reason,
            "prefill": suggestion.prefill,
        }
        for priority, suggestion in enumerate(found[:MAX_SUGGESTIONS], start=1)
    ]


class _Desk:
    """One picture, and everything that could go with it."""

    def __init__(self, asset: Any, candidates: Iterable[Any] | CandidateIndex, ontology: Ontology | None) -> None:
        self.asset = asset
        self.ontology = ontology
        self.shown: Candidate = read_candidate(asset, TagReader(ontology))
        self._candidates = candidates if isinstance(candidates, CandidateIndex) else list(candidates)
        follow = (lambda tag: tag) if ontology is None else ontology.canonical
        self._places = list(dict.fromkeys(map(follow, get_asset_locations(asset))))
        self._people = list(dict.fromkeys(map(follow, get_asset_characters(asset))))

    def fusion(self) -> Iterator[Suggestion]:
        """The picture with the background and the characters that it lacks; strangers only where nobody is meant."""
        own = request_about(self.asset, ontology=self.ontology)
        result = self._related(own)
        if result is not None:
            others = {match.identity or match.slot for match in result.matches if match.asset is not self.asset}
            reason = f"there are pictures that go with it: {', '.join(sorted(others))}"
            yield from self._suggested("fusion", "Use related background and characters", reason, result)

    def from_source(self) -> Iterator[Suggestion]:
        """What needs the picture alone."""
        nothing = self._resolve(AssetResolutionRequest())
        yield from self._suggested("image_to_image", "Make a variation", "every picture can be varied", nothing)
        yield from self._suggested("image_to_video", "Animate", "every picture can be set in motion", nothing)

    def transitions(self) -> Iterator[Suggestion]:
        """From the picture to another one of its first place, and to another one of its first character."""
        for name, ids in (("location_id", self._places), ("hero_id", self._people)):
            for identity in ids[:1]:
                wish: dict[str, Any] = {name: identity, "weakest_tier": "identity", "max_results": 1}
                result = self._resolve(AssetResolutionRequest(**wish, excluded_asset_ids=(self.shown.id,)))
                if result.matches:
                    label = f"Transition to another picture of {self._label(identity)}"
                    reason = f"both show {identity}"
                    yield from self._suggested("video_transition", label, reason, result)

    def of_blocks(self, blocks: Blocks) -> Iterator[Suggestion]:
        """Each block that the picture fits, best first, where its operation can be prefilled at full strength."""
        by_id = dict(named_blocks(blocks))
        for entry in compatible_action_blocks(self.asset, by_id, ontology=self.ontology):
            if not entry["fits"] and entry["reasons"][0]["code"] != "base_image":
                continue
            block = by_id[entry["block_id"]]
            view = BlockView(block)
            asked = request_from_action_block(block, ontology=self.ontology).canonical(self.ontology)
            result = self._with_picture(asked)
            label = f"Use the block {view.get('label') or entry['block_id']}"
            reason = "; ".join(reason["message"] for reason in entry["reasons"])
            for operation in (view.operation_type,) if view.operation_type else ("fusion", "image_to_image"):
                found = list(self._suggested(operation, label, reason, result, block))
                yield from found
                if found:
                    break

    def _suggested(
        self,
        operation: str,
        label: str,
        reason: str,
        result: AssetResolutionResult,
        block: Mapping[str, Any] | None = None,
    ) -> Iterator[Suggestion]:
        """The suggestion, unless the operation is unknown or cannot be prefilled at full strength."""
        if operation not in OPERATIONS:
            return
        prefill = prefill_operation(operation, result, source_asset=self.asset, action_block=block)
        if WEAK_WARNINGS.isdisjoint(warning["code"] for warning in prefill["warnings"]):
            yield Suggestion(operation, label, reason, prefill)

    def _related(self, own: AssetResolutionRequest) -> AssetResolutionResult | None:
        """What goes with the picture; ids that only a stranger could stand in for are not asked for. None: nothing."""
        alone = self._alone(own)
        rest = self._rest(own, alone)
        result = self._resolve(rest)
        strangers = {
            (found.slot, found.identity) for found in result.matches if found.identity and found.tier == "role"
        }
        if strangers:
            result = self._resolve(_without(rest, strangers))
        return _joined(alone, result) if result.matches else None

    def _with_picture(self, asked: AssetResolutionRequest) -> AssetResolutionResult:
        """The answer to a request in which the picture takes the slots that it answers as what was asked for."""
        alone = self._alone(asked)
        return _joined(alone, self._resolve(self._rest(asked, alone)))

    def _alone(self, request: AssetResolutionRequest) -> AssetResolutionResult:
        """The slots that the picture answers as what was asked for, and not only in its place."""
        result = resolve_assets_for_action(request, [self.asset], ontology=self.ontology)
        own = tuple(match for match in result.matches if match.tier in IDENTITY_TIERS or match.identity is None)
        return replace(result, matches=own)

    def _rest(self, request: AssetResolutionRequest, alone: AssetResolutionResult) -> AssetResolutionRequest:
        """The request without the picture and without the slots that it takes."""
        taken = {(match.slot, match.identity) for match in alone.matches}
        excluded = (*request.excluded_asset_ids, self.shown.id)
        return replace(_without(request, taken), excluded_asset_ids=excluded)

    def _resolve(self, request: AssetResolutionRequest) -> AssetResolutionResult:
        return resolve_assets_for_action(request, self._candidates, ontology=self.ontology)

    def _label(self, identity: str) -> str:
        term = self.ontology.term(identity) if self.ontology is not None else None
        return term.label if term is not None and term.label else identity


def _joined(alone: AssetResolutionResult, rest: AssetResolutionResult) -> AssetResolutionResult:
    """One answer of two: the slots of the picture, and those of everything else, in slot order."""
    order = {(slot.slot, slot.identity): number for number, slot in enumerate(alone.trace)}
    matches = sorted((*alone.matches, *rest.matches), key=lambda match: order[match.slot, match.identity])
    return replace(alone, matches=tuple(matches))


def _without(request: AssetResolutionRequest, slots: Collection[tuple[str, str | None]]) -> AssetResolutionRequest:
    """The request with some of its slots turned off."""
    enemies = tuple(who for who in request.enemy_ids if ("enemy", who) not in slots)
    changes: dict[str, Any] = {
        "enemy_ids": enemies,
        "other_character_ids": tuple(who for who in request.other_character_ids if ("other", who) not in slots),
    }
    if any(name == "background" for name, _ in slots):
        changes["need_background"] = False
    if any(name == "hero" for name, _ in slots):
        changes["need_hero"] = False
    if ("enemy", None) in slots or (request.enemy_ids and not enemies):
        changes["need_enemies"] = False
    return replace(request, **changes)
