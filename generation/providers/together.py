"""Together: `v1/images/generations`. Pictures go in and come back as base64: addresses of results do not last."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from generation.catalogue.charging import cost_of
from generation.catalogue.model import Model
from generation.errors import ContentRejectedError, ProviderError
from generation.providers.access import Access
from generation.providers.failures import Said, by_status, nothing_whole, page_text, request_id
from generation.providers.fitting import Fit, fitted_picture, in_order
from generation.providers.messages import Answer, Call
from generation.providers.pictures import pictures_of
from generation.providers.retry_after import retry_after
from generation.providers.vendor import HttpProvider, Sent
from generation.providers.wording import worded
from generation.request import GenerationRequest
from generation.result import GenerationResult

BASE_URL: Final = "https://api.together.ai"
LARGEST_INPUT: Final = 20 * 1024 * 1024
STEP: Final = 16
MOST_PIXELS: Final = 4_194_304
LONGEST_SIDE: Final = 2048

_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_SEVERAL: Final = re.compile(r"FLUX\.2-")
"""Models that take a list of pictures; the others take one."""
_DECIDED: Final = frozenset(
    {
        *("model", "prompt", "n", "width", "height", "steps", "response_format"),
        *("image_url", "reference_images", "image_loras"),
    }
)
_STEPS: Final = {"black-forest-labs/FLUX.1-schnell": 4}
"""Where nobody says how many, their specification has 20: this model takes fewer, and its price is that of four."""
_REJECTED: Final = re.compile(r"nsfw|safety|content policy|moderat", re.IGNORECASE)
_NOT_FOUND: Final = frozenset({"model_not_available", "model_not_found"})


class TogetherProvider(HttpProvider):
    """See `HttpProvider`. There is no history to ask after a lost answer: what was lost stays unknown."""

    name = "together"
    operations: ClassVar = frozenset({"text_to_image", "image_to_image", "fusion"})
    auth: ClassVar = {"Authorization": "Bearer "}

    def __init__(self, models: Sequence[Model], access: Access, **options: Any) -> None:
        super().__init__(models, access, **options)
        self._version = "" if access.base_url.rstrip("/").endswith("/v1") else "v1/"

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """Sizes of whole steps; what the model has no parameter for in words, or left out."""
        fit = fitted_picture(model, request)
        if model.sizes:
            fit.choose_listed_size()
        else:
            fit.choose_stepped_size(STEP, most_pixels=MOST_PIXELS, longest=LONGEST_SIDE)
        return fit

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """JSON, with pictures as data URLs in it."""
        pictures = in_order(request.inputs)
        links = [self._link(number, item.data, item.media_type) for number, item in enumerate(pictures, 1)]
        if request.operation != "text_to_image" and not links:
            raise self.unfit(f"{request.operation} needs a picture", "add inputs to the spec")
        width, height = request.size or model.default_size or (1024, 1024)
        body = {name: value for name, value in request.extra.items() if name not in _DECIDED}
        body |= {
            "model": model.id,
            "prompt": worded(request, pictures, apart=model.accepts),
            "n": request.n,
            "width": width,
            "height": height,
            "response_format": "base64",
        }
        body |= {"steps": _STEPS[model.id]} if model.id in _STEPS else {}
        body |= {"output_format": request.format} if request.format else {}
        body |= {"seed": request.seed} if request.seed is not None else {}
        if request.negative_prompt and "negative_prompt" in model.accepts:
            body["negative_prompt"] = request.negative_prompt
        if _SEVERAL.search(model.id):
            body |= {"reference_images": links} if links else {}
        elif len(links) > 1:
            raise self.unfit(f"{model.id} takes one picture, {len(links)} are given", "name another model")
        elif links:
            body["image_url"] = links[0]
        return Call(f"{self._version}images/generations", body)

    def _link(self, number: int, data: bytes, media_type: str) -> str:
        if media_type not in _TYPES:
            raise self.unfit(f"input {number} is {media_type}, together takes PNG, JPEG or WebP", "convert it")
        if len(data) > LARGEST_INPUT:
            raise self.unfit(f"input {number} has {len(data)} bytes, together takes {LARGEST_INPUT}", "make it smaller")
        return f"data:{media_type};base64,{b64encode(data).decode()}"

    def health_path(self) -> str:
        """The list of models."""
        return f"{self._version}models"

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """Refused content is a bad request like others, but for its words."""
        said = self._said(answer, now)
        message = f"together answered {answer.status}: {said.message}"
        facts: dict[str, Any] = {"provider": self.name, "status": answer.status, "request_id": request_id(answer)}
        if said.own and answer.status in {400, 422} and _REJECTED.search(f"{said.message} {said.code} {said.type}"):
            return ContentRejectedError(message, hint="change the prompt or the inputs", **facts)
        return by_status(self.name, answer, said)

    def _said(self, answer: Answer, now: datetime) -> Said:
        """`{"error": {message, type, param, code}}`, flat at times, empty at others."""
        content = answer.json()
        error = content.get("error", content) if isinstance(content, dict) else None
        message = error.get("message") if isinstance(error, dict) else error
        if not isinstance(message, str) or not message:
            return Said(self.wire.safe(page_text(answer)), wait=retry_after(answer.headers, now=now))
        told = error if isinstance(error, dict) else {}
        field = told.get("param")
        return Said(
            self.wire.safe(message),
            code=str(told.get("code") or ""),
            type=str(told.get("type") or ""),
            field=self.wire.safe(field, limit=80) if isinstance(field, str) else None,
            own=True,
            gone=str(told.get("code")) in _NOT_FOUND,
            wait=retry_after(answer.headers, [message], now=now),
        )

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """Whole pictures; those that are damaged are told of."""
        outputs, faults = pictures_of(content.get("data"))
        if not outputs:
            why = faults[0] if faults else "it holds no picture"
            raise nothing_whole(
                self.name, sent.answer, why, cost_of(sent.model, sent.request, None, sent.request.n).amount
            )
        remote_id = content.get("id")
        return self.made(
            sent, content, outputs,
            remote_id=self.wire.safe(remote_id, limit=200) if isinstance(remote_id, str) else None,
            partial=self.lacking(sent, outputs, faults),
        )  # fmt: skip
