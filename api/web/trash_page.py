"""`GET /trash`: what lies in the trash, and the way back."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web.rendering import show


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get("/trash", include_in_schema=False)
    async def trash_page(request: Request) -> Response:
        """The page; what it shows it asks the API for."""
        return show(context, request, "trash.html")

    return routes
