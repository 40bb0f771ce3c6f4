"""Stability's v2beta: everything goes as a form, and the answer is the picture itself.

A result that was found unfit comes as a success with a blurred picture: it is a refusal, and never kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from generation.catalogue.charging import cost_of
from generation.catalogue.model import Model
from generation.errors import ContentRejectedError, ProviderError
from generation.providers.base import CallContext, Done, Submission
from generation.providers.failures import Said, by_status, known_as, nothing_whole, page_text, request_id
from generation.providers.fitting import Fit, fitted_picture, in_order
from generation.providers.masks import white_mask
from generation.providers.messages import Answer, Call, File, Form, field_text
from generation.providers.pictures import DamagedPictureError, picture_of
from generation.providers.retry_after import retry_after
from generation.providers.vendor import HttpProvider, Sent
from generation.providers.wording import worded
from generation.request import GenerationRequest, InputAsset
from generation.result import GenerationResult

BASE_URL: Final = "https://api.stability.ai"
LARGEST_INPUT: Final = 10 * 1024 * 1024
LARGEST_SEED: Final = 4_294_967_294
USUAL_STRENGTH: Final = 0.6
"""Where a picture is to be changed and nobody says how much: they have no default."""

TIME_OUT_SECONDS: Final = 60.0
"""How long nobody is served who asked too often, where the answer does not say."""

_TOO_MANY: Final = 429
_PATHS: Final[Mapping[str, str]] = {
    "stable-image-ultra": "ultra",
    "stable-image-core": "core",
    "stable-image-inpaint": "",
}
"""Models that have a path of their own; the others go to `sd3`, by their names."""
_SUFFIXES: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_DECIDED: Final = frozenset({"model", "mode", "prompt", "image", "mask", "strength", "seed", "negative_prompt"})
_FILTERED: Final = "CONTENT_FILTERED"


class StabilityProvider(HttpProvider):
    """See `HttpProvider`. One picture a call. There is no history: what was lost stays unknown."""

    name = "stability"
    operations: ClassVar = frozenset({"text_to_image", "image_to_image", "inpaint"})
    auth: ClassVar = {"Authorization": "Bearer "}

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """Shapes in place of pixels; a changed picture keeps its own."""
        fit = fitted_picture(model, request)
        if request.seed is not None and not 0 <= request.seed <= LARGEST_SEED:
            fit.change("seed", request.seed % LARGEST_SEED, f"seeds go up to {LARGEST_SEED}")
        if request.operation == "text_to_image":
            fit.choose_shape()
            return fit
        for field in ("size", "aspect_ratio"):
            if getattr(request, field) is not None:
                fit.change(field, None, "a picture that is changed keeps its size")
        return fit

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """A form, with or without files. The picture itself is asked for, not JSON around it."""
        pictures = in_order(request.inputs)
        fields = {name: field_text(value) for name, value in request.extra.items() if name not in _DECIDED}
        fields |= {"prompt": worded(request, pictures, apart=model.accepts)}
        fields |= {"output_format": request.format or model.formats[0]}
        fields |= {"seed": str(request.seed)} if request.seed is not None else {}
        if request.negative_prompt and "negative_prompt" in model.accepts:
            fields["negative_prompt"] = request.negative_prompt
        path, files = "edit/inpaint", self._files(request, pictures)
        if request.operation != "inpaint":
            path = f"generate/{_PATHS.get(model.id, 'sd3')}"
            fields |= {} if model.id in _PATHS else {"model": model.id}
            fields |= _changing(model, request) if files else _fresh(model, request)
        return Call(f"v2beta/stable-image/{path}", Form(fields, files), {"Accept": "image/*"})

    def _files(self, request: GenerationRequest, pictures: list[InputAsset]) -> list[File]:
        masks = [item for item in request.inputs if item.role == "mask"]
        if request.operation == "text_to_image":
            return []
        if len(pictures) != 1:
            raise self.unfit(f"{request.operation} takes one picture, {len(pictures)} were given", "name its base")
        if len(masks) != (1 if request.operation == "inpaint" else 0):
            raise self.unfit(f"{request.operation} was given {len(masks)} masks", "an inpainting takes one mask")
        files = [self._file("image", pictures[0])]
        return files + [self._file("mask", white_mask(item, self.name)) for item in masks]

    def _file(self, part: str, item: InputAsset) -> File:
        suffix = _SUFFIXES.get(item.media_type)
        if suffix is None:
            raise self.unfit(f"the {part} is {item.media_type}, stability takes PNG, JPEG or WebP", "convert it")
        if len(item.data) > LARGEST_INPUT:
            raise self.unfit(
                f"the {part} has {len(item.data)} bytes, stability takes {LARGEST_INPUT}", "make it smaller"
            )
        return File(part, f"{part}.{suffix}", item.data, item.media_type)

    def health_path(self) -> str:
        """What is left on the account."""
        return "v1/user/balance"

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """`{id, name, errors}`; 403 has two meanings, told apart by the name."""
        content = answer.json()
        name = content.get("name") if isinstance(content, dict) else None
        if not isinstance(name, str):
            wait = retry_after(answer.headers, now=now)
            return by_status(self.name, answer, Said(self.wire.safe(page_text(answer)), wait=wait))
        errors = content.get("errors")
        told = "; ".join(str(each) for each in errors) if isinstance(errors, list) and errors else name
        wait = retry_after(answer.headers, now=now)
        if wait is None and answer.status == _TOO_MANY:
            wait = TIME_OUT_SECONDS
        said = Said(self.wire.safe(told), code=self.wire.safe(name, limit=80), own=True, wait=wait)
        if name == "content_moderation":
            return ContentRejectedError(
                f"stability answered {answer.status}: {said.message}", hint="change the prompt or the inputs",
                provider=self.name, status=answer.status, request_id=request_id(answer),
            )  # fmt: skip
        return by_status(self.name, answer, said)

    def received(self, sent: Sent, context: CallContext) -> Submission:
        """The body is the picture; what became of it stands in the headers."""
        del context
        headers = sent.answer.headers
        if not headers.get("content-type", "").startswith("image/"):
            raise by_status(self.name, sent.answer, Said(f"no picture, but: {self.wire.safe(page_text(sent.answer))}"))
        told = {name: headers[name] for name in ("finish-reason", "seed", "content-type") if name in headers}
        return Done(self.result(sent, told))

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """The picture, unless it was found unfit. `content`: what the headers told."""
        if content.get("finish-reason") == _FILTERED:
            error = ContentRejectedError(
                "stability refuses what it made (CONTENT_FILTERED)", stage="output", categories=(_FILTERED,),
                provider=self.name, hint="change the prompt or the inputs",
            )  # fmt: skip
            raise known_as(error, sent.answer)
        seed = content.get("seed", "")
        try:
            output = picture_of(sent.answer.body, seed=int(seed) if str(seed).isdecimal() else None)
        except DamagedPictureError as damage:
            cost = cost_of(sent.model, sent.request, None, 1).amount
            raise nothing_whole(self.name, sent.answer, str(damage), cost) from None
        return self.made(sent, content, [output])


def _changing(model: Model, request: GenerationRequest) -> dict[str, str]:
    """What goes along with a picture that is to be changed: its shape stays."""
    strength = request.strength if request.strength is not None else USUAL_STRENGTH
    mode = {} if model.id in _PATHS else {"mode": "image-to-image"}
    return {"strength": f"{strength:g}", **mode}


def _fresh(model: Model, request: GenerationRequest) -> dict[str, str]:
    mode = {} if model.id in _PATHS else {"mode": "text-to-image"}
    return {"aspect_ratio": request.aspect_ratio, **mode} if request.aspect_ratio else mode
