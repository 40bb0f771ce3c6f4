"""OpenAI's pictures: `images/generations` and `images/edits`. The base address includes `/v1`."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from generation.catalogue.charging import Tokens, cost_of
from generation.catalogue.model import Model
from generation.errors import (
    ContentRejectedError,
    InvalidRequestError,
    ProviderError,
    QuotaExceededError,
)
from generation.providers.base import CallContext, Done, Submission
from generation.providers.failures import Said, by_status, nothing_whole, page_text, request_id
from generation.providers.fitting import Fit, in_order
from generation.providers.messages import Answer, Call, File, Form, field_text
from generation.providers.openai_speech import fitted_speech, speech_call, speech_of
from generation.providers.pictures import pictures_of
from generation.providers.retry_after import retry_after
from generation.providers.vendor import HttpProvider, Sent
from generation.providers.wording import worded
from generation.request import GenerationRequest, InputAsset
from generation.result import GenerationResult

BASE_URL: Final = "https://api.openai.com/v1"
SPEECH: Final = "text_to_speech"
LARGEST_INPUT: Final = 50 * 1024 * 1024
LARGEST_MASK: Final = 4 * 1024 * 1024

_SUFFIXES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_NOT_PASSED: Final = frozenset(
    {"model", "prompt", "n", "size", "quality", "image", "image[]", "mask", "images", "stream", "partial_images"}
)
"""What decides what is bought, or how it is answered."""
_NO_MONEY: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_REJECTED: Final = frozenset({"moderation_blocked", "content_policy_violation"})
_GONE: Final = frozenset({"model_not_found", "model_deprecated"})
_VIOLATIONS = re.compile(r"safety_violations=\[([^\]]{0,300})\]")


class OpenAIProvider(HttpProvider):
    """See `HttpProvider`. There is no history to ask after a lost answer: what was lost stays unknown."""

    name = "openai"
    operations: ClassVar = frozenset({"text_to_image", "image_to_image", "fusion", "inpaint", "text_to_speech"})
    auth: ClassVar = {"Authorization": "Bearer "}

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """Sizes, quality and format as the model has them; the rest in words. Speech see `openai_speech`."""
        if request.operation == SPEECH:
            return fitted_speech(model, request)
        fit = Fit(model, request)
        fit.leave_out(in_words=("negative_prompt", "strength") if request.inputs else ("negative_prompt",))
        fit.limit_n()
        fit.choose_quality()
        fit.choose_format()
        if model.sizes:
            fit.choose_listed_size()
        else:
            fit.choose_free_size()
        return fit

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """JSON without pictures, a form with them."""
        if request.operation == SPEECH:
            return speech_call(self, model, request)
        pictures = in_order(request.inputs)
        body = {name: value for name, value in request.extra.items() if name not in _NOT_PASSED}
        body |= {"model": model.id, "prompt": worded(request, pictures), "n": request.n}
        if request.size is not None or not pictures:
            width, height = request.size or model.default_size or (1024, 1024)
            body["size"] = f"{width}x{height}"
        body |= {"quality": request.quality} if request.quality else {}
        body |= {"output_format": request.format} if request.format else {}
        body |= {"background": request.background} if request.background else {}
        if request.operation == "text_to_image" and not request.inputs:
            return Call("images/generations", body)
        fields = {name: field_text(value) for name, value in body.items()}
        return Call("images/edits", Form(fields, self._files(request, pictures)))

    def _files(self, request: GenerationRequest, pictures: Sequence[InputAsset]) -> list[File]:
        """One picture is `image`, several are `image[]`; a mask belongs to the first."""
        if not pictures:
            raise self.unfit(f"{request.operation} needs a picture", "add inputs to the spec")
        masks = [item for item in request.inputs if item.role == "mask"]
        if len(masks) > 1 or (request.operation == "inpaint" and not masks):
            raise self.unfit(f"{request.operation} takes one mask, {len(masks)} were given", "one input is the mask")
        field = "image" if len(pictures) == 1 else "image[]"
        files = [self._file(field, f"image-{number}", item) for number, item in enumerate(pictures, 1)]
        return files + [self._file("mask", "mask", item) for item in masks]

    def _file(self, field: str, name: str, item: InputAsset) -> File:
        suffix, most = _SUFFIXES.get(item.media_type), LARGEST_MASK if field == "mask" else LARGEST_INPUT
        if suffix is None or (field == "mask" and suffix != "png"):
            wanted = "a PNG" if field == "mask" else "PNG, JPEG or WebP"
            raise self.unfit(f"{name} is {item.media_type}, openai takes {wanted}", "convert it")
        if len(item.data) > most:
            raise self.unfit(f"{name} has {len(item.data)} bytes, openai takes {most}", "make it smaller")
        return File(field, f"{name}.{suffix}", item.data, item.media_type)

    def health_path(self) -> str:
        """The list of models."""
        return "models"

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """Their codes first; 429 has two meanings, and only one of them passes by waiting."""
        said = self._said(answer, now)
        message, codes = f"openai answered {answer.status}: {said.message}", {said.code, said.type}
        facts: dict[str, Any] = {"provider": self.name, "status": answer.status, "request_id": request_id(answer)}
        if codes & _NO_MONEY:
            return QuotaExceededError(message, hint="top up the account, or name another provider", **facts)
        if codes & _REJECTED:
            found = _VIOLATIONS.search(said.message)
            categories = tuple(part.strip() for part in found[1].split(",") if part.strip()) if found else ()
            hint = "change the prompt or the inputs"
            return ContentRejectedError(message, categories=categories, hint=hint, **facts)
        if codes & _GONE:
            hint = "name another model; `callsheet specs check` knows those that are gone"
            return InvalidRequestError(message, field="model", hint=hint, code="model_gone", **facts)
        return by_status(self.name, answer, said)

    def _said(self, answer: Answer, now: datetime) -> Said:
        content = answer.json()
        error = content.get("error") if isinstance(content, dict) else None
        if not isinstance(error, dict):
            text = error if isinstance(error, str) else page_text(answer)
            return Said(self.wire.safe(text), own=isinstance(error, str), wait=retry_after(answer.headers, now=now))
        message = str(error.get("message") or "no reason")
        field = error.get("param")
        return Said(
            self.wire.safe(message),
            code=str(error.get("code") or ""),
            type=str(error.get("type") or ""),
            field=self.wire.safe(field, limit=80) if isinstance(field, str) else None,
            own=True,
            wait=retry_after(answer.headers, [message], now=now),
        )

    def received(self, sent: Sent, context: CallContext) -> Submission:
        """Pictures inside JSON; a sound as it is."""
        if sent.request.operation == SPEECH:
            return Done(speech_of(self, sent))
        return super().received(sent, context)

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """Whole pictures; those that are damaged are told of."""
        outputs, faults = pictures_of(content.get("data"))
        usage = content.get("usage")
        tokens = tokens_of(usage)
        if not outputs:
            cost = cost_of(sent.model, sent.request, tokens, 0).amount
            why = faults[0] if faults else "it holds no picture"
            raise nothing_whole(self.name, sent.answer, why, cost)
        return self.made(
            sent, content, outputs, tokens,
            usage=self.wire.safe_value(usage) if isinstance(usage, dict) else {},
            partial=self.lacking(sent, outputs, faults),
        )  # fmt: skip


def tokens_of(usage: object) -> Tokens | None:
    """What they counted; what is not told apart counts as the dearer kind. None where nothing sound was counted."""
    if not isinstance(usage, dict):
        return None
    total_in, total_out = counted(usage.get("input_tokens")), counted(usage.get("output_tokens"))
    if total_in is None or total_out is None:
        return None
    details_in, details_out = usage.get("input_tokens_details"), usage.get("output_tokens_details")
    text_in = counted(details_in.get("text_tokens")) if isinstance(details_in, dict) else None
    text_out = counted(details_out.get("text_tokens")) if isinstance(details_out, dict) else None
    text_in, text_out = min(text_in or 0, total_in), min(text_out or 0, total_out)
    return Tokens(text_in, total_in - text_in, total_out - text_out, text_out)


def counted(value: object) -> int | None:
    """A number of tokens that can be one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
