"""A plan of scenes: which shot has which pictures, what is missing, and which scenes wait for it.

A picture is missing where no exact one answers (a gap of the result). One picture may fill several gaps of somebody: a
hero's serves wherever he is somebody's companion. So of the roles that somebody is wanted in, the one that most scenes
ask for comes first, and what it fills is not asked for again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from resolver.candidate import field_of
from resolver.findings import Notice
from resolver.request import AssetResolutionRequest
from resolver.result import AssetResolutionResult
from resolver.slots import ROLE_ORDERS, SlotName, filling_roles

_SLOTS: Final = tuple(ROLE_ORDERS)

Question = tuple[str, str, AssetResolutionRequest]
"""(scene, shot, what it asks)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One slot of a shot. `tier`, `asset_id` and `tags` are of its first picture, None and empty where there is none.

    `wanted_role`: of the picture that is missing; None where nothing is.
    """

    slot: SlotName
    identity: str | None
    tier: str | None
    asset_id: Any | None
    wanted_role: str | None
    tags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """`{slot, identity, tier, asset_id, wanted_role}`."""
        return {
            "slot": self.slot,
            "identity": self.identity,
            "tier": self.tier,
            "asset_id": self.asset_id,
            "wanted_role": self.wanted_role,
        }


@dataclass(frozen=True, slots=True)
class ShotRow:
    """A shot with its slots, in the order background, hero, enemies, others."""

    scene: str
    shot: str
    cells: tuple[Cell, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def name(self) -> str:
        """`SCENE/SHOT`, as `resolve --scene` takes it; the scene alone where it has no shots."""
        return self.scene if self.shot == self.scene else f"{self.scene}/{self.shot}"

    @property
    def is_ready(self) -> bool:
        """Whether every slot has an exact picture."""
        return all(cell.wanted_role is None for cell in self.cells)

    def to_json(self) -> dict[str, Any]:
        """`{shot, ready, slots, notices}`."""
        slots = [cell.to_json() for cell in self.cells]
        return {
            "shot": self.shot,
            "ready": self.is_ready,
            "slots": slots,
            "notices": [one.to_json() for one in self.notices],
        }


@dataclass(frozen=True, slots=True)
class MissingReference:
    """A picture that there is not. `slot`: of the first gap that it fills; `required_tags`: what the shots insist on.

    `scenes`: those that lack it, in their order; `completes`: those of them that lack nothing else; `shots`: how many.
    `filled_by`: the best tier that stands in anywhere, None where nothing does. `media_type`: what it has to be.
    """

    slot: SlotName
    identity: str | None
    wanted_role: str
    required_tags: tuple[str, ...]
    media_type: str
    filled_by: str | None
    scenes: tuple[str, ...]
    shots: int
    completes: tuple[str, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """What it would be tagged with."""
        named = (self.identity, self.wanted_role, *self.required_tags)
        return tuple(dict.fromkeys(tag for tag in named if tag is not None))

    def to_json(self) -> dict[str, Any]:
        """`{slot, identity, wanted_role, tags, filled_by, scenes, shots, completes}`."""
        return {
            "slot": self.slot,
            "identity": self.identity,
            "wanted_role": self.wanted_role,
            "tags": list(self.tags),
            "media_type": self.media_type,
            "filled_by": self.filled_by,
            "scenes": list(self.scenes),
            "shots": self.shots,
            "completes": list(self.completes),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The shots in their order, and what they lack: first what keeps the most scenes waiting."""

    rows: tuple[ShotRow, ...]
    missing: tuple[MissingReference, ...]

    @property
    def scenes(self) -> dict[str, list[ShotRow]]:
        """Scene → its shots, in their order."""
        found: dict[str, list[ShotRow]] = {}
        for row in self.rows:
            found.setdefault(row.scene, []).append(row)
        return found


def plan_scenes(
    questions: Iterable[Question], resolve: Callable[[AssetResolutionRequest], AssetResolutionResult]
) -> Plan:
    """Answer every shot; each distinct request is resolved once. `resolve` raises what it likes."""
    known: dict[AssetResolutionRequest, AssetResolutionResult] = {}
    rows: list[ShotRow] = []
    lacks: list[_Lack] = []
    for scene, shot, request in questions:
        if request not in known:
            known[request] = _slim(resolve(request))
        result = known[request]
        row = ShotRow(scene, shot, tuple(_cells(result)), (*request.notices, *_own_notices(request, result)))
        lacks += [_Lack(row, cell, result.request) for cell in row.cells if cell.wanted_role is not None]
        rows.append(row)
    return Plan(tuple(rows), tuple(_ranked(list(_references(lacks)))))


