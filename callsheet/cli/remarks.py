"""`rate`, `note`, `confirm`: what a person says of assets besides tags."""

import sys
from typing import Annotated

import typer

from callsheet.cli.assets import show_bulk
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Ids, Query, given_ids
from callsheet.cli.selecting import selected
from ontology.errors import InvalidInputError

NO_RATING = "none"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (rate, note, confirm):
        app.command()(command)


def rate(
    ids: Ids = None,
    rating: Annotated[str | None, typer.Option("--rating", help="0 to 5, or none to take it away.")] = None,
    query: Query = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Rate assets. Of several that fit equally well the resolver takes the best rated.

    Example: callsheet rate a1b2 --rating 4
    """
    from gallery.journal.editing import Edit  # noqa: PLC0415  # each command loads what it needs

    edit = Edit(rating=_rating(rating))
    with workspace() as ws:
        chosen = selected(ws, given_ids(ids, "rate"), query)
        result = ws.gallery.edit_all(chosen, edit, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


def _rating(given: str | None) -> int | None:
    if given is None:
        raise InvalidInputError("no rating is given", hint="callsheet rate ID --rating 4", code="usage")
    if given.strip().lower() == NO_RATING:
        return None
    if given.strip() not in {"0", "1", "2", "3", "4", "5"}:
        raise InvalidInputError(f"a rating is 0 to 5 or none, not {given!r}", hint="--rating 4", code="usage")
    return int(given)


def note(
    ids: Ids = None,
    text: Annotated[str | None, typer.Option("--text", help="The note; - reads it from stdin.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take the note away.")] = False,
    query: Query = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Write a note about assets, in place of the one they have. `show` shows it.

    Example: callsheet note a1b2 --text "hand is wrong, redo at 30 steps"
    """
    from gallery.journal.editing import Edit  # noqa: PLC0415  # each command loads what it needs

    if (text is None) == (not clear):
        raise InvalidInputError(
            "give either --text or --clear", hint='callsheet note ID --text "redo the hand"', code="usage"
        )
    if text == "-" and "-" in (ids or ()):
        raise InvalidInputError("stdin cannot be both ids and text", hint="name the assets, or --query", code="usage")
    edit = Edit(note=None if clear else _text(text))
    with workspace() as ws:
        chosen = selected(ws, given_ids(ids, "note"), query)
        result = ws.gallery.edit_all(chosen, edit, dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)


def _text(given: str | None) -> str | None:
    if given == "-":
        return sys.stdin.read().removesuffix("\n") if sys.stdin is not None else ""
    return given


def confirm(ids: Ids = None, query: Query = None, dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Say that the tags of an edited file still hold.

    For files that were edited in place since they were tagged. Changing the tags by hand says so too.

    Example: callsheet confirm a1b2
    """
    with workspace() as ws:
        result = ws.gallery.confirm(selected(ws, given_ids(ids, "confirm"), query), dry_run=dry_run)
    return show_bulk(result, dry_run=dry_run, as_json=as_json)
