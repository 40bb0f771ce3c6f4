"""Engines for tests: a real ledger and gallery, and a provider that counts its charges in a file."""

import io
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from gallery_builders import NOON, SMALL_ONTOLOGY, open_context
from PIL import Image

from gallery import Gallery
from generation.engine.context import GenerationContext
from generation.engine.gates import Gates
from generation.engine.owners import Owner
from generation.engine.routing import Route
from generation.ledger.book import Book
from generation.money import usd
from generation.providers.base import CallContext, Capability, Done, Health, Pending, Submission
from generation.providers.local import LocalProvider
from generation.request import GenerationRequest, fingerprint
from generation.result import Cost, CostEstimate, GenerationResult, Output
from generation.service import Generation
from generation.specs.model import Spec
from generation.storage.folder import FolderStorage
from resolver import AssetResolutionRequest, resolve_assets_for_action

PRICE = Decimal("0.04")


def charge(place: Path, call: str) -> None:
    """What a provider's own books say: one line for each call that it took money for."""
    with place.open("a", encoding="utf-8") as file:
        file.write(call + "\n")
        file.flush()
        os.fsync(file.fileno())


def charges(place: Path) -> list[str]:
    """Every charge, the oldest first."""
    return place.read_text(encoding="utf-8").splitlines() if place.exists() else []


def drawn(request: GenerationRequest, number: int = 0) -> bytes:
    """A picture that follows the request: the same for the same one."""
    digits = fingerprint("fake", request)
    chance = random.Random(f"{digits}{number}")
    image = Image.new("RGB", request.size or (16, 16), tuple(chance.randrange(256) for _ in range(3)))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@dataclass
class CountingProvider:
    """Charges `price` for each call. `script`: what the calls do in turn: an error is raised, `pending` is polled for.

    `polls`: how often a pending call is not ready yet.
    """

    books: Path
    name: str = "fake"
    stand_in: bool = False
    price: Decimal | None = PRICE
    told: Cost | None = None
    script: list[Any] = field(default_factory=list)
    polls: int = 1
    health: Health = field(default_factory=lambda: Health("ready", "well"))
    most: int = 10
    can_recover: bool = False
    can_cancel: bool = False
    seen: list[GenerationRequest] = field(default_factory=list)
    polled: int = 0
    seconds: float = 0.0
    accepts: frozenset[str] = frozenset({"size", "n"})

    def capabilities(self) -> Sequence[Capability]:
        operations = ("text_to_image", "image_to_image", "fusion")
        inputs = {"text_to_image": 0, "image_to_image": 4, "fusion": 4}
        return [
            Capability(name, "painter-1", max_inputs=inputs[name], max_n=self.most, accepts=self.accepts)
            for name in operations
        ]

    def estimate(self, request: GenerationRequest) -> CostEstimate:
        if self.price is None:
            return CostEstimate(None, None, "no price is known")
        return CostEstimate(self.price * request.n, self.price * request.n, f"{request.n} pictures")

    def submit(self, request: GenerationRequest, context: CallContext) -> Submission:
        self.seen.append(request)
        step = self.script.pop(0) if self.script else None
        if isinstance(step, BaseException):
            raise step
        if callable(step):
            step()
        charge(self.books, context.client_request_id)
        if self.seconds:
            time.sleep(self.seconds)
        return Pending("remote-1", 0.0) if step == "pending" else Done(self._result(request))

    def poll(self, remote_id: str, request: GenerationRequest, context: CallContext) -> Submission:
        self.polled += 1
        if self.script and isinstance(self.script[0], BaseException):
            raise self.script.pop(0)
        if self.polls:
            self.polls -= 1
            return Pending(remote_id, 0.0)
        return Done(self._result(request))

    def recover(self, request: GenerationRequest, context: CallContext) -> Submission | None:
        return Done(self._result(request)) if self.can_recover else None

    def cancel(self, remote_id: str, context: CallContext) -> bool:
        return self.can_cancel

    def check(self) -> Health:
        return self.health

    def _result(self, request: GenerationRequest) -> GenerationResult:
        outputs = tuple(
            Output(drawn(request, number), "image/png", number, revised_prompt=f"{request.prompt}, revised")
            for number in range(request.n)
        )
        cost = self.told or Cost((self.price or Decimal(0)) * request.n, "reported")
        return GenerationResult(outputs, self.name, "painter-1", cost, request_id="req-1")


class Clock:
    """A clock that stands still until it is moved; `monotonic` is the real one."""

    def __init__(self, moment: datetime = NOON) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


def plain_route(name: str, operation: str) -> Route:
    """`provider[:model]`, without a catalogue."""
    provider, _, model = name.partition(":")
    return Route(name, provider, model or None)


@contextmanager
def open_generation(
    root: Path,
    *providers: Any,
    budget: str = "100.00",
    now: Callable[[], datetime] = lambda: NOON,
    gallery: Gallery | None = None,
    **options: Any,
) -> Iterator[Generation]:
    """The engine of a project in `root`, with these providers beside `local`."""
    (root / "assets").mkdir(parents=True, exist_ok=True)
    with open_context(root, now=now) as context:
        owner = Owner(root / ".callsheet" / "owners")
        opened = gallery or Gallery(context)

        def resolve(fields: Mapping[str, Any]) -> Any:
            request = AssetResolutionRequest(**fields)
            return resolve_assets_for_action(request, opened.candidates(), ontology=SMALL_ONTOLOGY)

        made = GenerationContext(
            gallery=opened,
            book=Book(opened.context.database, now, owner),
            owner=owner,
            providers={item.name: item for item in (LocalProvider(), *providers)},
            route=plain_route,
            results=FolderStorage(root / ".callsheet" / "results"),
            assets=FolderStorage(root / "assets"),
            gates=options.pop("gates", None) or Gates({}, time.monotonic),
            monotonic=time.monotonic,
            chance=options.pop("chance", lambda: 0.0),
            resolve=resolve,
            month_budget=usd(budget),
        )
        generation = Generation(replace(made, **options))
        try:
            yield generation
        finally:
            generation.close()


def coin(**changes: Any) -> Spec:
    """A spec of one picture by the fake provider."""
    fields: dict[str, Any] = {
        "id": "coin",
        "asset_type": "image",
        "operation": "text_to_image",
        "providers": ("fake",),
        "prompt": "a coin",
        "parameters": {"size": "16x16"},
        "tags": ("gold",),
    }
    return Spec(**fields | changes)


def ledger_sums(generation: Generation) -> tuple[Decimal, Decimal, Decimal]:
    """Spent, reserved, unknown of this month."""
    balance = generation.costs().balance
    return balance.spent, balance.reserved, balance.unknown


def as_text(body: Any) -> str:
    """JSON, for a look at everything at once."""
    return json.dumps(body, ensure_ascii=False, default=str)


def only(outcome):
    """The one job of an outcome."""
    (job,) = outcome.jobs
    return job
