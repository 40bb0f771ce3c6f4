"""What providers that work on this machine have in common: free, never pending, nothing to recover."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, ClassVar, Final

from generation.errors import InvalidRequestError
from generation.money import ZERO
from generation.providers.base import CallContext, Capability, Done, Health, Submission
from generation.request import GenerationRequest, Operation, fingerprint
from generation.result import Adjustment, Cost, CostEstimate, GenerationResult, Output

MOST_OUTPUTS: Final = 16
_SEEDS: Final = 2**31
_TOLD: Final = (
    *("size", "aspect_ratio", "quality", "background", "strength", "negative_prompt"),
    *("duration", "loop", "voice", "speed", "language", "seed"),
)
"""What may be asked of a sound or picture; what is not honoured is told."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: the files, what was changed, and what is kept of the making."""

    outputs: Sequence[Output]
    adjustments: Sequence[Adjustment] = ()
    raw: dict[str, Any] = field(default_factory=dict)


class EmbeddedProvider(ABC):
    """See `generation.providers.base.Provider`. Needs no key and no network."""

    name: ClassVar[str]
    model: ClassVar[str]
    operation: ClassVar[Operation]
    accepts: ClassVar[frozenset[str]]
    formats: ClassVar[Sequence[str]] = ("wav",)
    stand_in = True

    def capabilities(self) -> Sequence[Capability]:
        """The one thing that it makes."""
        return (
            Capability(
                self.operation, self.model, formats=self.formats, max_n=MOST_OUTPUTS, accepts=self.accepts | {"n"}
            ),
        )

    def estimate(self, request: GenerationRequest) -> CostEstimate:
        """Nothing."""
        del request
        return CostEstimate(ZERO, ZERO, "made by this machine")

    def submit(self, request: GenerationRequest, context: CallContext) -> Submission:
        """Make it. Raises `InvalidRequestError`, and what the maker raises."""
        if request.operation != self.operation:
            what = f"{self.name} cannot do {request.operation}"
            raise InvalidRequestError(what, hint="choose another provider", provider=self.name, code="unsupported")
        started = context.now()
        left_out = self._left_out(request)
        if context.strict and left_out:
            raise self._refused(left_out[0])
        made = self.make(request, context)
        if context.strict and made.adjustments:
            raise self._refused(made.adjustments[0])
        return Done(
            GenerationResult(
                outputs=tuple(made.outputs),
                provider=self.name,
                model=self.model,
                cost=Cost(ZERO, "computed"),
                adjustments=(*left_out, *made.adjustments),
                started=started,
                finished=context.now(),
                raw=made.raw,
                stand_in=self.stand_in,
            )
        )

    def poll(self, remote_id: str, request: GenerationRequest, context: CallContext) -> Submission:
        """Nothing is ever pending: it is made anew."""
        del remote_id
        return self.submit(request, context)

    def recover(self, request: GenerationRequest, context: CallContext) -> Submission | None:
        """Nothing can be lost: it is made anew."""
        return self.submit(request, context)

    def cancel(self, remote_id: str, context: CallContext) -> bool:
        """Nothing is ever pending."""
        del remote_id, context
        return False

    @abstractmethod
    def check(self) -> Health:
        """Whether what it needs is here."""

    @abstractmethod
    def make(self, request: GenerationRequest, context: CallContext) -> Made:
        """Make what is asked for."""

    def seed_of(self, request: GenerationRequest) -> int:
        """The seed that was asked for, else one that comes from everything else."""
        if request.seed is not None:
            return request.seed % _SEEDS
        digits = sha256(fingerprint(self.name, replace(request, n=1)).encode()).hexdigest()
        return int(digits[:8], 16) % _SEEDS

    def _left_out(self, request: GenerationRequest) -> list[Adjustment]:
        found = [
            Adjustment(name, asked, None, f"{self.name} has no such parameter")
            for name in _TOLD
            if (asked := getattr(request, name)) not in (None, False) and name not in self.accepts
        ]
        if request.format is not None and request.format.lower() not in self.formats:
            reason = f"{self.name} writes {', '.join(self.formats)}; the step `convert` makes others of it"
            found.append(Adjustment("format", request.format, self.formats[0], reason))
        return found

    def _refused(self, first: Adjustment) -> InvalidRequestError:
        message = f"{self.name} cannot do {first.field} as asked: {first.reason}"
        return InvalidRequestError(message, field=first.field, provider=self.name, code="unsupported")
