"""The project in a terminal: what the terminal UI is handed, and running it."""

import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from callsheet import __version__
from callsheet.workspace import Workspace
from tui.app import CallsheetApp
from tui.context import TuiContext
from tui.subject import Subject

if TYPE_CHECKING:
    from gallery.checks.findings import Finding

STATE_FILE = "tui.json"


def build_tui_context(ws: Workspace, *, plain: bool = False) -> TuiContext:
    """What the terminal face works with."""
    tui = ws.settings.tui
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
        examine=partial(_examine, ws),
    )


def _examine(ws: Workspace, **asked: Any) -> "Iterable[Finding]":
    """See `callsheet.checkup.examine`."""
    from callsheet.checkup import examine  # noqa: PLC0415  # the database library; the first screen comes before it

    return examine(ws, **asked)


def run_terminal(path: Path, query: str | None, *, plain: bool = False) -> None:
    """Show the project that a folder lies in until somebody quits. Raises as `Workspace.open`."""
    with Workspace.open(path) as ws:
        app = CallsheetApp(build_tui_context(ws, plain=plain), Subject(query=query))
        app.run()
