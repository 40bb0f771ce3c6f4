"""An order: a spec with everything decided that any process needs to carry it out, and its JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from generation.money import text_of, usd
from generation.specs.model import Integration, Retry, Spec, SpecInput, Step


@dataclass(frozen=True, slots=True)
class Order:
    """`spec`: its inputs are assets by id. `force`: buy also what was bought before. `run_max_cost`: of the whole run.

    `run_max_cost` is in dollars. `final`: the spec that this is a preview of; None for what is no preview. `promotes`:
    ids of the previews that the result takes the place of. `notices`: what is to be told with the job.
    """

    spec: Spec
    force: bool = False
    run_max_cost: Decimal | None = None
    final: Spec | None = None
    promotes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is kept with the job."""
        body: dict[str, Any] = {"force": self.force, "run_max_cost": text_of(self.run_max_cost)}
        body |= {"preview_of": _spec_json(self.final)} if self.final is not None else {}
        body |= {"promotes": list(self.promotes)} if self.promotes else {}
        body |= {"notices": list(self.notices)} if self.notices else {}
        return body | {"spec": _spec_json(self.spec)}


def order_of(body: Mapping[str, Any]) -> Order:
    """The inverse of `Order.to_json`."""
    most = body.get("run_max_cost")
    final = body.get("preview_of")
    return Order(
        spec=_spec_of(body["spec"]),
        force=bool(body.get("force")),
        run_max_cost=None if most is None else usd(most),
        final=None if final is None else _spec_of(final),
        promotes=tuple(body.get("promotes", ())),
        notices=tuple(body.get("notices", ())),
    )


def _spec_json(spec: Spec) -> dict[str, Any]:
    return {
        "id": spec.id,
        "asset_type": spec.asset_type,
        "operation": spec.operation,
        "providers": list(spec.providers),
        "prompt": spec.prompt,
        "negative_prompt": spec.negative_prompt,
        "parameters": dict(spec.parameters),
        "inputs": [item.to_json() for item in spec.inputs],
        "tags": list(spec.tags),
        "post_processing": [[step.action, dict(step.options)] for step in spec.post_processing],
        "integration": None if spec.integration is None else spec.integration.to_json(),
        "on_rejected": spec.on_rejected,
        "retry_below": None if spec.retry_below is None else spec.retry_below.to_json(),
        "max_cost": text_of(spec.max_cost),
        "track_quality": spec.track_quality,
        "log_level": spec.log_level,
    }


def _spec_of(said: Mapping[str, Any]) -> Spec:
    plain = {
        name: said[name]
        for name in (
            *("id", "asset_type", "operation", "prompt", "negative_prompt", "parameters", "on_rejected"),
            *("track_quality", "log_level"),
        )
    }
    return Spec(
        **plain,
        providers=tuple(said["providers"]),
        inputs=tuple(_input_of(item) for item in said["inputs"]),
        tags=tuple(said["tags"]),
        post_processing=tuple(Step(action, options) for action, options in said["post_processing"]),
        integration=None if said["integration"] is None else Integration(**said["integration"]),
        retry_below=None if said["retry_below"] is None else Retry(**said["retry_below"]),
        max_cost=None if said["max_cost"] is None else usd(said["max_cost"]),
    )


def _input_of(body: Mapping[str, Any]) -> SpecInput:
    return SpecInput(asset_id=body.get("asset"), role=body.get("role"), label=body.get("label", ""))
