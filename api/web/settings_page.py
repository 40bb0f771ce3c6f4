"""`GET /settings`: how the project is set up, to look at; what a browser keeps, to change."""

import json
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web.rendering import may, show


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get("/settings", include_in_schema=False)
    def settings_page(request: Request) -> Response:
        """The page. Settings, places and tokens are shown to whoever may administer."""
        setup = context.services.setup() if may(request, "admin") else None
        return show(context, request, "settings.html", setup=setup, written=written)

    return routes


def written(value: Any) -> str:
    """A value of a setting as its file would have it."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False, default=str)
