"""`link`: what an asset was made from."""

from typing import Annotated, Literal

import typer

from callsheet.cli.assets import show_bulk
from callsheet.cli.completion import complete_asset
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Ids, given_ids
from ontology.errors import InvalidInputError


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(link)


def link(
    ids: Ids = None,
    parents: Annotated[
        list[str] | None,
        typer.Option("--parent", help="What it was made from; repeat for more.", autocompletion=complete_asset),
    ] = None,
    operation: Annotated[
        str | None, typer.Option("--operation", help="What made it: fusion, image_to_image, or a word of your own.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Forget parents and operation.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Tell what assets were made from, in place of what was known. `show --tree` shows it.

    Example: callsheet link a1b2 --parent c3d4 --parent e5f6 --operation fusion
    """
    from gallery.relations.lineage import KEEP  # noqa: PLC0415  # each command loads what it needs

    given = bool(parents) or operation is not None
    if clear == given:
        raise InvalidInputError(
            "give --parent and --operation, or --clear alone", hint="callsheet link ID --parent ID", code="usage"
        )
    with workspace() as ws:
        children = given_ids(ids, "link")
        if not children:
            raise InvalidInputError("no asset is named", hint="callsheet link ID --parent ID", code="usage")
        wanted = given_ids(parents, "link") or None
        if clear:
            result = ws.gallery.link(children, parents=[], operation=None, dry_run=dry_run)
        else:
            made_by: str | Literal[-1] = KEEP if operation is None else operation
            result = ws.gallery.link(children, parents=wanted, operation=made_by, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)
