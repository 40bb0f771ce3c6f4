"""`/metrics`, for Prometheus."""

from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from api import models
from api.context import ApiContext

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_MISSING: Final[dict[int | str, dict[str, Any]]] = {501: {"model": models.Problem}}


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter(tags=["health"])

    @routes.get("/metrics", operation_id="metrics", response_class=PlainTextResponse, responses=_MISSING)
    def metrics() -> Response:
        """Requests by route and status, how long they took, listeners, assets, the newest batch.

        501 where the extra `callsheet[metrics]` is not installed.
        """
        return Response(context.meters.text(), headers={"Cache-Control": "no-store"}, media_type=MEDIA_TYPE)

    return routes
