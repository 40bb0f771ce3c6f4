"""Answers in gzip, where the client reads it and it pays: texts that are asked for, of more than a kilobyte.

Pictures are dense already; streams have to arrive piece by piece; an answer with a strong ETag stays the bytes that the
tag names; posts are small questions of programs. Nothing secret stands in a body next to what a stranger chose.
"""

import gzip
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.edge.headers import header

SMALLEST: Final = 1024
"""Bytes of a body that is worth it."""

_LARGE: Final = 64 * 1024
"""From here on it takes milliseconds, during which others are answered."""
_LEVEL: Final = 1
_KINDS: Final = frozenset({"application/json", "application/problem+json", "text/html", "text/plain"})


class Compression:
    """Around everything: what is inside reads and writes plain bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on, and write the answer shorter."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        is_read = accepts_gzip(header(scope, b"accept-encoding"))
        start: Message | None = None

        async def answer(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                headers = MutableHeaders(raw=start["headers"])
                body = message.get("body", b"")
                if not message.get("more_body", False) and len(body) >= SMALLEST and _may_be_written(headers):
                    headers.add_vary_header("Accept-Encoding")
                    if is_read:
                        body = await _shorter(body)
                        headers["Content-Encoding"] = "gzip"
                        headers["Content-Length"] = str(len(body))
                        message = {"type": "http.response.body", "body": body}
                begun, start = start, None
                await send(begun)
            await send(message)

        await self.app(scope, receive, answer)


def accepts_gzip(said: str | None) -> bool:
    """Whether `Accept-Encoding` names gzip (or anything) and does not give it the weight 0."""
    weights: dict[str, bool] = {}
    for one in (said or "").lower().split(","):
        name, _, parameter = one.partition(";")
        weight = parameter.replace(" ", "").removeprefix("q=")
        weights[name.strip()] = bool(weight.strip("0.")) or not parameter
    return weights.get("gzip", weights.get("*", False))


def _may_be_written(headers: MutableHeaders) -> bool:
    kind = headers.get("content-type", "").partition(";")[0]
    tag = headers.get("etag", "W/")
    return kind in _KINDS and tag.startswith("W/") and "content-encoding" not in headers


async def _shorter(body: bytes) -> bytes:
    if len(body) < _LARGE:
        return gzip.compress(body, _LEVEL, mtime=0)
    return await run_in_threadpool(gzip.compress, body, _LEVEL, mtime=0)
