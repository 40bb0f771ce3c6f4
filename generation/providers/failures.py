"""What an answer that is no result means, by its status: where all vendors agree. Pure.

A vendor's adapter looks for its own codes first. What may have been started, and so charged, is never said to be safe
to send again: of the failures of a server only 503 is, where the provider itself says it or says when to come back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from re import DOTALL, IGNORECASE
from re import compile as pattern
from typing import Any, Final, TypeVar

from generation.errors import (
    AmbiguousOutcomeError,
    AuthError,
    InvalidRequestError,
    ProviderError,
    ProviderFailedError,
    QuotaExceededError,
    RateLimitedError,
    TransientError,
)
from generation.money import ZERO
from generation.providers.messages import Answer

_TITLE: Final = pattern(r"<title[^>]*>(.{1,200}?)</title>", IGNORECASE | DOTALL)
_NOT_STARTED: Final = frozenset({409, 425})
_LOOK: Final = "look at the provider's account, then `callsheet queue resolve`"

Failure = TypeVar("Failure", bound=ProviderError)


@dataclass(frozen=True, slots=True)
class Said:
    """What an error answer says, made safe to show. `own`: in the vendor's own words, not a gateway's page."""

    message: str
    code: str = ""
    type: str = ""
    field: str | None = None
    own: bool = False
    gone: bool = False
    """It knows no such model."""

    wait: float | None = None
    """Seconds after which it wants to be asked again."""


def page_text(answer: Answer) -> str:
    """What a page that is no JSON says: its title, or all of it. It is made safe before it is cut."""
    text = answer.text()
    found = _TITLE.search(text)
    return " ".join((found[1] if found else text).split()) or "an empty answer"


def by_status(provider: str, answer: Answer, said: Said) -> ProviderError:
    """The error for a status of 300 and more, or of a 2xx that is no result."""
    status = answer.status
    facts: dict[str, Any] = {"provider": provider, "status": status, "request_id": request_id(answer)}
    message = f"{provider} answered {status}: {said.message}"
    if status in {401, 403}:
        hint = "check the key, what it may do, and its organisation"
        return AuthError(message, hint=hint, **facts)
    if status == 402:  # noqa: PLR2004  # payment required
        return QuotaExceededError(message, hint="top up the account, or name another provider", **facts)
    if status == 429:  # noqa: PLR2004  # too many requests
        return RateLimitedError(message, hint="fewer at a time: `at_once`", retry_after=said.wait, **facts)
    if status in _NOT_STARTED or (status == 503 and (said.own or said.wait is not None)):  # noqa: PLR2004
        return TransientError(message, retry_after=said.wait, **facts)
    if status == 408 or not 300 <= status < 500:  # noqa: PLR2004  # nobody can tell what a broken server has done
        return known_as(AmbiguousOutcomeError(message, provider=provider, status=status, hint=_LOOK), answer)
    return _refused(message, said, facts)


def _refused(message: str, said: Said, facts: dict[str, Any]) -> InvalidRequestError:
    status = facts["status"]
    if status < 400:  # noqa: PLR2004  # redirects are not followed: a paid call goes where it was meant to
        hint = f"mend providers.{facts['provider']}.base_url"
        return InvalidRequestError(message, hint=hint, code="provider_address", **facts)
    if said.gone or (status in {404, 410} and said.own):
        hint = "name another model; `callsheet specs check` knows those that are gone"
        return InvalidRequestError(message, hint=hint, code="model_gone", field="model", **facts)
    if not said.own:
        hint = f"is providers.{facts['provider']}.base_url the address of its API?"
        return InvalidRequestError(message, hint=hint, code="provider_address", **facts)
    return InvalidRequestError(message, field=said.field, hint="mend the spec", **facts)


def answered_at(answer: Answer) -> datetime | None:
    """What time it was over there, as far as the answer says."""
    try:
        found = parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def request_id(answer: Answer) -> str | None:
    """The provider's name for the call."""
    names = ("x-request-id", "request-id", "x-goog-request-id")
    found = next((answer.headers[name] for name in names if answer.headers.get(name)), None)
    return found[:200] if found else None


def known_as(error: Failure, answer: Answer) -> Failure:
    """The error, with status and the provider's name for the call."""
    error.status, error.request_id = answer.status, request_id(answer)
    return error


def nothing_whole(provider: str, answer: Answer, why: str, cost: Decimal | None) -> ProviderFailedError:
    """The error of a success that holds nothing of use. It was charged for: this much, as far as anybody knows."""
    error = ProviderFailedError(
        f"{provider} answered, but {why}", provider=provider, hint="it was charged for; ask their support",
        code="empty_result",
    )  # fmt: skip
    return paid(known_as(error, answer), cost)


def paid(error: Failure, cost: Decimal | None) -> Failure:
    """The error of a call that was answered and charged for. A cost of zero was not; None: nobody told."""
    error.charged, error.cost = ("no" if cost == ZERO else "yes"), cost
    return error
