"""`GET /login`: the form that trades a token for a cookie; `POST /login` is in `api/routes/login.py`."""

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import ApiContext
from api.web.rendering import show

LOGIN: Final = "/login"


def router(context: ApiContext) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get(LOGIN, include_in_schema=False)
    async def login_page(request: Request, next: str = "/") -> Response:  # noqa: A002  # as the address has it
        """The form, and where it leads afterwards."""
        return show(context, request, "login.html", leads_to=own_path(next))

    return routes


def own_path(target: str) -> str:
    r"""The path if it is one of this server; `/` for what leads elsewhere (`//host`, `/\host`, `scheme:`)."""
    is_own = target.startswith("/") and target[1:2] not in ("/", "\\") and target.isprintable()
    return target if is_own else "/"
