"""`collection ls|show|create|add|remove|move|rename|rm`: named, ordered sets of assets."""

from typing import Annotated

import typer

from callsheet.cli import output
from callsheet.cli.assets import Cursor, Limit, asset_table, show_bulk
from callsheet.cli.completion import complete_collection
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Ids, Query, given_ids
from callsheet.cli.selecting import selected

Name = Annotated[str, typer.Argument(metavar="NAME", help="The collection's name.", autocompletion=complete_collection)]

group = typer.Typer(
    help="Named, ordered sets of assets, e.g. a character's approved references.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(group, name="collection")


@group.command("ls")
def list_collections(as_json: AsJson = False) -> None:
    """List the collections.

    Example: callsheet collection ls
    """
    with workspace() as ws:
        found = ws.gallery.collections()
    if as_json:
        output.data({"collections": [item.to_json() for item in found]})
        return
    if not found:
        output.note("no collection yet; `callsheet collection create NAME` makes one")
        return
    rows = [(item.name, str(item.size), f"{item.hidden} hidden" if item.hidden else "", item.label) for item in found]
    output.table(("NAME", "ASSETS", "", "LABEL"), rows)


@group.command()
def show(name: Name, limit: Limit = 50, cursor: Cursor = None, as_json: AsJson = False) -> None:
    """List what is in a collection, in its order.

    Example: callsheet collection show approved
    """
    with workspace() as ws:
        page = ws.gallery.collection(name, limit=limit, cursor=cursor)
    if as_json:
        output.data(page.to_json())
        return
    asset_table(page.assets)
    found = page.collection
    hidden = f", {found.hidden} more in the trash or missing" if found.hidden else ""
    output.note(f"{len(page.assets)} of {found.size}{hidden}")
    if page.cursor:
        output.note(f"more: --cursor {page.cursor}")


@group.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name; spaces become _ and the label keeps them.")],
    ids: Ids = None,
    query: Query = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Make a collection, empty or of these assets.

    Example: callsheet collection create "Alex approved" --query 'npc:alex rating:>=4'
    """
    with workspace() as ws:
        chosen = selected(ws, given_ids(ids, "collection"), query) if ids or query is not None else []
        result = ws.gallery.create_collection(name, chosen, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


@group.command()
def add(
    name: Name,
    ids: Ids = None,
    query: Query = None,
    at: Annotated[
        int | None, typer.Option("--at", min=1, help="The place of the first, counted from 1 (default: the end).")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Put assets into a collection.

    Example: callsheet collection add alex_approved a1b2 c3d4 --at 1
    """
    with workspace() as ws:
        chosen = selected(ws, given_ids(ids, "collection"), query)
        result = ws.gallery.collect(name, chosen, at=at, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


@group.command()
def remove(name: Name, ids: Ids = None, query: Query = None, dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Take assets out of a collection.

    Nothing else happens to them.

    Example: callsheet collection remove alex_approved a1b2
    """
    with workspace() as ws:
        result = ws.gallery.uncollect(name, selected(ws, given_ids(ids, "collection"), query), dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


@group.command()
def move(
    name: Name,
    ids: Ids = None,
    to: Annotated[int, typer.Option("--to", min=1, help="The place of the first, counted from 1.")] = 1,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Change the order of a collection.

    The members named stand together from place --to on; without it, at the beginning.

    Example: callsheet collection move alex_approved a1b2 --to 3
    """
    with workspace() as ws:
        chosen = selected(ws, given_ids(ids, "collection"), None)
        result = ws.gallery.move_in_collection(name, chosen, to=to, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


@group.command()
def rename(
    name: Name,
    new_name: Annotated[str, typer.Argument(metavar="NEW", help="Its new name.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Give a collection another name.

    Example: callsheet collection rename alex_approved "Alex final"
    """
    with workspace() as ws:
        result = ws.gallery.rename_collection(name, new_name, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


@group.command("rm")
def discard(name: Name, dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Remove a collection. Its assets stay; `undo` brings it back.

    Example: callsheet collection rm alex_approved
    """
    with workspace() as ws:
        result = ws.gallery.remove_collection(name, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)
