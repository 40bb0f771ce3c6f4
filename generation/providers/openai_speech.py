"""OpenAI's speech: `audio/speech`. The answer is the sound; nothing in it is counted. See `openai`."""

from typing import Any, Final

from generation.catalogue.model import Model
from generation.providers.failures import Said, by_status, page_text
from generation.providers.fitting import Fit
from generation.providers.messages import Call
from generation.providers.sound_answers import result_of
from generation.providers.sound_fitting import check_words, fitted_sound, keep_within
from generation.providers.vendor import HttpProvider, Sent
from generation.request import GenerationRequest
from generation.result import GenerationResult

USUAL_VOICE: Final = "alloy"
LONGEST_TEXT: Final = 4096
_NOT_PASSED: Final = frozenset({"model", "input", "voice", "response_format", "speed", "stream_format"})


def fitted_speech(model: Model, request: GenerationRequest) -> Fit:
    """Speeds that it takes."""
    fit = fitted_sound(model, request)
    keep_within(fit, "speed", 0.25, 4.0)
    return fit


def speech_call(provider: HttpProvider, model: Model, request: GenerationRequest) -> Call:
    """The words, the voice, the format."""
    check_words(provider.name, request, characters=LONGEST_TEXT)
    body: dict[str, Any] = {name: value for name, value in request.extra.items() if name not in _NOT_PASSED}
    body |= {"model": model.id, "input": request.prompt, "voice": request.voice or USUAL_VOICE}
    body |= {"response_format": request.format or model.formats[0]}
    body |= {} if request.speed is None else {"speed": request.speed}
    return Call("audio/speech", body)


def speech_of(provider: HttpProvider, sent: Sent) -> GenerationResult:
    """The body is the sound; a WAV file is streamed, so its head is mended."""
    kind = sent.answer.headers.get("content-type", "")
    if not kind.startswith(("audio/", "application/octet-stream")):
        said = Said(f"no sound, but: {provider.wire.safe(page_text(sent.answer))}")
        raise by_status(provider.name, sent.answer, said)
    told = {"content-type": kind, "bytes": len(sent.answer.body)}
    return result_of(provider, sent, told, sent.answer.body)
