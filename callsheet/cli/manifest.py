"""`manifest`: the file in which a game finds what was made, and what follows from it."""

from typing import TYPE_CHECKING

import typer

from callsheet.cli import output
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun
from callsheet.exit_codes import ExitCode

if TYPE_CHECKING:
    from generation.manifest.integrating import Integrated

commands = typer.Typer(rich_markup_mode=None, help="Work with the manifest of what was made.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add this module's group of commands."""
    app.add_typer(commands, name="manifest")


@commands.command("constants")
def write_constants(dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Write the constants of the manifest anew.

    As every run does that changes the manifest; for one that you have edited yourself, or that was interrupted. The
    settings `generation.constants` and `generation.command` say which, where, and what is run when they have changed.

    Example: callsheet manifest constants --dry-run
    """
    with workspace() as ws:
        done = ws.generation.follow_manifest(dry_run=dry_run)
    if as_json:
        output.data(done.to_json())
    else:
        _show(done, dry_run=dry_run)
    failed = done.command is not None and not done.command.succeeded
    return ExitCode.FAILURE if failed else ExitCode.OK


def _show(done: "Integrated", *, dry_run: bool) -> None:
    for each in done.constants:
        output.line(f"{'would be ' if dry_run and each.changed else ''}{each.outcome}  {each.path}")
    if dry_run and done.manifest_changed:
        output.note("what follows the manifest waits since an earlier run")
    if done.command is not None:
        how = "" if done.command.succeeded else f" ended with {done.command.exit_code}: {done.command.said}"
        output.note(f"ran {' '.join(done.command.command)}{how}")
