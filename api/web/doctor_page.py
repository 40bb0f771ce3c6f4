"""`GET /doctor`: whether the project is well, what to do where it is not, and mending what is safe to mend."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web.rendering import show


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get("/doctor", include_in_schema=False)
    async def doctor_page(request: Request) -> Response:
        """The page, with files that could not be taken in; the examination it asks the API for."""
        return show(context, request, "doctor.html", faults=context.services.file_faults)

    return routes
