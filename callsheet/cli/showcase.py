"""What `callsheet demo` shows: a shot resolved with its pictures, the call made of it, and what to try next."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from callsheet.cli import output
from callsheet.cli.pictures import can_show_pictures, picture_text
from callsheet.cli.resolution import show_gaps, show_notices, show_question, show_resolution, why
from callsheet.demo import SAMPLE_BLOCK, demo_project
from callsheet.workspace import Workspace
from resolver import AssetResolutionResult, Match

if TYPE_CHECKING:
    from rich.text import Text

COLUMNS, ROWS = 30, 13
"""Size of a picture in the table, in character cells."""


def show_demo(folder: Path | None) -> None:
    """Make the demo project where there is none, and show it."""
    progress = output.Progress("reading pictures")
    root, made = demo_project(folder, progress=progress)
    progress.end()
    with Workspace.open(root) as ws:
        block = ws.block(SAMPLE_BLOCK)
        output.line(f"{'Made' if made else 'Found'} the demo project {ws.settings.name!r} in {root}")
        output.line(f"{ws.gallery.count()} assets, {len(ws.ontology.terms)} terms, {len(ws.blocks)} action blocks")
        output.line()
        output.line(f"Action block {SAMPLE_BLOCK}: {block.get('label', '')}")
        result = ws.resolve(ws.request_from_block(block))
        _show_shot(ws, result)
        output.line()
        output.line("The fusion call made of the first pictures (nothing is sent):")
        output.data(ws.prefill("fusion", result, action_block=block))
        output.line()
        show_next(root, ws)


def _show_shot(ws: Workspace, result: AssetResolutionResult) -> None:
    if not can_show_pictures() or output.console().width < output.NARROW:
        show_resolution(result)
        return
    show_question(result.request)
    output.line()
    first: dict[tuple[str, str | None], Match] = {}
    for match in result.matches:
        first.setdefault((match.slot, match.identity), match)
    output.table(("PICTURE", "SLOT", "WHO / WHERE", "TIER", "WHY"), [_row(ws, match) for match in first.values()])
    show_gaps(result)
    show_notices(result.notices)


def _row(ws: Workspace, match: Match) -> Sequence["str | Text"]:
    picture = picture_text(ws.gallery.thumbnail(match.asset.id), columns=COLUMNS, rows=ROWS)
    detail = output.stacked(why(match), "", match.asset.path, match.asset.id)
    return (picture, match.slot, match.identity or "", output.coloured(match.tier, output.TIER_COLOURS), detail)


def show_next(root: Path, ws: Workspace) -> None:
    """Commands to try. `./run` says in CALLSHEET_PROGRAM how this program is called from anywhere."""
    untagged = next((asset.id for asset in ws.gallery.candidates() if not asset.tags), "ID")
    output.line("Try next:")
    if "CALLSHEET_PROGRAM" in os.environ:
        through = shlex.quote(f"{shlex.quote(os.environ['CALLSHEET_PROGRAM'])} do")
        output.line(f"  alias callsheet={through}")
    output.line(f"  cd {shlex.quote(str(root))}")
    for arguments in (
        "resolve --location loc:dungeon_hall --hero npc:mara --enemy npc:boss_02 --explain",
        "search npc:alex -role:bg",
        f"tag {untagged[:8]} --add mood:calm",
        "undo",
        "blocks ls",
        "ontology find hair",
    ):
        output.line(f"  callsheet {arguments}")
