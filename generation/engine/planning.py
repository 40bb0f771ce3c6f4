"""What would be asked of whom, for how much: decided before anything is reserved, and all that a dry run does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from generation.engine.context import GenerationContext
from generation.engine.inputs import read_inputs
from generation.engine.orders import Order
from generation.engine.previewing import cheapest
from generation.engine.routing import (
    Decision,
    Route,
    Standing,
    capability_for,
    decide,
    keys_are_all_that_lacks,
)
from generation.errors import ProviderError, UntrustedHostError
from generation.money import ZERO
from generation.providers.base import Capability, Health, Provider
from generation.request import GenerationRequest, InputAsset, Operation, fingerprint
from generation.result import CostEstimate
from generation.specs.model import MANUAL, Spec

STAND_INS: Final[Mapping[Operation, tuple[str, ...]]] = {
    "sound_effect": ("procedural-sfx",),
    "music": ("procedural-music",),
    "text_to_speech": ("hibari-tts", "espeak-ng"),
}
"""Who makes a stand-in of an operation on this machine, the best first; of all others it is `local`."""
LOCAL: Final = "local"


@dataclass(frozen=True, slots=True)
class Part:
    """One call of a job: the request, and its number among calls that ask for the same.

    `variant`: a word of the spec that tells its result apart from others of the same request; it is sent to nobody.
    """

    request: GenerationRequest
    number: int = 0
    variant: str | None = None

    def fingerprint(self, provider: str) -> str:
        """The same for two calls that are paid for once."""
        told = provider if self.number == 0 else f"{provider}#{self.number}"
        return fingerprint(told if self.variant is None else f"{told}~{self.variant}", self.request)

    def of_variant(self, variant: str | None) -> "Part":
        """The same call for another variant."""
        return replace(self, variant=variant)

    def shared_by(self, shares: int) -> "Part":
        """The call by which so many such parts are made together."""
        return replace(self, request=replace(self.request, n=self.request.n * shares))


@dataclass(frozen=True, slots=True)
class Choice:
    """A route that may be taken, with the calls that it takes. `estimate` is for all of them.

    `most`: so many results of these words one call can give.
    """

    decision: Decision
    parts: tuple[Part, ...]
    estimate: CostEstimate
    most: int = 1

    @property
    def provider(self) -> str:
        """Who is asked."""
        return self.decision.route.provider


@dataclass(frozen=True, slots=True)
class Plan:
    """The routes in turn, and every decision. `manual`: a person makes it where no route is left.

    `stand_in`: whether the first of them only makes something in place of the real thing. `notices`: what else is to be
    known before it is made.
    """

    choices: tuple[Choice, ...]
    decisions: tuple[Decision, ...]
    manual: bool = False
    stand_in: bool = False
    notices: tuple[str, ...] = ()


def plan(context: GenerationContext, order: Order) -> Plan:
    """The routes of an order. Reads its inputs; raises as `read_inputs` does, and `UntrustedHostError`."""
    spec = order.spec
    inputs = read_inputs(context, spec.inputs)
    names = [name for name in spec.providers if name != MANUAL] or [
        name for name in context.default_chain if name != MANUAL and MANUAL not in spec.providers
    ]
    asked = _Asked(spec, inputs, is_preview=order.final is not None)
    decided = [_decided(context, asked, name) for name in names]
    _refuse_untrusted(decided)
    manual = MANUAL in spec.providers
    if context.stand_ins and not manual and keys_are_all_that_lacks([one.decision for one in decided]):
        decided += _spares(context, asked)
    choices = tuple(
        Choice(one.decision, one.parts, one.decision.estimate or CostEstimate(ZERO, ZERO, "free"), one.most)
        for one in decided
        if one.decision.chosen
    )
    stand_in = bool(choices) and context.providers[choices[0].provider].stand_in
    notices = order.notices + next((one.notices for one in decided if one.decision.chosen), ())
    return Plan(choices, tuple(one.decision for one in decided), manual, stand_in, notices)


@dataclass(frozen=True, slots=True)
class _Asked:
    spec: Spec
    inputs: Sequence[InputAsset]
    is_preview: bool


@dataclass(frozen=True, slots=True)
class _Decided:
    decision: Decision
    parts: tuple[Part, ...] = ()
    fault: UntrustedHostError | None = None
    notices: tuple[str, ...] = ()
    most: int = 1


def _refuse_untrusted(decided: Sequence[_Decided]) -> None:
    """Raises where the first that would be asked must not be: whoever comes after is not what was wanted."""
    for one in decided:
        if one.decision.chosen:
            return
        if one.fault is not None:
            raise one.fault


def _decided(context: GenerationContext, asked: _Asked, name: str) -> _Decided:
    spec = asked.spec
    route = context.route(name, spec.operation)
    provider = context.providers.get(route.provider)
    request = replace(spec.request(route.model or "", provider=route.provider), inputs=asked.inputs)
    today = context.book.now().date()
    if provider is None:
        return _Decided(decide(route, request, Standing(None, None), today))
    capability = capability_for(provider.capabilities(), route, spec.operation)
    try:
        standing = Standing(_health(context, route), capability)
    except UntrustedHostError as error:
        return _Decided(Decision(route, error.code, error.message, route.model), fault=error)
    first = decide(route, request, standing, today)
    if not first.chosen or capability is None:
        return _Decided(first)
    request = replace(request, model=capability.model)
    least = cheapest(provider, capability, request) if asked.is_preview else request
    if asked.is_preview and least == request:
        message = f"{capability.model} makes nothing cheaper than what the spec asks for"
        return _Decided(Decision(route, "no_preview", message, capability.model))
    parts = tuple(part.of_variant(spec.variant) for part in split(least, capability))
    estimate = _estimate(provider, parts)
    notices: tuple[str, ...] = ()
    if asked.is_preview and not _saves(estimate, _estimate(provider, split(request, capability))):
        notices = (f"{capability.model} makes nothing cheaper: a preview costs as much as the final picture",)
    most = 1 if _sends_seed(request, capability) else capability.max_n
    decision = decide(route, request, replace(standing, estimate=estimate), today)
    return _Decided(decision, parts, notices=notices, most=most)


def _estimate(provider: Provider, parts: Sequence[Part]) -> CostEstimate:
    return sum_of([provider.estimate(part.request) for part in parts])


def _saves(preview: CostEstimate, final: CostEstimate) -> bool:
    """Whether a preview costs less; what costs nothing at all needs no saving."""
    if preview.high is None or final.high is None:
        return False
    return preview.high < final.high or final.high == ZERO


def _spares(context: GenerationContext, asked: _Asked) -> list[_Decided]:
    """This machine's own makers: each that can, as one of them may have no voice or language that is asked for."""
    return [_decided(context, asked, name) for name in STAND_INS.get(asked.spec.operation, (LOCAL,))]


