"""`/login`: a browser trades a token for a cookie that no script can read and no other site can use."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import inputs
from api.answers import answer
from api.context import ApiContext
from api.edge.tokens import COOKIE
from api.errors import HttpError

DAY = 24 * 60 * 60
LONGEST = 30 * DAY
"""Seconds that a browser keeps the cookie; a token that is revoked ends it at once."""


def router(context: ApiContext) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["login"])

    @routes.post("/login", operation_id="login")
    def login(body: inputs.Login, request: Request) -> Response:
        """Trade a token for a cookie."""
        scopes = frozenset({"admin"}) if context.tokens is None else context.tokens(body.token)
        if scopes is None:
            raise HttpError("this token is unknown, or was revoked", hint="callsheet token create", code="bad_token")
        response = answer({"scopes": sorted(scopes)}, headers={"Cache-Control": "no-store"})
        if context.tokens is not None:
            secure = request.url.scheme == "https" or context.public_url.startswith("https:")
            response.set_cookie(COOKIE, body.token, LONGEST, httponly=True, samesite="strict", secure=secure)
        return response

    @routes.delete("/login", operation_id="logout", status_code=204)
    def logout() -> Response:
        """Forget the cookie."""
        response = Response(status_code=204)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return response

    return routes
