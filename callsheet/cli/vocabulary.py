"""`ontology rename | merge | deprecate | add | usage | orphans`: working on the vocabulary."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_tag
from callsheet.cli.ontology import commands
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun
from callsheet.wording import plural
from ontology.terms import Kind

if TYPE_CHECKING:
    from gallery.vocabulary.views import Orphans, TermUsage, Uses, VocabularyChange

Term = Annotated[str, typer.Argument(metavar="ID", help="A term.", autocompletion=complete_tag)]
Order = Literal["assets", "wider", "id", "blocks", "scenes", "specs", "searches"]


def register(_: typer.Typer) -> None:
    """Add this module's commands to the group `ontology`."""
    for command in (rename, merge, deprecate, add, usage, orphans):
        commands.command()(command)


_SHOWN = 6
"""So many blocks, scenes or files are named in a line; --json names all."""


def rename(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The term, or any tag.", autocompletion=complete_tag)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its new id.")],
    keep_alias: Annotated[
        bool, typer.Option("--keep-alias/--no-keep-alias", help="Keep the old id as an alias of the new one.")
    ] = True,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Give a term another id, wherever it stands.

    In the ontology's files, on assets (trashed and missing ones too), in saved searches, blocks, scenes and specs.
    Files keep their comments and their form. One batch, which undo takes back. A tag that is no term can be renamed
    too.

    Example: callsheet ontology rename npc:alex npc:alexis --dry-run
    """
    with workspace() as ws:
        change = ws.vocabulary.rename(old, new, keep_alias=keep_alias, dry_run=dry_run)
    _show_change(change, dry_run=dry_run, as_json=as_json)


def merge(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The term that goes.", autocompletion=complete_tag)],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The term that stays.", autocompletion=complete_tag)],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make one term of two.

    The first becomes deprecated and is replaced by the second; what carried or named it then carries or names the
    second, once. One batch, which undo takes back.

    Example: callsheet ontology merge npc:scout npc:mara --dry-run
    """
    with workspace() as ws:
        change = ws.vocabulary.merge(old, into, dry_run=dry_run)
    _show_change(change, dry_run=dry_run, as_json=as_json)


def deprecate(
    term: Term,
    replaced_by: Annotated[
        str | None,
        typer.Option("--replaced-by", help="The term to use instead.", autocompletion=complete_tag),
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Mark a term as not for new pictures.

    Assets keep it; with --replaced-by it is read as the other term. Undo takes it back.

    Example: callsheet ontology deprecate npc:scout --replaced-by npc:mara
    """
    with workspace() as ws:
        change = ws.vocabulary.deprecate(term, replaced_by=replaced_by, dry_run=dry_run)
    _show_change(change, dry_run=dry_run, as_json=as_json)


def add(
    term: Annotated[str, typer.Argument(metavar="ID", help="The id of the new term.")],
    label: Annotated[str | None, typer.Option("--label", help="What people call it (default: made of the id).")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Of a character: hero, npc or monster.")] = None,
    broader: Annotated[
        list[str] | None,
        typer.Option("--broader", help="A wider term; repeat for more.", autocompletion=complete_tag),
    ] = None,
    aliases: Annotated[list[str] | None, typer.Option("--alias", help="Another tag for it; repeat for more.")] = None,
    keywords: Annotated[list[str] | None, typer.Option("--keyword", help="A word of prompts; repeat for more.")] = None,
    file: Annotated[
        str | None, typer.Option("--file", help="Where to write it (default: the file with most of its namespace).")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Declare a term.

    It goes to the end of a file of the ontology, which keeps its form. Undo takes it back.

    Example: callsheet ontology add loc:hall --label "Great hall" --broader loc:dungeon
    """
    with workspace() as ws:
        change = ws.vocabulary.add(
            term,
            label=label,
            kind=kind,
            broader=broader or (),
            aliases=aliases or (),
            keywords=keywords or (),
            file=file,
            dry_run=dry_run,
        )
    _show_change(change, dry_run=dry_run, as_json=as_json)


def _show_change(change: "VocabularyChange", *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        output.data(change.to_json())
        return
    if change.assets:
        more = change.assets - len(change.first_assets)
        named = " ".join(change.first_assets) + (f" and {more} more" if more else "")
        output.line(f"{'assets':9} {change.assets}: {named}")
    for name in ("searches", "blocks", "scenes", "specs", "files"):
        found = getattr(change, name)
        if found:
            output.line(f"{name:9} {len(found)}: {_named(found)}")
    if change.rejected:
        output.line(f"{'rejected':9} {plural(change.rejected, 'asset')} where it was turned down")
    for notice in change.notices:
        output.note(f"notice: {notice}")
    done = {"rename": "renamed", "merge": "merged", "deprecate": "deprecated", "add": "declared"}[change.action]
    what = f"{change.term} {done}" + (f", now {change.to}" if change.to else "")
    if not change.does_something:
        output.note(f"{change.term}: nothing to do")
    elif dry_run:
        output.note(f"dry run: {what}")
    else:
        output.note(f"{what}; batch {change.batch}, `callsheet undo` takes it back")


def _named(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def usage(
    term: Annotated[
        str | None, typer.Argument(metavar="ID", help="One term (default: all).", autocompletion=complete_tag)
    ] = None,
    namespace: Annotated[str | None, typer.Option("--namespace", help="Only terms of this namespace.")] = None,
    sort: Annotated[Order, typer.Option("--sort", help="What comes first: the most of this, or the id.")] = "assets",
    as_json: AsJson = False,
) -> None:
    """Count how often terms are used.

    By live assets (an alias counts as its term; WIDER counts narrower terms too), blocks, scenes, specs and saved
    searches. Terms without a use are listed with zeros.

    Example: callsheet ontology usage --namespace loc --sort wider
    """
    with workspace() as ws:
        found = ws.vocabulary.usage(term, namespace=namespace, sort=sort)
    if as_json:
        output.data({"terms": [item.to_json() for item in found]})
        return
    heading = ("ID", "LABEL", "ASSETS", "WIDER", "BLOCKS", "SCENES", "SPECS", "SEARCHES")
    output.table(heading, [_usage_row(item) for item in found])


def _usage_row(item: "TermUsage") -> tuple[str, ...]:
    label = f"{item.label} (deprecated)" if item.deprecated else item.label
    return (item.id, label, str(item.uses.assets), str(item.wider), *_counts(item.uses))


def _counts(uses: "Uses") -> tuple[str, ...]:
    return tuple(str(number) for number in (uses.blocks, uses.scenes, uses.specs, uses.searches))


def orphans(as_json: AsJson = False) -> None:
    """List tags without a term, and terms without a use.

    Tags that assets, blocks, scenes or searches carry and that the vocabulary does not allow (any more), each with the
    ways out; then terms of the project that nothing uses.

    Example: callsheet ontology orphans
    """
    with workspace() as ws:
        found = ws.vocabulary.orphans()
    if as_json:
        output.data(found.to_json())
        return
    _show_orphans(found)


def _show_orphans(found: "Orphans") -> None:
    if found.tags:
        rows = [(one.tag, str(one.uses.assets), *_counts(one.uses), one.hint) for one in found.tags]
        output.table(("TAG", "ASSETS", "BLOCKS", "SCENES", "SPECS", "SEARCHES", "WAYS OUT"), rows)
    if found.unused:
        output.line(f"not used: {', '.join(term.id for term in found.unused)}")
    for name in found.unread:
        output.note(f"{name} cannot be read and was not looked at")
    output.note(f"{plural(len(found.tags), 'tag')} without a term, {plural(len(found.unused), 'term')} without a use")
