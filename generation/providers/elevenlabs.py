"""ElevenLabs: sound effects, speech and music. The answer is the sound; what it cost stands in a header, in credits."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote

from generation.catalogue.model import Model
from generation.errors import (
    ContentRejectedError,
    InvalidRequestError,
    ProviderError,
    QuotaExceededError,
    RateLimitedError,
)
from generation.providers.base import CallContext, Done, Submission
from generation.providers.elevenlabs_history import ITEMS, PATH, credits_of, only_item
from generation.providers.failures import Said, answered_at, by_status, page_text, request_id
from generation.providers.fitting import Fit
from generation.providers.messages import Answer, Call
from generation.providers.polling import nothing_decided
from generation.providers.retry_after import retry_after
from generation.providers.sound_answers import result_of
from generation.providers.sound_fitting import check_words, fitted_sound, format_word, keep_within
from generation.providers.vendor import OK, Content, HttpProvider, Sent
from generation.providers.wording import worded
from generation.request import GenerationRequest
from generation.result import GenerationResult

BASE_URL: Final = "https://api.elevenlabs.io"
USUAL_VOICE: Final = "JBFqnCBsd6RMkjVDRZzb"
"""A voice that every account has; any other by its id."""
BUSY_SECONDS: Final = 2.0
"""How long to stand aside where it only says that too much is asked at once."""

_FORMATS: Final = {"mp3": "mp3_44100_128", "wav": "wav_44100", "opus": "opus_48000_128"}
_CHOSEN = re.compile(r"(?:mp3|opus|wav|pcm)_\d{4,5}(?:_\d{2,3})?")
_VOICE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NOT_PASSED: Final = frozenset(
    {"text", "prompt", "model_id", "duration_seconds", "loop", "music_length_ms", "seed"}
) | {*("composition_plan", "output_format", "language_code", "enable_logging")}
"""What decides what is bought, or stands elsewhere."""
_LONGEST_TEXT: Final = 10_000
_NO_MONEY: Final = frozenset({"quota_exceeded", "insufficient_credits", "payment_required", "payment_issue"})
_NO_MODEL: Final = frozenset({"model_not_found", "invalid_model_id", "model_deprecated", "unsupported_model"})
_BUSY: Final = frozenset({"too_many_concurrent_requests", "concurrent_limit_exceeded"})
_FIELDS: Final = {"voice_not_found": "voice", "invalid_voice_id": "voice", "max_character_limit_exceeded": "prompt"}
_REFUSED = re.compile(r"moderation|terms of service|content polic|violat", re.IGNORECASE)
_REFUSING: Final = frozenset({400, 403})


class ElevenLabsProvider(HttpProvider):
    """See `HttpProvider`. One sound a call."""

    name = "elevenlabs"
    operations: ClassVar = frozenset({"sound_effect", "text_to_speech", "music"})
    auth: ClassVar = {"xi-api-key": ""}

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """Lengths and speeds that it takes; what an effect or a piece has no parameter for in words."""
        speech = request.operation == "text_to_speech"
        fit = fitted_sound(model, request, in_words=() if speech else ("negative_prompt",))
        if request.operation == "sound_effect":
            keep_within(fit, "duration", 0.5, model.longest or 30.0)
        elif request.operation == "music":
            keep_within(fit, "duration", 3.0, model.longest or 600.0)
        else:
            keep_within(fit, "speed", 0.7, 1.2)
        return fit

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """The words and what is known of the sound; its format stands in the address."""
        check_words(self.name, request, characters=_LONGEST_TEXT)
        body: dict[str, Any] = {key: value for key, value in request.extra.items() if key not in _NOT_PASSED}
        body["model_id"] = model.id
        if request.operation == "sound_effect":
            path = "v1/sound-generation"
            body |= {"text": worded(request, ())} | ({"loop": True} if request.loop else {})
            body |= {} if request.duration is None else {"duration_seconds": request.duration}
        elif request.operation == "music":
            path = "v1/music"
            body |= {"prompt": worded(request, ())}
            body |= {} if request.duration is None else {"music_length_ms": round(request.duration * 1000)}
        else:
            path = f"v1/text-to-speech/{quote(self._voice(request), safe='')}"
            body |= {"text": request.prompt}
            body |= {} if request.language is None else {"language_code": request.language.partition("-")[0]}
            body |= {} if request.seed is None else {"seed": request.seed % 2**32}
            if request.speed is not None:
                body["voice_settings"] = {**_mapping(body.get("voice_settings")), "speed": request.speed}
        return Call(f"{path}?output_format={self._format(model, request)}", body, {"Accept": "audio/*"})

    def _voice(self, request: GenerationRequest) -> str:
        voice = request.voice or USUAL_VOICE
        if not _VOICE.fullmatch(voice):
            raise self.unfit("that is no id of a voice of elevenlabs", "copy the id of the voice", field="voice")
        return voice

    def _format(self, model: Model, request: GenerationRequest) -> str:
        """As `extra.elevenlabs.output_format` says, where that is a sound that can be kept; else the usual one."""
        chosen = request.extra.get("output_format")
        if chosen is None:
            return format_word(self.name, _FORMATS, request.format or model.formats[0])
        if not isinstance(chosen, str) or not _CHOSEN.fullmatch(chosen):
            message = "that is no output_format that can be kept"
            raise self.unfit(message, "write mp3_44100_192, wav_24000, opus_48000_96…", field="output_format")
        return chosen

    def recover(self, request: GenerationRequest, context: CallContext) -> Submission | None:
        """A speech whose answer was lost, from the history of the account; of effects and music there is none."""
        if request.operation != "text_to_speech" or context.sent is None:
            return None
        with nothing_decided():
            model = self.model_of(request)
            voice = self._voice(request)
            listed = self.wire.get(f"{PATH}?page_size={ITEMS}&voice_id={quote(voice, safe='')}")
            content = Content.of(listed)
            if listed.status not in OK or content is None:
                return None
            ahead = (answered_at(listed) or context.now()) - context.now()
            item = only_item(content, request, voice, context.sent + ahead)
            if item is None:
                return None
            answer = self.wire.get(f"{PATH}/{quote(item['history_item_id'], safe='')}/audio")
            if answer.status not in OK:
                return None
        sent = Sent(model, self.fitted(model, request), answer, context.sent, context.now())
        told = credits_of(item)
        name = item.get("request_id")
        return Done(
            result_of(
                self, sent, {"history": True, "bytes": len(answer.body)}, answer.body,
                credits_=told,
                request_id=self.wire.safe(name, limit=200) if isinstance(name, str) else None,
                usage={} if told is None else {"credits": told},
            )
        )  # fmt: skip

    def health_path(self) -> str:
        """The list of models."""
        return "v1/models"

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """`{detail: {status, message}}`, or a list of what is wrong with the request; 401 and 429 have two meanings."""
        said = self._said(answer, now)
        message = f"elevenlabs answered {answer.status}: {said.message}"
        facts: dict[str, Any] = {"provider": self.name, "status": answer.status, "request_id": request_id(answer)}
        if said.code in _NO_MONEY:
            return QuotaExceededError(message, hint="top up the account, or name another provider", **facts)
        if answer.status in _REFUSING and said.code not in _FIELDS and _REFUSED.search(f"{said.code} {said.message}"):
            return ContentRejectedError(message, hint="change the prompt", **facts)
        if said.code in _NO_MODEL:
            hint = "name another model; `callsheet specs check` knows those that are gone"
            return InvalidRequestError(message, field="model", hint=hint, code="model_gone", **facts)
        if said.code in _FIELDS and answer.status < 500:  # noqa: PLR2004  # their fault is not the spec's
            return InvalidRequestError(message, field=_FIELDS[said.code], hint="mend the spec", **facts)
        if said.code in _BUSY and said.wait is None:
            hint = "fewer at a time: `at_once`"
            return RateLimitedError(message, hint=hint, retry_after=BUSY_SECONDS, **facts)
        return by_status(self.name, answer, said)

    def _said(self, answer: Answer, now: datetime) -> Said:
        content = answer.json()
        detail = content.get("detail") if isinstance(content, dict) else None
        wait = retry_after(answer.headers, now=now)
        if isinstance(detail, dict):
            code = str(detail.get("status") or detail.get("code") or "")
            message = self.wire.safe(str(detail.get("message") or "no reason"))
            return Said(message, code=self.wire.safe(code, limit=80), own=True, wait=wait)
        if isinstance(detail, list) and detail and isinstance(detail[0], dict):
            where = detail[0].get("loc")
            field = str(where[-1]) if isinstance(where, list) and where else None
            told = self.wire.safe(str(detail[0].get("msg") or "no reason"))
            return Said(told, field=None if field is None else self.wire.safe(field, limit=80), own=True, wait=wait)
        if isinstance(detail, str):
            return Said(self.wire.safe(detail), own=True, wait=wait)
        return Said(self.wire.safe(page_text(answer)), wait=wait)

    def received(self, sent: Sent, context: CallContext) -> Submission:
        """The body is the sound."""
        del context
        headers = sent.answer.headers
        kind = headers.get("content-type", "")
        if not kind.startswith(("audio/", "application/octet-stream")):
            raise by_status(self.name, sent.answer, Said(f"no sound, but: {self.wire.safe(page_text(sent.answer))}"))
        told = {name: headers[name] for name in ("character-cost", "content-type", "request-id") if name in headers}
        return Done(self.result(sent, told | {"bytes": len(sent.answer.body)}))

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """A whole sound, and its credits in dollars."""
        told = _credits(sent.answer)
        asked = sent.request.extra.get("output_format")
        bare = f"audio/pcm;rate={asked.split('_')[1]}" if isinstance(asked, str) and asked.startswith("pcm_") else ""
        return result_of(
            self, sent, content, sent.answer.body, bare,
            credits_=told,
            request_id=sent.answer.headers.get("request-id") or request_id(sent.answer),
            usage={} if told is None else {"credits": told},
        )  # fmt: skip


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _credits(answer: Answer) -> int | None:
    """What it says that it took; None where that is no number that can be one."""
    told = answer.headers.get("character-cost", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else None  # noqa: PLR2004  # a billion
