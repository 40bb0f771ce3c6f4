"""Who may do what: a token in `Authorization: Bearer`, or in the cookie that `/login` gives for one."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from api.context import ApiContext
from api.edge.headers import header, refuse
from api.errors import HttpError
from api.scopes import granted, required_scope

COOKIE: Final = "callsheet_token"
_HINT: Final = "send `Authorization: Bearer TOKEN`; `callsheet token create` makes one"


class Tokens:
    """Checks the token where the context asks for one."""

    def __init__(self, app: ASGIApp, context: ApiContext) -> None:
        self.app = app
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        error = self._fault(scope) if scope["type"] == "http" else None
        if error is not None:
            await refuse(error, scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _fault(self, scope: Scope) -> HttpError | None:
        check = self.context.tokens
        needed = required_scope(scope["method"], scope["path"])
        if check is None or needed is None:
            return None
        token = token_of(scope)
        if token is None:
            return HttpError("this needs a token", hint=_HINT, code="no_token")
        scopes = check(token)
        if scopes is None:
            return HttpError("this token is unknown, or was revoked", hint=_HINT, code="bad_token")
        if needed not in granted(scopes):
            message = f"this needs a token of the scope `{needed}`, this one has {', '.join(sorted(scopes))}"
            return HttpError(message, hint=f"callsheet token create --scope {needed}", code="scope")
        return None


def token_of(scope: Scope) -> str | None:
    """The token of a request, if it has one."""
    kind, _, value = (header(scope, b"authorization") or "").partition(" ")
    if kind.lower() == "bearer" and value.strip():
        return value.strip()
    try:
        cookie = SimpleCookie(header(scope, b"cookie") or "").get(COOKIE)
    except CookieError:
        return None
    return None if cookie is None else cookie.value or None
