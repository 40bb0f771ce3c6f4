"""`suggest`."""

import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli import outcomes, output
from callsheet.cli.assets import show_bulk
from callsheet.cli.completion import complete_tag
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Ids, Query, given_ids
from callsheet.cli.selecting import selected
from callsheet.wording import plural
from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from callsheet.workspace import Workspace
    from gallery.suggestions.values import Accepted, AssetSuggestions

USUAL_LIMIT = 10


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(suggest)


def _tags(name: str, what: str) -> object:
    return typer.Option(name, help=what, autocompletion=complete_tag)


def suggest(
    ids: Ids = None,
    query: Query = None,
    accept: Annotated[list[str] | None, _tags("--accept", "Give this tag where it is suggested; repeatable.")] = None,
    accept_above: Annotated[
        float | None,
        typer.Option("--accept-above", help="Give every tag of at least this confidence (0-1)."),
    ] = None,
    reject: Annotated[list[str] | None, _tags("--reject", "Never suggest this tag here again; repeatable.")] = None,
    unreject: Annotated[list[str] | None, _tags("--unreject", "Let a rejected tag be suggested again.")] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", help="Ask this source alone: path, prompt, together, similar or folder; repeatable."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="Suggestions for each asset, 1-256.")] = USUAL_LIMIT,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Suggest tags for assets, with reasons; accept some.

    Example: callsheet suggest --query 'is:untagged' --accept-above 0.9 --dry-run
    """
    _check_one_deed(accept=accept, accept_above=accept_above, reject=reject, unreject=unreject)
    with workspace() as ws:
        chosen = selected(ws, given_ids(ids, "suggest"), query)
        if reject:
            return show_bulk(ws.gallery.reject(chosen, reject, dry_run=dry_run), dry_run=dry_run, as_json=as_json)
        if unreject:
            return show_bulk(ws.gallery.unreject(chosen, unreject, dry_run=dry_run), dry_run=dry_run, as_json=as_json)
        if accept:
            done = ws.gallery.accept(chosen, accept, sources=source, dry_run=dry_run)
            if not as_json:
                _hint_at_tagging(done, accept)
            return _show_accepted(done, dry_run=dry_run, as_json=as_json)
        if accept_above is not None:
            done = ws.gallery.accept_above(chosen, accept_above, sources=source, dry_run=dry_run)
            return _show_accepted(done, dry_run=dry_run, as_json=as_json)
        return _show(ws, chosen, source, limit, as_json=as_json)


def _check_one_deed(**deeds: object) -> None:
    asked = [f"--{name.replace('_', '-')}" for name, value in deeds.items() if value not in (None, [])]
    if len(asked) > 1:
        raise InvalidInputError(
            f"{' and '.join(asked)} are given at once", hint="one call does one thing", code="usage"
        )


def _show(ws: "Workspace", ids: Sequence[str], sources: Sequence[str] | None, limit: int, *, as_json: bool) -> int:
    if as_json:
        found = ws.gallery.suggest(ids, sources=sources, limit=limit)
        output.data(found.to_json())
        return outcomes.exit_code([item.result for item in found.assets])
    results = []
    for number, item in enumerate(ws.gallery.suggest_each(ids, sources=sources, limit=limit)):
        results.append(item.result)
        if item.error is None:
            if number:
                output.line()
            _show_asset(item)
    outcomes.show_failures(results)
    if any(item.outcome == "suggested" for item in results):
        output.note("--accept TAG gives a tag, --reject TAG keeps it away")
    return outcomes.exit_code(results)


def _show_asset(found: "AssetSuggestions") -> None:
    output.line(f"{found.id}  {found.path}")
    if found.tags:
        output.labelled("has", output.tag_text(found.tags))
    if found.rejected:
        output.labelled("rejected", output.tag_text(found.rejected))
    if not found.suggestions:
        output.line("nothing to suggest")
        return
    rows = (
        (f"{one.confidence:.2f}", output.tag_text([one.tag]), output.stacked(*(said.reason for said in one.sources)))
        for one in found.suggestions
    )
    output.table(("SURE", "TAG", "WHY"), rows)


def _show_accepted(done: "Accepted", *, dry_run: bool, as_json: bool) -> int:
    if as_json:
        output.data(done.to_json())
        return outcomes.exit_code(done.result.results)
    rows = [
        (one.id, f"{one.confidence:.2f}", output.tag_text([one.tag]), one.sources[0].reason) for one in done.suggestions
    ]
    if rows:
        output.table(("ID", "SURE", "TAG", "WHY"), rows)
    outcomes.show_failures(done.result.results)
    output.note(_summary(done, dry_run=dry_run))
    return outcomes.exit_code(done.result.results)


def _hint_at_tagging(done: "Accepted", tags: Sequence[str]) -> None:
    if all(item.outcome == "nothing" for item in done.result.results):
        output.note(f"not suggested here; to tag anyway: callsheet tag ID --add {shlex.quote(tags[0])}")


def _summary(done: "Accepted", *, dry_run: bool) -> str:
    back = f"; batch {done.result.batch}, `callsheet undo` takes it back" if done.result.batch else ""
    if not done.suggestions:
        asked = plural(len(done.result.results), "asset")
        return f"{'dry run: ' if dry_run else ''}nothing to give to {asked}; `callsheet suggest ID` shows what there is"
    counts = outcomes.counted(done.result.results, ("changed", "nothing"))
    tags = plural(len(done.suggestions), "tag")
    return f"{'dry run: ' if dry_run else ''}{tags} for {plural(len(set(_ids(done))), 'asset')} ({counts}){back}"


def _ids(done: "Accepted") -> Iterable[str]:
    return (one.id for one in done.suggestions)
