"""Gemini's speech: the same call as for pictures, bare samples as the answer. See `gemini`."""

from collections.abc import Mapping
from typing import Any, Final

from generation.catalogue.charging import Tokens, cost_of_sound
from generation.catalogue.model import Model
from generation.errors import ContentRejectedError
from generation.providers.failures import known_as, paid
from generation.providers.fitting import Fit
from generation.providers.gemini_answers import image_parts, nothing_made, tokens_of
from generation.providers.sound_answers import result_of
from generation.providers.sound_fitting import check_words, fitted_sound
from generation.providers.vendor import HttpProvider, Sent
from generation.request import GenerationRequest
from generation.result import GenerationResult

USUAL_VOICE: Final = "Kore"
LONGEST_TEXT: Final = 32_000
_NOT_PASSED: Final = frozenset(
    {"responseModalities", "imageConfig", "candidateCount", "tools", "safetySettings", "speechConfig"}
)
_BESIDE: Final = frozenset({"safetySettings"})


def fitted_speech(model: Model, request: GenerationRequest) -> Fit:
    """It has voices and languages, and always gives a WAV file."""
    return fitted_sound(model, request)


def speech_body(provider: HttpProvider, request: GenerationRequest) -> dict[str, Any]:
    """The words and the voice. `extra.gemini.speechConfig` in place of the latter, for several speakers."""
    check_words(provider.name, request, size=LONGEST_TEXT)
    speech: dict[str, Any] = {"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": request.voice or USUAL_VOICE}}}
    speech |= {} if request.language is None else {"languageCode": request.language}
    own = request.extra.get("speechConfig")
    settings = {key: value for key, value in request.extra.items() if key not in _NOT_PASSED}
    settings |= {"responseModalities": ["AUDIO"], "speechConfig": own if isinstance(own, dict) else speech}
    return {
        "contents": [{"role": "user", "parts": [{"text": request.prompt}]}],
        "generationConfig": settings,
        **{key: value for key, value in request.extra.items() if key in _BESIDE},
    }


def speech_of(provider: HttpProvider, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
    """The first sound of the answer, what it counted, and who it was."""
    usage = content.get("usageMetadata")
    tokens = _spoken_tokens(usage)
    parts = image_parts(content)
    if not parts:
        error = nothing_made(content, provider.wire.safe, what="sound")
        if tokens is None and isinstance(error, ContentRejectedError):
            raise known_as(error, sent.answer)
        cost = cost_of_sound(sent.model, sent.request, None, tokens=tokens)
        raise paid(known_as(error, sent.answer), cost.amount)
    version, response_id = content.get("modelVersion"), content.get("responseId")
    named: dict[str, Any] = (
        {"request_id": provider.wire.safe(response_id, limit=200)} if isinstance(response_id, str) else {}
    )
    data = parts[0].data
    return result_of(
        provider, sent, content, data if isinstance(data, str) else None, parts[0].media_type,
        tokens=tokens,
        usage=provider.wire.safe_value(usage) if isinstance(usage, dict) else {},
        model_version=provider.wire.safe(version, limit=200) if isinstance(version, str) else None,
        **named,
    )  # fmt: skip


def _spoken_tokens(usage: object) -> Tokens | None:
    """All that came out counts as sound, the dearest kind."""
    counted = tokens_of(usage)
    if counted is None:
        return None
    return Tokens(text_in=counted.text_in + counted.image_in, audio_out=counted.image_out + counted.text_out)
