"""`undo`, `redo`, `history`."""

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli import output
from callsheet.cli.assets import Cursor, show_bulk
from callsheet.cli.completion import complete_asset
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, given_ids
from ontology.errors import CallsheetError

if TYPE_CHECKING:
    from callsheet.workspace import Workspace
    from gallery.views import BatchView

RECORDS_TOLD = 3
"""So many changes of what is no asset are named in a line."""

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
        if not dry_run:
            _tell_of_manifest(ws, {item.id for item in result.results})
    return show_bulk(result, dry_run=dry_run, as_json=as_json, way_back="redo")


def _tell_of_manifest(ws: "Workspace", assets: Collection[str]) -> None:
    """What was made and is in the trash now may stand in the manifest still, where a game finds it."""
    if not (ws.root / ws.settings.generation.manifest).is_file():
        return
    with suppress(CallsheetError):  # a manifest that cannot be read is the doctor's business
        names = [stray.entry.name for stray in ws.generation.stray_entries() if stray.trashed in assets]
        if names:
            told = ", ".join(names[:RECORDS_TOLD]) + (", …" if len(names) > RECORDS_TOLD else "")
            output.note(f"the manifest still lists {told}; `callsheet doctor` says what to do")


def redo(dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Do again what was undone last. A new edit clears what can be done again."""
    with workspace() as ws:
        result = ws.gallery.redo(dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


def history(
    asset: Annotated[
        str | None, typer.Argument(metavar="ID", help="Only changes of this asset.", autocompletion=complete_asset)
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Only this kind: add, tag, rate, …; an unknown one lists them.")
    ] = None,
    origin: Annotated[
        str | None, typer.Option("--origin", help="Only from: hand, suggestion, import, generation.")
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Only what this person did.")] = None,
    since: Annotated[str | None, typer.Option("--since", help="Not older: 2026-11-21 or 2026-11-21T09:30Z.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="How many batches.")] = 20,
    cursor: Cursor = None,
    as_json: AsJson = False,
) -> None:
    """List changes: what, when, who, why, how many.

    Example: callsheet history --origin suggestion --since 2026-11-01
    """
    from gallery.journal.history import Filter, history_page, moment_of  # noqa: PLC0415  # each command loads what it needs

    wanted = Filter(kind, origin, actor, None if since is None else moment_of(since))
    with workspace() as ws:
        chosen = given_ids([asset], "history")[0] if asset is not None else None
        page = history_page(ws.gallery.context, asset_id=chosen, limit=limit, cursor=cursor, wanted=wanted)
    if as_json:
        output.data(page.to_json())
    elif page.entries:
        output.table(("BATCH", "KIND", "SIZE", "WHEN", "WHO", "ORIGIN", ""), map(_row, page.batches))
        if page.cursor:
            output.note(f"more: --cursor {page.cursor}")
    else:
        output.note("nothing has been changed yet" if wanted == Filter() else "no such change")


def _row(batch: "BatchView") -> tuple[str, ...]:
    told = [f"{record.kind} {record.name} {record.change}" for record in batch.records[:RECORDS_TOLD]]
    told += [f"and {len(batch.records) - RECORDS_TOLD} more"] if len(batch.records) > RECORDS_TOLD else []
    told += [f"undone by {batch.undone_by}"] if batch.undone_by else []
    return (
        str(batch.seq),
        batch.kind + (f" of {batch.reverts}" if batch.reverts else ""),
        str(batch.size),
        f"{batch.at:%Y-%m-%d %H:%M:%S}Z",
        batch.actor,
        batch.origin,
        ", ".join(told),
    )
