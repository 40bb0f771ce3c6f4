"""`ontology check | show | find`: the vocabulary."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_tag
from callsheet.cli.opening import start_folder, workspace
from callsheet.cli.options import AsJson, DryRun, namespace_mapping
from callsheet.exit_codes import ExitCode
from callsheet.wording import plural
from ontology.errors import InvalidInputError, NotFoundError
from ontology.terms import Ontology, Term

commands = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Look at the vocabulary and check it.")


def register(app: typer.Typer) -> None:
    """Add this module's group of commands."""
    app.add_typer(commands, name="ontology")


@commands.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="FILE|DIR|-", readable=False, help="What to check (default: the project's)."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Print every fault of a vocabulary.

    One a line, as file:line:column: code: message (hint). Exit 2 when there is an error.

    Example: callsheet ontology check ontology/
    """
    from ontology.loader import check_ontology, check_ontology_text  # noqa: PLC0415  # each command loads what it needs

    if path is not None and str(path) == "-":
        _, found = check_ontology_text(sys.stdin.buffer.read(), file="stdin")
    else:
        _, found = check_ontology(_checked_path(path))
    errors = [item for item in found if item.severity == "error"]
    if as_json:
        output.data({"diagnostics": [_diagnostic_json(item) for item in found]})
    else:
        for item in found:
            output.line(str(item))
        counts = f"{plural(len(errors), 'error')}, {plural(len(found) - len(errors), 'warning')}"
        output.note(counts if found else "no fault found")
    return ExitCode.USAGE if errors else ExitCode.OK


def _checked_path(path: Path | None) -> Path:
    if path is not None:
        return path
    from callsheet.project import find_project  # noqa: PLC0415  # see above

    project = find_project(start_folder())
    if not project.ontology_dir.exists():
        raise NotFoundError(f"the project has no folder {project.ontology_dir}", hint="name a file or folder to check")
    here = Path().absolute()
    folder = project.ontology_dir
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _diagnostic_json(item: Any) -> dict[str, Any]:
    return dict(item.to_json())


@commands.command("import")
def import_terms(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", readable=False, help="A vocabulary of another tool, YAML or JSON.")
    ],
    mapped: Annotated[
        list[str] | None, typer.Option("--map", metavar="THEIRS=OURS", help="Their namespace is ours; repeat for more.")
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--output", help="The file to write (default: ontology/imported-NAME.yaml).")
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Take in the vocabulary of another tool.

    Writes a file of our own form into the project's ontology. What cannot be held is reported, and the rest goes in.
    Exit 3 when something was left out.

    Example: callsheet ontology import moods.json --map location=loc
    """
    from callsheet.importing import import_file  # noqa: PLC0415  # each command loads what it needs

    with workspace() as ws:
        done = import_file(ws, file, namespace_mapping(mapped or ()), target=target, dry_run=dry_run)
    if as_json:
        output.data(
            {
                "file": done.file,
                "terms": [term_json(term) for term in done.terms],
                "report": [_diagnostic_json(item) for item in done.report],
            }
        )
    else:
        for item in done.report:
            output.line(str(item))
        verb = "would go" if dry_run else "went"
        output.note(
            f"{plural(len(done.terms), 'term')} {verb} into {done.file}" if done.terms else "nothing to take in"
        )
    if any(item.severity == "error" for item in done.report) and not done.terms:
        return ExitCode.USAGE
    return ExitCode.PARTLY if any(item.severity != "notice" for item in done.report) else ExitCode.OK


@commands.command()
def show(
    term: Annotated[
        str | None,
        typer.Argument(metavar="ID|NAMESPACE", help="One term, or all of a namespace.", autocompletion=complete_tag),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List terms: all, one namespace, or one.

    Example: callsheet ontology show npc
    """
    with workspace() as ws:
        ontology = ws.ontology
    terms = _chosen(ontology, term)
    if as_json:
        output.data({"terms": [term_json(item) for item in terms]})
        return
    output.table(("ID", "LABEL", "KIND", "WIDER", "ALIASES", "KEYWORDS"), [_row(item) for item in terms])


def _chosen(ontology: Ontology, wanted: str | None) -> Sequence[Term]:
    terms = sorted(ontology.terms.values(), key=lambda item: item.id)
    if wanted is None:
        return terms
    from ontology.normalize import clean  # noqa: PLC0415  # see above

    name = clean(wanted).rstrip("*").rstrip(":")
    if name in ontology.namespaces:
        return [item for item in terms if item.namespace == name]
    found = ontology.term(name)
    if found is None:
        near = ", ".join(item.id for item in _near(name, ontology))
        raise NotFoundError(f"the ontology has no term {wanted!r}", hint=f"did you mean {near}?" if near else None)
    return [found]


def term_json(term: Term) -> dict[str, Any]:
    """`{id, label, kind, broader, aliases, keywords, deprecated}` and, where it was replaced, `replaced_by`."""
    return term.to_json()


def _row(term: Term) -> tuple[str, ...]:
    label = term.label
    if term.deprecated:
        label += f" (deprecated{f', now {term.replaced_by}' if term.replaced_by else ''})"
    return (
        term.id,
        label,
        term.kind or "",
        ", ".join(term.broader),
        ", ".join(term.aliases),
        ", ".join(term.keywords),
    )


def _near(text: str, ontology: Ontology) -> Sequence[Any]:
    from ontology.suggest import did_you_mean  # noqa: PLC0415  # see above

    return did_you_mean(text, ontology, limit=3)


@commands.command()
def find(
    words: Annotated[list[str], typer.Argument(metavar="TEXT", help="Part of an id, an alias, a label or a keyword.")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many at the most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Find terms by a part of what they are called.

    By id, alias, label or keyword; typing mistakes are forgiven. Exit 4 when nothing is near.

    Example: callsheet ontology find dungeon gate
    """
    from ontology.find import find_terms  # noqa: PLC0415  # see above

    text = " ".join(words)
    if not text.strip():
        raise InvalidInputError("there is nothing to find", hint="callsheet ontology find gate", code="usage")
    with workspace() as ws:
        ontology = ws.ontology
    found = find_terms(text, ontology, limit=limit)
    if not found:
        raise NotFoundError(f"nothing in the ontology resembles {text!r}", hint="callsheet ontology show lists it all")
    if as_json:
        output.data({"terms": [term_json(hit.term) | {"via": hit.via} for hit in found]})
    else:
        output.table(
            ("ID", "LABEL", "KIND", "BY"),
            [(hit.term.id, hit.term.label, hit.term.kind or "", hit.via) for hit in found],
        )
