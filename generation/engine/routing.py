"""Which provider is asked: the first of the chain that can, may and is well. Each decision is told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from generation.providers.base import Capability, Health
from generation.request import GenerationRequest
from generation.result import CostEstimate


@dataclass(frozen=True, slots=True)
class Route:
    """One name of a chain as the catalogue reads it: `written` by the user, provider and model by their own ids.

    `sunset`: the day from which the provider does not serve the model. `notice`: what to know. `fault`: code and
    message, where the name stands for nothing that can be asked.
    """

    written: str
    provider: str
    model: str | None = None
    sunset: date | None = None
    replaced_by: str | None = None
    notice: str | None = None
    fault: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a provider when a route is decided. `estimate` None: not asked, as something else is wrong."""

    health: Health | None
    capability: Capability | None
    estimate: CostEstimate | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a route is taken, and why not. `code`: `chosen`, `no_key`, `unwell`, `cannot`, `sunset` and others."""

    route: Route
    code: str
    message: str
    model: str | None = None
    estimate: CostEstimate | None = None

    @property
    def chosen(self) -> bool:
        """Whether it may be asked."""
        return self.code == "chosen"

    def to_json(self) -> dict[str, Any]:
        """A step of the trace."""
        body: dict[str, Any] = {"step": "route", "route": self.route.written, "provider": self.route.provider}
        body |= {"model": self.model, "code": self.code, "message": self.message}
        return body if self.estimate is None else body | {"estimate": self.estimate.to_json()}


def capability_for(capabilities: Sequence[Capability], route: Route, operation: str) -> Capability | None:
    """The first that does the operation with the route's model, or with any where it names none."""
    fits = (item for item in capabilities if item.operation == operation)
    return next((item for item in fits if route.model in (None, item.model)), None)


def decide(route: Route, request: GenerationRequest, standing: Standing, today: date) -> Decision:
    """Whether this route is taken."""
    health, capability = standing.health, standing.capability
    if route.fault is not None:
        return Decision(route, *route.fault)
    if health is None:
        return Decision(route, "no_adapter", f"this Callsheet cannot ask {route.provider}", route.model)
    if route.sunset is not None and today >= route.sunset:
        instead = f"; {route.replaced_by} takes its place" if route.replaced_by else ""
        return Decision(route, "sunset", f"{route.model} was shut down on {route.sunset}{instead}", route.model)
    if capability is None:
        what = route.model or route.provider
        return Decision(route, "cannot", f"{what} does not do {request.operation}", route.model)
    if health.state in {"no_key", "absent"}:
        return Decision(route, health.state, health.detail, capability.model)
    if health.state != "ready":
        return Decision(route, "unwell", health.detail, capability.model)
    if len(request.inputs) > capability.max_inputs:
        message = f"{capability.model} takes {capability.max_inputs} inputs, {len(request.inputs)} are given"
        return Decision(route, "too_many_inputs", message, capability.model)
    if standing.estimate is not None and standing.estimate.high is None:
        return Decision(route, "price_unknown", f"nobody knows the price of {capability.model}", capability.model)
    message = route.notice or f"{route.provider} can do it"
    return Decision(route, "chosen", message, capability.model, standing.estimate)


def keys_are_all_that_lacks(decisions: Sequence[Decision]) -> bool:
    """Whether the chain fails for nothing but missing keys and models that are gone: a stand-in may serve."""
    return bool(decisions) and all(item.code in _NO_FAULT_OF_THE_SPEC for item in decisions)


_NO_FAULT_OF_THE_SPEC = frozenset({"no_key", "absent", "no_adapter", "sunset", "model_gone"})


def why_none(decisions: Sequence[Decision]) -> str:
    """What to tell where no route is taken."""
    return "; ".join(f"{item.route.written}: {item.message}" for item in decisions) or "the spec names no provider"
