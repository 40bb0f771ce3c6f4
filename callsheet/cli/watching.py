"""`add --watch`: folders followed until somebody stops it."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from callsheet.cli import outcomes, output
from callsheet.cli.opening import workspace
from callsheet.exit_codes import ExitCode
from gallery.following.watching import Watcher, WatchEvent


def follow(folders: Sequence[str], tags: Sequence[str], *, accept_root: bool, as_json: bool) -> ExitCode:
    """Tell what happens in the folders until Ctrl-C or SIGTERM. Raises `KeyboardInterrupt` when work is cut short."""
    progress = output.Progress("reading")
    with workspace() as ws:
        watcher = ws.gallery.watch(folders, tags=tags, accept_root=accept_root, progress=progress)
        try:
            with _ended_politely(watcher):
                for event in watcher.events():
                    progress.end()
                    _show(event, as_json=as_json)
        finally:
            progress.end()
    output.note("stopped")
    return ExitCode.OK


def _show(event: WatchEvent, *, as_json: bool) -> None:
    for item in event.result.results:
        if as_json:
            output.data_line(item.to_json())
        elif item.outcome != "failed":
            why = f" ({item.error.message})" if item.error else ""
            output.note(f"{item.outcome:10} {item.id or '':18} {item.path}{why}")
    if not as_json:
        outcomes.show_failures(event.result.results)
    if event.message:
        ends = "; Ctrl-C ends" if event.kind == "watching" else ""
        output.note(f"{event.kind}: {event.message}{ends}")


@contextmanager
def _ended_politely(watcher: Watcher) -> Iterator[None]:
    """Ctrl-C and SIGTERM stop the watcher; while it looks at everything, and the second time, they interrupt it.

    A `KeyboardInterrupt` alone would come at any point of a round, and lose what was taken in but not told.
    """
    is_asked = False

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as the system calls it
        nonlocal is_asked
        if is_asked or watcher.is_looking:
            raise KeyboardInterrupt
        is_asked = True
        watcher.stop()

    before = [(number, signal.signal(number, end)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
