"""`init`, `demo`, `config`, `doctor`: the project as a whole."""

import shlex
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli import output
from callsheet.cli.opening import start_folder, workspace
from callsheet.cli.options import AsJson, DryRun
from callsheet.exit_codes import ExitCode
from gallery.checks.findings import Finding, Severity, worst
from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from callsheet.workspace import Workspace

DEFAULT_DUPLICATES = 4
"""The distance of `gallery.likeness.duplicates`, which is too heavy to load for --help. A test holds the two equal."""


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (init, demo, config, doctor):
        app.command()(command)


def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", readable=False, help="The folder (default: this one).")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="What the project is called (default: the folder).")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Make a folder a Callsheet project.

    Writes settings, a starter vocabulary, a sample action block and .gitignore; keeps what is there.

    Example: callsheet init my-game
    """
    from callsheet.project import start_project  # noqa: PLC0415  # each command loads what it needs

    root = folder if folder is not None else start_folder()
    for written in start_project(root, name=name, dry_run=dry_run):
        output.line(f"{'would be ' if dry_run else ''}{written.outcome}  {written.path}")
    if not dry_run:
        elsewhere = folder is not None and folder.absolute() != Path().absolute()
        where = f"cd {shlex.quote(str(folder))} && " if elsewhere else ""
        output.note(f"next: {where}callsheet add PICTURES, then callsheet tag ID --add npc:alex")


def demo(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", readable=False, help="Where to make it (default: your data folder).")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Make the demo project and resolve a shot of it.

    Example: callsheet demo ./dungeon-school
    """
    if dry_run:
        from callsheet.demo import demo_place  # noqa: PLC0415  # see above

        place, is_there = demo_place(folder)
        output.line(f"{'is there already' if is_there else 'would be made'}  {place}")
        return
    from callsheet.cli.showcase import show_demo  # noqa: PLC0415  # see above

    show_demo(folder)


def config(as_json: AsJson = False) -> None:
    """Show every setting and where it came from.

    Flags win over CALLSHEET_* variables, these over .env, callsheet.toml, your own settings file, and the defaults.
    """
    from callsheet.settings import user_settings_file  # noqa: PLC0415  # see above

    with workspace() as ws:
        effective = ws.loaded_settings.effective
        if as_json:
            output.data(
                {
                    "project": str(ws.root),
                    "settings": [{"name": item.name, "value": item.value, "source": item.source} for item in effective],
                }
            )
            return
        output.line(f"project  {ws.root}")
        output.line(f"yours    {user_settings_file()}")
        output.line()
        output.table(("SETTING", "VALUE", "FROM"), [(item.name, str(item.value), item.source) for item in effective])


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what can be mended: thumbnails, tag index, missing marks.")
    ] = False,
    duplicates: Annotated[
        bool, typer.Option("--duplicates", help="Instead: near-identical pictures, and which to keep.")
    ] = False,
    distance: Annotated[
        int | None, typer.Option("--distance", min=0, max=8, help="For --duplicates: bits that may differ (default 4).")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="With --duplicates: keep the best, merge tags, trash the others.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Read every file; goes on where it was stopped the last time.")
    ] = False,
    providers: Annotated[
        bool, typer.Option("--providers", help="Instead: ask each provider whether it takes its key; free.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Examine the project for damage and mistakes.

    Vocabulary, action blocks, database, files, thumbnails. Each time some files are read and compared with what they
    were, those checked longest ago first. Exit 8 when something is damaged, 3 for warnings. A dry run of --repair mends
    nothing and lists what is wrong.

    Example: callsheet doctor --duplicates
    """
    if providers:
        if repair or duplicates or full or apply or distance is not None:
            message = "--providers is examined by itself"
            raise InvalidInputError(message, hint="callsheet doctor --providers", code="usage")
        from callsheet.provider_checkup import examine_providers  # noqa: PLC0415  # loads an HTTP client

        return _show_findings(examine_providers, as_json=as_json)
    if duplicates:
        if repair:
            raise InvalidInputError(
                "--repair and --duplicates are two things", hint="--apply merges duplicates", code="usage"
            )
        from callsheet.cli.likeness import show_duplicates  # noqa: PLC0415  # see above

        chosen = DEFAULT_DUPLICATES if distance is None else distance
        return show_duplicates(distance=chosen, apply=apply, dry_run=dry_run, as_json=as_json)
    if apply or distance is not None:
        raise InvalidInputError(
            "--apply and --distance belong to --duplicates", hint="callsheet doctor --duplicates", code="usage"
        )
    from callsheet.checkup import examine  # noqa: PLC0415  # loads the database library

    progress = output.Progress("checking")
    checkup = partial(examine, repair=repair and not dry_run, full=full, progress=progress)
    return _show_findings(checkup, as_json=as_json, progress=progress)


_MOST_ALIKE = 50
"""So many findings of one kind are shown to a person."""


def _show_findings(
    checkup: Callable[["Workspace"], Iterable[Finding]], *, as_json: bool, progress: output.Progress | None = None
) -> int:
    progress = progress or output.Progress("asking")
    severities: set[Severity] = set()
    bodies: list[dict[str, object]] = []
    told: Counter[str] = Counter()
    with workspace() as ws:
        for finding in checkup(ws):
            severities.add(finding.severity)
            told[finding.code] += 1
            if as_json:
                bodies.append(finding.to_json())
            elif told[finding.code] <= _MOST_ALIKE:
                progress.end()
                _show_finding(finding)
    progress.end()
    if as_json:
        output.data({"findings": bodies})
    else:
        for code, number in told.items():
            if number > _MOST_ALIKE:
                output.line(f"         … and {number - _MOST_ALIKE} more of {code}; --json lists all")
    return {"error": ExitCode.INTEGRITY, "warning": ExitCode.PARTLY}.get(worst(severities), ExitCode.OK)


def _show_finding(finding: Finding) -> None:
    output.line(f"{finding.severity:8} {finding.code}: {finding.message}")
    if finding.hint:
        output.line(f"         {finding.hint}")
