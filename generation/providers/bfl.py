"""Black Forest Labs: FLUX from its makers. A call is accepted with an address of its own, to be asked for there."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import quote

from generation.catalogue.charging import cost_of
from generation.catalogue.model import Model
from generation.errors import ContentRejectedError, ProviderError, ProviderFailedError
from generation.money import ZERO
from generation.providers.failures import Said, by_status, known_as, page_text, paid
from generation.providers.fitting import Fit, fitted_picture, in_order
from generation.providers.messages import Answer, Call
from generation.providers.polling import PollingProvider
from generation.providers.retry_after import retry_after
from generation.providers.vendor import Sent
from generation.providers.wording import worded
from generation.request import GenerationRequest
from generation.result import GenerationResult

BASE_URL: Final = "https://api.bfl.ai"
LARGEST_INPUT: Final = 20 * 1024 * 1024
STEP: Final = 16
MOST_PIXELS: Final = 4_194_304
LONGEST_SIDE: Final = 4096

_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_DECIDED: Final = re.compile(r"width|height|prompt|seed|aspect_ratio|input_image(?:_\d+)?|webhook_\w+|steps")
_REFUSED: Final = {"Request Moderated": "input", "Content Moderated": "output"}
_PAUSE: Final = 1.0
_GONE: Final = "Task not found"
_ENDED: Final = frozenset({"Ready", "Error", "Failed", _GONE, *_REFUSED})


class BflProvider(PollingProvider):
    """See `PollingProvider`."""

    name = "bfl"
    operations: ClassVar = frozenset({"text_to_image", "image_to_image", "fusion"})
    auth: ClassVar = {"x-key": ""}
    status_hosts: ClassVar = (".bfl.ai",)
    result_hosts: ClassVar = (".bfl.ai", ".blob.core.windows.net")

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """Sizes of whole steps, or shapes; what it has no parameter for in words, or left out."""
        fit = fitted_picture(model, request)
        if "size" in model.accepts:
            fit.choose_stepped_size(STEP, most_pixels=MOST_PIXELS, longest=LONGEST_SIDE)
        else:
            fit.choose_shape()
        return fit

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """JSON with the pictures inside: `input_image`, `input_image_2` and so on."""
        pictures = in_order(request.inputs)
        if request.operation != "text_to_image" and not pictures:
            raise self.unfit(f"{request.operation} needs a picture", "add inputs to the spec")
        body = {name: value for name, value in request.extra.items() if not _DECIDED.fullmatch(name)}
        body["prompt"] = worded(request, pictures)
        for number, item in enumerate(pictures, 1):
            if item.media_type not in _TYPES:
                raise self.unfit(f"input {number} is {item.media_type}, bfl takes PNG, JPEG or WebP", "convert it")
            if len(item.data) > LARGEST_INPUT:
                raise self.unfit(f"input {number} has {len(item.data)} bytes, bfl takes {LARGEST_INPUT}", "shrink it")
            body["input_image" if number == 1 else f"input_image_{number}"] = b64encode(item.data).decode()
        if request.size is not None:
            body |= {"width": request.size[0], "height": request.size[1]}
        if request.aspect_ratio and "aspect_ratio" in model.accepts:
            body["aspect_ratio"] = request.aspect_ratio
        body |= {"seed": request.seed} if request.seed is not None else {}
        body |= {"output_format": request.format} if request.format else {}
        return Call(f"v1/{model.id}", body)

    def health_path(self) -> str:
        """What is left on the account."""
        return "v1/credits"

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """`{detail}`, a text or what is wrong with each field."""
        content = answer.json()
        detail = content.get("detail") if isinstance(content, dict) else None
        wait = retry_after(answer.headers, now=now)
        first = detail[0] if isinstance(detail, list) and detail and isinstance(detail[0], dict) else {}
        told = detail if isinstance(detail, str) else first.get("msg")
        if not isinstance(told, str) or not told:
            return by_status(self.name, answer, Said(self.wire.safe(page_text(answer)), wait=wait))
        place = first.get("loc")
        field = self.wire.safe(str(place[-1]), limit=80) if isinstance(place, list) and place else None
        return by_status(self.name, answer, Said(self.wire.safe(told), field=field, own=True, wait=wait))

    # --- A call that was accepted ------------------------------------------------------------------------------------

    def name_of(self, content: Mapping[str, Any]) -> str | None:
        """The address where it is asked for, where that is a host of theirs; else its id."""
        url, name = content.get("polling_url"), content.get("id")
        if self.is_theirs(url):
            return str(url)
        return name if isinstance(name, str) and re.fullmatch(r"[\w-]{1,200}", name) else None

    def asked(self, remote_id: str) -> Answer:
        """What became of it, from where it said."""
        if "://" in remote_id:
            return self.wire.fetch(remote_id, hosts=(), trusted=self.status_hosts)
        return self.wire.get(f"v1/get_result?id={quote(remote_id, safe='')}")

    def pause(self, content: Mapping[str, Any]) -> float | None:
        """None when it has ended. The answer to the call itself has no status yet."""
        return None if str(content.get("status")) in _ENDED else _PAUSE

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """The picture, fetched at once: it lies there for ten minutes."""
        if content.get("status") != "Ready":
            raise self._failed(sent, content)
        found = content.get("result")
        told = found if isinstance(found, dict) else {}
        sample, seed, name = told.get("sample"), told.get("seed"), content.get("id")
        cost = cost_of(sent.model, sent.request, None, 1)
        outputs, _ = self.fetched(sent, [sample] if sample else [], cost)
        if isinstance(seed, int) and not isinstance(seed, bool):
            outputs = [replace(output, seed=seed) for output in outputs]
        return self.made(
            sent,
            content,
            outputs,
            cost=cost,
            remote_id=self.wire.safe(name, limit=200) if isinstance(name, str) else None,
        )

    def _failed(self, sent: Sent, content: Mapping[str, Any]) -> ProviderError:
        """Refused, gone, or broken. What is gone may have been charged: only a person can tell."""
        status = self.wire.safe(str(content.get("status")), limit=80)
        stage = _REFUSED.get(status)
        if stage is not None:
            details = content.get("details")
            reasons = details.get("Moderation Reasons") if isinstance(details, dict) else None
            categories = tuple(self.wire.safe(str(each), limit=80) for each in reasons or ())
            refused = ContentRejectedError(
                f"bfl refuses it ({', '.join((status, *categories))})",
                stage="output" if stage == "output" else "input", categories=categories or (status,),
                provider=self.name, hint="change the prompt or the inputs",
            )  # fmt: skip
            return paid(known_as(refused, sent.answer), ZERO)
        error = ProviderFailedError(f"the call of {sent.model.id} ended: {status}", provider=self.name)
        if status == _GONE:
            error.charged, error.outcome_known = "unknown", False
            return known_as(error, sent.answer)
        return paid(known_as(error, sent.answer), ZERO)
