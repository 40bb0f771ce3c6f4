"""The one table from an error to a status, and its body: problem details of RFC 9457."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from generation.errors import BudgetError, ProviderError
from ontology.diagnostics import Diagnostic
from ontology.errors import CallsheetError, ConflictError, IntegrityError, InvalidInputError, NotFoundError

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:callsheet:problem:"

BY_CODE: Final[Mapping[str, int]] = {
    "stale": 412,
    "precondition_required": 428,
    "bad_precondition": 400,
    "not_media": 415,
    "unsupported_media_type": 415,
    "too_large": 413,
    "body_too_large": 413,
    "damaged": 422,
    "too_many_pixels": 422,
    "bad_request": 400,
    "bad_json": 400,
    "token_in_url": 400,
    "foreign_host": 421,
    "foreign_origin": 403,
    "no_token": 401,
    "bad_token": 401,
    "scope": 403,
    "gone": 404,
    "busy": 503,
    "locked": 503,
    "deadline": 503,
    "no_memory": 503,
    "idempotency_key_required": 400,
    "idempotency_key_reused": 422,
    "no_metrics": 501,
    "disk_full": 507,
}
"""Codes that say more than the kind of the error does."""

BY_KIND: Final[tuple[tuple[type[CallsheetError], int], ...]] = (
    (InvalidInputError, 422),
    (NotFoundError, 404),
    (ConflictError, 409),
    (IntegrityError, 500),
    (BudgetError, 402),
    (ProviderError, 502),
)

_HTTP_CODES: Final = {404: "no_route", 405: "method_not_allowed", 400: "bad_request"}
_RETRY: Final = {503: {"Retry-After": "1"}, 401: {"WWW-Authenticate": 'Bearer realm="callsheet"'}}


class HttpError(CallsheetError):
    """What HTTP alone can get wrong; its code is in the table."""


def status_of(error: CallsheetError) -> int:
    """By its code, else by its kind, else 500."""
    by_kind = (status for kind, status in BY_KIND if isinstance(error, kind))
    return BY_CODE.get(error.code) or next(by_kind, HTTPStatus.INTERNAL_SERVER_ERROR)


def problem_body(
    status: int, code: str, detail: str, hint: str | None, errors: Iterable[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """`{type, title, status, detail, code, hint, errors}`; `errors` name a `field` each, or a place."""
    return {
        "type": f"{TYPE_PREFIX}{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        "hint": hint,
        "errors": list(errors),
    }


def problem(error: CallsheetError) -> Response:
    """The response for an error of ours; a refused budget tells `wanted`, `limit`, `left` and `resets` too."""
    found = getattr(error, "diagnostics", ())
    errors = [item.to_json() for item in found if isinstance(item, Diagnostic)]
    body = problem_body(status_of(error), error.code, error.message, error.hint, errors)
    return response(body | error.amounts() if isinstance(error, BudgetError) else body)


def response(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Problem details as a response."""
    status = body["status"]
    more = {**_RETRY.get(status, {}), "Cache-Control": "no-store", **(headers or {})}
    return Response(json.dumps(body), status, more, MEDIA_TYPE)


def internal(request_id: str) -> Response:
    """The response for a fault of ours; what it was stands in the log under this id, and nowhere else."""
    hint = f"this is a fault of Callsheet; its log has it under request {request_id}"
    return response(problem_body(500, "internal", "the request could not be answered", hint))


async def on_callsheet_error(request: Request, error: Exception) -> Response:  # noqa: ARG001  # as Starlette asks
    """For `CallsheetError`."""
    if not isinstance(error, CallsheetError):
        raise error
    return problem(error)


async def on_http_exception(request: Request, error: Exception) -> Response:  # as Starlette asks
    """For what the framework raises: no such route, method or body."""
    if not isinstance(error, HTTPException):
        raise error
    code = _HTTP_CODES.get(error.status_code, "http")
    detail = {
        404: f"there is nothing at {request.url.path}",
        405: f"{request.method} is not possible at {request.url.path}",
    }.get(error.status_code, str(error.detail))
    hint = "docs/api.md and /openapi.json list the routes" if error.status_code in (404, 405) else None
    return response(problem_body(error.status_code, code, detail, hint), error.headers)


async def on_validation_error(request: Request, error: Exception) -> Response:  # noqa: ARG001  # as above
    """For a body, a path or a query that is not of the documented shape; 400 for a body that is no JSON at all."""
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return response(problem_body(400, "bad_json", "the body is no JSON", "send one JSON object in UTF-8"))
    errors = [
        {"field": ".".join(str(part) for part in item["loc"][1:]), "in": str(item["loc"][0]), "message": item["msg"]}
        for item in found
    ]
    first = errors[0]
    detail = f"{first['field'] or first['in']}: {first['message']}"
    return response(problem_body(422, "invalid", detail, "/openapi.json describes the request", errors))


async def on_no_text(request: Request, error: Exception) -> Response:  # noqa: ARG001  # as above
    """For text that UTF-8 cannot hold (lone surrogates), wherever it was noticed."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return response(problem_body(422, "invalid", "a text holds what is no character", "send whole Unicode characters"))
