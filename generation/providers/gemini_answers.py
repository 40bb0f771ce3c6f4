"""What Gemini's answers mean: pictures among thoughts and words, refusals that come as success, errors. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from generation.catalogue.charging import Tokens
from generation.errors import (
    AuthError,
    ContentRejectedError,
    InvalidRequestError,
    ProviderError,
    QuotaExceededError,
    TransientError,
)
from generation.providers.failures import Said, page_text, request_id
from generation.providers.messages import Answer
from generation.providers.retry_after import retry_after

NAME: Final = "gemini"
_REFUSED_FINISHES: Final = frozenset(
    {
        *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "SAFETY", "PROHIBITED_CONTENT"),
        *("RECITATION", "BLOCKLIST", "SPII"),
    }
)
_MOST_TOKENS: Final = 10**9

Safe = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ImagePart:
    """One picture of an answer: base64, and the type it claims to have."""

    data: object
    media_type: str


def image_parts(content: Mapping[str, Any]) -> list[ImagePart]:
    """The pictures of the first candidate, without drafts that the model only thought of."""
    found = []
    for part in _parts(_candidate(content)):
        inline = part.get("inlineData", part.get("inline_data"))
        if isinstance(inline, dict) and part.get("thought") is not True:
            claimed = inline.get("mimeType", inline.get("mime_type"))
            found.append(ImagePart(inline.get("data"), str(claimed or "")))
    return found


def _candidate(content: Mapping[str, Any]) -> Mapping[str, Any]:
    candidates = content.get("candidates")
    first = candidates[0] if isinstance(candidates, list) and candidates else None
    return first if isinstance(first, dict) else {}


def _parts(candidate: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    inner = candidate.get("content")
    parts = inner.get("parts") if isinstance(inner, dict) else None
    return (part for part in (parts if isinstance(parts, list) else []) if isinstance(part, dict))


def nothing_made(content: Mapping[str, Any], safe: Safe, *, what: str = "picture") -> ProviderError:
    """Why a success holds none of what was asked for."""
    feedback = content.get("promptFeedback")
    blocked = feedback.get("blockReason") if isinstance(feedback, dict) else None
    if blocked:
        categories = (safe(str(blocked)),)
        message = f"gemini refuses the prompt or an input ({categories[0]})"
        return ContentRejectedError(message, categories=categories, hint="change the prompt or inputs", provider=NAME)
    candidate = _candidate(content)
    finish = str(candidate.get("finishReason", candidate.get("finish_reason")) or "no reason")
    words = " ".join(str(part["text"]) for part in _parts(candidate) if isinstance(part.get("text"), str))
    told = safe(f"{finish}: {words}" if words else finish)
    if finish in _REFUSED_FINISHES:
        return ContentRejectedError(
            f"gemini refuses what it made ({told})", stage="output", categories=(finish,), provider=NAME,
            hint="change the prompt or inputs",
        )  # fmt: skip
    if finish == "MAX_TOKENS":
        message = f"gemini reached its limit of tokens before there was a {what}"
        return InvalidRequestError(message, field="prompt", hint="shorten the prompt", provider=NAME)
    message = f"gemini answered without a {what} ({told})"
    return TransientError(
        message, provider=NAME, hint=f"say in the prompt that a {what} is wanted", code="empty_result"
    )


def tokens_of(usage: object) -> Tokens | None:
    """What they counted; what is not told apart counts as the dearer kind. None where nothing sound was counted."""
    if not isinstance(usage, dict):
        return None
    total_in = _count(usage.get("promptTokenCount"))
    made = _count(usage.get("candidatesTokenCount"))
    thought = _count(usage.get("thoughtsTokenCount"))
    image_in = _of_images(usage.get("promptTokensDetails"))
    image_out = _of_images(usage.get("candidatesTokensDetails"))
    if total_in is None and made is None:
        return None
    total_in, made, thought = total_in or 0, made or 0, thought or 0
    image_in = min(image_in or 0, total_in)
    image_out = made if image_out is None else min(image_out, made)
    return Tokens(total_in - image_in, image_in, image_out, made - image_out + thought)


def _of_images(details: object) -> int | None:
    """Tokens of pictures; None where kinds are not told apart."""
    if not isinstance(details, list) or not details:
        return None
    found = [item for item in details if isinstance(item, dict) and item.get("modality") == "IMAGE"]
    return sum(_count(item.get("tokenCount")) or 0 for item in found)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_TOKENS else None


@dataclass(frozen=True, slots=True)
class Details:
    """What stands in the `details` of a Google error."""

    reasons: frozenset[str] = frozenset()
    quotas: tuple[str, ...] = ()


def said_by(answer: Answer, now: datetime, safe: Safe) -> tuple[Said, Details]:
    """A Google error; sometimes it is the only element of a list."""
    content = answer.json()
    if isinstance(content, list) and content:
        content = content[0]
    error = content.get("error") if isinstance(content, dict) else None
    if not isinstance(error, dict):
        return Said(safe(page_text(answer)), wait=retry_after(answer.headers, now=now)), Details()
    message = str(error.get("message") or "no reason")
    entries = error.get("details")
    entries = [item for item in entries if isinstance(item, dict)] if isinstance(entries, list) else []
    delays = [str(item["retryDelay"]) for item in entries if "retryDelay" in item]
    wait = retry_after(answer.headers, [*delays, message], now=now)
    said = Said(safe(message), code=str(error.get("status") or ""), own=True, wait=wait)
    return said, Details(
        frozenset(str(item.get("reason")) for item in entries if "reason" in item), tuple(_quotas(entries))
    )


def _quotas(entries: list[dict[str, Any]]) -> Iterator[str]:
    for item in entries:
        violations = item.get("violations")
        for each in violations if isinstance(violations, list) else []:
            if isinstance(each, dict):
                yield str(each.get("quotaId") or each.get("subject") or "")


def special_refusal(answer: Answer, said: Said, details: Details, *, provider: str = NAME) -> ProviderError | None:
    """What their codes say beyond the status; None where the status says it all."""
    facts: dict[str, Any] = {"provider": provider, "status": answer.status, "request_id": request_id(answer)}
    message, lowered = f"{provider} answered {answer.status}: {said.message}", said.message.lower()
    if "API_KEY_INVALID" in details.reasons or (answer.status == 400 and "api key not valid" in lowered):  # noqa: PLR2004
        return AuthError(message, hint="check the key", **facts)
    if said.code == "FAILED_PRECONDITION":
        if "location" in lowered or "country" in lowered:
            return AuthError(message, hint="their service is not open where you are; enable billing", **facts)
        return QuotaExceededError(message, hint="enable billing, or name another provider", **facts)
    daily = any("perday" in quota.lower().replace("_", "") for quota in details.quotas) or "limit: 0" in lowered
    if answer.status == 429 and daily:  # noqa: PLR2004
        return QuotaExceededError(
            message, hint="wait for the next day, or name another provider", retry_after=said.wait, **facts
        )
    return None
