"""A browser that opens a page is shown problem details as one, and is sent to `/login` where a token is missing."""

import json
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.context import ApiContext
from api.edge.headers import header
from api.errors import MEDIA_TYPE
from api.web.login_page import LOGIN
from api.web.rendering import show

_REPLACED: Final = frozenset({b"content-type", b"content-length", b"location", b"www-authenticate"})


def is_page_visit(scope: Scope) -> bool:
    """Whether somebody goes to a page with a browser; a script asks for anything, or for JSON."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"].startswith("/v1/"):
        return False
    return "text/html" in (header(scope, b"accept") or "")


class ProblemPages:
    """Around everything: whoever refused, and why, is told by the problem."""

    def __init__(self, app: ASGIApp, context: ApiContext) -> None:
        self.app = app
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if not is_page_visit(scope):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def answer(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
                return
            if start is None:
                await send(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._show(scope, start, json.loads(body), send)

        await self.app(scope, receive, answer)

    async def _show(self, scope: Scope, start: Message, problem: dict[str, Any], send: Send) -> None:
        request = Request(scope)
        response: Response
        if problem["status"] == HTTPStatus.UNAUTHORIZED and header(scope, b"sec-fetch-site") == "cross-site":
            response = show(self.context, request, "again.html")  # a strict cookie comes when our own page asks
        elif problem["status"] == HTTPStatus.UNAUTHORIZED and scope["path"] != LOGIN:
            target = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            response = RedirectResponse(f"{LOGIN}?next={quote(target, safe='')}", HTTPStatus.SEE_OTHER)
        else:
            told = for_people(problem, scope["path"])
            response = show(self.context, request, "problem.html", status=problem["status"], **told)
        kept = [pair for pair in start["headers"] if pair[0] not in _REPLACED]
        names = {name for name, _ in kept}
        added = [pair for pair in response.raw_headers if pair[0] not in names]
        await send({"type": "http.response.start", "status": response.status_code, "headers": kept + added})
        content = b"" if scope["method"] == "HEAD" else response.body
        await send({"type": "http.response.body", "body": content})


def for_people(problem: dict[str, Any], path: str) -> dict[str, Any]:
    """`problem` as somebody with a browser is told it, `back` the address that leads on, `label` what it says.

    Programs are told of routes and requests; people of pages, and of what in the address is wrong.
    """
    if problem["code"] == "no_route":
        told = {"title": "No such page", "detail": f"There is no page at {path}", "hint": "The pages are listed above."}
    elif problem["code"] == "invalid" and problem["errors"]:
        wrong = "; ".join(f"{one['field'] or one['in']}: {one['message']}" for one in problem["errors"])
        told = {"title": "This address cannot be read", "detail": wrong, "hint": "The page opens without it."}
        if all(one["in"] == "query" for one in problem["errors"]):
            return {"problem": problem | told, "back": path, "label": "Open the page"}
        told["hint"] = "Nothing has such an address."
    else:
        told = {}
    return {"problem": problem | told, "back": "/", "label": "Back to the gallery"}


def _is_problem(start: Message) -> bool:
    return Headers(raw=start["headers"]).get("content-type", "").startswith(MEDIA_TYPE)
