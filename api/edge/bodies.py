"""Bodies: how large and of which kind, before anything parses them."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.context import ApiContext
from api.edge.headers import header, refuse
from api.edge.hosts import SAFE
from api.errors import HttpError

FORM_OVERHEAD: Final = 64 * 1024
"""Bytes that the wrapping of an upload may take."""

_UPLOADS: Final = "/v1/assets"
_LOGIN: Final = "/login"


class Bodies:
    """Caps the body while it comes in, and refuses kinds that no route takes."""

    def __init__(self, app: ASGIApp, context: ApiContext) -> None:
        self.app = app
        self.context = context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        error = self._fault(scope)
        if error is not None:
            await refuse(error, scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._limit(scope):
                raise _too_large(self._limit(scope))
            return message

        if _is_upload(scope):  # the route reads it as a stream, and its error passes through
            await self.app(scope, counted, send)
            return
        try:
            body = await _whole(counted)
        except HttpError as too_large:
            await refuse(too_large, scope, receive, send)
            return
        await self.app(scope, _Replay(body, receive), send)

    def _limit(self, scope: Scope) -> int:
        return self.context.upload_limit + FORM_OVERHEAD if _is_upload(scope) else self.context.json_limit

    def _fault(self, scope: Scope) -> HttpError | None:
        length = header(scope, b"content-length")
        if length is not None and not (length.isascii() and length.isdigit()):
            return HttpError("Content-Length is no number", hint="leave it to the client", code="bad_request")
        if length is not None and int(length[:18]) > self._limit(scope):
            return _too_large(self._limit(scope))
        has_body = (length is not None and int(length[:18]) > 0) or header(scope, b"transfer-encoding") is not None
        kind = (header(scope, b"content-type") or "").partition(";")[0].strip().lower()
        if has_body and kind not in _kinds(scope):
            return HttpError(
                f"a body of the kind `{kind[:60]}` cannot be read here",
                hint=f"send {' or '.join(sorted(_kinds(scope)))}",
                code="unsupported_media_type",
            )
        return None


class _Replay:
    """Hands a body on that was read already."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return b"".join(parts)


def _is_upload(scope: Scope) -> bool:
    return bool(scope["path"] == _UPLOADS and scope["method"] == "POST")


def _kinds(scope: Scope) -> frozenset[str]:
    if _is_upload(scope):
        return frozenset({"multipart/form-data"})
    return frozenset({"application/json", *(["application/x-www-form-urlencoded"] if scope["path"] == _LOGIN else [])})


def _too_large(limit: int) -> HttpError:
    return HttpError(f"the body is larger than {limit:,} bytes", hint="send less at a time", code="body_too_large")
