"""`specs`: what is to be generated; checking it, beginning it, taking it over from a list of shots."""

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from callsheet.cli import outcomes, output
from callsheet.cli.completion import complete_spec
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Force
from callsheet.exit_codes import ExitCode
from callsheet.wording import plural
from ontology.diagnostics import Diagnostic
from ontology.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from callsheet.workspace import Workspace
    from generation.specs.loading import Specs
    from generation.specs.model import Spec

commands = typer.Typer(rich_markup_mode=None, help="Look at what is to be generated.", invoke_without_command=True)

OUTCOME_ORDER = ("created", "overwritten", "unchanged", "failed")
SHOWN_RESULTS = 20

Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A value of a template; repeat for more, * is every one."),
]
OutputName = Annotated[
    str | None, typer.Option("--output-name", metavar="NAME", help="What the one file of a template is called.")
]


def register(app: typer.Typer) -> None:
    """Add this module's group of commands."""
    app.add_typer(commands, name="specs")


def settings_of(pairs: Sequence[str] | None) -> dict[str, list[str]]:
    """What `--set name=value` says; a name may come several times. Raises InvalidInputError."""
    found: dict[str, list[str]] = defaultdict(list)
    for pair in pairs or ():
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise InvalidInputError(f"--set {pair} sets nothing", hint="--set jump_type=energy-burst", code="usage")
        found[name.strip()].append(value)
    return dict(found)


@commands.callback()
def specs(context: typer.Context) -> None:
    """List what is to be generated."""
    if context.invoked_subcommand is None:
        list_specs()


@commands.command("ls")
def list_specs(as_json: AsJson = False) -> None:
    """List the project's specs and templates.

    Example: callsheet specs ls
    """
    with workspace() as ws:
        found = ws.specs.loaded
    if as_json:
        output.data(
            {
                "specs": [spec.to_json() | {"place": str(spec.place)} for spec in found.specs.values()],
                "templates": [each.to_json() | {"place": str(each.place)} for each in found.templates.values()],
            }
        )
        return
    if found.specs:
        columns = ("ID", "MAKES", "BY", "TAGS", "PLACE")
        rows = [_row(spec) for spec in found.specs.values()]
        output.table(columns, rows)
    for each in found.templates.values():
        names = " ".join(f"--set {parameter.name}=…" for parameter in each.parameters)
        output.line(f"template {each.name}: {names or 'no parameters'} ({each.place})")
    if not (found.specs or found.templates):
        output.note("this project has no specs; begin one with `callsheet specs new NAME`")
    if found.errors:
        output.note(f"{plural(len(found.errors), 'error')}: `callsheet specs check` shows them")


def _row(spec: "Spec") -> tuple[str, ...]:
    return (spec.id, spec.operation, " > ".join(spec.providers), " ".join(spec.tags), str(spec.place))


@commands.command("check")
def check_specs(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE|DIR|NAME|-", help="What to check (default: the project's).", autocompletion=complete_spec
        ),
    ] = None,
    sets: Sets = None,
    output_name: OutputName = None,
    as_json: AsJson = False,
) -> int:
    """Check specs and templates, with the place of every fault.

    One a line, as file:line:column: code: message (hint). Errors make the exit code 2; warnings and notices, such as a
    model that will shut down, do not. With --set, the specs that a template makes are checked and listed.

    Example: callsheet specs check specs/coin.yaml
    """
    with workspace() as ws:
        found = _checked(ws, names or [], settings_of(sets), output_name)
    if as_json:
        output.data(
            {
                "diagnostics": [each.to_json() for each in found.diagnostics],
                "specs": list(found.specs),
                "templates": list(found.templates),
            }
        )
    else:
        _show_findings(found.diagnostics)
        if sets:
            for spec in found.specs.values():
                file = "" if spec.integration is None else spec.integration.manifest_path or ""
                output.line(f"{spec.id}  {file}".rstrip())
        output.note(_summary(found))
    return ExitCode.USAGE if found.errors else ExitCode.OK


def _checked(ws: "Workspace", names: Sequence[str], values: dict[str, list[str]], output_name: str | None) -> "Specs":
    from generation.specs.loading import Specs  # noqa: PLC0415  # each command loads what it needs

    if values or output_name is not None:
        return _checked_template(ws, names, values, output_name)
    if list(names) == ["-"]:
        return ws.specs.check_bytes(sys.stdin.buffer.read(), "stdin")
    paths = [Path(name) for name in names if Path(name).exists()]
    known = [name for name in names if not Path(name).exists()]
    found = ws.specs.check(paths) if paths or not names else Specs()
    for name in known:
        held = ws.specs.check_named(name)
        found = Specs(
            {**found.specs, **held.specs},
            (*found.diagnostics, *held.diagnostics),
            {**found.templates, **held.templates},
        )
    return found


def _checked_template(
    ws: "Workspace", names: Sequence[str], values: dict[str, list[str]], output_name: str | None
) -> "Specs":
    from generation.specs.loading import Specs  # noqa: PLC0415  # see above

    if len(names) != 1:
        raise InvalidInputError("--set fills one template", hint="specs check NAME --set …", code="usage")
    held = ws.specs.check_named(names[0])
    if len(held.templates) != 1:
        raise NotFoundError(f"{names[0]} is no template", hint="`callsheet specs ls` lists them")
    made = ws.specs.fill(next(iter(held.templates.values())), values, output_name=output_name)
    return Specs({spec.id: spec for spec in made.specs}, (*held.diagnostics, *made.diagnostics))


