"""A browser that looks at the pages, and notices what a person would have to open the developer tools to see."""

import asyncio
import os
import re
import shutil
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from needs import lacks

from api.app import create_app
from callsheet.serving import bind, build_api_context, open_for_serving

CHROMIUM = (
    os.environ.get("CALLSHEET_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SERIOUS = {"serious", "critical"}
SECONDS_TO_END = 20
"""So long requests may go on that are under way when a test ends: one that is broken off leaves its socket open."""


def chromium(playwright):
    """A running browser. Without one the test is skipped, and fails where CI runs it."""
    if CHROMIUM is None:
        lacks("Chromium", "chromium")
    return playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@contextmanager
def site(root, *, tokens=None):
    """A real server on a free port over the project: `(address, workspace)`. `tokens` is a `TokenCheck`."""
    with open_for_serving(root) as workspace:
        context = build_api_context(workspace, tokens=tokens)
        listening = bind("127.0.0.1", 0)
        config = uvicorn.Config(
            create_app(context), log_config=None, access_log=False, timeout_graceful_shutdown=SECONDS_TO_END
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(_serve(server, listening)), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}", workspace
        finally:
            context.stopping.set()
            server.should_exit = True
            thread.join(2 * SECONDS_TO_END)
            listening.close()
            assert not thread.is_alive(), "the server does not end, and would close its sockets in another test"


async def _serve(server, listening):
    """Serve until told to end; then break off who came while the server was ending, whom it never says goodbye to.

    A browser connects anew as soon as its stream of events ends. Its socket, left open, would warn in a later test.
    """
    await server.serve(sockets=[listening])
    while server.server_state.connections:
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0.01)


class Watch:
    """What a page must not do: write errors to the console, break its policy, ask anything of other machines."""

    def __init__(self, page):
        self.faults = []
        self.requests = []
        self._allowed = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("request", self._asked)

    def allow(self, pattern):
        """Expect what the console says of a refusal that a test provokes, e.g. `status of 412`."""
        self._allowed.append(re.compile(pattern))

    def check(self):
        """Fail with all that was noticed."""
        wrong = [fault for fault in self.faults if not any(one.search(fault) for one in self._allowed)]
        if wrong:
            pytest.fail("the page misbehaved:\n" + "\n".join(wrong))

    def _said(self, message):
        if message.type == "error" or "Content Security Policy" in message.text:
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request):
        self.requests.append((request.method, request.url))
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in LOOPBACK:
            self.faults.append(f"left the machine: {request.url}")


def complaints(page):
    """What axe finds serious or critical on the page as it is now: `[(rule, elements)]`."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found if one["impact"] in SERIOUS]
