"""Google Cloud's speech: `text:synthesize`. The sound stands in the answer as base64; nothing in it is counted."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from generation.catalogue.model import Model
from generation.errors import ProviderError
from generation.providers.failures import by_status
from generation.providers.fitting import Fit
from generation.providers.gemini_answers import said_by, special_refusal
from generation.providers.messages import Answer, Call
from generation.providers.sound_answers import result_of
from generation.providers.sound_fitting import check_words, fitted_sound, format_word, keep_within
from generation.providers.vendor import HttpProvider, Sent
from generation.request import GenerationRequest
from generation.result import GenerationResult

BASE_URL: Final = "https://texttospeech.googleapis.com"
LARGEST_TEXT: Final = 5000
"""Bytes of one request."""
USUAL_LANGUAGE: Final = "en-US"

_ENCODINGS: Final = {"wav": "LINEAR16", "mp3": "MP3", "opus": "OGG_OPUS"}
_FAMILIES: Final = {"chirp3-hd": "Chirp3-HD", "neural2": "Neural2", "wavenet": "Wavenet", "standard": "Standard"}
_USUAL_VOICES: Final = {"chirp3-hd": "Kore", "neural2": "C", "wavenet": "C", "standard": "C"}
_WHOLE_NAME = re.compile(r"([a-z]{2,3}-[A-Za-z]{2,4})-[A-Za-z0-9-]{1,60}")
_SHORT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,40}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,4}){0,2}")
_SETTINGS: Final = frozenset({"pitch", "volumeGainDb", "sampleRateHertz", "effectsProfileId"})
_SSML = re.compile(r"\s*<speak[\s>]")


class GoogleSpeechProvider(HttpProvider):
    """See `HttpProvider`. Its key is one of Google Cloud; there is no history."""

    name = "google"
    operations: ClassVar = frozenset({"text_to_speech"})
    auth: ClassVar = {"x-goog-api-key": ""}

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """Speeds that it takes."""
        fit = fitted_sound(model, request)
        keep_within(fit, "speed", 0.25, 2.0)
        return fit

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """Text or, where it begins as such, SSML. `extra.google`: `pitch`, `volumeGainDb`, `sampleRateHertz`."""
        check_words(self.name, request, size=LARGEST_TEXT)
        language, voice = self._voice(model, request)
        audio: dict[str, Any] = {key: value for key, value in request.extra.items() if key in _SETTINGS}
        audio |= {"audioEncoding": format_word(self.name, _ENCODINGS, request.format or model.formats[0])}
        audio |= {} if request.speed is None else {"speakingRate": request.speed}
        kind = "ssml" if _SSML.match(request.prompt) else "text"
        body = {"input": {kind: request.prompt}, "voice": {"languageCode": language, "name": voice}}
        return Call("v1/text:synthesize", body | {"audioConfig": audio})

    def _voice(self, model: Model, request: GenerationRequest) -> tuple[str, str]:
        """Language and name: `de-DE-Chirp3-HD-Kore`, or `Kore` in the language that is asked for."""
        asked = request.voice or _USUAL_VOICES.get(model.id, "")
        whole = _WHOLE_NAME.fullmatch(asked)
        if whole is not None:
            return whole[1], asked
        family, language = _FAMILIES.get(model.id), request.language or USUAL_LANGUAGE
        if family is None:
            message = f"the voices of {model.id} are known by their whole names alone"
            raise self.unfit(message, "write en-US-Studio-O, say", field="voice")
        if not _SHORT_NAME.fullmatch(asked):
            raise self.unfit("that is no name of a voice", "write Kore, or en-US-Chirp3-HD-Kore", field="voice")
        if not _LANGUAGE.fullmatch(language):
            raise self.unfit("that is no language", "write en-US", field="language")
        return language, f"{language}-{family}-{asked}"

    def health_path(self) -> str:
        """The voices of a language."""
        return f"v1/voices?languageCode={USUAL_LANGUAGE}"

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """As Gemini's: a bad key is a 400, and 429 has two meanings."""
        said, details = said_by(answer, now, self.wire.safe)
        return special_refusal(answer, said, details, provider=self.name) or by_status(self.name, answer, said)

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """The sound."""
        data = content.get("audioContent")
        return result_of(self, sent, content, data if isinstance(data, str) else None)
