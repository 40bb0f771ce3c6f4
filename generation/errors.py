"""What can go wrong while something is made, and what each kind allows: another attempt, another route, or neither."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from generation.money import text_of
from ontology.errors import CallsheetError

Charged = Literal["no", "yes", "unknown"]


class BudgetError(CallsheetError):
    """A call would exceed a limit; nothing was sent (exit code 6). `resets`: when the limit starts anew, if it does."""

    code = "budget"

    def __init__(
        self, message: str, *, wanted: Decimal, limit: Decimal, left: Decimal, resets: datetime | None, hint: str
    ) -> None:
        super().__init__(message, hint=hint)
        self.wanted, self.limit, self.left, self.resets = wanted, limit, left, resets

    def amounts(self) -> dict[str, str | None]:
        """The amounts of the refusal, as texts."""
        resets = None if self.resets is None else self.resets.isoformat().replace("+00:00", "Z")
        return {
            "wanted": text_of(self.wanted),
            "limit": text_of(self.limit),
            "left": text_of(self.left),
            "resets": resets,
        }


class ProviderError(CallsheetError):
    """A provider did not give what was asked (exit code 7).

    `charged`: whether money was taken; `outcome_known`: whether it is certain that nothing was started or that it has
    ended; `retry_after`: seconds the provider asks to wait; `request_id`: its name for the call.
    """

    code = "provider"
    cost: Decimal | None = None
    """Dollars that the failed call did cost, where `charged` is `yes` and the provider told."""
    retryable = False
    """Whether the same call may be made again by the program itself."""
    hops = True
    """Whether the next route may be tried."""

    def __init__(
        self,
        message: str,
        *,
        provider: str = "",
        hint: str | None = None,
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        charged: Charged = "no",
        outcome_known: bool = True,
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.provider, self.status, self.request_id = provider, status, request_id
        self.retry_after, self.charged, self.outcome_known = retry_after, charged, outcome_known


class RateLimitedError(ProviderError):
    """Too many calls at a time; the same call may be made again after `retry_after`."""

    code = "rate_limited"
    retryable = True


class QuotaExceededError(ProviderError):
    """The account has no money or no quota left."""

    code = "quota_exceeded"


class AuthError(ProviderError):
    """The key is missing, wrong, or not allowed to do this."""

    code = "provider_auth"


class ContentRejectedError(ProviderError):
    """The provider refuses the prompt, an input or the result. Another provider is asked only when the spec says so."""

    code = "content_rejected"
    hops = False

    def __init__(
        self,
        message: str,
        *,
        stage: Literal["input", "output"] = "input",
        categories: tuple[str, ...] = (),
        hint: str | None = None,
        provider: str = "",
        status: int | None = None,
        request_id: str | None = None,
        charged: Charged = "no",
    ) -> None:
        super().__init__(message, provider=provider, hint=hint, status=status, request_id=request_id, charged=charged)
        self.stage, self.categories = stage, categories


class InvalidRequestError(ProviderError):
    """The provider cannot do this: a parameter, a size, a model that is gone (`code` `model_gone`)."""

    code = "provider_refused"
    hops = False

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        hint: str | None = None,
        code: str | None = None,
        provider: str = "",
        status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message, provider=provider, hint=hint, code=code, status=status, request_id=request_id)
        self.field = field
        self.hops = self.code in {"model_gone", "unsupported"}


class UntrustedHostError(InvalidRequestError):
    """A file of the project sends a key to a host that the user has not allowed. Nothing was sent."""

    code = "host_not_allowed"


class TransientError(ProviderError):
    """The provider is unwell; the same call may be made again if it surely did not start."""

    code = "provider_unwell"

    @property
    def retryable(self) -> bool:  # type: ignore[override]  # depends on this very error
        """Only what surely did not start may be sent again: anything else could be paid twice."""
        return self.outcome_known and self.charged == "no"


class AmbiguousOutcomeError(TransientError):
    """Nobody knows whether the call was accepted. It is never sent again by the program itself."""

    code = "outcome_unknown"
    hops = False

    def __init__(self, message: str, *, provider: str = "", hint: str | None = None, status: int | None = None) -> None:
        super().__init__(message, provider=provider, hint=hint, status=status, charged="unknown", outcome_known=False)


class ProviderFailedError(ProviderError):
    """The job was accepted and ended without a result."""

    code = "provider_failed"
