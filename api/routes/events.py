"""`GET /v1/events`: a stream of what happens."""

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response, StreamingResponse

from api.context import ApiContext
from api.errors import HttpError
from api.events import Feed


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/v1", tags=["events"])
    feed = Feed(context)

    @routes.get("/events", operation_id="events", response_class=StreamingResponse)
    async def events(last_event_id: Annotated[str | None, Header()] = None) -> Response:
        """Server-sent events: `batch` for each change, its number as id. Send the last one back to miss nothing.

        `resync` comes first where too much was missed, or the database is another one: look at everything anew.
        """
        given = (last_event_id or "").strip()
        if given and not (given.isascii() and given.isdigit() and len(given) <= 18):  # noqa: PLR2004  # 64 bits
            hint = "send back an id of this stream, or none"
            raise HttpError("`Last-Event-ID` is no number of a batch", hint=hint, code="bad_request")
        stream = feed.listen(int(given) if given else None)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    return routes
