"""`coverage`: how many pictures everybody and every place has, as tables and as a heat map."""

from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli import output
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Force
from callsheet.cli.resolution import show_coverage_tables
from ontology.errors import InvalidInputError


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("coverage")(show_coverage)


def show_coverage(
    gaps_only: Annotated[bool, typer.Option("--gaps", help="Only what is missing.")] = False,
    png: Annotated[
        Path | None, typer.Option("--png", metavar="FILE", help="Draw a heat map; long ones into FILE-1.png, ….")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a heat map as a page for a browser.")
    ] = None,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Show how many pictures everybody and every place has.

    Example: callsheet coverage --gaps

    `--png` and `--html` draw who has which role in which view, with the gaps marked.
    """
    if png is None and html is None:
        if force or dry_run:
            raise InvalidInputError("nothing is written", hint="name a file: --png FILE, --html FILE", code="usage")
        _show(gaps_only=gaps_only, as_json=as_json)
        return
    with workspace() as ws:
        heat_map = ws.coverage_map()
    from gallery.drawing.heat_map_files import write_heat_map  # noqa: PLC0415  # Pillow, only to draw

    output.written(write_heat_map(heat_map, png=png, html=html, force=force, dry_run=dry_run), dry_run, as_json=as_json)


def _show(*, gaps_only: bool, as_json: bool) -> None:
    with workspace() as ws:
        found = ws.coverage()
    if as_json:
        output.data(found)
    else:
        show_coverage_tables(found, gaps_only=gaps_only)
