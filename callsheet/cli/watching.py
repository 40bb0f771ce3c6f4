"""`add --watch`: folders followed until somebody stops it."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from callsheet.cli import outcomes, output
from callsheet.cli.opening import workspace
from callsheet.exit_codes import ExitCode
from gallery.following.watching import WatchEvent


def follow(folders: Sequence[str], tags: Sequence[str], *, accept_root: bool, as_json: bool) -> ExitCode:
    """Tell what happens in the folders until Ctrl-C or SIGTERM.

    0 when nothing was in hand then, 130 when work was cut short.
    """
    progress = output.Progress("reading")
    with workspace() as ws, _terminable():
        watcher = ws.gallery.watch(folders, tags=tags, accept_root=accept_root, progress=progress)
        try:
            for event in watcher.events():
                progress.end()
                _show(event, as_json=as_json)
        except KeyboardInterrupt:
            progress.end()
            if watcher.is_idle:
                output.note("stopped")
                return ExitCode.OK
            raise
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
def _terminable() -> Iterator[None]:
    """A polite request to end is taken as Ctrl-C is: what is in hand is written first."""

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as the system calls it
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
