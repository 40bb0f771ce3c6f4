"""`backup`, `restore-backup`: a project put aside and made anew."""

from pathlib import Path
from typing import Annotated

import typer

from callsheet.cli import output
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun
from callsheet.exit_codes import ExitCode


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(backup)
    app.command("restore-backup")(restore_backup)


def backup(
    place: Annotated[
        Path | None,
        typer.Argument(metavar="DEST", readable=False, help="A new folder (default: one in .callsheet/backups/)."),
    ] = None,
    with_files: Annotated[bool, typer.Option("--with-files", help="Copy the pictures and sounds, too.")] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> int:
    """Copy the project to a safe place.

    Database, vocabulary, blocks, scenes, specs, and a list of all files with their hashes. It is read back before it
    gets its name, and never overwrites. Without --with-files the pictures are listed and not copied. Keys (.env) and
    thumbnails are left out. Exit 3 when files could not be copied.

    Example: callsheet backup /media/usb/game-2026-11 --with-files
    """
    from callsheet.backing_up import make_backup  # noqa: PLC0415  # each command loads what it needs

    progress = output.Progress("copying" if with_files else "listing")
    with workspace() as ws:
        report = make_backup(
            ws.project, ws.gallery.context, place, with_files=with_files, dry_run=dry_run, progress=progress
        )
    progress.end()
    if as_json:
        output.data(report.to_json())
    else:
        output.line(str(report.place))
        for item in report.left_out:
            output.note(f"left out: {item.path} ({item.reason})")
        but = f" but for {len(report.left_out)}" if report.left_out else ""
        what = f"with their bytes{but}" if with_files else "listed, not copied (--with-files copies them)"
        tried = "dry run: " if dry_run else ""
        output.note(f"{tried}{report.assets} assets; {report.files} files of {report.bytes} bytes, {what}")
    return ExitCode.PARTLY if report.left_out else ExitCode.OK


def restore_backup(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", readable=False, help="What `backup` made.")],
    target: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="An empty folder, or a new one.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Make a project anew from a backup.

    In an empty place only. Everything is verified before anything is written. A dry run verifies the backup alone.

    Example: callsheet restore-backup /media/usb/game-2026-11 ./game
    """
    from callsheet.restoring import restore_backup as restore  # noqa: PLC0415  # see above

    progress = output.Progress("restoring")
    report = restore(source, target, dry_run=dry_run, progress=progress)
    progress.end()
    if as_json:
        output.data(report.to_json())
        return
    output.line(str(report.place))
    told = f"{report.assets} assets of {report.made_at}; {report.files} of {report.listed} files were in the backup"
    output.note(f"{'dry run, the backup is sound: ' if dry_run else ''}{told}")
    if not dry_run:
        output.note("next: callsheet doctor --repair makes the thumbnails anew and tells what is missing")
