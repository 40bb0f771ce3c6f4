"""What a spec may cost with whoever it names first, whether or not there is a key yet. Asks nobody."""

from dataclasses import dataclass, replace
from typing import Any

from generation.engine.context import GenerationContext
from generation.engine.inputs import read_inputs, settled_inputs
from generation.engine.planning import split, sum_of
from generation.engine.routing import capability_for
from generation.request import InputAsset
from generation.result import CostEstimate
from generation.specs.model import MANUAL, Spec


@dataclass(frozen=True, slots=True)
class Price:
    """Who would make it, and for how much. `stand_in`: what comes of it would only stand in for the real thing."""

    provider: str
    model: str
    estimate: CostEstimate
    stand_in: bool = False

    def to_json(self) -> dict[str, Any]:
        """`{provider, model, stand_in, estimate: {low, high, basis, guess}}`."""
        head = {"provider": self.provider, "model": self.model, "stand_in": self.stand_in}
        return head | {"estimate": self.estimate.to_json()}


def price_of(context: GenerationContext, spec: Spec) -> Price | None:
    """The price with the first of its providers that makes such things for real, else of a stand-in.

    None where none of them can make it. Raises as `settled_inputs` and `read_inputs` do where it takes inputs.
    """
    inputs = read_inputs(context, settled_inputs(context, spec)) if spec.inputs else ()
    names = spec.providers or context.default_chain
    found = [price for name in names if name != MANUAL and (price := _price(context, spec, inputs, name))]
    return next((price for price in found if not price.stand_in), found[0] if found else None)


def _price(context: GenerationContext, spec: Spec, inputs: tuple[InputAsset, ...], name: str) -> Price | None:
    route = context.route(name, spec.operation)
    provider = context.providers.get(route.provider)
    if provider is None or route.fault is not None:
        return None
    capability = capability_for(provider.capabilities(), route, spec.operation)
    if capability is None or (route.sunset is not None and context.book.now().date() >= route.sunset):
        return None
    request = replace(spec.request(capability.model, provider=route.provider), inputs=inputs)
    estimate = sum_of([provider.estimate(part.request) for part in split(request, capability)])
    return Price(route.provider, capability.model, estimate, provider.stand_in)
