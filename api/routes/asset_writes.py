"""Assets: sent, changed, tagged in bulk."""

from typing import Any, Final, cast

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from api import inputs, models
from api.answers import answer, detail, failure_of
from api.context import ApiContext
from api.preconditions import CHANGES, IfMatch, expected_version
from api.selecting import selected
from gallery.intake.uploading import Upload, first_failure, take_uploads
from gallery.journal import editing
from gallery.journal.editing import KEEP, Edit
from ontology.errors import InvalidInputError
from ontology.escaping import visible

MOST_FILES: Final = 100
MOST_FIELDS: Final = 300
MOST_NAME: Final = 120
FIELD_BYTES: Final = 4096

_PROBLEM: dict[str, Any] = {"model": models.Problem}
_UPLOADS: dict[int | str, dict[str, Any]] = {
    200: {"model": models.UploadResult, "description": "Every file was known, or failed beside others"},
    201: {"model": models.UploadResult, "description": "A file was new"},
    413: _PROBLEM,
    415: _PROBLEM,
    422: _PROBLEM,
}
_FORM: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "tag": {"type": "array", "items": {"type": "string"}},
                    },
                }
            }
        },
    }
}


def router(context: ApiContext) -> APIRouter:
    """The routes that write."""
    routes = APIRouter(prefix="/v1/assets", tags=["assets"])
    services = context.services

    @routes.post("", operation_id="upload_assets", responses=_UPLOADS, openapi_extra=_FORM)
    async def upload_assets(request: Request) -> Response:
        """Send pictures as parts named `file`; parts named `tag` are tags for all of them. 200 known, 201 new."""
        async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES) as form:
            return await run_in_threadpool(_uploaded, context, form)

    @routes.patch("/{asset_id}", operation_id="change_asset", response_model=models.AssetDetail, responses=CHANGES)
    def change_asset(asset_id: str, body: inputs.AssetPatch, if_match: IfMatch = None) -> Response:
        """Add and remove tags, set rating and note. What the body leaves out stays."""
        version = expected_version(if_match)
        given = body.model_fields_set
        rating = body.rating if "rating" in given else KEEP
        edit = Edit(tuple(body.add), tuple(body.remove), rating, body.note if "note" in given else KEEP)
        error = failure_of(editing.edit_all(services.gallery.context, asset_id, edit, if_version=version))
        if error is not None:
            raise error
        return detail(context, asset_id)

    @routes.post("/tags", operation_id="tag_assets", response_model=models.BulkResult)
    def tag_assets(body: inputs.TagDeltas) -> Response:
        """Add tags to many assets and remove others, as one batch; what failed stands among the results."""
        ids = selected(services.gallery.context, body)
        return answer(editing.change_tags(services.gallery.context, ids, add=body.add, remove=body.remove).to_json())

    return routes


def _uploaded(context: ApiContext, form: FormData) -> Response:
    files = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
    if not files:
        raise InvalidInputError("no file was sent", hint="send each as a part named `file`, with a file name")
    tags = [part for part in form.getlist("tag") if isinstance(part, str)]
    names = [_shown_name(part.filename) for part in files]
    sent = [Upload(name, cast("Any", part.file)) for name, part in zip(names, files, strict=True)]
    result = take_uploads(
        context.services.gallery.context, context.uploads, sent, tags=tags, limit=context.upload_limit
    )
    error = first_failure(result)
    if error is not None:
        raise error
    body = result.to_json()
    for item, name in zip(body["results"], names, strict=True):
        item["name"] = name
        item["url"] = None if item["id"] is None else context.asset_url(item["id"])
    is_new = any(item.outcome == "added" for item in result.results)
    only = result.results[0].id if len(result.results) == 1 else None
    headers = {} if only is None else {"Location": f"/v1/assets/{only}"}
    return answer(body, status=201 if is_new else 200, headers=headers)


def _shown_name(given: str | None) -> str:
    """What a sender calls a file, without folders and without characters that deceive; for reports alone."""
    return visible((given or "").replace("\\", "/").rpartition("/")[2], limit=MOST_NAME)
