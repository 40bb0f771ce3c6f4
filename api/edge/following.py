"""A server that runs for weeks follows its project's files: vocabulary, blocks, scenes. Each process does so itself."""

import time
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from api.context import ApiContext

SECONDS_BETWEEN_LOOKS: Final = 1.0

log = structlog.stdlib.get_logger("api")


class Following:
    """Has the files looked at before the first request of every second. While nobody asks, nobody looks."""

    def __init__(self, app: ASGIApp, context: ApiContext) -> None:
        self.app = app
        self.context = context
        self._due = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look if it is time, then hand on."""
        if scope["type"] == "http" and scope["path"] != "/livez" and (now := time.monotonic()) >= self._due:
            self._due = now + SECONDS_BETWEEN_LOOKS
            await run_in_threadpool(self._look)
        await self.app(scope, receive, send)

    def _look(self) -> None:
        found = self.context.services.refresh()
        if found.taken:
            log.info("project.files_taken_in", parts=list(found.taken))
        for fault in found.faults:
            log.warning("project.files_not_taken_in", part=fault.part, code=fault.code, fault=fault.message)