def _slim(result: AssetResolutionResult) -> AssetResolutionResult:
    """The answer without what a plan does not show."""
    firsts = {(match.slot, match.identity): match for match in reversed(result.matches)}
    return replace(result, matches=tuple(firsts.values()))


def _own_notices(request: AssetResolutionRequest, result: AssetResolutionResult) -> tuple[Notice, ...]:
    """What resolving added; the request carries the rest, which may be another shot's."""
    return tuple(notice for notice in result.notices if notice not in request.notices)


def _cells(result: AssetResolutionResult) -> Iterator[Cell]:
    firsts = {(match.slot, match.identity): match for match in result.matches}
    wanted = {(gap.slot, gap.identity): gap.wanted_role for gap in result.gaps}
    for slot in result.trace:
        place = (slot.slot, slot.identity)
        first = firsts.get(place)
        name: Any = slot.slot  # the trace has it as a text
        if first is None:
            yield Cell(name, slot.identity, None, None, wanted.get(place))
        else:
            asset, tags = field_of(first.asset, "id"), tuple(field_of(first.asset, "tags"))
            yield Cell(name, slot.identity, first.tier, asset, wanted.get(place), tags)


@dataclass(frozen=True, slots=True)
class _Lack:
    """A gap where it was met."""

    row: ShotRow
    cell: Cell
    request: AssetResolutionRequest

    @property
    def group(self) -> tuple[str | None, tuple[str, ...], str]:
        """Gaps of one group may be filled by one picture."""
        media = self.request.media_types
        return (self.cell.identity, self.request.required_tags, "image" if "image" in media else media[0])

    @property
    def roles(self) -> tuple[str, ...]:
        """Any of them fills it."""
        return filling_roles(self.cell.slot, self.cell.identity)


def _references(lacks: Sequence[_Lack]) -> Iterator[MissingReference]:
    groups: defaultdict[tuple[str | None, tuple[str, ...], str], list[_Lack]] = defaultdict(list)
    for lack in lacks:
        groups[lack.group].append(lack)
    for (_, required, media), left in groups.items():
        while left:
            role = _best_role(left)
            filled = [lack for lack in left if role in lack.roles]
            left = [lack for lack in left if role not in lack.roles]  # noqa: PLW2901  # what the next one is to fill
            yield _reference(filled, role, required, media)


def _best_role(lacks: Sequence[_Lack]) -> str:
    """That which the most scenes ask for, so that a hero is not drawn as a monster; of equals the first."""

    def worth(role: str) -> int:
        return len({lack.row.scene for lack in lacks if lack.cell.wanted_role == role})

    asked = dict.fromkeys(lack.cell.wanted_role for lack in lacks)
    return max((role for role in asked if role is not None), key=worth)


def _reference(lacks: Sequence[_Lack], role: str, required: tuple[str, ...], media: str) -> MissingReference:
    first = next((lack for lack in lacks if lack.cell.wanted_role == role), lacks[0])
    tiers = [lack.cell.tier for lack in lacks if lack.cell.tier is not None]
    return MissingReference(
        slot=first.cell.slot,
        identity=first.cell.identity,
        wanted_role=role,
        required_tags=required,
        media_type=media,
        filled_by=min(tiers, key=_TIER_ORDER.index, default=None),
        scenes=tuple(dict.fromkeys(lack.row.scene for lack in lacks)),
        shots=len({(lack.row.scene, lack.row.shot) for lack in lacks}),
    )


_TIER_ORDER: Final = ("exact", "identity", "broader", "role")


def _ranked(found: Sequence[MissingReference]) -> list[MissingReference]:
    lacking: defaultdict[str, int] = defaultdict(int)
    for one in found:
        for scene in one.scenes:
            lacking[scene] += 1
    whole = [replace(one, completes=tuple(scene for scene in one.scenes if lacking[scene] == 1)) for one in found]
    return sorted(whole, key=_rank)


def _rank(one: MissingReference) -> tuple[Any, ...]:
    """The most scenes, the most that lack nothing else, the most shots, and what nothing stands in for."""
    return (
        -len(one.scenes),
        -len(one.completes),
        -one.shots,
        one.filled_by is not None,
        _SLOTS.index(one.slot),
        one.tags,
    )
