"""The one table from an error to the exit code of the program (contract §6)."""

from enum import IntEnum
from functools import cache

from ontology.errors import CallsheetError, ConflictError, IntegrityError, InvalidInputError, NotFoundError


class ExitCode(IntEnum):
    """What the exit status says. It is 0 too when the reader of the output has gone (`callsheet ls | head`)."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    PARTLY = 3
    NOT_FOUND = 4
    CONFLICT = 5
    BUDGET = 6
    PROVIDER = 7
    INTEGRITY = 8
    INTERRUPTED = 130


@cache
def _kinds() -> tuple[tuple[type[CallsheetError], ExitCode], ...]:
    from generation.errors import BudgetError, ProviderError  # noqa: PLC0415  # only a failure has to know them

    return (
        (InvalidInputError, ExitCode.USAGE),
        (NotFoundError, ExitCode.NOT_FOUND),
        (ConflictError, ExitCode.CONFLICT),
        (IntegrityError, ExitCode.INTEGRITY),
        (BudgetError, ExitCode.BUDGET),
        (ProviderError, ExitCode.PROVIDER),
    )


_OF_PROVIDERS = (
    *("rate_limited", "quota_exceeded", "provider_auth", "content_rejected", "provider_refused", "model_gone"),
    *("unsupported", "provider_unwell", "outcome_unknown", "provider_failed", "no_route", "charged_without_result"),
    *("provider_address", "provider_no_key", "provider_unreachable", "result_address", "host_not_allowed"),
)
_BY_CODE = {
    "circle": ExitCode.USAGE,
    "clashing_tags": ExitCode.USAGE,
    "no_member": ExitCode.NOT_FOUND,
    "no_preview": ExitCode.USAGE,
    "not_a_preview": ExitCode.USAGE,
    "path_taken": ExitCode.CONFLICT,
    **dict.fromkeys(_OF_PROVIDERS, ExitCode.PROVIDER),
}
"""Codes that only items of bulk changes have."""


def exit_code_of(error: BaseException) -> ExitCode:
    """The exit code of an error: by its kind, else 1."""
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    return next((code for kind, code in _kinds() if isinstance(error, kind)), ExitCode.FAILURE)


def exit_code_of_code(code: str) -> ExitCode:
    """The exit code of an error that is known by its stable code only, as one item of many carries it."""
    by_kind = next((exit_code for kind, exit_code in _kinds() if kind.code == code), ExitCode.FAILURE)
    return _BY_CODE.get(code, by_kind)
