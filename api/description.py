"""What `/openapi.json` says beyond what the routes do: every refusal has the one shape that `api.errors` gives it."""

from typing import Any, Final

from fastapi import FastAPI

from api.errors import MEDIA_TYPE
from api.models import Problem

Json = dict[str, Any]

_PROBLEM: Final = "#/components/schemas/Problem"
_REFUSALS: Final = {
    "4XX": "What was asked cannot be done: `code` and `hint` say why and what to do.",
    "5XX": "It cannot be done now (503: try again), or the fault is the server's.",
}
_HEADERS: Final[dict[str, Json]] = {
    "if-match": {
        "required": True,  # the framework lets it be missing, so that the answer can be 428
        "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,18}")$', "examples": ['"3"', "*"]},
    },
    "idempotency-key": {
        "required": True,  # as above: 400; a dry run needs none
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$", "examples": ["8e03978e-40d5-43e8-bc93-6894a57f9324"]},
    },
    "last-event-id": {"schema": {"type": "string", "pattern": "^[0-9]{1,18}$", "examples": ["12"]}},
}
_LEFT_OUT: Final = ("HTTPValidationError", "ValidationError")
"""Shapes of the framework that are never sent: its refusals become problem details too."""


def describe(app: FastAPI) -> None:
    """Have the application describe refusals as they are."""
    described = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            _complete(described())
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]  # the way that the framework documents


def _complete(description: Json) -> None:
    for methods in description["paths"].values():
        for operation in methods.values():
            _describe_refusals(operation["responses"])
            _describe_headers(operation)
    shapes = description["components"]["schemas"]
    for name in _LEFT_OUT:
        shapes.pop(name, None)
    shapes["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")


def _describe_refusals(responses: Json) -> None:
    for status in [status for status in responses if status[0] in "45"]:
        responses[status]["content"] = _content()
    for status, text in _REFUSALS.items():
        responses.setdefault(status, {"description": text, "content": _content()})


def _content() -> Json:
    return {MEDIA_TYPE: {"schema": {"$ref": _PROBLEM}}}


def _describe_headers(operation: Json) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            parameter.update(_HEADERS.get(parameter["name"], {}))
