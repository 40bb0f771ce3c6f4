"""The trash: what is put there, and brought back. No file is touched."""

from fastapi import APIRouter
from starlette.responses import Response

from api import inputs, models
from api.answers import answer, failure_of
from api.context import ApiContext
from api.preconditions import CHANGES, IfMatch, expected_version
from api.selecting import selected
from gallery.journal import trash
from gallery.views import BulkResult


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/assets", tags=["assets"])
    services = context.services

    @routes.delete("/{asset_id}", operation_id="trash_asset", response_model=models.BulkResult, responses=CHANGES)
    def trash_asset(asset_id: str, if_match: IfMatch = None) -> Response:
        """Put it into the trash. Its file is not touched; undo and restore bring it back."""
        return _of_one(trash.trash(services.gallery.context, asset_id, if_version=expected_version(if_match)))

    @routes.post(
        "/{asset_id}/restore", operation_id="restore_asset", response_model=models.BulkResult, responses=CHANGES
    )
    def restore_asset(asset_id: str, if_match: IfMatch = None) -> Response:
        """Bring it back from the trash. The query `is:trashed` lists what lies there."""
        return _of_one(trash.restore(services.gallery.context, asset_id, if_version=expected_version(if_match)))

    @routes.post("/trash", operation_id="trash_assets", response_model=models.BulkResult)
    def trash_assets(body: inputs.Selected) -> Response:
        """Put many into the trash, as one batch; what failed stands among the results."""
        return answer(trash.trash(services.gallery.context, selected(services.gallery.context, body)).to_json())

    @routes.post("/restore", operation_id="restore_assets", response_model=models.BulkResult)
    def restore_assets(body: inputs.Selected) -> Response:
        """Bring many back from the trash, as one batch; what failed stands among the results."""
        return answer(trash.restore(services.gallery.context, selected(services.gallery.context, body)).to_json())

    return routes


def _of_one(result: BulkResult) -> Response:
    error = failure_of(result)
    if error is not None:
        raise error
    return answer(result.to_json())
