"""`tag` and `untag`."""

from typing import Annotated

import typer

from callsheet.cli import outcomes
from callsheet.cli.assets import show_bulk
from callsheet.cli.completion import complete_tag
from callsheet.cli.opening import workspace
from callsheet.cli.options import Add, AsJson, DryRun, Ids, Query, Remove, given_ids
from callsheet.cli.selecting import selected
from ontology.errors import InvalidInputError


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(tag)
    app.command()(untag)


def tag(
    ids: Ids = None,
    add: Add = None,
    remove: Remove = None,
    query: Query = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take away what does not go together with an added tag.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Add tags to assets and take tags away.

    Example: callsheet tag a1b2 --add npc:alex --add role:char:hero --remove draft
    """
    if not add and not remove:
        raise InvalidInputError("no tag is given", hint="callsheet tag ID --add npc:alex", code="usage")
    with workspace() as ws:
        chosen = selected(ws, given_ids(ids, "tag"), query)
        if not as_json:  # stderr then holds an error object or nothing
            outcomes.show_slips(ws, add or ())
        result = ws.gallery.tag(chosen, add=add or (), remove=remove or (), replace=replace, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


def untag(
    ids: Ids = None,
    tags: Annotated[
        list[str] | None,
        typer.Option("--tag", help="A tag to take away; repeat for more.", autocompletion=complete_tag),
    ] = None,
    query: Query = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Take tags away from assets.

    Example: callsheet untag a1b2 --tag draft
    """
    if not tags:
        raise InvalidInputError("no tag is given", hint="callsheet untag ID --tag draft", code="usage")
    with workspace() as ws:
        chosen = selected(ws, given_ids(ids, "untag"), query)
        result = ws.gallery.tag(chosen, remove=tags, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)
