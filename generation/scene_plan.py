"""A plan of scenes with specs and prices: what is missing, what would make it, and for how much."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gallery import ItemError
from generation.engine.naming import STAND_IN_TAG
from generation.engine.previewing import PREVIEW_TAG
from generation.engine.pricing import Price
from generation.result import Total, total_of
from generation.specs.drafting import SpecDraft
from generation.specs.model import Spec
from generation.specs.references import ReferenceSpec
from ontology.errors import CallsheetError
from resolver import MissingReference, Plan, ShotRow
from resolver.scene_plan import Cell


@dataclass(frozen=True, slots=True)
class PlannedReference:
    """A missing picture, what makes it, and its price; `error`: why one of these is not known."""

    missing: MissingReference
    making: ReferenceSpec
    price: Price | None = None
    error: CallsheetError | None = None

    def to_json(self) -> dict[str, Any]:
        """That of the missing picture with `spec`, `by`, `model`, `estimate`, `error`.

        `spec`: `{id, file_name, exists}`; `file_name` is where a draft would go, null for a spec that there is.
        """
        spec, draft, price = self.making.spec, self.making.draft, self.price
        made = (
            {"id": spec.id, "file_name": draft.file_name if draft else None, "exists": draft is None} if spec else None
        )
        return {
            **self.missing.to_json(),
            "spec": made,
            "provider": price.provider if price else None,
            "model": price.model if price else None,
            "stand_in": bool(price and price.stand_in),
            "estimate": price.estimate.to_json() if price else None,
            "error": ItemError.of(self.error).to_json() if self.error else None,
        }


@dataclass(frozen=True, slots=True)
class ScenePlan:
    """The shots with their slots, and the missing pictures, those that keep the most scenes waiting first."""

    plan: Plan
    missing: tuple[PlannedReference, ...]

    @property
    def drafts(self) -> tuple[SpecDraft, ...]:
        """The specs that are not written yet."""
        return tuple(one.making.draft for one in self.missing if one.making.draft is not None)

    @property
    def total(self) -> Total:
        """The sum of all prices; a spec that makes several pictures counts once."""
        made = {one.making.spec.id: one for one in self.missing if one.making.spec is not None}
        unmade = [one for one in self.missing if one.making.spec is None]
        return total_of(one.price.estimate if one.price else None for one in (*made.values(), *unmade))

    @property
    def stand_ins(self) -> int:
        """How many of the pictures only stand in, until somebody makes the real ones."""
        cells = (cell for row in self.plan.rows for cell in row.cells)
        return len({cell.asset_id for cell in cells if is_stand_in(cell)})

    def to_json(self) -> dict[str, Any]:
        """`{scenes: [{scene, ready, shots}], missing, total, ready, stand_ins}`.

        `ready`: how many scenes lack nothing, `stand_ins`: how many pictures of theirs only stand in.
        """
        scenes: list[dict[str, Any]] = [
            {"scene": name, "ready": all(row.is_ready for row in rows), "shots": [_shot_json(row) for row in rows]}
            for name, rows in self.plan.scenes.items()
        ]
        return {
            "scenes": scenes,
            "missing": [one.to_json() for one in self.missing],
            "total": self.total.to_json(),
            "ready": sum(bool(scene["ready"]) for scene in scenes),
            "stand_ins": self.stand_ins,
        }


def is_stand_in(cell: Cell) -> bool:
    """Whether its picture was drawn in place of the real thing."""
    return STAND_IN_TAG in cell.tags


def is_preview(cell: Cell) -> bool:
    """Whether its picture is a preview of the one that is missing."""
    return PREVIEW_TAG in cell.tags


def _shot_json(row: ShotRow) -> dict[str, Any]:
    body = row.to_json()
    slots = [
        {**slot, "stand_in": is_stand_in(cell), "preview": is_preview(cell)}
        for slot, cell in zip(body["slots"], row.cells, strict=True)
    ]
    return {**body, "slots": slots}


def priced_plan(plan: Plan, making: Sequence[ReferenceSpec], price: Callable[[Spec], Price | None]) -> ScenePlan:
    """The plan with what would make each missing picture. A price that cannot be told stops nothing."""
    pairs = zip(plan.missing, making, strict=True)
    return ScenePlan(plan, tuple(_planned(missing, made, price) for missing, made in pairs))


def _planned(missing: MissingReference, made: ReferenceSpec, price: Callable[[Spec], Price | None]) -> PlannedReference:
    if made.spec is None:
        return PlannedReference(missing, made, error=made.error)
    try:
        return PlannedReference(missing, made, price(made.spec))
    except CallsheetError as error:
        return PlannedReference(missing, made, error=error)
