"""`tui`: the project in the terminal, full screen."""

import sys
from typing import Annotated

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_query
from callsheet.cli.opening import start_folder
from callsheet.cli.options import FREE_ARGUMENTS, given_query
from callsheet.exit_codes import ExitCode
from ontology.errors import InvalidInputError


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command("tui", context_settings=FREE_ARGUMENTS)(show_tui)


def show_tui(
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]", help="The first filter.", autocompletion=complete_query)
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Without boxes and motion.")] = False,
) -> int:
    """Browse and tag the gallery in the terminal.

    ? shows the keys, Ctrl+P every command. NO_COLOR is respected.

    Example: callsheet tui npc:alex -role:bg
    """
    if not (output.is_terminal(sys.stdin) and output.is_terminal(sys.stdout)):
        raise InvalidInputError(
            "the terminal UI needs a terminal, and this is none",
            hint="`callsheet ls`, `callsheet tag` and `callsheet serve` do the same without one",
            code="usage",
        )
    from callsheet.cli.pictures import may_draw_pixels  # noqa: PLC0415  # see above
    from callsheet.terminal import run_terminal  # noqa: PLC0415  # Textual, which only this command needs

    first = given_query(query) if query else None
    run_terminal(start_folder(), first, plain=plain, terminal_may=may_draw_pixels(), waiting=_tell_of_waiting)
    return ExitCode.OK


def _tell_of_waiting() -> None:
    output.note("a call was sent: waiting for its answer; Ctrl-C leaves, and `callsheet queue` tells how it stands")
