"""Who may do what: a token in `Authorization: Bearer`, or in the cookie that `/login` gives for one."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.types import Scope

from api.edge.guard import Guard
from api.edge.headers import header
from api.errors import HttpError
from api.scopes import granted, required_scope

GRANTED: Final = "granted"
"""Where a request says what its token allows; without tokens it says nothing, and everything is allowed."""

COOKIE: Final = "callsheet_token"
_HINT: Final = "send `Authorization: Bearer TOKEN`; `callsheet token create` makes one"


class Tokens(Guard):
    """Checks the token where the context asks for one."""

    def fault(self, scope: Scope) -> HttpError | None:
        """See `Guard.fault`."""
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
        scope.setdefault("state", {})[GRANTED] = granted(scopes)
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
