"""`promote`: from a preview to the final picture."""

from typing import Annotated

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_asset
from callsheet.cli.generating import MaxCost, Providers, dollars
from callsheet.cli.job_lines import JobProgress, exit_code, show_jobs
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, given_ids
from ontology.errors import InvalidInputError


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(promote)


def promote(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ASSET|JOB",
            help="Previews, by asset or by job (j12); - reads them from stdin.",
            autocompletion=complete_asset,
        ),
    ] = None,
    max_cost: MaxCost = None,
    provider: Providers = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Make the final pictures of previews.

    The same spec, words and seed, at the size and quality that the spec says. The result is derived from the preview,
    which stays. What was bought before is not bought again. An asset names one of several variations.

    Example: callsheet promote a1b2 --dry-run
    """
    names = given_ids(wanted, "promote")
    if not names:
        raise InvalidInputError("no preview is named", hint="callsheet promote ASSET|JOB", code="usage")
    most = dollars(max_cost)
    with workspace() as ws:
        progress = JobProgress(ws, len(names))
        with progress:
            done = ws.generation_told(progress).promote(names, max_cost=most, providers=provider or (), dry_run=dry_run)
        report = ws.costs() if not (as_json or dry_run) else None
    if as_json:
        output.data(done.to_json())
    else:
        show_jobs(done, report)
    return exit_code(done)
