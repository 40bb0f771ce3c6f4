"""`blocks`: the project's action blocks."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_block
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson
from callsheet.cli.resolution import show_notices, show_question
from callsheet.exit_codes import ExitCode

if TYPE_CHECKING:
    from callsheet.workspace import Workspace

commands = typer.Typer(rich_markup_mode=None, help="Look at the project's action blocks.", invoke_without_command=True)


def register(app: typer.Typer) -> None:
    """Add this module's group of commands."""
    app.add_typer(commands, name="blocks")


def find_block(ws: "Workspace", name: str) -> Mapping[str, Any]:
    """A block by id, from a file, or from stdin (`-`). Raises NotFoundError and BlockFileError."""
    from callsheet.block_files import parse_block, read_block  # noqa: PLC0415  # each command loads what it needs

    if name == "-":
        return parse_block(sys.stdin.buffer.read(), "stdin")
    if name not in ws.blocks and (Path(name).suffix or "/" in name):
        return read_block(Path(name))
    return ws.block(name)


@commands.callback()
def blocks(context: typer.Context) -> None:
    """List the project's action blocks."""
    if context.invoked_subcommand is None:
        list_blocks()


@commands.command("ls")
def list_blocks(as_json: AsJson = False) -> None:
    """List the project's action blocks.

    Example: callsheet blocks ls
    """
    with workspace() as ws:
        found = ws.block_files
    for fault in found.diagnostics:
        output.note(str(fault))
    if as_json:
        output.data({"blocks": list(found.blocks.values())})
        return
    rows = [
        (name, str(block.get("operation_type", block.get("operationType", ""))), str(block.get("label", "")))
        for name, block in found.blocks.items()
    ]
    if rows:
        output.table(("ID", "OPERATION", "LABEL"), rows)
    else:
        output.note("this project has no action blocks; write one into blocks/, docs/resolver.md shows the form")


@commands.command("show")
def show_block(
    block: Annotated[str, typer.Argument(metavar="ID|FILE|-", help="An action block.", autocompletion=complete_block)],
    as_json: AsJson = False,
) -> None:
    """Show what an action block asks for.

    Its fields, the request made of them, and what was not understood.

    Example: callsheet blocks show alex_faces_gravelord
    """
    with workspace() as ws:
        found = find_block(ws, block)
        request = ws.request_from_block(found)
    if as_json:
        notices = [notice.to_json() for notice in request.notices]
        output.data({"block": found, "request": request.to_json(), "notices": notices})
        return
    for name, value in found.items():
        output.line(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    output.line()
    show_question(request)
    show_notices(request.notices)


@commands.command("check")
def check_blocks(as_json: AsJson = False) -> int:
    """Check every action block, with the line of every fault.

    Errors are bad files, wrong shapes and links to blocks that there are not; they make the exit code 2. Ids that are
    not understood, unknown fields, and assets that this gallery does not hold are warnings.

    Example: callsheet blocks check
    """
    from callsheet.block_checks import block_faults  # noqa: PLC0415  # each command loads what it needs

    with workspace() as ws:
        found = ws.block_files
        faults = [*found.diagnostics, *block_faults(ws)]
    if as_json:
        names = ("code", "message", "hint", "severity", "id", "file", "line", "column")
        output.data({"diagnostics": [{name: getattr(fault, name) for name in names} for fault in faults]})
    else:
        for fault in faults:
            output.line(str(fault))
        output.note(f"{len(found.blocks)} blocks, {len(faults)} findings")
    return ExitCode.USAGE if any(fault.severity == "error" for fault in faults) else ExitCode.OK