def _health(context: GenerationContext, route: Route) -> Health:
    try:
        return context.providers[route.provider].check()
    except UntrustedHostError:
        raise
    except ProviderError as error:
        return Health("unwell", error.message)


def split(request: GenerationRequest, capability: Capability) -> tuple[Part, ...]:
    """The calls by which so many variations are made: a model gives only so many at a time.

    Each has a seed of its own where one was asked for and the model honours it; else they are told apart by number.
    """
    most = max(1, capability.max_n)
    parts: list[Part] = []
    done = 0
    while done < request.n:
        size = min(most, request.n - done)
        seeded = _sends_seed(request, capability)
        seed = request.seed + done if seeded and request.seed is not None else request.seed
        number = 0 if seeded else len(parts)
        parts.append(Part(replace(request, n=size, seed=seed), number))
        done += size
    return tuple(parts)


def _sends_seed(request: GenerationRequest, capability: Capability) -> bool:
    return request.seed is not None and "seed" in capability.accepts


def sum_of(estimates: Sequence[CostEstimate]) -> CostEstimate:
    """The cost of several calls; unknown where one is."""
    lows = [one.low for one in estimates]
    highs = [one.high for one in estimates]
    low = None if None in lows else sum((amount for amount in lows if amount is not None), ZERO)
    high: Decimal | None = None if None in highs else sum((amount for amount in highs if amount is not None), ZERO)
    basis = estimates[0].basis if len(estimates) == 1 else f"{len(estimates)} calls: {estimates[0].basis}"
    return CostEstimate(low, high, basis, guess=any(one.guess for one in estimates))
