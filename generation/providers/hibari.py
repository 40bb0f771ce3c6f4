"""English speech by the package hibari-tts, where it is installed: natural, free, on this machine (extra `speech`).

Its usual voice lies in the package. Others are taken where they were fetched before; nothing is fetched here.
"""

import struct
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import Any, ClassVar, Final

from generation.errors import InvalidRequestError, ProviderFailedError
from generation.providers.base import CallContext, Health
from generation.providers.embedded import EmbeddedProvider, Made
from generation.providers.wave_files import wave_of_samples
from generation.request import GenerationRequest
from generation.result import Adjustment, Output
from ontology.escaping import visible

LONGEST_TEXT: Final = 20_000
RATE: Final = 24_000
USUAL_VOICE: Final = "heart"
SLOWEST, FASTEST = 0.5, 2.0
_LANGUAGE: Final = "en"
_LARGEST: Final = 32_767

Speaker = Callable[..., Any]


class HibariProvider(EmbeddedProvider):
    """See `EmbeddedProvider`. A voice is loaded once; one text is spoken at a time."""

    name = "hibari-tts"
    model = "hibari"
    operation = "text_to_speech"
    accepts: ClassVar = frozenset({"voice", "speed", "seed", "language"})

    def __init__(self) -> None:
        self._lock = Lock()
        self._speakers: dict[str, Speaker] = {}

    def check(self) -> Health:
        """Whether the package is here."""
        if find_spec("hibari") is None:
            return Health("absent", "hibari-tts is not installed: install callsheet[speech]")
        return Health("ready", "speaks English on this machine")

    def make(self, request: GenerationRequest, context: CallContext) -> Made:
        """Speak it, each variation with a seed of its own."""
        del context
        if not request.prompt.strip() or len(request.prompt) > LONGEST_TEXT:
            hint = f"write 1 to {LONGEST_TEXT} characters"
            raise InvalidRequestError("there is no text to speak, or too much", field="prompt", hint=hint)
        if request.language is not None and request.language.partition("-")[0].lower() != _LANGUAGE:
            message = f"hibari-tts speaks no {visible(request.language, limit=40)}"
            raise InvalidRequestError(message, field="language", hint="name another provider", code="unsupported")
        speed = min(max(request.speed or 1.0, SLOWEST), FASTEST)
        outputs = [self._output(request, number, speed) for number in range(request.n)]
        changed = []
        if request.speed is not None and speed != request.speed:
            changed.append(Adjustment("speed", request.speed, speed, f"it takes {SLOWEST:g} to {FASTEST:g}"))
        return Made(outputs, changed, {"voice": request.voice or USUAL_VOICE})

    def _output(self, request: GenerationRequest, number: int, speed: float) -> Output:
        seed = self.seed_of(request) + number
        with self._lock:
            speaker = self._speaker(request.voice or USUAL_VOICE)
            try:
                samples = [float(each) for each in speaker(request.prompt, speed=speed, seed=seed)]
            except Exception as error:  # the seam to a package, which says nothing of what it raises
                message = f"hibari-tts failed: {type(error).__name__}: {visible(str(error), limit=200)}"
                raise ProviderFailedError(message, provider=self.name, hint="try another text") from error
        if not samples:
            message = "hibari-tts found nothing in the text that can be spoken"
            raise InvalidRequestError(message, field="prompt", hint="write words", provider=self.name)
        levels = [max(-_LARGEST, min(_LARGEST, round(each * _LARGEST))) for each in samples]
        data = wave_of_samples(struct.pack(f"<{len(levels)}h", *levels), RATE)
        return Output(data, "audio/wav", index=number, duration=len(levels) / RATE, sample_rate=RATE, seed=seed)

    def _speaker(self, voice: str) -> Speaker:
        """A voice, loaded. Raises `InvalidRequestError` for one that is not here, `ProviderFailedError`."""
        if voice not in self._speakers:
            try:
                path = import_module("hibari.voices").voice_path(voice, download_missing=False)
                self._speakers[voice] = import_module("hibari").Hibari(voice=voice, model=path)
            except (ValueError, FileNotFoundError) as error:
                message = f"hibari-tts has no voice {visible(voice, limit=40)} on this machine"
                hint = f"take {USUAL_VOICE}, or fetch it with `hibari --voice NAME` first"
                raise InvalidRequestError(message, field="voice", hint=hint, provider=self.name) from error
            except Exception as error:  # see above; a runtime that does not fit this machine, for one
                message = f"hibari-tts cannot be loaded: {visible(str(error), limit=200)}"
                raise ProviderFailedError(message, provider=self.name, hint="install it anew") from error
        return self._speakers[voice]
