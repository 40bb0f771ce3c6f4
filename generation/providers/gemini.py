"""Google's Gemini pictures: `models/…:generateContent`. Refusals come as HTTP 200; see `gemini_answers`."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import prod
from typing import Any, ClassVar, Final
from urllib.parse import quote

from generation.catalogue.charging import cost_of
from generation.catalogue.model import Model
from generation.errors import ContentRejectedError, ProviderError
from generation.providers.access import Access
from generation.providers.failures import by_status, known_as, nothing_whole, paid
from generation.providers.fitting import Fit, in_order, nearest_ratio, ratio_of
from generation.providers.gemini_answers import (
    ImagePart,
    image_parts,
    nothing_made,
    said_by,
    special_refusal,
    tokens_of,
)
from generation.providers.gemini_speech import fitted_speech, speech_body, speech_of
from generation.providers.messages import Answer, Call
from generation.providers.pictures import DamagedPictureError, picture
from generation.providers.vendor import HttpProvider, Sent
from generation.providers.wording import worded
from generation.request import GenerationRequest
from generation.result import GenerationResult, Output

BASE_URL: Final = "https://generativelanguage.googleapis.com"
VERSION: Final = "v1"
SPEECH: Final = "text_to_speech"
LARGEST_REQUEST: Final = 20_000_000
"""Bytes of a request with its pictures inside."""

_NAMED_SIZES: Final = {512: "512", 1024: "1K", 2048: "2K", 4096: "4K"}
_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_NOT_PASSED: Final = frozenset({"responseModalities", "imageConfig", "candidateCount", "tools"})
"""What decides what is bought."""
_BESIDE: Final = frozenset({"safetySettings"})
"""What stands beside `generationConfig`, not in it."""


class GeminiProvider(HttpProvider):
    """See `HttpProvider`. One picture a call; no sizes in pixels, but a shape and one of four sizes."""

    name = "gemini"
    operations: ClassVar = frozenset({"text_to_image", "image_to_image", "fusion", "text_to_speech"})
    auth: ClassVar = {"x-goog-api-key": ""}

    def __init__(self, models: Sequence[Model], access: Access, **options: Any) -> None:
        super().__init__(models, access, **options)
        path = access.base_url.rstrip("/").rpartition("/")[2]
        self._version = "" if path in {"v1", "v1beta", "v1alpha"} else f"{VERSION}/"

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """A shape and a named size in place of pixels; the rest in words, or left out. Speech see `gemini_speech`."""
        if request.operation == SPEECH:
            return fitted_speech(model, request)
        fit = Fit(model, request)
        fit.leave_out(in_words=("negative_prompt", "strength") if request.inputs else ("negative_prompt",))
        fit.limit_n()
        if request.quality not in (None, "auto"):
            fit.change("quality", None, f"{model.id} has no such parameter")
        if request.format is not None:
            fit.tell("format", request.format, None, f"{model.id} chooses between {' and '.join(model.formats)}")
        if request.background == "transparent":
            fit.change("background", None, f"{model.id} makes no transparency")
        self._choose_shape(fit)
        self._choose_size(fit)
        return fit

    def _choose_shape(self, fit: Fit) -> None:
        asked, size = fit.request.aspect_ratio, fit.request.size
        if asked in fit.model.aspect_ratios or (asked is None and size is None):
            return
        shape = ratio_of(asked)
        used = nearest_ratio((round(shape * 1000), 1000) if shape else size or (1, 1), fit.model.aspect_ratios)
        if asked is None:
            fit.request = replace(fit.request, aspect_ratio=used)
        else:
            fit.change("aspect_ratio", used, f"the nearest shape that {fit.model.id} makes")

    def _choose_size(self, fit: Fit) -> None:
        """The smallest of the model's sizes that holds as many pixels as are asked for; the smallest where none are."""
        known = named_sizes(fit.model)
        asked = fit.request.size
        if not known:
            used = None
        else:
            wanted = prod(asked) if asked is not None else prod(fit.model.default_size or (1024, 1024))
            used = next((side for side in known if side * side >= wanted), known[-1])
        if asked is not None:
            told = f"{_NAMED_SIZES[used]} {fit.request.aspect_ratio}" if used else f"1K {fit.request.aspect_ratio}"
            fit.tell("size", asked, told, f"{fit.model.id} has no sizes in pixels")
        fit.request = replace(fit.request, size=(used, used) if used else None)

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """The pictures in order, then the words that name them."""
        path = f"{self._version}models/{quote(model.id, safe='')}:generateContent"
        if request.operation == SPEECH:
            return Call(path, speech_body(self, request))
        pictures = in_order(request.inputs)
        if request.operation != "text_to_image" and not pictures:
            raise self.unfit(f"{request.operation} needs a picture", "add inputs to the spec")
        foreign = next((item for item in pictures if item.media_type not in _TYPES), None)
        if foreign is not None:
            raise self.unfit(f"an input is {foreign.media_type}, gemini takes PNG, JPEG or WebP", "convert it")
        if sum(len(item.data) for item in request.inputs) * 4 / 3 > LARGEST_REQUEST:
            raise self.unfit("the inputs have more than 15 MB together", "make them smaller")
        parts: list[dict[str, Any]] = [
            {"inlineData": {"mimeType": item.media_type, "data": b64encode(item.data).decode()}} for item in pictures
        ]
        image = {"aspectRatio": request.aspect_ratio} if request.aspect_ratio else {}
        image |= {"imageSize": _NAMED_SIZES[request.size[0]]} if request.size else {}
        settings = {key: value for key, value in request.extra.items() if key not in _NOT_PASSED | _BESIDE}
        settings |= {"responseModalities": ["IMAGE"]} | ({"imageConfig": image} if image else {})
        body: dict[str, Any] = {
            "contents": [{"role": "user", "parts": [*parts, {"text": worded(request, pictures)}]}],
            "generationConfig": settings,
        }
        body |= {key: value for key, value in request.extra.items() if key in _BESIDE}
        return Call(path, body)

    def health_path(self) -> str:
        """One entry of the list of models."""
        return f"{self._version}models?pageSize=1"

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """By their own words first: a bad key is a 400, and 429 has two meanings."""
        said, details = said_by(answer, now, self.wire.safe)
        return special_refusal(answer, said, details) or by_status(self.name, answer, said)

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """The pictures, without those that the model only thought of."""
        if sent.request.operation == SPEECH:
            return speech_of(self, sent, content)
        usage = content.get("usageMetadata")
        tokens = tokens_of(usage)
        parts = image_parts(content)
        if not parts:
            error = nothing_made(content, self.wire.safe)
            if tokens is None and isinstance(error, ContentRejectedError):
                raise known_as(error, sent.answer)  # refused before anything was counted
            raise paid(known_as(error, sent.answer), cost_of(sent.model, sent.request, tokens, 0).amount)
        outputs, faults = _decoded(parts)
        if not outputs:
            cost = cost_of(sent.model, sent.request, tokens, 1).amount
            raise nothing_whole(self.name, sent.answer, faults[0], cost)
        version, response_id = content.get("modelVersion"), content.get("responseId")
        return self.made(
            sent, content, outputs, tokens,
            usage=self.wire.safe_value(usage) if isinstance(usage, dict) else {},
            model_version=self.wire.safe(version, limit=200) if isinstance(version, str) else None,
            request_id=self.wire.safe(response_id, limit=200) if isinstance(response_id, str) else None,
            partial=faults[0] if faults else None,
        )  # fmt: skip


def named_sizes(model: Model) -> list[int]:
    """The sides of the sizes that the model's prices know: what has no price is not asked for."""
    rows = model.price.rows if model.price is not None else ()
    return sorted({row.size[0] for row in rows if row.size is not None and row.size[0] in _NAMED_SIZES})


def _decoded(parts: Sequence[ImagePart]) -> tuple[list[Output], list[str]]:
    outputs: list[Output] = []
    faults: list[str] = []
    for part in parts:
        try:
            made = picture(part.data, len(outputs))
        except DamagedPictureError as error:
            faults.append(str(error))
        else:
            outputs.append(made)
    return outputs, faults
