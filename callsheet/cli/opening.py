"""Opening the project that a command works on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from callsheet.cli import output
from callsheet.project import find_project
from ontology.errors import NotFoundError

if TYPE_CHECKING:
    from callsheet.workspace import Workspace

PROJECT_VARIABLE = "CALLSHEET_PROJECT"

_start: list[Path] = []
"""Where to look for the project; set once by the program's own options, before any command."""


def start_from(folder: Path | None) -> None:
    """Look for the project from this folder on upwards; None = the current folder."""
    _start[:] = [folder] if folder is not None else []


def start_folder() -> Path:
    """Where the search for the project begins. The shell asks for completions without reading the program's options."""
    return _start[0] if _start else Path(os.environ.get(PROJECT_VARIABLE, ""))


@contextmanager
def workspace() -> "Iterator[Workspace]":
    """The project of this command, closed again at its end. Raises NotFoundError (`no_project`)."""
    from callsheet.workspace import Workspace  # noqa: PLC0415  # settings are not needed for --help

    with Workspace.open(start_folder()) as opened:
        _mention_other_project(opened.root)
        yield opened


def _mention_other_project(root: Path) -> None:
    """The variable wins over the folder around the person: say so, or pictures end in the wrong project."""
    variable = os.environ.get(PROJECT_VARIABLE)
    if not variable or Path(variable) != start_folder():
        return
    try:
        around = find_project(Path()).root
    except NotFoundError:
        return
    if around != root:
        output.note(f"working on {root}, which {PROJECT_VARIABLE} names, not on {around} around you")
