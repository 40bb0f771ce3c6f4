"""`searches`: queries saved by name, which any query uses as `@name`."""

from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_query, complete_search
from callsheet.cli.opening import workspace
from callsheet.cli.options import FREE_ARGUMENTS, AsJson, DryRun, given_query
from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from gallery.views import BulkResult

commands = typer.Typer(
    rich_markup_mode=None, help="Save searches by name; a query uses one as @NAME.", invoke_without_command=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of a saved search.", autocompletion=complete_search)]


def register(app: typer.Typer) -> None:
    """Add this module's group of commands."""
    app.add_typer(commands, name="searches")


@commands.callback()
def searches(context: typer.Context) -> None:
    """List the saved searches."""
    if context.invoked_subcommand is None:
        list_searches()


@commands.command("ls")
def list_searches(as_json: AsJson = False) -> None:
    """List the saved searches.

    Example: callsheet searches ls
    """
    with workspace() as ws:
        found = ws.gallery.searches()
    if as_json:
        output.data({"searches": [search.to_json() for search in found]})
        return
    if found:
        output.table(("NAME", "QUERY"), [(f"@{search.name}", search.query) for search in found])
    output.note(f"{len(found)} saved" if found else "none is saved; callsheet searches save NAME QUERY")


@commands.command("save", context_settings=FREE_ARGUMENTS)
def save(
    name: Annotated[str, typer.Argument(metavar="NAME", help="a-z, 0-9, _ and inner hyphens.")],
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="As of search.", autocompletion=complete_query)],
    replace: Annotated[bool, typer.Option("--replace", help="Also where the name stands for another query.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Save a query under a name. `callsheet search @NAME` then finds what it says at that moment.

    Example: callsheet searches save night-gates loc:gate "moon" -draft
    """
    text = given_query(query)
    if not text:
        raise InvalidInputError("there is nothing to save", hint="give a query behind the name", code="usage")
    with workspace() as ws:
        _show(ws.gallery.save_search(name, text, replace=replace, dry_run=dry_run), dry_run=dry_run, as_json=as_json)


@commands.command("show")
def show(name: Name, as_json: AsJson = False) -> None:
    """Show the query behind a name.

    Example: callsheet searches show night-gates
    """
    with workspace() as ws:
        found = ws.gallery.saved_search(name)
    if as_json:
        output.data(found.to_json())
    else:
        output.line(found.query)


@commands.command("rename")
def rename(
    name: Name,
    new_name: Annotated[str, typer.Argument(metavar="NEW_NAME", help="a-z, 0-9, _ and inner hyphens.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Give a saved search another name, wherever it is used.

    Example: callsheet searches rename night-gates gates-at-night
    """
    with workspace() as ws:
        _show(ws.gallery.rename_search(name, new_name, dry_run=dry_run), dry_run=dry_run, as_json=as_json)


@commands.command("rm")
def remove(name: Name, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Forget a saved search, unless others use it. `callsheet undo` brings it back.

    Example: callsheet searches rm night-gates
    """
    with workspace() as ws:
        _show(ws.gallery.remove_search(name, dry_run=dry_run), dry_run=dry_run, as_json=as_json)


def _show(result: "BulkResult", *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        output.data(result.to_json())
        return
    for item in result.results:
        output.line(f"{item.outcome:10} @{item.id}")
    back = f"batch {result.batch}, `callsheet undo` takes it back" if result.batch else ""
    told = "dry run: nothing was changed" if dry_run else back
    if told:
        output.note(told)
