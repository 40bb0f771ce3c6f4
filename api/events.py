"""What happens, as server-sent events: the batches of the journal, whichever process wrote them, and what is made.

The id of an event is the number of its batch, so whoever comes back names the last one seen and misses nothing. What
is made has no number: how it stands can be asked for. One task of a process looks for news while anybody listens,
however many do.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool

from api.answers import json_bytes
from api.context import ApiContext
from api.happenings import Line
from gallery.journal.history import batches_after, last_batch
from ontology.errors import CallsheetError

MOST_MISSED: Final = 10_000
"""Whoever missed more is told to look at everything anew."""

AT_ONCE: Final = 500
SECONDS_BETWEEN_LOOKS: Final = 0.25
SECONDS_BETWEEN_SIGNS: Final = 15.0
"""A comment says that the stream lives, so that nobody on the way closes it."""


class Feed:
    """The newest batch as this process knows it, and a bell that rings when there is a newer one."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        self._newest = -1
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._listeners = 0

    async def listen(self, seen: int | None) -> AsyncIterator[bytes]:
        """Events after the batch `seen` (None: from now on) until the listener leaves or the server stops."""
        self._listeners += 1
        self._context.meters.listening(1)
        try:
            with self._context.happenings.line() as line:
                async for piece in self._events(seen, line):
                    yield piece
        finally:
            self._listeners -= 1
            self._context.meters.listening(-1)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None
                self._context.happenings.forget()

    async def _events(self, seen: int | None, line: Line) -> AsyncIterator[bytes]:
        gallery = self._context.services.gallery.context
        newest = await run_in_threadpool(last_batch, gallery)
        await self._take_note()  # whoever is told that the stream begins looks at once, and misses nothing afterwards
        self._look_out(newest)
        place = newest if seen is None else seen
        if place > newest or newest - place > MOST_MISSED:
            yield event("resync", newest, {"batch": newest})
            place = newest
        else:
            yield b": connected\n\n"
        while not self._context.stopping.is_set():
            if place > self._newest:  # another database stands in its place
                place = self._newest
                yield event("resync", place, {"batch": place})
            for view in await run_in_threadpool(batches_after, gallery, place, limit=AT_ONCE):
                place = view.seq
                self._newest = max(self._newest, place)
                yield event("batch", place, view.to_json())
            while line:
                yield event("generation", None, line.popleft())
            if place >= self._newest and not await self._rung(line):
                yield b": still here\n\n"

    async def _rung(self, line: Line) -> bool:
        """Wait for the bell, a sign of life or the end; whether there is something to look at."""
        for _ in range(int(SECONDS_BETWEEN_SIGNS / SECONDS_BETWEEN_LOOKS)):
            if line:
                return True
            bell = self._bell
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), SECONDS_BETWEEN_LOOKS)
                return True
            if self._context.stopping.is_set():
                return True
        return False

    async def _take_note(self) -> None:
        with suppress(CallsheetError):  # locked for a moment, or being restored: the next look takes note
            await run_in_threadpool(self._context.happenings.take_note, lambda: self._context.generation)

    def _look_out(self, newest: int) -> None:
        self._newest = max(self._newest, newest)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while not self._context.stopping.is_set():
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            with suppress(CallsheetError):  # locked for a moment, or being restored: the next look tells
                newest = await run_in_threadpool(last_batch, self._context.services.gallery.context)
                if newest != self._newest:
                    self._newest = newest
                    self._bell.set()
                    self._bell = asyncio.Event()
            with suppress(CallsheetError):  # as above
                await run_in_threadpool(self._context.happenings.look, lambda: self._context.generation)


def event(kind: str, number: int | None, body: object) -> bytes:
    """One event as it goes over the wire. JSON has no line ends of its own, so one line holds it."""
    told = b"event: %s\ndata: %s\n\n" % (kind.encode(), json_bytes(body))
    return told if number is None else b"id: %d\n%s" % (number, told)
