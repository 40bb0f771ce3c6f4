"""The journal: what was done, taken back and done again."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import inputs, models
from api.answers import answer
from api.context import ApiContext
from gallery.journal.history import Filter, history_page
from gallery.journal.opening import open_batch
from gallery.views import BulkResult

MOST_BATCHES = 500


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["journal"])
    services = context.services

    @routes.get("/history", operation_id="history", response_model=models.History)
    def history(
        asset: Annotated[str | None, Query(description="Only changes of this asset.")] = None,
        kind: str | None = None,
        origin: str | None = None,
        actor: str | None = None,
        since: Annotated[datetime | None, Query(description="RFC 3339; naive = UTC.")] = None,
        cursor: Annotated[str | None, Query(description="From the page before, of the same question.")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_BATCHES)] = 20,
    ) -> Response:
        """Changes, newest first: what, when, who, why, how many."""
        wanted = Filter(kind, origin, actor, since)
        page = history_page(services.gallery.context, asset_id=asset, limit=limit, cursor=cursor, wanted=wanted)
        return answer(page.to_json())

    @routes.get("/history/{batch}", operation_id="get_batch", response_model=models.OpenedBatch)
    def get_batch(
        batch: int,
        cursor: Annotated[str | None, Query(description="From the page before, of the same batch.")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST_BATCHES, description="So many assets.")] = 50,
    ) -> Response:
        """One change: what it did to each asset, in the order these were added."""
        return answer(open_batch(services.gallery.context, batch, limit=limit, cursor=cursor).to_json())

    @routes.post("/undo", operation_id="undo", response_model=models.BulkResult)
    def undo(body: inputs.Undo | None = None) -> Response:
        """Take back a change: the newest not yet undone, whoever made it, or the batch that is named."""
        return _turned_back(context, services.gallery.undo(None if body is None else body.batch))

    @routes.post("/redo", operation_id="redo", response_model=models.BulkResult)
    def redo() -> Response:
        """Do again what was undone last. A new edit clears what can be done again."""
        return _turned_back(context, services.gallery.redo())

    return routes


def _turned_back(context: ApiContext, result: BulkResult) -> Response:
    """The answer, once what the batch did to files of the vocabulary is known here too."""
    context.services.refresh()
    return answer(result.to_json())
