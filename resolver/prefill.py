"""Prefilling an operation from a resolution (contract §3, "Prefill"). Suggestions only: nothing is executed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from resolver.block_view import BlockView
from resolver.candidate import field_of, read_id
from resolver.errors import OperationError
from resolver.findings import Finding
from resolver.result import AssetResolutionResult, Match
from resolver.roles import BACKGROUND_ROLE, CHARACTER_ROLE, POV_ROLE, get_asset_roles

OPERATIONS = ("text_to_image", "image_to_image", "image_to_video", "video_transition", "fusion")
FALLBACK_OPERATION = {
    "fusion": "image_to_image",
    "video_transition": "image_to_video",
    "image_to_image": "text_to_image",
    "image_to_video": "text_to_image",
}
"""What an operation becomes when it has too few pictures."""

LEAST_INPUTS = {"fusion": 2, "video_transition": 2}
DEFAULT_STRENGTH = 0.6
BASE_SLOTS = ("background", "hero")
"""The slots whose picture can be the base of image_to_image and image_to_video, best first."""


@dataclass(frozen=True, slots=True)
class Input:
    """One picture that goes into the call. `slot` and `tier` are None for the source asset.

    `role` is the one it plays here: the role by which it was matched, for a source asset its first visual role.
    """

    asset: Any
    slot: str | None = None
    identity: str | None = None
    tier: str | None = None
    role: str | None = None

    @property
    def id(self) -> Any:
        """The asset's id."""
        return field_of(self.asset, "id")


