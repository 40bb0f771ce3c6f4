"""One log line for each request, under an id that the answer carries too; each is counted. Faults of ours end here.

Neither headers nor query strings nor bodies are logged: no secret can be among what is written.
"""

import re
import secrets
import time
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import errors
from api.edge.headers import header, secured
from api.meters import Meters

_OWN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = structlog.stdlib.get_logger("api")


class RequestLogs:
    """The outermost ring."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = header(scope, b"x-request-id")
        request_id = given if given and _OWN_ID.fullmatch(given) else secrets.token_hex(8)
        started = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                secured(message)["headers"].append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except Exception:  # the last seam: whoever asked must not be told what broke, the log must
            log.exception("http.fault", request_id=request_id, method=scope["method"], path=scope["path"])
            if status == 0:
                await errors.internal(request_id)(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - started
            taken = round(seconds * 1000, 3)
            path, method = scope["path"], scope["method"]
            self.meters.answered(method, getattr(scope.get("route"), "path", None), status, seconds)
            log.info("http.request", request_id=request_id, method=method, path=path, status=status, milliseconds=taken)
