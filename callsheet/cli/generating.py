"""`generate`: from a spec or a prefilled call to a tagged picture in the gallery, within budget."""

import json
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_spec
from callsheet.cli.job_lines import JobProgress, exit_code, show_jobs
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun
from callsheet.cli.specs import OutputName, Sets, settings_of
from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from decimal import Decimal

    from callsheet.workspace import Workspace
    from generation.specs.selection import Selected
    from generation.specs.templates import Template

_MOST_STDIN = 8 * 1024 * 1024

MaxCost = Annotated[
    str | None, typer.Option("--max-cost", metavar="DOLLARS", help="The most that all of it may cost, e.g. 0.50.")
]
Providers = Annotated[
    list[str] | None, typer.Option("--provider", help="Whom to ask instead of the spec's; repeat for fallbacks.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(generate)


def generate(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SPEC|TEMPLATE|FILE|DIR|-",
            help="Specs, a template, files or folders of specs, or a prefilled call; - reads stdin.",
            autocompletion=complete_spec,
        ),
    ] = None,
    max_cost: MaxCost = None,
    provider: Providers = None,
    sets: Sets = None,
    output_name: OutputName = None,
    number: Annotated[int | None, typer.Option("--n", min=1, max=100, help="So many variations of each.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Buy also what was bought before.")] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Pictures of the cheapest size and quality; `promote` makes them final.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Make pictures from specs or from a prefilled call.

    What is made goes into the gallery, tagged. The same request is never bought twice, unless with --force. A dry run
    shows who would be asked, and what it may cost. Ctrl-C leaves the rest in the queue: `callsheet queue run` goes on.

    A preview is to be looked at: it is tagged `preview`, has no role and no place of its own, and fills no gap.

    Example: callsheet prefill fusion --scene gate_duel --json | callsheet generate - --max-cost 0.50
    """
    if not wanted:
        raise InvalidInputError("nothing is named that is to be made", hint="callsheet generate SPEC", code="usage")
    from generation.specs.selection import left_out_body  # noqa: PLC0415  # each command loads what it needs

    most = dollars(max_cost)
    with workspace() as ws:
        values = settings_of(sets)
        chosen = [_chosen(ws, name, values, output_name) for name in wanted]
        specs = [spec for each in chosen for spec in each.specs]
        left_out = {template.name: template for each in chosen for template in each.left_out}
        if not specs:
            raise InvalidInputError(
                "there is nothing to make in it", hint="give a spec or a prefilled call", code="usage"
            )
        progress = JobProgress(ws, len(specs))
        with progress:
            engine, names = ws.generation_told(progress), provider or ()
            done = engine.generate(
                specs, max_cost=most, force=force, providers=names, n=number, preview=preview, dry_run=dry_run
            )
        report = ws.costs() if not (as_json or dry_run) else None
    if as_json:
        output.data(done.to_json() | {"left_out": [left_out_body(template) for template in left_out.values()]})
    else:
        show_jobs(done, report)
        _show_left_out(left_out.values())
    return exit_code(done)


def dollars(text: str | None) -> "Decimal | None":
    """What `--max-cost` says. Raises InvalidInputError."""
    from generation.money import usd  # noqa: PLC0415  # each command loads what it needs

    return None if text is None else usd(text, what="--max-cost")


def _show_left_out(templates: "Collection[Template]") -> None:
    """Which templates of the files and folders were not made, and how they are."""
    from generation.specs.selection import making_of  # noqa: PLC0415  # see above

    if not templates:
        return
    output.note(f"left out: {', '.join(template.name for template in templates)}; a template wants values")
    for template in templates:
        output.note(f"→ {making_of(template)}")


def _chosen(ws: "Workspace", name: str, values: Mapping[str, Sequence[str]], output_name: str | None) -> "Selected":
    """What a word of the command line names. Raises InvalidInputError and NotFoundError."""
    from generation.specs.selection import Selected  # noqa: PLC0415  # see above

    path = Path(name)
    is_stdin = name == "-"
    if not is_stdin and not (path.suffix.lower() == ".json" and path.is_file()):
        return ws.specs.choose(name, values, output_name=output_name)
    data = sys.stdin.buffer.read(_MOST_STDIN) if is_stdin else path.read_bytes()
    body = _as_json(data)
    calls = body if isinstance(body, list) and body else [body]
    if all(map(_is_call, calls)):
        return Selected(tuple(ws.spec_of(item) for item in calls))
    return ws.specs.choose_of(data, "stdin" if is_stdin else name, values, output_name=output_name)


def _is_call(body: Any) -> bool:
    from generation.engine.prefills import is_prefill  # noqa: PLC0415  # see above

    return is_prefill(body)


def _as_json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