@dataclass(frozen=True, slots=True)
class Prefill:
    """A call ready to be looked at and sent: `operation` may be weaker than what was `asked`; a warning says why."""

    operation: str
    asked: str
    params: Mapping[str, Any]
    slots: tuple[Mapping[str, Any], ...]
    warnings: tuple[Finding, ...]
    unfilled: tuple[Mapping[str, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """`{operation, asked, params, slots, warnings, unfilled}`."""
        return {
            "operation": self.operation,
            "asked": self.asked,
            "params": dict(self.params),
            "slots": [dict(slot) for slot in self.slots],
            "warnings": [warning.to_json() for warning in self.warnings],
            "unfilled": [dict(slot) for slot in self.unfilled],
        }


def prefill_operation(
    operation: str,
    result: AssetResolutionResult,
    *,
    prompt: str | None = None,
    source_asset: Any | None = None,
    action_block: Mapping[str, Any] | None = None,
    max_inputs: int | None = None,
) -> dict[str, Any]:
    """The parameters of a generation call from a resolution: `{operation, asked, params, slots, warnings, unfilled}`.

    One picture per slot and per character, its first match, each asset once. `source_asset` is the picture the user
    started from; `action_block` gives a base image, a strength and a prompt; `max_inputs` keeps the first inputs and a
    warning names those dropped. Too few pictures never raise: the operation degrades and a warning says why.

    Sounds are left out: no operation takes one.

    Raises OperationError for an operation that does not exist or `max_inputs` below 1, CandidateError for a source
    asset without a usable id, ActionBlockError for a block of the wrong shape.
    """
    if operation not in OPERATIONS:
        raise OperationError(f"no operation is called {operation!r:.60}", hint=f"choose one of {', '.join(OPERATIONS)}")
    most: Any = max_inputs  # callers may hand in anything
    if most is not None and (not isinstance(most, int) or isinstance(most, bool) or most < 1):
        raise OperationError(f"max_inputs is {max_inputs!r:.60}", hint="allow at least one input, or leave it out")
    if source_asset is not None:
        read_id(source_asset)
    block = BlockView({} if action_block is None else action_block)
    draft = _Draft(operation, result, source_asset, block, prompt if prompt is not None else block.prompt, max_inputs)
    return draft.filled().to_json()


def first_matches(result: AssetResolutionResult) -> list[Input]:
    """The first match of every slot and character, in slot order, but for sounds. An asset may stand in several."""
    picks: dict[tuple[str, str | None], Input] = {}
    for match in result.matches:
        if _is_sound(match.asset):
            continue
        pick = Input(match.asset, match.slot, match.identity, match.tier, matched_role(match))
        picks.setdefault((match.slot, match.identity), pick)
    return list(picks.values())


def matched_role(match: Match) -> str | None:
    """The first role of the slot's order that the asset carries, aliases followed: the match knows, tags may not."""
    return next((reason.tags[0] for reason in match.reasons if reason.code == "role"), None)


def visual_role(asset: Any) -> str | None:
    """The first role of an asset that says what kind of input it is; None where it has none."""
    roles = (f"role:{role}" for role in get_asset_roles(asset))
    return next(
        (role for role in roles if role in (BACKGROUND_ROLE, POV_ROLE) or role.startswith(CHARACTER_ROLE)), None
    )


class _Draft:
    """One prefill under way: degrades the operation until it has what it needs, collecting warnings."""

    def __init__(
        self,
        operation: str,
        result: AssetResolutionResult,
        source: Any | None,
        block: BlockView,
        prompt: str | None,
        max_inputs: int | None,
    ) -> None:
        self.asked = operation
        self.result = result
        self.picks = first_matches(result)
        self.source = None if source is not None and _is_sound(source) else source
        self.block = block
        self.prompt = prompt
        self.max_inputs = max_inputs
        self.warnings: list[Finding] = []
        self.dropped: list[Input] = []
        if source is not self.source:
            self.warnings.append(Finding("source_is_sound", f"{field_of(source, 'id')} is a sound: no call takes one"))

    def filled(self) -> Prefill:
        operation, params = self._settle(self.asked)
        if self.asked in LEAST_INPUTS and operation not in LEAST_INPUTS:
            offered = self._inputs(self.asked)
            if self.max_inputs is not None and len(offered) > self.max_inputs:
                self._drop([item for item in offered if item.id != params.get("asset_id")])
        gone = {pick.id for pick in self.dropped}
        used = [pick for pick in self.picks if pick.id not in gone]
        return Prefill(
            operation=operation,
            asked=self.asked,
            params=params,
            slots=tuple(_slot_entry(pick.slot, pick.identity, pick.id) for pick in used),
            warnings=tuple(self.warnings),
            unfilled=tuple(self._unfilled()),
        )

    def _settle(self, operation: str) -> tuple[str, dict[str, Any]]:
        params = self._params(operation)
        while params is None:
            weaker = FALLBACK_OPERATION[operation]
            self.warnings.append(
                Finding("degraded", f"{operation} lacks {_lacks(operation)}, so this is {weaker} instead")
            )
            operation = weaker
            params = self._params(operation)
        return operation, params

    def _params(self, operation: str) -> dict[str, Any] | None:
        """The parameters of the operation; None where there are too few pictures for it."""
        if operation == "text_to_image":
            return {"prompt": self.prompt}
        if operation in ("image_to_image", "image_to_video"):
            return self._from_base()
        offered = self._inputs(operation)
        inputs = offered[: self.max_inputs]
        if len(inputs) < LEAST_INPUTS[operation]:
            return None
        self._drop(offered[len(inputs) :])
        if operation == "fusion":
            entries = [_fusion_entry(item, layer) for layer, item in enumerate(inputs)]
            return {"prompt": self.prompt, "fusion_assets": entries}
        return {
            "prompt": self.prompt,
            "image_urls": [field_of(item.asset, "url") for item in inputs],
            "asset_ids": [item.id for item in inputs],
            "prompts": [self.prompt] * (len(inputs) - 1),
        }

    def _inputs(self, operation: str) -> list[Input]:
        """The pictures that a call with several inputs could take, each asset once.

        The source asset keeps the place of the slot that it answers; otherwise it opens a transition and closes a
        fusion, whose order is background, hero, enemies, others.
        """
        unique: dict[Any, Input] = {}
        for pick in self.picks:
            unique.setdefault(pick.id, pick)
        if self.source is not None:
            source = Input(self.source, role=visual_role(self.source))
            if source.id not in unique:
                opens = operation == "video_transition"
                unique = {source.id: source} | unique if opens else unique | {source.id: source}
        return list(unique.values())

    def _drop(self, inputs: Sequence[Input]) -> None:
        """Leave inputs out and name them; nothing is said where there are none."""
        if not inputs:
            return
        self.dropped = list(inputs)
        names = ", ".join(f"{item.slot or 'source'} {item.identity or ''}".strip() + f" ({item.id})" for item in inputs)
        self.warnings.append(
            Finding(
                "inputs_dropped",
                f"the number of inputs is limited to {self.max_inputs}; dropped: {names}",
                tuple(item.identity for item in inputs if item.identity),
            )
        )

    def _from_base(self) -> dict[str, Any] | None:
        base = self._base()
        if base is None:
            return None
        if field_of(base, "media_type") == "video":
            self.warnings.append(Finding("base_is_video", f"the base {field_of(base, 'id')} is a video, not a picture"))
        return {
            "prompt": self.prompt,
            "image_url": field_of(base, "url"),
            "asset_id": field_of(base, "id"),
            "strength": DEFAULT_STRENGTH if self.block.default_strength is None else self.block.default_strength,
            "parent_asset_id": field_of(base, "id"),
        }

    def _base(self) -> Any | None:
        """The source asset, else the block's base image, else the background, else the hero."""
        if self.source is not None:
            return self.source
        if self.block.base_image_asset_id is not None:
            return self._block_base(self.block.base_image_asset_id)
        for slot in BASE_SLOTS:
            for pick in self.picks:
                if pick.slot == slot:
                    return pick.asset
        return None

    def _block_base(self, asset_id: Any) -> Any:
        """The block's base image: the asset where it is among the matches, else its bare id, whose URL is unknown."""
        for match in self.result.matches:
            if field_of(match.asset, "id") == asset_id:
                return match.asset
        self.warnings.append(
            Finding("base_url_unknown", f"the block's base image {asset_id} is not among the resolved assets")
        )
        return {"id": asset_id, "url": None}

    def _unfilled(self) -> list[Mapping[str, Any]]:
        have = {(pick.slot, pick.identity) for pick in self.picks}
        empty = [
            _slot_entry(slot.slot, slot.identity, None)
            for slot in self.result.trace
            if (slot.slot, slot.identity) not in have
        ]
        gone = {item.id for item in self.dropped}
        return empty + [_slot_entry(pick.slot, pick.identity, pick.id) for pick in self.picks if pick.id in gone]


def _is_sound(asset: Any) -> bool:
    return bool(field_of(asset, "media_type") == "audio")


def _lacks(operation: str) -> str:
    least = LEAST_INPUTS.get(operation)
    return f"at least {least} pictures" if least else "a base picture"


def _slot_entry(slot: str | None, identity: str | None, asset_id: Any) -> Mapping[str, Any]:
    return {"slot": slot, "identity": identity, "asset_id": asset_id}


def _fusion_entry(item: Input, layer: int) -> dict[str, Any]:
    media_type = field_of(item.asset, "media_type") or "image"
    return {
        "asset_id": item.id,
        "url": field_of(item.asset, "url"),
        "media_type": media_type,
        "role": item.role,
        "fusion_type": "video" if media_type == "video" else _fusion_type(item),
        "layer": layer,
        "tier": item.tier,
    }


def _fusion_type(item: Input) -> str:
    if item.slot == "background" or (item.slot is None and item.role == BACKGROUND_ROLE):
        return "background"
    return "character" if item.slot is not None or item.role is not None else "image"
