"""JSON answers, serialised once."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import PydanticSerializationError, to_json
from starlette.responses import Response

from api.context import ApiContext
from gallery.views import AssetView, BulkResult
from ontology.errors import CallsheetError, InvalidInputError, NotFoundError

Json = dict[str, Any]


_NOT_FINITE: Final = (b"NaN", b"Infinity")


def json_bytes(body: Any) -> bytes:
    """A body as UTF-8.

    Raises `InvalidInputError` for a number that JSON does not have, which a caller sent in. Text that is no Unicode is
    written with escapes.
    """
    try:  # takes a third of the time of `json`, which is left what is unusual
        found = to_json(body)
    except PydanticSerializationError:
        return _json_bytes(body)
    return _json_bytes(body) if any(word in found for word in _NOT_FINITE) else found


def _json_bytes(body: Any) -> bytes:
    try:
        return json.dumps(body, allow_nan=False, separators=(",", ":")).encode()
    except ValueError as error:
        raise InvalidInputError("a number of the request is not finite", hint="JSON has no NaN") from error


def answer(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    return Response(json_bytes(body), status, headers, "application/json")


def asset_json(context: ApiContext, body: Json) -> Json:
    """An asset's JSON with the URL under which it is served."""
    body["url"] = context.asset_url(body["id"])
    return body


def assets_json(context: ApiContext, body: Json) -> Json:
    """A body whose `assets` are assets."""
    for item in body["assets"]:
        asset_json(context, item)
    return body


def etag(asset: AssetView) -> str:
    """The strong ETag of an asset: its version."""
    return f'"{asset.version}"'


def detail(context: ApiContext, asset_id: str, *, status: int = 200) -> Response:
    """Everything about one asset, with its ETag."""
    found = context.services.gallery.get(asset_id)
    return answer(asset_json(context, found.to_json()), status=status, headers={"ETag": etag(found.asset)})


def failure_of(result: BulkResult) -> CallsheetError | None:
    """The error of a change of one asset that failed."""
    error = result.results[0].error if result.failed else None
    if error is None:
        return None
    kind = NotFoundError if error.code == NotFoundError.code else InvalidInputError
    return kind(error.message, hint=error.hint, code=error.code)
