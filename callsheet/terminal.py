"""The project in a terminal: what the terminal UI is handed, and running it."""

import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet import __version__
from callsheet.workspace import Workspace
from tui.app import CallsheetApp
from tui.context import TuiContext
from tui.graphics import choose_drawing
from tui.subject import Subject

if TYPE_CHECKING:
    from gallery.checks.findings import Finding

STATE_FILE = "tui.json"


def build_tui_context(ws: Workspace, *, plain: bool = False, terminal_may: bool | None = None) -> TuiContext:
    """What the terminal face works with. `terminal_may`: whether it can draw pixels; None: there is no terminal."""
    tui = ws.settings.tui
    wish = tui.pictures if terminal_may is not None or tui.pictures == "none" else "blocks"
    chosen = choose_drawing(wish, terminal_may=bool(terminal_may))
    return TuiContext(
        services=ws,
        name=ws.settings.name or ws.root.name,
        root=ws.root,
        specs_dir=ws.project.specs_dir,
        state_file=ws.project.data_dir / STATE_FILE,
        clock=time.monotonic,
        keys=tui.keys,
        theme=tui.theme,
        untagged=tui.untagged,
        plain=plain or tui.plain,
        version=__version__,
        pictures=chosen.drawing,
        notice=chosen.notice,
        examine=partial(_examine, ws),
    )


def _examine(ws: Workspace, **asked: Any) -> "Iterable[Finding]":
    """See `callsheet.checkup.examine`."""
    from callsheet.checkup import examine  # noqa: PLC0415  # the database library; the first screen comes before it

    return examine(ws, **asked)


def run_terminal(
    path: Path,
    query: str | None,
    *,
    plain: bool = False,
    terminal_may: bool = False,
    waiting: Callable[[], None] = lambda: None,
) -> None:
    """Show the project that a folder lies in until somebody quits. Raises as `Workspace.open`.

    A call that was sent is waited for afterwards, until Ctrl-C; `waiting` is called before.
    """
    with Workspace.open(path) as ws:
        context = build_tui_context(ws, plain=plain, terminal_may=terminal_may)
        app = CallsheetApp(context, Subject(query=query))
        app.run()
        if app.making.is_running:
            waiting()
            app.making.wait()
