"""Jobs of one run that ask for the like: what one call can make for all of them, where its model makes several."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from generation.engine.context import GenerationContext
from generation.engine.orders import Order, order_of
from generation.engine.planning import Choice, Part
from generation.ledger import jobs
from generation.ledger.budgets import Limits
from generation.ledger.purchasing import Along, Quote
from generation.providers.base import Provider

_OF_THE_CALL = ("operation", "providers", "prompt", "negative_prompt", "inputs")


@dataclass(frozen=True, slots=True)
class Companion:
    """Another job that asks for the like, and its order."""

    job_key: int
    order: Order


class Alike:
    """Among jobs that are run together, who asks for the like. Looked up once, when it is first asked for.

    Thread-safe.
    """

    def __init__(self, keys: Sequence[int] = ()) -> None:
        self._keys = keys
        self._lock = threading.Lock()
        self._found: Mapping[int, tuple[Companion, ...]] | None = None

    def of(self, context: GenerationContext, key: int) -> tuple[Companion, ...]:
        """The others, in their order."""
        if len(self._keys) <= 1:
            return ()
        with self._lock:
            if self._found is None:
                self._found = _alike(context, self._keys)
        return tuple(one for one in self._found.get(key, ()) if one.job_key != key)


def _alike(context: GenerationContext, keys: Sequence[int]) -> dict[int, tuple[Companion, ...]]:
    groups: dict[str, list[Companion]] = {}
    for key, run, asked in jobs.orders_of(context.book, keys):
        try:
            groups.setdefault(_mark(run, asked), []).append(Companion(key, order_of(asked)))
        except (KeyError, TypeError, ValueError):
            continue  # its own job says that it cannot be read
    return {one.job_key: tuple(group) for group in groups.values() if len(group) > 1 for one in group}


def _mark(run: str, asked: Mapping[str, Any]) -> str:
    """The same for two orders by which the same calls are made, but for what tells their results apart."""
    spec = asked["spec"]
    parameters = {name: value for name, value in spec["parameters"].items() if name != "variant"}
    rest = [spec[name] for name in _OF_THE_CALL]
    return dumps([run, asked.get("force"), "preview_of" in asked, rest, parameters], sort_keys=True)


def along(
    context: GenerationContext, choice: Choice, part: Part, companions: Sequence[Companion], provider: Provider
) -> Along | None:
    """Who may share this call; None where nobody can, or nothing is saved as it costs nothing.

    A call shares its words, so it is the only one of its job, and none that sends a seed: pictures of one call have
    seeds that follow each other.
    """
    most = choice.most // part.request.n
    if len(choice.parts) > 1 or most <= 1 or not companions or not choice.estimate.high:
        return None
    quotes = [
        (
            Quote(
                one.job_key,
                choice.provider,
                part.request.model,
                part.of_variant(one.order.spec.variant).fingerprint(choice.provider),
                choice.estimate,
                fresh=one.order.force,
                whole=True,
            ),
            limits_of(context, one.order),
        )
        for one in companions
    ]
    return Along(quotes, lambda shares: provider.estimate(part.shared_by(shares).request), most)


def limits_of(context: GenerationContext, order: Order) -> Limits:
    """What an order may cost."""
    return Limits(
        month=context.month_budget,
        providers=context.provider_budgets,
        run=order.run_max_cost,
        job=order.spec.max_cost,
    )
