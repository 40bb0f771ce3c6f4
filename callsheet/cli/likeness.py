"""`similar`, and what `doctor --duplicates` shows: pictures that look alike."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from callsheet.cli import output
from callsheet.cli.completion import complete_asset
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, given_ids
from callsheet.exit_codes import ExitCode
from callsheet.wording import plural

if TYPE_CHECKING:
    from gallery.likeness.duplicates import DuplicateReport
    from gallery.likeness.merging import Merge
    from gallery.views import AssetView


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(similar)


def similar(
    asset: Annotated[
        str, typer.Argument(metavar="ID", help="An asset or a unique prefix.", autocompletion=complete_asset)
    ],
    distance: Annotated[
        int, typer.Option("--distance", min=0, max=15, help="How many of 64 bits may differ: 4 copies, 8 variations.")
    ] = 8,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="How many assets to show.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find pictures that look like this one, nearest first.

    Copies in other sizes, formats or brightness are found; mirrored, turned and cropped ones are not.

    Example: callsheet similar a1b2 --distance 4
    """
    with workspace() as ws:
        (wanted,) = given_ids([asset], "similar")
        found = ws.gallery.similar(wanted, distance=distance, limit=limit)
    if as_json:
        output.data(found.to_json())
        return
    if found.assets:
        rows = [(str(item.distance), item.asset.id, _size(item.asset), item.asset.path) for item in found.assets]
        output.table(("DISTANCE", "ID", "SIZE", "PATH"), rows)
    elif not found.comparable:
        output.note(f"{found.id} has no features to compare, or no thumbnail: callsheet doctor says more")
    else:
        output.note(f"nothing is like {found.id} up to distance {distance}")


def show_duplicates(*, distance: int, apply: bool, dry_run: bool, as_json: bool) -> int:
    """Groups of near-identical pictures; with `apply` each without doubt is made one. The exit code."""
    with workspace() as ws:
        report = ws.gallery.duplicates(distance=distance, apply=apply, dry_run=dry_run)
    if as_json:
        output.data(report.to_json())
    else:
        _show(report)
        output.note(_summary(report, apply=apply, dry_run=dry_run))
    return ExitCode.PARTLY if any(group.outcome == "failed" for group in report.groups) else ExitCode.OK


def _show(report: "DuplicateReport") -> None:
    rows = [
        (str(number), fate, member.asset.id, _size(member.asset), "★" * (member.asset.rating or 0), member.asset.path)
        for number, group in enumerate(report.groups, 1)
        for member, fate in zip(group.members, _fates(group), strict=True)
    ]
    if rows:
        output.table(("GROUP", "FATE", "ID", "SIZE", "RATING", "PATH"), rows)
    for number, group in enumerate(report.groups, 1):
        for reason in (*group.doubts, *([group.error] if group.error else ())):
            output.note(f"group {number}: {reason.message} ({reason.hint})")


def _fates(group: "Merge") -> list[str]:
    if group.outcome in ("doubtful", "failed"):
        return [group.outcome] * len(group.members)
    return ["keep"] + ["trash"] * (len(group.members) - 1)


def _summary(report: "DuplicateReport", *, apply: bool, dry_run: bool) -> str:
    if not report.groups:
        return f"no near-identical pictures up to distance {report.distance}"
    counts = ", ".join(
        f"{count} {outcome}" for outcome, count in Counter(group.outcome for group in report.groups).items()
    )
    told = f"{'dry run: ' if apply and dry_run else ''}{plural(len(report.groups), 'group')}: {counts}"
    if report.batch:
        return f"{told}; batch {report.batch}, `callsheet undo` takes it back"
    return told if apply else f"{told}; --apply keeps the first of each and puts the others into the trash"


def _size(asset: "AssetView") -> str:
    return f"{asset.width} × {asset.height}"
