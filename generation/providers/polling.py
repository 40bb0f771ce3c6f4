"""Providers that accept a call, give it a name, and are asked for it later. Asking is free, and decides nothing.

What goes wrong while a call is asked for says nothing about the call: it goes on over there, and will be charged. So
no such failure may look as if nothing had been bought.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from generation.errors import AmbiguousOutcomeError, ProviderError, TransientError
from generation.providers.access import is_near
from generation.providers.addresses import host_is_listed
from generation.providers.base import CallContext, Done, Pending, Submission
from generation.providers.failures import Said, answered_at, by_status, nothing_whole
from generation.providers.messages import Answer
from generation.providers.pictures import DamagedPictureError, picture_of
from generation.providers.sounds import DamagedSoundError, sound_of
from generation.providers.vendor import OK, Content, HttpProvider, Sent
from generation.request import GenerationRequest
from generation.result import Cost, Output

DOWNLOAD_SECONDS: Final = 60.0
_SOUNDS: Final = frozenset({"sound_effect", "text_to_speech", "music"})
_TEMPORARY: Final = frozenset({408, 409, 425, 429})
_BROKEN: Final = 500
_LATE: Final = datetime(9000, 1, 1, tzinfo=UTC)


class PollingProvider(HttpProvider):
    """See `HttpProvider`. `result_hosts`: where its results lie, beside its own address (`.x.example`: any below).

    `status_hosts`: whom calls may be asked of, beside its own address. Those are given the key.
    """

    result_hosts: ClassVar[Sequence[str]]
    status_hosts: ClassVar[Sequence[str]] = ()

    def received(self, sent: Sent, context: CallContext) -> Submission:
        """It was accepted. Even a call that has ended already is asked for by its name: that is kept first."""
        del context
        content = self.content_of(sent.answer)
        name = self.name_of(content)
        if name is None:
            raise by_status(self.name, sent.answer, Said("an answer without the name of the call"))
        return Pending(name, self.pause(content) or 0.0)

    def poll(self, remote_id: str, request: GenerationRequest, context: CallContext) -> Submission:
        """How the call is doing."""
        with nothing_decided():
            model = self.model_of(request)
            fit = self.fitted(model, request)
            answer = self.asked(remote_id)
            sent = Sent(model, fit, answer, context.now(), context.now())
            if answer.status not in OK:
                raise self._unasked(answer, sent)
            content = Content.of(answer)
            if content is None:
                raise TransientError(f"{self.name} told nothing about the call", provider=self.name)
        seconds = self.pause(content)
        return Done(self.result(sent, content)) if seconds is None else Pending(remote_id, seconds)

    @abstractmethod
    def name_of(self, content: Mapping[str, Any]) -> str | None:
        """By what an accepted call is asked for; None where the answer does not say."""

    @abstractmethod
    def asked(self, remote_id: str) -> Answer:
        """The answer to a question for a call."""

    @abstractmethod
    def pause(self, content: Mapping[str, Any]) -> float | None:
        """Seconds until it is asked again; None for a call that has ended, well or not.

        A state that is not known is no end: what goes on would be taken for what failed and cost nothing.
        """

    def is_theirs(self, url: object) -> bool:
        """Whether an answer may send us there with the key, to ask for a call. It is looked at again when it is."""
        base = urlsplit(self.access.base_url)
        try:
            parts = urlsplit(url if isinstance(url, str) else "")
            host = parts.hostname or ""
        except ValueError:
            return False
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_near(base.hostname or ""))
        return safe and (parts[:2] == base[:2] or host_is_listed(host, self.status_hosts))

    def _unasked(self, answer: Answer, sent: Sent) -> ProviderError:
        error = self.refusal(answer, sent.now)
        if answer.status in _TEMPORARY or answer.status >= _BROKEN:
            return TransientError(
                error.message, provider=self.name, status=answer.status, retry_after=error.retry_after,
                request_id=error.request_id,
            )  # fmt: skip
        return error

    def fetched(self, sent: Sent, urls: Sequence[object], cost: Cost) -> tuple[list[Output], list[str]]:
        """The pictures or sounds that lie there, what is wrong with others. `cost`: of the call, if there is none."""
        outputs: list[Output] = []
        faults: list[str] = []
        for url in urls:
            try:
                data = self._downloaded(str(url))
                is_sound = sent.request.operation in _SOUNDS
                outputs.append(sound_of(data, "", len(outputs)) if is_sound else picture_of(data, len(outputs)))
            except (DamagedPictureError, DamagedSoundError) as damage:
                faults.append(str(damage))
        if not outputs:
            why = faults[0] if faults else "it names no file"
            raise nothing_whole(self.name, sent.answer, why, cost.amount)
        return outputs, faults

    def _downloaded(self, url: str) -> bytes:
        """The bytes of a result. Raises `DamagedPictureError` where they are gone for good."""
        with nothing_decided():
            answer = self.wire.fetch(url, hosts=self.result_hosts, seconds=DOWNLOAD_SECONDS)
            if answer.status in _TEMPORARY or answer.status >= _BROKEN:
                message = f"the result of {self.name} cannot be fetched now: {answer.status}"
                raise TransientError(message, provider=self.name, status=answer.status)
        if answer.status not in OK:
            raise DamagedPictureError(f"the file is gone from where it lay ({answer.status})")
        return answer.body


def unpaid(error: ProviderError) -> ProviderError:
    """The error of a call that cost nothing: no outcome of it is unknown."""
    if isinstance(error, AmbiguousOutcomeError):
        return TransientError(error.message, provider=error.provider, status=error.status, request_id=error.request_id)
    return error


def heard_at(answer: Answer) -> datetime:
    """When a free call was answered, by their clock; late enough for any date, where that is not told."""
    return answered_at(answer) or _LATE


@contextmanager
def nothing_decided() -> Iterator[None]:
    """Errors of the block leave open what becomes of the call: they are to be tried again, or for a person."""
    try:
        yield
    except TransientError as error:
        raise unpaid(error) from None
    except ProviderError as error:
        error.charged, error.outcome_known = "unknown", False
        raise
