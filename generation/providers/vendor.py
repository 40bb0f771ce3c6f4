"""What every provider that is asked over HTTP has in common. A vendor's own file says how it is asked and answers."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any, ClassVar, Final

from generation.catalogue.charging import Tokens, cost_of
from generation.catalogue.model import Model
from generation.catalogue.pricing import estimate
from generation.errors import AuthError, InvalidRequestError, ProviderError, ProviderFailedError
from generation.providers.access import Access
from generation.providers.answer_sizes import largest_answer
from generation.providers.base import CallContext, Capability, Done, Health, Submission
from generation.providers.failures import Said, by_status, page_text, request_id
from generation.providers.fitting import Fit
from generation.providers.http import Keyring, Wire
from generation.providers.messages import Answer, Call
from generation.request import GenerationRequest
from generation.result import Cost, CostEstimate, GenerationResult, Output
from ontology.errors import CallsheetError

HEALTH_SECONDS: Final = 300.0
"""How long the answer to "may we ask you?" is believed."""
CHECK_SECONDS: Final = 10.0
_FORBIDDEN: Final = 403
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
OK: Final = range(200, 300)


class Content(dict[str, Any]):
    """The object of an answer. It does not show itself: it may repeat a key, and tracebacks show variables."""

    @classmethod
    def of(cls, answer: Answer) -> "Content | None":
        """None where the answer is no JSON object."""
        found = answer.json()
        return cls(found) if isinstance(found, dict) else None

    def __repr__(self) -> str:
        return f"<answer of {len(self)} entries>"


@dataclass(frozen=True, slots=True)
class Sent:
    """One call that was answered."""

    model: Model
    fit: Fit
    answer: Answer
    started: datetime
    now: datetime

    @property
    def request(self) -> GenerationRequest:
        """As it was sent."""
        return self.fit.request


class HttpProvider(ABC):
    """See `generation.providers.base.Provider`. `models`: those of the catalogue that are this provider's."""

    name: ClassVar[str]
    operations: ClassVar[frozenset[str]]
    """What this adapter can ask for; the catalogue may know more."""
    auth: ClassVar[Mapping[str, str]]
    stand_in = False

    def __init__(
        self, models: Sequence[Model], access: Access, *, trust_env: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.access = access
        self._monotonic = monotonic
        self.wire = Wire(self.name, access, self.auth, trust_env=trust_env, keyring=self.keyring(trust_env=trust_env))
        self._models = {model.id: model for model in models if model.provider == self.name}
        self._lock = Lock()
        self._health: tuple[float, Health] | None = None

    def capabilities(self) -> Sequence[Capability]:
        """What the catalogue says of its models, as far as this adapter can ask for it."""
        known = [each for model in self._models.values() for each in model.capabilities()]
        return tuple(each for each in known if each.operation in self.operations)

    def estimate(self, request: GenerationRequest) -> CostEstimate:
        """What the call may cost, as it would be sent. No I/O."""
        model = self._models.get(request.model)
        if model is None:
            return CostEstimate(None, None, f"{self.name} has no model {request.model} that is known here")
        return estimate(model, self.fitted(model, request).request)

    def submit(self, request: GenerationRequest, context: CallContext) -> Submission:
        """Ask once. Raises the errors of `generation.errors`."""
        model = self.model_of(request)
        fit = self.fitted(model, request)
        if context.strict and fit.adjustments:
            first = fit.adjustments[0]
            message = f"{model.id} cannot do {first.field} as asked: {first.reason}"
            raise InvalidRequestError(message, field=first.field, provider=self.name, code="unsupported")
        call = self._prepared(model, fit.request)
        started = context.now()
        seconds = (context.deadline - started).total_seconds()
        answer = self.wire.post(call, seconds=seconds, operation=request.operation, most=largest_answer(fit.request))
        sent = Sent(model, fit, answer, started, context.now())
        if answer.status not in OK:
            raise self._remembered(self.refusal(answer, sent.now))
        return self.received(sent, context)

    def poll(self, remote_id: str, request: GenerationRequest, context: CallContext) -> Submission:
        """Never asked for: a call has ended when it is answered."""
        del request, context
        raise ProviderFailedError(f"{self.name} knows no call {remote_id}", provider=self.name)

    def recover(self, request: GenerationRequest, context: CallContext) -> Submission | None:
        """There is no history that could be asked."""
        del request, context
        return None

    def cancel(self, remote_id: str, context: CallContext) -> bool:
        """A call that was sent cannot be called back."""
        del remote_id, context
        return False

    def check(self) -> Health:
        """Whether there is a key and the provider takes it, by a free call, believed for some minutes.

        Raises `UntrustedHostError` where nothing may be sent.
        """
        if self.access.key is None or not self.access.key.reveal():
            return Health("no_key", f"{self.name} has no key: set {self.access.key_name}", self.access.key_name)
        self.access.check_trust(self.name)
        with self._lock:
            if self._health is None or self._monotonic() - self._health[0] > HEALTH_SECONDS:
                self._health = (self._monotonic(), self._asked())
            return self._health[1]

    def close(self) -> None:
        """Let go of connections."""
        self.wire.close()

    def keyring(self, *, trust_env: bool) -> Keyring | None:
        """What lets calls in, where that is more than the key in the headers of `auth`."""
        del trust_env
        return None

    def received(self, sent: Sent, context: CallContext) -> Submission:
        """What an answer of success means: here, that the call has ended."""
        del context
        return Done(self.result(sent, self.content_of(sent.answer)))

    def content_of(self, answer: Answer) -> Content:
        """The object of an answer. Raises `AmbiguousOutcomeError` for a success that is none."""
        content = Content.of(answer)
        if content is None:
            raise by_status(self.name, answer, Said(f"no JSON, but: {self.wire.safe(page_text(answer))}"))
        return content

    @abstractmethod
    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """The request as it can be sent. Pure."""

    @abstractmethod
    def call(self, model: Model, request: GenerationRequest) -> Call:
        """Path, body and headers, after free calls, if need be. Raises only what surely bought nothing."""

    @abstractmethod
    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """What an answer that is no success means."""

    @abstractmethod
    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """What a success gave. Raises the error of one that gave nothing."""

    def unfit(self, message: str, hint: str, *, field: str = "inputs") -> InvalidRequestError:
        """The error for what the provider does not take."""
        return InvalidRequestError(message, field=field, hint=hint, provider=self.name)

    def free_call(self, seconds: float) -> Answer:
        """The answer to a free call that needs the key."""
        return self.wire.get(self.health_path(), seconds=seconds)

    @abstractmethod
    def health_path(self) -> str:
        """What the free call asks for."""

    def lacking(self, sent: Sent, outputs: Sequence[Output], faults: Sequence[str]) -> str | None:
        """What is missing of what was asked for, and why, where that is known; None where nothing is."""
        asked, missing = sent.request.n, sent.request.n - len(outputs)
        if missing <= 0:
            return None
        return f"{missing} of {asked} are missing" + "".join(f"; {each}" for each in faults[:1])

    def made(
        self, sent: Sent, content: Mapping[str, Any], outputs: Sequence[Output], tokens: Tokens | None = None,
        cost: Cost | None = None, **facts: Any,
    ) -> GenerationResult:  # fmt: skip
        """The result in our words. `facts`: `model_version`, `usage`, `partial`, `remote_id`."""
        facts.setdefault("request_id", request_id(sent.answer))
        return GenerationResult(
            outputs=tuple(outputs),
            provider=self.name,
            model=sent.model.id,
            cost=cost or cost_of(sent.model, sent.request, tokens, len(outputs)),
            adjustments=tuple(sent.fit.adjustments),
            started=sent.started,
            finished=sent.now,
            raw=self.wire.safe_value(content),
            **facts,
        )

    def _prepared(self, model: Model, request: GenerationRequest) -> Call:
        """What is sent. A fault of ours is told as one: nothing was sent yet, so nothing can have been bought."""
        try:
            return self.call(model, request)
        except CallsheetError:
            raise
        except Exception as error:
            message = f"the call to {self.name} cannot be put together: {type(error).__name__}: {error}"
            raise InvalidRequestError(
                self.wire.safe(message), provider=self.name, hint="a fault of the adapter; nothing was sent",
                code="internal",
            ) from error  # fmt: skip

    def model_of(self, request: GenerationRequest) -> Model:
        """Its model. Raises `InvalidRequestError` (`unsupported`) for one that is unknown or cannot do it."""
        model = self._models.get(request.model)
        if model is None or request.operation not in self.operations or request.operation not in model.operations:
            what = f"{self.name} cannot do {request.operation} with {self.wire.safe(request.model, limit=80)}"
            raise InvalidRequestError(what, provider=self.name, hint="name another model", code="unsupported")
        return model

    def _remembered(self, error: ProviderError) -> ProviderError:
        """A refused key is refused for the next one, too; what is forbidden may be so for one model."""
        if isinstance(error, AuthError) and error.status != _FORBIDDEN:
            with self._lock:
                self._health = (self._monotonic(), Health("refused", error.message))
        return error

    def _asked(self) -> Health:
        try:
            answer = self.free_call(CHECK_SECONDS)
        except (AuthError, InvalidRequestError) as error:
            return Health("refused", error.message)
        except ProviderError as error:
            return Health("unwell", error.message)
        if answer.status in OK:
            return Health("ready", f"{self.name} takes the key")
        refusal = self.refusal(answer, _LONG_AGO)
        if isinstance(refusal, AuthError):
            return Health("refused", refusal.message)
        unwell = answer.status >= 500  # noqa: PLR2004  # a compatible server need not have this call
        return Health("unwell", refusal.message) if unwell else Health("ready", f"{self.name} answers")
