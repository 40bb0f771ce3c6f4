"""`export`, `import`: what people said about their pictures, out into files and back in."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli import outcomes, output
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Query, namespace_mapping
from callsheet.exit_codes import ExitCode
from callsheet.wording import plural
from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from gallery.exchange.results import ExportResult, ImportResult

Force = Annotated[bool, typer.Option("--force", help="Write over files that are there.")]
IMPORT_ORDER = ("added", "changed", "unchanged", "in_trash", "failed")
MOST_PROBLEMS = 20


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("export")(export_assets)
    app.command("import")(import_assets)


def export_assets(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE", help="FILE.jsonl, FILE.csv, a folder for kohya; - is stdout; none for sidecars."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option("--format", help="jsonl, csv, kohya or sidecars.")] = None,
    query: Query = None,
    trigger: Annotated[str | None, typer.Option("--trigger", help="kohya: the word that begins every caption.")] = None,
    strip_namespace: Annotated[
        bool, typer.Option("--strip-namespace", help="kohya: `npc:old_king` becomes `old king`.")
    ] = False,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="kohya: leave out a namespace; repeat for more.")
    ] = None,
    link: Annotated[bool, typer.Option("--link", help="kohya: links to the pictures instead of copies.")] = False,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Write assets, or all that is said of them, to files.

    A library (jsonl) holds everything, csv opens in a spreadsheet, kohya is a folder for training, sidecars lie beside
    the pictures and suit version control.

    Example: callsheet export game.jsonl
    """
    from gallery.exchange.captions import CaptionOptions  # noqa: PLC0415  # each command loads what it needs
    from gallery.exchange.formats import ExportOptions  # noqa: PLC0415  # see above

    captions = CaptionOptions(trigger, strip_namespace, frozenset(without or ()), link, force, dry_run)
    options = ExportOptions(query, captions, force, dry_run)
    with workspace() as ws:
        if target == "-":
            ws.gallery.export(sys.stdout.buffer, name, options)
            return ExitCode.OK
        result = ws.gallery.export(None if target is None else Path(target), name, options)
    if as_json:
        output.data(result.to_json())
    else:
        _show_exported(result, dry_run=dry_run)
    return outcomes.exit_code(result.results)


def _show_exported(result: "ExportResult", *, dry_run: bool) -> None:
    outcomes.show_failures(result.results)
    parts = [plural(result.assets, "asset")]
    parts += [plural(result.collections, "collection")] if result.collections else []
    parts += ["1 saved search" if result.searches == 1 else f"{result.searches} saved searches"] * bool(result.searches)
    counted = f" ({outcomes.counted(result.results)})" if result.results else ""
    where = f" to {result.target}" if result.target else ""
    output.note(f"{'dry run: ' if dry_run else ''}{', '.join(parts)}{where}{counted}")


def import_assets(
    source: Annotated[str, typer.Argument(metavar="FILE|FOLDER", help="A file or a folder; - is stdin.")],
    name: Annotated[str | None, typer.Option("--format", help="jsonl, csv, kohya, sidecars, hydrus or booru.")] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help="THEIRS=ours: a namespace of theirs and ours, e.g. character=npc; THEIRS= drops it."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Where both say something, take what the file says.")
    ] = False,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="Take a library that was cut off.")] = False,
    declare: Annotated[
        Path | None, typer.Option("--declare", help="Write terms that the vocabulary lacks into this ontology file.")
    ] = None,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Take in what files say of pictures.

    Nothing is taken away: tags are added, empty fields filled, contradictions told. `undo` takes it all back at once.
    Exit 3 when something could not be held.

    Example: callsheet import downloads/ --format hydrus --map character=npc
    """
    from gallery.exchange.formats import ImportOptions  # noqa: PLC0415  # each command loads what it needs

    options = ImportOptions(
        namespace_mapping(mapping or (), may_drop=True), replace, incomplete, declare, force=force, dry_run=dry_run
    )
    if not source:
        raise InvalidInputError("the name is empty", hint="is a variable unset?", code="usage")
    progress = output.Progress("reading")
    with workspace() as ws:
        place = sys.stdin.buffer if source == "-" else Path(source)
        result = ws.gallery.import_from(place, name, options, progress=progress)
    progress.end()
    if as_json:
        output.data(result.to_json())
    else:
        _show_imported(result, dry_run=dry_run)
    return _imported_code(result)


def _imported_code(result: "ImportResult") -> ExitCode:
    code = outcomes.exit_code(result.results)
    return ExitCode.PARTLY if code == ExitCode.OK and not result.is_complete else code


def _show_imported(result: "ImportResult", *, dry_run: bool) -> None:
    outcomes.show_failures(result.results)
    _show_problems(result)
    if result.unmapped:
        named = ", ".join(f"{space} ({count})" for space, count in sorted(result.unmapped.items()))
        output.note(f"namespaces that were dropped, with their tags: {named}; --map THEIRS=ours keeps one")
    if result.declared:
        output.note(
            f"new terms ({len(result.undeclared)}) are in {result.declared}; once that is in ontology/, import again"
        )
    elif result.undeclared:
        output.note(f"terms that the vocabulary lacks: {len(result.undeclared)}; --declare FILE writes them down")
    summary = outcomes.counted(result.results, IMPORT_ORDER) or "nothing to import"
    output.note(f"{'dry run: ' if dry_run else ''}{summary}{outcomes.way_back(result.batches)}")


def _show_problems(result: "ImportResult") -> None:
    """Each kind of problem once, with the first place and how often it came."""
    places: dict[tuple[str, str | None], str] = {}
    counts: Counter[tuple[str, str | None]] = Counter()
    for item in result.results:
        for problem in item.problems:
            key = (problem.message, problem.hint)
            places.setdefault(key, item.path)
            counts[key] += 1
    for key, count in counts.most_common(MOST_PROBLEMS):
        message, hint = key
        more = f" and {count - 1} more" if count > 1 else ""
        output.note(f"left out: {places[key]}{more}: {message}" + (f" ({hint})" if hint else ""))
    if len(counts) > MOST_PROBLEMS:
        output.note(f"and {len(counts) - MOST_PROBLEMS} other problems; --json has them all")
