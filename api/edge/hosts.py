"""Only requests that name this server, and writes only from its own pages: against rebinding and forged requests."""

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from starlette.types import Scope

from api.edge.guard import Guard
from api.edge.headers import header
from api.errors import HttpError

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SECRET_NAMES: Final = frozenset({"token", "access_token", "api_key", "apikey", "authorization", "secret", "password"})
_OTHER_SITES: Final = frozenset({"cross-site", "same-site"})


class Hosts(Guard):
    """Checks `Host`, `Origin` and that no token stands in the URL."""

    def fault(self, scope: Scope) -> HttpError | None:
        """See `Guard.fault`."""
        host = header(scope, b"host") or ""
        if _name(host) not in self.context.hosts:
            return HttpError(
                "this server is not addressed by that name",
                hint="use 127.0.0.1, or list the name in the setting serve.hosts",
                code="foreign_host",
            )
        if scope["query_string"] and _has_secret(scope["query_string"]):
            return HttpError(
                "a token does not belong into a URL, which is logged and shared",
                hint="send it as `Authorization: Bearer …`",
                code="token_in_url",
            )
        if scope["method"] not in SAFE and not self._is_own(scope, host):
            return HttpError(
                "this page of another origin may not change anything here",
                hint="list its origin in the setting serve.origins if it shall",
                code="foreign_origin",
            )
        return None

    def _is_own(self, scope: Scope, host: str) -> bool:
        origin = header(scope, b"origin")
        if origin is None:
            return header(scope, b"sec-fetch-site") not in _OTHER_SITES
        return origin in self.context.origins or urlsplit(origin).netloc.lower() == host.lower() != ""


def _name(host: str) -> str:
    """The name without port and brackets, lower case; empty for what is no host."""
    try:
        return (urlsplit(f"//{host}").hostname or "") if "/" not in host and "@" not in host else ""
    except ValueError:
        return ""


def _has_secret(query: bytes) -> bool:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return any(name.lower() in _SECRET_NAMES for name, _ in pairs)
