"""`plan`: what the shots of scenes have, what is missing, and what it may cost."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callsheet.cli import outcomes, output
from callsheet.cli.job_lines import total_text
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Force
from callsheet.cli.resolution import show_notices
from callsheet.cli.specs import OUTCOME_ORDER
from callsheet.exit_codes import ExitCode
from callsheet.wording import plural
from ontology.errors import InvalidInputError

if TYPE_CHECKING:
    from callsheet.workspace import Workspace
    from generation.scene_plan import PlannedReference, ScenePlan
    from generation.specs.saving import SavedSpec
    from resolver.scene_plan import Cell, ShotRow

_HEADINGS = ("background", "hero", "enemy", "other")
_NAMED = 3


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("plan")(show_plan)


def show_plan(
    scenes: Annotated[
        Path | None, typer.Argument(metavar="[SCENES|-]", help="A file of scenes (default: scenes.yaml).")
    ] = None,
    write_specs: Annotated[
        bool, typer.Option("--write-specs", help="Write drafts of what is missing into specs/.")
    ] = False,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help="Draw a row for each shot: .png, .jpg or .pdf.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 when anything is missing.")] = False,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Plan scenes: who has pictures, what is missing, its price.

    The first table has a row for each shot, the second what is missing: first what keeps the most scenes waiting, with
    the spec that makes it and what that may cost.

    Example: callsheet plan --write-specs
    """
    if (force or dry_run) and not (write_specs or sheet):
        raise InvalidInputError("nothing is written", hint="give --write-specs or --sheet FILE", code="usage")
    with workspace() as ws:
        found = _plan(ws, scenes)
        files = ws.draw_plan(found, sheet, force=force, dry_run=dry_run) if sheet is not None else ()
        written = ws.write_specs(found, force=force, dry_run=dry_run) if write_specs else []
    if as_json:
        body: dict[str, Any] = found.to_json()
        body |= {"written": [item.to_json() for item in written]} if write_specs else {}
        output.data(body | ({"files": [str(path) for path in files]} if sheet is not None else {}))
    else:
        if write_specs:
            _show_written(found, written, dry_run=dry_run)
        else:
            _show(found)
        output.written(files, dry_run, as_json=False)
    if any(item.error for item in written):
        return ExitCode.PARTLY
    return ExitCode.PARTLY if strict and found.missing else ExitCode.OK


def _plan(ws: "Workspace", scenes: Path | None) -> "ScenePlan":
    if scenes is None or str(scenes) != "-":
        return ws.plan(scenes)
    from callsheet.scene_files import read_scenes  # noqa: PLC0415  # YAML, which few commands need

    return ws.plan(read_scenes(sys.stdin.buffer.read(), "stdin", ws.ontology))


def _show(found: "ScenePlan") -> None:
    rows = found.plan.rows
    if not rows:
        output.note("there are no scenes in it")
        return
    slots = [slot for slot in _HEADINGS if any(cell.slot == slot for row in rows for cell in row.cells)]
    output.table(("SHOT", *(slot.upper() for slot in slots)), [(row.name, *_cells(row, slots)) for row in rows])
    if found.missing:
        output.line()
        columns = ("MISSING", "FOR NOW", "SCENES", "SHOTS", "SPEC", "BY", "COST")
        output.table(columns, [_row(one) for one in found.missing])
    _show_errors(found)
    show_notices(list(dict.fromkeys(notice for row in rows for notice in row.notices)))
    output.note(_summary(found))
    if found.drafts:
        output.note("`callsheet plan --write-specs` writes the specs that are new")


def _cells(row: "ShotRow", slots: Sequence[str]) -> list[str]:
    return [", ".join(_cell(cell) for cell in row.cells if cell.slot == slot) or "–" for slot in slots]


def _cell(cell: "Cell") -> str:
    from generation.scene_plan import is_preview, is_stand_in  # noqa: PLC0415  # each command loads what it needs

    who = cell.identity.partition(":")[2] or cell.identity if cell.identity else "any"
    if cell.tier is None:
        return f"{who} MISSING"
    marks = [cell.tier] * (cell.wanted_role is not None) + ["stand-in"] * is_stand_in(cell)
    marks += ["preview"] * is_preview(cell)
    return f"{who} ({', '.join(marks)})" if marks else who


def _row(one: "PlannedReference") -> tuple[str, ...]:
    missing, spec = one.missing, one.making.spec
    names = ", ".join(missing.scenes[:_NAMED]) + (
        f" and {len(missing.scenes) - _NAMED} more" * (len(missing.scenes) > _NAMED)
    )
    return (
        " + ".join(missing.tags),
        missing.filled_by or "nothing",
        f"{len(missing.scenes)}: {names}",
        str(missing.shots),
        "–" if spec is None else spec.id if one.making.draft is None else f"{spec.id} (new)",
        "–" if one.price is None else f"{one.price.provider}:{one.price.model}",
        _cost(one),
    )


def _cost(one: "PlannedReference") -> str:
    if one.price is None or one.price.estimate.high is None:
        return "?"
    said = one.price.estimate.to_json()
    return f"${said['low']}" if said["low"] == said["high"] else f"${said['low']}–${said['high']}"


def _summary(found: "ScenePlan") -> str:
    scenes = found.plan.scenes
    ready = sum(all(row.is_ready for row in rows) for rows in scenes.values())
    said = f"{ready} of {plural(len(scenes), 'scene')} ready"
    lacks = f"{plural(len(found.missing), 'picture')} missing, {total_text(found.total)}" if found.missing else ""
    stand_ins = f"; {plural(found.stand_ins, 'stand-in')} among the pictures" if found.stand_ins else ""
    return f"{said}; {lacks or 'nothing is missing'}{stand_ins}"


def _show_written(found: "ScenePlan", written: Sequence["SavedSpec"], *, dry_run: bool) -> None:
    for item in written:
        if item.error is None:
            output.line(f"{'would be ' if dry_run else ''}{item.outcome}  {item.path}")
    outcomes.show_failures(written)
    _show_errors(found)
    output.note(f"{'dry run: ' if dry_run else ''}{outcomes.counted(written, OUTCOME_ORDER) or 'no spec is new'}")
    names = list(dict.fromkeys(one.making.spec.id for one in found.missing if one.making.spec is not None))
    if names and not dry_run:
        output.note(f"next: callsheet generate {' '.join(names[:_NAMED])} --dry-run")


def _show_errors(found: "ScenePlan") -> None:
    for one in found.missing:
        if one.error is not None:
            hint = f" ({one.error.hint})" if one.error.hint else ""
            output.note(f"{' + '.join(one.missing.tags)}: {one.error.message}{hint}")