def _show_findings(found: Sequence[Diagnostic]) -> None:
    """Every error; a remark that comes again and again is shown where it first stands, and counted."""
    again = Counter((each.code, each.message) for each in found if each.severity != "error")
    shown: set[tuple[str, str]] = set()
    for each in found:
        if each.severity == "error":
            output.line(str(each))
        elif (key := (each.code, each.message)) not in shown:
            shown.add(key)
            more = f" [and in {plural(again[key] - 1, 'more place')}]" if again[key] > 1 else ""
            output.line(f"{each} [{each.severity}]{more}")


def _summary(found: "Specs") -> str:
    counts = [plural(len(found.specs), "spec")]
    counts += [plural(len(found.templates), "template")] if found.templates else []
    for severity in ("error", "warning", "notice"):
        number = sum(each.severity == severity for each in found.diagnostics)
        counts += [plural(number, severity)] if number or severity == "error" else []
    return ", ".join(counts)


@commands.command("new")
def new_spec(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="What the spec is called.")] = None,
    gap: Annotated[
        str | None,
        typer.Option("--gap", metavar="SLOT:WHO", help="Draft it for a missing picture, such as hero:npc:alex."),
    ] = None,
    asset_type: Annotated[Literal["image", "audio", "video"], typer.Option("--type", help="What it makes.")] = "image",
    file: Annotated[
        str | None, typer.Option("--output", metavar="FILE", help="The file below specs/ (default: NAME.yaml).")
    ] = None,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Begin a spec, empty or for a gap in the coverage.

    Writes a file with remarks below specs/. With --dry-run it is shown and not written.

    Example: callsheet specs new --gap hero:npc:alex
    """
    with workspace() as ws:
        if (name is None) == (gap is None):
            hint = "callsheet specs new sprite-coin, or callsheet specs new --gap hero:npc:alex"
            raise InvalidInputError("name the spec, or the gap that it fills", hint=hint, code="usage")
        draft = ws.specs.draft_named(gap) if gap is not None else ws.specs.starter(str(name), asset_type)
        saved = ws.specs.save(file or draft.file_name, draft.text, force=force, dry_run=dry_run)
    if as_json:
        output.data(saved.to_json() | {"draft": draft.to_json()})
    elif dry_run:
        for line in draft.text.splitlines():
            output.line(line)
        output.note(f"dry run: would go into {saved.path}")
    else:
        output.line(f"{saved.outcome}  {saved.path}")
        output.note("next: write its prompt, then `callsheet specs check`")


@commands.command("import")
def import_shots(
    file: Annotated[
        Path, typer.Argument(metavar="FILE|-", readable=False, help="A list of {key, kind, prompt}, JSON or YAML.")
    ],
    own_map: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="Styles by kind, folders by key and kind (TOML), over our own."),
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", help="Who makes them (default: what the map says).")
    ] = None,
    folder: Annotated[str, typer.Option("--folder", metavar="DIR", help="Where below specs/ they go.")] = "shots",
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Make specs of a list of shots.

    Each shot becomes a file: sprite_coin the spec sprite-coin, with the style of sprites, in the folder of coins. What
    is there is not written over without --force. Exit 3 when a part failed.

    Example: callsheet specs import shots.json --dry-run
    """
    data, shown = (sys.stdin.buffer.read(), "stdin") if str(file) == "-" else (_read(file), str(file))
    with workspace() as ws:
        results, found = ws.specs.import_shots(
            data, shown, own_map=own_map, provider=provider, folder=folder, force=force, dry_run=dry_run
        )
    if as_json:
        body: dict[str, Any] = {"results": [item.to_json() for item in results]}
        output.data(body | {"diagnostics": [each.to_json() for each in found]})
    else:
        _show_findings(found)
        for item in results[:SHOWN_RESULTS]:
            if item.outcome != "failed":
                output.line(f"{'would be ' if dry_run else ''}{item.outcome}  {item.path}")
        if len(results) > SHOWN_RESULTS:
            output.line(f"… and {len(results) - SHOWN_RESULTS} more")
        outcomes.show_failures([item for item in results if item.path.partition(":")[0] != shown])
        output.note(f"{'dry run: ' if dry_run else ''}{outcomes.counted(results, OUTCOME_ORDER) or 'no shots'}")
    if not results and any(each.severity == "error" for each in found):
        return ExitCode.USAGE
    return outcomes.exit_code(results)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {file}", hint="check the path, or give - for stdin") from None
    except IsADirectoryError:
        raise InvalidInputError(f"{file} is a folder", hint="give the file with the shots") from None


@commands.command("schema")
def show_schema() -> None:
    """Print the JSON Schema of spec files, for editors.

    Example: callsheet specs schema > specs.schema.json
    """
    from generation.specs.published import json_schema  # noqa: PLC0415  # each command loads what it needs

    output.data(json_schema())
