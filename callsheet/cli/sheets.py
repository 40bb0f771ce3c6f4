"""`sheet`: contact sheets of what a query finds."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from callsheet.cli import output
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Force
from callsheet.exit_codes import ExitCode

if TYPE_CHECKING:
    from gallery.drawing.contact_sheets import Caption

CAPTIONS = ("id", "name", "tags", "none")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(sheet)


def list_captions(incomplete: str) -> list[str]:
    """The captions, for the shell."""
    return [name for name in CAPTIONS if name.startswith(incomplete)]


def sheet(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to: .png, .jpg or .pdf.")],
    query: Annotated[str, typer.Option("--query", help="What to draw, in the order of the query.")] = "",
    columns: Annotated[int, typer.Option("--columns", help="Pictures in a row, 1 to 20.")] = 6,
    size: Annotated[int, typer.Option("--size", help="Pixels of each picture, 48 to 256.")] = 160,
    caption: Annotated[
        str, typer.Option("--caption", help="Below each: id, name, tags or none.", autocompletion=list_captions)
    ] = "name",
    limit: Annotated[int, typer.Option("--limit", help="So many pictures at most, up to 10000.")] = 500,
    title: Annotated[str | None, typer.Option("--title", help="Above them, instead of the query.")] = None,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Draw a contact sheet: small pictures with captions.

    A page is some 3000 pixels high. More pages go into FILE-1.png, FILE-2.png, …; a PDF holds all of them.

    Example: callsheet sheet heroes.png --query role:char:hero --caption tags
    """
    from gallery.drawing.contact_sheets import SheetOptions  # noqa: PLC0415  # Pillow, only to draw

    options = SheetOptions(columns, size, cast("Caption", caption), title)
    with workspace() as ws:
        drawn = ws.gallery.contact_sheet(file, query, limit=limit, options=options, force=force, dry_run=dry_run)
    if as_json:
        output.data(drawn.to_json())
    else:
        output.written(drawn.files, dry_run, as_json=False)
        if drawn.assets < drawn.total:
            output.note(f"{drawn.assets} of {drawn.total} assets; --limit {drawn.total} draws them all")
        for asset in drawn.without_picture:
            output.note(f"no picture: none of the files of {asset} is there")
    return ExitCode.PARTLY if drawn.without_picture else ExitCode.OK
