"""Replicate: predictions that are made, asked for, stopped, and found again in the list of what was made.

Any model can be asked for that models.toml knows; the parameters of those that do not ship are read from the model's
own page, which is free. A prediction that was accepted goes on without us, so its name is kept before anything else.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from math import ceil
from typing import Any, ClassVar, Final
from urllib.parse import quote

from generation.catalogue.charging import cost_of
from generation.catalogue.model import Model
from generation.errors import (
    ContentRejectedError,
    InvalidRequestError,
    ProviderError,
    ProviderFailedError,
    TransientError,
)
from generation.money import ZERO
from generation.providers.access import Access
from generation.providers.base import CallContext, Pending, Submission
from generation.providers.failures import Said, by_status, known_as, page_text, paid
from generation.providers.fitting import Fit, fitted_picture, in_order
from generation.providers.masks import white_mask
from generation.providers.messages import Answer, Call, File, Form
from generation.providers.polling import PollingProvider, heard_at, nothing_decided, unpaid
from generation.providers.replicate_history import made_since
from generation.providers.replicate_inputs import (
    SHIPPED,
    Parameters,
    input_of,
    parameters_of,
    same_input,
    split_name,
)
from generation.providers.retry_after import retry_after
from generation.providers.sound_fitting import check_words, fitted_sound, keep_within
from generation.providers.vendor import OK, Content, Sent
from generation.providers.wording import worded
from generation.request import GenerationRequest, InputAsset, Operation
from generation.result import Cost, GenerationResult

BASE_URL: Final = "https://api.replicate.com"
WAIT_SECONDS: Final = 5
"""How long the first answer may take. Short: what is not answered yet has no name by which it could be asked for."""
SOUNDS: Final[frozenset[Operation]] = frozenset({"sound_effect", "text_to_speech", "music"})
LONGEST_TEXT: Final = 10_000
LONGEST_SECONDS: Final = 30.0
LARGEST_INSIDE: Final = 256 * 1024
"""Bytes of a picture that travels in the call itself; larger ones are put on their server before."""
_OFFICIAL: Final = frozenset({"black-forest-labs"})
_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_STARTING, _PAUSE = 1.0, 2.0
_ENDED: Final = frozenset({"succeeded", "failed", "canceled", "aborted"})
_STOPPED: Final = frozenset({"canceled", "aborted"})
_REFUSED: Final = re.compile(r"nsfw|\bE005\b|flagged as sensitive|safety (?:checker|filter)", re.IGNORECASE)
_TEMPORARY: Final = re.compile(r"\bE1000\b|\bdirector\b|interrupted", re.IGNORECASE)
_TOO_MUCH: Final = re.compile(r"\bE1001\b|out of memory", re.IGNORECASE)


class ReplicateProvider(PollingProvider):
    """See `PollingProvider`. `owner/name` and `owner/name:version` of the catalogue."""

    name = "replicate"
    operations: ClassVar = frozenset({"text_to_image", "image_to_image", "fusion", "inpaint"}) | SOUNDS
    auth: ClassVar = {"Authorization": "Bearer "}
    result_hosts: ClassVar = ("replicate.delivery", ".replicate.delivery", ".replicate.com")

    def __init__(self, models: Sequence[Model], access: Access, **options: Any) -> None:
        super().__init__(models, access, **options)
        self._read: dict[str, Parameters] = {}

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """Sizes or shapes as the model has them; what it has no parameter for in words, or left out."""
        if request.operation in SOUNDS:
            return _fitted_sound(model, request)
        fit = fitted_picture(model, request)
        if model.sizes:
            fit.choose_listed_size()
        elif "size" in model.accepts:
            fit.choose_stepped_size(8)
        else:
            fit.choose_shape()
        return fit

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """A prediction. Pictures that are too large for it are put on their server first, which is free."""
        return self._call(model, request, upload=True)

    def _call(self, model: Model, request: GenerationRequest, *, upload: bool) -> Call:
        self._check_inputs(request)
        takes = self._parameters(model)
        sendable = [white_mask(item, self.name) if item.role == "mask" else item for item in request.inputs]
        links = {place: self._link(item, upload=upload) for place, item in enumerate(sendable)}
        words = worded(request, in_order(request.inputs), apart=model.accepts)
        body: dict[str, Any] = {"input": input_of(model, takes, request, words, links)}
        name, version = split_name(model.id)
        headers = {"Prefer": f"wait={WAIT_SECONDS}"}
        if version is None and name.partition("/")[0] in _OFFICIAL:
            return Call(f"v1/models/{quote(name)}/predictions", body, headers)
        return Call("v1/predictions", {"version": name if version is None else f"{name}:{version}", **body}, headers)

    def _check_inputs(self, request: GenerationRequest) -> None:
        pictures, masks = in_order(request.inputs), [item for item in request.inputs if item.role == "mask"]
        if request.operation in SOUNDS:
            check_words(self.name, request, characters=LONGEST_TEXT)
        elif request.operation != "text_to_image" and not pictures:
            raise self.unfit(f"{request.operation} needs a picture", "add inputs to the spec")
        if len(masks) > 1 or (request.operation == "inpaint" and not masks):
            raise self.unfit(f"{request.operation} takes one mask, {len(masks)} were given", "one input is the mask")
        foreign = next((item for item in request.inputs if item.media_type not in _TYPES), None)
        if foreign is not None:
            raise self.unfit(f"an input is {foreign.media_type}, replicate takes PNG, JPEG or WebP", "convert it")

    def _link(self, item: InputAsset, *, upload: bool) -> str:
        """A picture as a text: itself, or where it was put."""
        if len(item.data) <= LARGEST_INSIDE or not upload:
            return f"data:{item.media_type};base64,{b64encode(item.data).decode()}"
        file = File("content", f"input.{item.media_type.rpartition('/')[2]}", item.data, item.media_type)
        content = self._free_answer(self.wire.tell("v1/files", Form({}, [file])))
        urls = content.get("urls")
        url = urls.get("get") if isinstance(urls, dict) else None
        if not isinstance(url, str):
            raise TransientError("replicate did not say where it put an input", provider=self.name)
        return url

    def _parameters(self, model: Model) -> Parameters:
        """What the model takes: as it ships, else as its own page tells, asked once."""
        name, version = split_name(model.id)
        if name in SHIPPED:
            return SHIPPED[name]
        if model.id not in self._read:
            path = f"v1/models/{quote(name)}" + (f"/versions/{quote(version, safe='')}" if version else "")
            content = self._free_answer(self.wire.get(path))
            latest = content if version else content.get("latest_version")
            takes = parameters_of(latest.get("openapi_schema") if isinstance(latest, dict) else None)
            if takes is None:
                message = f"{model.id} does not say what it takes"
                raise InvalidRequestError(message, field="model", provider=self.name, code="unsupported")
            self._read[model.id] = takes
        return self._read[model.id]

    def _free_answer(self, answer: Answer) -> Content:
        """The object of a free call that comes before the paid one."""
        if answer.status not in OK:
            raise unpaid(self.refusal(answer, heard_at(answer)))
        content = Content.of(answer)
        if content is None:
            raise TransientError("replicate answered a free call with no JSON", provider=self.name)
        return content

    def health_path(self) -> str:
        """Whose key it is."""
        return "v1/account"

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """`{title, detail, status, invalid_fields}`; how long to wait stands in the words."""
        content = answer.json()
        if not isinstance(content, dict) or not isinstance(content.get("detail", content.get("title")), str):
            wait = retry_after(answer.headers, now=now)
            return by_status(self.name, answer, Said(self.wire.safe(page_text(answer)), wait=wait))
        told = str(content.get("detail") or content["title"])
        fields = content.get("invalid_fields")
        first = fields[0] if isinstance(fields, list) and fields and isinstance(fields[0], dict) else {}
        field = str(first.get("field") or "").rpartition(".")[2] or None
        why = f"{told} ({first['description']})" if isinstance(first.get("description"), str) else told
        wait = retry_after(answer.headers, [told], now=now)
        safe_field = None if field is None else self.wire.safe(field, limit=80)
        return by_status(self.name, answer, Said(self.wire.safe(why), field=safe_field, own=True, wait=wait))

    # --- A prediction that was accepted ------------------------------------------------------------------------------

    def name_of(self, content: Mapping[str, Any]) -> str | None:
        """Its id."""
        found = content.get("id")
        return found if isinstance(found, str) and re.fullmatch(r"[\w-]{1,100}", found) else None

    def asked(self, remote_id: str) -> Answer:
        """The prediction as it is now."""
        return self.wire.get(f"v1/predictions/{quote(remote_id, safe='')}")

    def pause(self, content: Mapping[str, Any]) -> float | None:
        """Longer when it has begun: most wait for a machine."""
        status = str(content.get("status"))
        if status in _ENDED:
            return None
        return _STARTING if status == "starting" else _PAUSE

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """What it made, fetched at once: it lies there for an hour."""
        status = str(content.get("status"))
        if status != "succeeded":
            raise self._failed(sent, content, status)
        seconds = _predict_seconds(content)
        outputs, faults = self.fetched(
            sent, _urls(content.get("output")), self._cost(sent, seconds, pictures=sent.request.n)
        )
        version = content.get("version")
        metrics = content.get("metrics")
        return self.made(
            sent, content, outputs,
            cost=self._cost(sent, seconds, pictures=len(outputs)),
            usage=self.wire.safe_value(metrics) if isinstance(metrics, dict) else {},
            model_version=self.wire.safe(version) if isinstance(version, str) and version != "hidden" else None,
            remote_id=self.name_of(content),
            partial=self.lacking(sent, outputs, faults),
        )  # fmt: skip

    def _cost(self, sent: Sent, seconds: Decimal | None, *, pictures: int) -> Cost:
        return cost_of(sent.model, sent.request, None, pictures, seconds=seconds)

    def _failed(self, sent: Sent, content: Mapping[str, Any], status: str) -> ProviderError:
        """What a prediction means that ended without a result. The time that it took is charged, but by the picture."""
        told = self.wire.safe(str(content.get("error") or status))
        cost = self._cost_of_failure(sent, content, status)
        error: ProviderError
        if _REFUSED.search(told):
            error = ContentRejectedError(
                f"replicate refuses what {sent.model.id} made: {told}", stage="output", provider=self.name,
                hint="change the prompt or the inputs",
            )  # fmt: skip
        elif _TOO_MUCH.search(told):
            message = f"{sent.model.id} has not enough memory for it: {told}"
            error = InvalidRequestError(message, field="size", provider=self.name, hint="ask for less at a time")
        else:
            what = "was stopped" if status in _STOPPED else "failed"
            error = ProviderFailedError(f"the prediction of {sent.model.id} {what}: {told}", provider=self.name)
            error.retryable = cost == ZERO and _TEMPORARY.search(told) is not None
        return paid(known_as(error, sent.answer), cost)

    def _cost_of_failure(self, sent: Sent, content: Mapping[str, Any], status: str) -> Decimal | None:
        by_time = sent.model.price is not None and sent.model.price.unit == "gpu_second"
        seconds = _predict_seconds(content)
        if not by_time or status == "aborted" or (seconds is None and content.get("started_at") is None):
            return ZERO
        return self._cost(sent, seconds, pictures=0).amount

    def cancel(self, remote_id: str, context: CallContext) -> bool:
        """Stop it. What had begun is charged, so only one that had not counts as called back; none that is unheard."""
        del context
        try:
            answer = self.wire.tell(f"v1/predictions/{quote(remote_id, safe='')}/cancel", {})
        except ProviderError:
            return False
        content = Content.of(answer)
        if answer.status not in OK or content is None:
            return False
        return content.get("status") in _STOPPED and content.get("started_at") is None

    def recover(self, request: GenerationRequest, context: CallContext) -> Submission | None:
        """The one prediction of the list with the same input, made then; None where there is not just one."""
        if context.sent is None:
            return None
        with nothing_decided():
            model = self.model_of(request)
            call = self._call(model, self.fitted(model, request).request, upload=False)
            asked = call.body["input"] if isinstance(call.body, Mapping) else {}
            found = {
                name
                for item in made_since(self.wire.get, context.sent, context.now()) or ()
                if same_input(asked, item.get("input"), self._hash_at) and (name := self.name_of(item)) is not None
            }
        return Pending(found.pop(), 0.0) if len(found) == 1 else None

    def _hash_at(self, url: str) -> str | None:
        """What their own record says of a file, else of the bytes that lie there; None for what is not theirs."""
        try:
            answer = self.wire.fetch(url, hosts=self.result_hosts)
        except InvalidRequestError:
            return None
        if answer.status not in OK:
            return None
        content = Content.of(answer)
        checksums = None if content is None else content.get("checksums")
        told = checksums.get("sha256") if isinstance(checksums, dict) else None
        return told if isinstance(told, str) else sha256(answer.body).hexdigest()


def _fitted_sound(model: Model, request: GenerationRequest) -> Fit:
    """Whole seconds; what an effect or a piece has no parameter for in words."""
    fit = fitted_sound(model, request, in_words=() if request.operation == "text_to_speech" else ("negative_prompt",))
    if "duration" in model.accepts:
        keep_within(fit, "duration", 1.0, model.longest or LONGEST_SECONDS)
        if fit.request.duration is not None and fit.request.duration % 1:
            fit.change("duration", float(ceil(fit.request.duration)), f"{model.id} makes whole seconds")
    if "format" not in model.accepts:
        fit.request = replace(fit.request, format=None)  # it has one, and no parameter for it
    return fit


def _urls(output: object) -> list[object]:
    """One address, a list of them, or those of an object."""
    if isinstance(output, str):
        return [output]
    if isinstance(output, dict):
        return [value for value in output.values() if isinstance(value, str) and value.startswith("http")]
    return [value for value in output if isinstance(value, str)] if isinstance(output, list) else []


def _predict_seconds(content: Mapping[str, Any]) -> Decimal | None:
    """How long the machine worked; None where nothing sound was told."""
    metrics = content.get("metrics")
    told = metrics.get("predict_time") if isinstance(metrics, dict) else None
    try:
        seconds = Decimal(str(told))
    except InvalidOperation:
        return None
    return seconds if seconds.is_finite() and ZERO <= seconds < 10**6 else None  # eleven days
