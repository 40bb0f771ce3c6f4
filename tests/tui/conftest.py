"""The terminal UI over a fresh copy of the demo project, driven by Textual's Pilot."""

import threading
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from itertools import count

import pytest
from generation_builders import CountingProvider, plain_route
from textual.notifications import Notification
from textual.worker import WorkerCancelled

from callsheet.terminal import build_tui_context
from callsheet.workspace import Workspace
from generation.engine.orders import Order
from generation.ledger import jobs
from generation.providers.local import LocalProvider
from generation.service import Generation
from tui.app import CallsheetApp
from tui.subject import Subject


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def workspace(demo):
    with Workspace.open(demo) as opened:
        yield opened


@pytest.fixture
def app(workspace):
    """Makes the app: `app(query="role:bg", plain=True)`."""

    def make(query=None, subject=None, **context):
        made = build_tui_context(workspace)
        made = type(made)(**{**vars(made), **context})
        return CallsheetApp(made, subject or Subject(query=query))

    return make


@pytest.fixture(autouse=True)
def _notices_stay(monkeypatch):
    """On a slow machine a notice would be gone before it is looked for."""
    monkeypatch.setattr(Notification, "has_expired", False)


@pytest.fixture
def running(app):
    """The app on a terminal of a size, with everything it began done: `async with running(size=(80, 24)) as ui:`."""

    @asynccontextmanager
    async def run(query=None, *, size=(120, 40), subject=None, **context):
        made = app(query, subject, **context)
        async with made.run_test(size=size) as pilot:
            ui = Driven(made, pilot)
            await ui.settle()
            yield ui

    return run


class Held:
    """A function that waits, once it was called, until it may go on."""

    def __init__(self, function):
        self._function = function
        self._called, self._may_go_on = threading.Event(), threading.Event()
        self.was_called, self.go_on = self._called.is_set, self._may_go_on.set

    def __call__(self, *given, **named):
        self._called.set()
        self._may_go_on.wait(60)
        return self._function(*given, **named)


@pytest.fixture
def hold(monkeypatch):
    """Puts a held function in the place of one: `hold(workspace, "resolve")`."""

    def put(owner, name):
        held = Held(getattr(owner, name))
        monkeypatch.setattr(owner, name, held)
        return held

    return put


@pytest.fixture
def provider(tmp_path):
    return CountingProvider(tmp_path / "charges")


@pytest.fixture
def engine(workspace, provider):
    """The workspace's engine, with a provider that charges; `engine(month_budget=…)` changes it."""

    def make(*, first="fake", **options):
        context = workspace.generation.context
        options = {"providers": {provider.name: provider, "local": LocalProvider()}, "route": plain_route} | options
        workspace._generation = Generation(replace(context, **{"default_chain": (first,), **options}))
        return workspace.generation

    make()
    return make


@pytest.fixture
def queued(workspace, engine):
    """Writes jobs down as a stopped run leaves them, before anything was sent; their names: `queued(coin())`."""

    def write(*specs):
        wanted = [jobs.NewJob(one.id, one.asset_type, one.operation, Order(one).to_json()) for one in specs]
        return [f"j{key}" for key in jobs.queue_jobs(workspace.generation.context.book, "r1", wanted)]

    return write


class Driven:
    """A running app: keys in, text out. `pressed` counts the keys."""

    def __init__(self, app, pilot):
        self.app, self.pilot = app, pilot
        self.pressed = 0

    async def settle(self):
        """Wait until nothing is under way any more. What a timer will begin is waited for with `until`."""
        for _ in count():
            await self.pilot.pause()
            if not [worker for worker in self.app.workers if not worker.is_finished]:
                await self.pilot.pause()
                if not [worker for worker in self.app.workers if not worker.is_finished]:
                    return
            await self.pilot._wait_for_screen(timeout=60)
            with suppress(WorkerCancelled):  # a newer job of the same group has taken its place
                await self.app.workers.wait_for_complete([w for w in self.app.workers if not w.is_finished])

    async def until(self, *wanted):
        """Wait until the terminal shows one of these texts, or one of these functions says so: a minute at most."""
        ends = time.monotonic() + 60
        while not any(one() if callable(one) else one in self.text for one in wanted):
            if time.monotonic() > ends:
                pytest.fail(f"none of {wanted} came:\n{self.text}")
            await self.pilot.pause(0.02)

    async def press(self, *keys):
        for key in keys:
            self.pressed += 1
            await self.pilot.press(key)
            await self.settle()

    async def leave(self, kind):
        """Press Escape until a screen of this kind is left; the first time is for what is under way, if it is shown."""
        for _ in range(3):
            if isinstance(self.app.screen, kind):
                await self.pilot.press("escape")
                await self.pilot.pause()
        assert not isinstance(self.app.screen, kind)

    async def type(self, text):
        """Type into what has the focus, and wait as long as the filter waits."""
        names = {" ": "space", ":": "colon", "-": "minus", "*": "asterisk", "/": "slash", ".": "full_stop"}
        self.pressed += len(text)
        await self.pilot.press(*(names.get(char, char) for char in text))
        await self.pilot.pause(0.25)
        await self.settle()

    @property
    def screen(self):
        return self.app.screen

    @property
    def lines(self):
        """What the terminal shows, a text for each line, without spaces at the ends."""
        return ["".join(segment.text for segment in strip).rstrip() for strip in self.strips()]

    def strips(self):
        """What the terminal is sent, after the filters for colours."""
        filters = self.app._filters if hasattr(self.app, "_filters") else []
        strips = self.app.screen._compositor.render_strips()
        background = self.app.screen.background_colors[1]
        for one in filters:
            strips = [strip.apply_filter(one, background) for strip in strips]
        return strips

    @property
    def text(self):
        return "\n".join(self.lines)

    def notices(self):
        return [notice.message for notice in self.app._notifications]
