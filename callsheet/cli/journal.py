"""`undo`, `redo`, `history`."""

from typing import Annotated

import typer

from callsheet.cli import output
from callsheet.cli.assets import show_bulk
from callsheet.cli.completion import complete_asset
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, given_ids

Batch = Annotated[int | None, typer.Option("--batch", help="Which batch (default: the newest not yet undone).")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (undo, redo, history):
        app.command()(command)


def undo(batch: Batch = None, dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Take back the newest change.

    Whoever made it; again for the one before. Undoing an `add` trashes; files stay.

    Example: callsheet undo --batch 12
    """
    with workspace() as ws:
        result = ws.gallery.undo(batch, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json, way_back="redo")


def redo(dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Do again what was undone last. A new edit clears what can be done again."""
    with workspace() as ws:
        result = ws.gallery.redo(dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


def history(
    asset: Annotated[
        str | None, typer.Argument(metavar="ID", help="Only changes of this asset.", autocompletion=complete_asset)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="How many batches.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List changes: what, when, who, how many."""
    with workspace() as ws:
        wanted = given_ids([asset], "history")[0] if asset is not None else None
        batches = (
            ws.gallery.history(limit=limit)
            if wanted is None
            else [change.batch for change in ws.gallery.asset_history(wanted, limit=limit)]
        )
    if as_json:
        output.data({"batches": [batch.to_json() for batch in batches]})
        return
    rows = [
        (
            str(batch.seq),
            batch.kind + (f" of {batch.reverts}" if batch.reverts else ""),
            str(batch.size),
            f"{batch.at:%Y-%m-%d %H:%M:%S}Z",
            batch.actor,
            batch.origin,
            f"undone by {batch.undone_by}" if batch.undone_by else "",
        )
        for batch in batches
    ]
    if rows:
        output.table(("BATCH", "KIND", "ASSETS", "WHEN", "WHO", "ORIGIN", ""), rows)
    else:
        output.note("nothing has been changed yet")
