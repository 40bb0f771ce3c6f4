"""Adobe Firefly: a token first, then a job that is asked for where the answer says, which may be another host.

Only hosts of Adobe's are given the token. The price stands in nobody's list: until a project says what it pays, no
budget lets a call through.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final
from urllib.parse import quote

from generation.catalogue.charging import cost_of
from generation.catalogue.model import Model
from generation.errors import (
    ContentRejectedError,
    ProviderError,
    ProviderFailedError,
    TransientError,
)
from generation.money import ZERO
from generation.providers.access import Access
from generation.providers.base import Health
from generation.providers.failures import Said, by_status, known_as, page_text, paid, request_id
from generation.providers.firefly_token import TokenRing
from generation.providers.fitting import Fit, fitted_picture, in_order
from generation.providers.http import Keyring
from generation.providers.masks import white_mask
from generation.providers.messages import Answer, Call, Raw
from generation.providers.polling import PollingProvider, heard_at, unpaid
from generation.providers.retry_after import retry_after
from generation.providers.vendor import OK, Content, Sent
from generation.providers.wording import worded
from generation.request import GenerationRequest, InputAsset
from generation.result import GenerationResult

BASE_URL: Final = "https://firefly-api.adobe.io"
LONGEST_PROMPT: Final = 1024
LARGEST_INPUT: Final = 15 * 1024 * 1024

_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_ENDED: Final = frozenset({"succeeded", "failed", "error", "timeout", "cancelled", "canceled"})
_DECIDED: Final = frozenset({"numVariations", "prompt", "seeds", "size", "image", "mask", "style", "structure"})
_REFUSED: Final[Mapping[str, str]] = {
    "prompt_unsafe": "input",
    "input_media_unsafe": "input",
    "output_media_unsafe": "output",
}
_PAUSE: Final = 2.0
_UNAVAILABLE_BY_LAW: Final = 451
_UNAUTHORIZED: Final = 401
_FILL: Final = "fill"


class FireflyProvider(PollingProvider):
    """See `PollingProvider`. `access`: its key is the secret of the application.

    `ims`: where tokens are given; its key is the id of the application.
    """

    name = "firefly"
    operations: ClassVar = frozenset({"text_to_image", "image_to_image", "fusion", "inpaint"})
    auth: ClassVar[Mapping[str, str]] = {}
    status_hosts: ClassVar = (".adobe.io",)
    result_hosts: ClassVar = (".adobe.io", ".adobe.com", ".amazonaws.com", ".windows.net")

    def __init__(self, models: Sequence[Model], access: Access, *, ims: Access, **options: Any) -> None:
        self._ims = ims
        super().__init__(models, access, **options)

    def keyring(self, *, trust_env: bool) -> Keyring:
        """Tokens, renewed in time."""
        self._ring = TokenRing(self.name, self.access, self._ims, self._monotonic, trust_env=trust_env)
        return self._ring

    def check(self) -> Health:
        """As others, but that there are two keys and two places."""
        held = self.access.key is not None and self.access.key.reveal()
        if held and (self._ims.key is None or not self._ims.key.reveal()):
            return Health("no_key", f"firefly has no client id: set {self._ims.key_name}", self._ims.key_name)
        if held:
            self._ims.check_trust(self.name)
        return super().check()

    def free_call(self, seconds: float) -> Answer:
        """A token: nothing else is free."""
        return self._ring.renew(seconds)

    def health_path(self) -> str:
        """None of its own: see `free_call`."""
        return "v3/status/none"

    def close(self) -> None:
        """Let go of connections, of those for tokens, too."""
        self._ring.close()
        super().close()

    def fitted(self, model: Model, request: GenerationRequest) -> Fit:
        """One of its sizes; what it has no parameter for in words, or left out."""
        fit = fitted_picture(model, request)
        fit.choose_listed_size()
        return fit

    def call(self, model: Model, request: GenerationRequest) -> Call:
        """A job. Pictures are put into their storage before, which is free."""
        inputs = self._checked(model, request)
        words = worded(request, in_order(request.inputs), apart={*model.accepts, "strength"})
        if len(words) > LONGEST_PROMPT:
            message = f"the prompt has {len(words)} characters, firefly takes {LONGEST_PROMPT}"
            raise self.unfit(message, "shorten it", field="prompt")
        body = {name: value for name, value in request.extra.items() if name not in _DECIDED}
        body |= {"prompt": words, "numVariations": request.n}
        if request.size is not None:
            body["size"] = {"width": request.size[0], "height": request.size[1]}
        if request.seed is not None:
            body["seeds"] = [request.seed + number for number in range(request.n)]
        if request.negative_prompt and "negative_prompt" in model.accepts:
            body["negativePrompt"] = request.negative_prompt
        for part, item in inputs.items():
            source = {"source": {"uploadId": self._put(item)}}
            body[part] = source if model.id == _FILL else {"imageReference": source} | _strength(part, request)
        path = "fill" if model.id == _FILL else "generate"
        headers = {} if model.id == _FILL else {"x-model-version": model.id}
        return Call(f"v3/images/{path}-async", body, headers)

    def _checked(self, model: Model, request: GenerationRequest) -> dict[str, InputAsset]:
        """Which input goes where: picture and mask, or one that gives the structure and one that gives the style."""
        pictures = in_order(request.inputs)
        masks = [white_mask(item, self.name) for item in request.inputs if item.role == "mask"]
        styles = [item for item in pictures if item.role == "style"]
        others = [item for item in pictures if item.role != "style"]
        if request.operation == "text_to_image":
            return {}
        if not pictures:
            raise self.unfit(f"{request.operation} needs a picture", "add inputs to the spec")
        foreign = next((item for item in pictures if item.media_type not in _TYPES), None)
        if foreign is not None:
            raise self.unfit(f"an input is {foreign.media_type}, firefly takes PNG, JPEG or WebP", "convert it")
        if any(len(item.data) > LARGEST_INPUT for item in request.inputs):
            raise self.unfit(f"an input has more than {LARGEST_INPUT} bytes", "make it smaller")
        if model.id == _FILL:
            if len(pictures) != 1 or len(masks) != 1:
                raise self.unfit(f"{len(pictures)} pictures and {len(masks)} masks were given", "give one of each")
            return {"image": pictures[0], "mask": masks[0]}
        if len(styles) > 1 or len(others) > 1 or masks:
            message = f"{model.id} takes one picture for the structure and one for the style"
            raise self.unfit(message, "give one input the role `style`, or name another provider")
        return {part: found[0] for part, found in (("structure", others), ("style", styles)) if found}

    def _put(self, item: InputAsset) -> str:
        """Where an input was put in their storage."""
        answer = self.wire.tell("v2/storage/image", Raw(item.data, item.media_type))
        if answer.status not in OK:
            raise unpaid(self.refusal(answer, heard_at(answer)))
        content = Content.of(answer)
        images = content.get("images") if content is not None else None
        found = images[0].get("id") if isinstance(images, list) and images and isinstance(images[0], dict) else None
        if not isinstance(found, str):
            raise TransientError("firefly did not say where it put an input", provider=self.name)
        return found

    def refusal(self, answer: Answer, now: datetime) -> ProviderError:
        """`{error_code, message, validation_errors}`. A token that was good may have ended: a new one is fetched."""
        code, told = _told(answer.json())
        wait = retry_after(answer.headers, now=now)
        if code is None:
            said = Said(self.wire.safe(page_text(answer)), wait=wait)
        else:
            said = Said(self.wire.safe(told or code), code=self.wire.safe(code, limit=80), own=True, wait=wait)
        if answer.status == _UNAUTHORIZED and self._ring.forget():
            return TransientError(
                "the token of firefly was not good any more; a new one is fetched", provider=self.name,
                status=answer.status, request_id=request_id(answer),
            )  # fmt: skip
        rejected = self._rejected(code, said.message) or (
            self._rejected("prompt_unsafe", said.message) if answer.status == _UNAVAILABLE_BY_LAW else None
        )
        return by_status(self.name, answer, said) if rejected is None else known_as(rejected, answer)

    def _rejected(self, code: str | None, told: str) -> ContentRejectedError | None:
        stage = _REFUSED.get(code or "")
        if stage is None:
            return None
        return ContentRejectedError(
            f"firefly refuses it ({told})", stage="output" if stage == "output" else "input",
            categories=(str(code),), provider=self.name, hint="change the prompt or the inputs",
        )  # fmt: skip

    # --- A job that was accepted -------------------------------------------------------------------------------------

    def name_of(self, content: Mapping[str, Any]) -> str | None:
        """The address of its status, where that is a host of theirs; else its id."""
        url, job = content.get("statusUrl"), content.get("jobId")
        if self.is_theirs(url):
            return str(url)
        return job if isinstance(job, str) and 0 < len(job) <= 200 and "://" not in job else None  # noqa: PLR2004

    def asked(self, remote_id: str) -> Answer:
        """Its status, from where it said."""
        if "://" in remote_id:
            return self.wire.fetch(remote_id, hosts=(), trusted=self.status_hosts)
        return self.wire.get(f"v3/status/{quote(remote_id, safe=':')}")

    def pause(self, content: Mapping[str, Any]) -> float | None:
        """None when it has ended. The answer to the call itself has no status yet."""
        return None if str(content.get("status")).lower() in _ENDED else _PAUSE

    def result(self, sent: Sent, content: Mapping[str, Any]) -> GenerationResult:
        """What it made, fetched at once: it lies there for an hour."""
        if str(content.get("status")).lower() != "succeeded":
            raise self._failed(sent, content)
        found = content.get("result")
        told = found.get("outputs") if isinstance(found, dict) else None
        places = [item for item in told if isinstance(item, dict)] if isinstance(told, list) else []
        urls = [item["image"].get("url") for item in places if isinstance(item.get("image"), dict)]
        outputs, faults = self.fetched(sent, urls, cost_of(sent.model, sent.request, None, sent.request.n))
        job = content.get("jobId")
        return self.made(
            sent, content, outputs,
            remote_id=self.wire.safe(job, limit=200) if isinstance(job, str) else None,
            partial=self.lacking(sent, outputs, faults),
        )  # fmt: skip

    def _failed(self, sent: Sent, content: Mapping[str, Any]) -> ProviderError:
        code, told = _told(content)
        message = self.wire.safe(told or code or str(content.get("status")))
        error = self._rejected(code, message) or ProviderFailedError(
            f"the job of {sent.model.id} failed: {message}", provider=self.name
        )
        return paid(known_as(error, sent.answer), ZERO)


def _told(content: object) -> tuple[str | None, str | None]:
    """Code and message of an error, wherever they stand."""
    places = [content]
    if isinstance(content, dict):
        places += [content.get("error"), content.get("result")]
    for place in places:
        if isinstance(place, dict):
            code = place.get("error_code", place.get("errorCode", place.get("code")))
            if code is not None:
                message = place.get("message")
                return str(code), message if isinstance(message, str) else None
    return None, None


def _strength(part: str, request: GenerationRequest) -> dict[str, Any]:
    """How much the structure holds: theirs is from 0 to 100 and the other way round."""
    if part != "structure" or request.strength is None:
        return {}
    return {"strength": int((1 - Decimal(str(request.strength))) * 100)}
