"""`reread`, and what `show` says of how a picture was made."""

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from callsheet.cli import outcomes, output
from callsheet.cli.opening import workspace
from callsheet.cli.options import AsJson, DryRun, Ids, Query, given_ids
from callsheet.cli.selecting import selected
from gallery.embedded.facts import MADE_HERE, UNCERTAIN

OUTCOME_ORDER = ("read", "unchanged", "nothing", "failed")
PROMPT_LIMIT = 2_000
"""So many characters of a prompt are shown; `--json` has all of it."""


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(reread)


def reread(ids: Ids = None, query: Query = None, dry_run: DryRun = False, as_json: AsJson = False) -> int:
    """Read again how pictures were made.

    Prompt, model, seed and more, from the files and their sidecars; `add` reads this by itself. Without ids: every
    picture of which nothing is known yet. With ids or --query: these, for instance because a sidecar was changed.

    Example: callsheet reread
    """
    progress = output.Progress("reading")
    with workspace() as ws:
        named = given_ids(ids, "reread")
        wanted = selected(ws, named, query) if named or query is not None else None
        result = ws.gallery.reread(wanted, dry_run=dry_run, progress=progress)
    progress.end()
    if as_json:
        output.data(result.to_json())
    else:
        for item in result.results:
            if item.outcome == "read":
                output.line(f"{item.outcome:10} {item.id}")
            elif item.outcome != "failed" and item.error is not None:
                output.note(f"note: {item.id}: {item.error.message}")
        outcomes.show_failures(result.results)
        summary = outcomes.counted(result.results, OUTCOME_ORDER) or "nothing to read: every file was read"
        output.note(f"{'dry run: ' if dry_run else ''}{summary}")
    return outcomes.exit_code(result.results)


def show_generation(found: Mapping[str, Any] | None) -> None:
    """How a picture was made, a line for each thing that is known."""
    if found is None:
        return
    sure = "" if found["certainty"] >= 1 else f", {found['certainty']:.0%} sure: {found['reason']}"
    guess = "; rather a guess" if found["certainty"] < UNCERTAIN else ""
    rows = [("made by", _here(found) or f"{found['tool']} (from {found['source']}{sure}{guess})")]
    rows += [("prompt", _shortened(found["prompt"])), ("negative", _shortened(found["negative_prompt"]))]
    rows += [(name, _number(found[name])) for name in ("model", "seed", "steps", "cfg", "sampler")]
    if found["width"] and found["height"]:
        rows.append(("asked", f"{found['width']} × {found['height']} px"))
    rows += [("revised", _shortened(found["revised_prompt"])), ("checks", _checks(found["checks"]))]
    rows.append(("loras", ", ".join(" ".join((lora["name"], _number(lora["weight"]))) for lora in found["loras"])))
    for label, value in rows:
        if value:
            output.labelled(label, output.stacked(*value.split("\n")))


def _here(found: Mapping[str, Any]) -> str:
    """Of what was made here: by whom, for how much, by which job; empty for all else."""
    if found["source"] != MADE_HERE:
        return ""
    parts = [
        found["provider"],
        "stand-in" if found["stand_in"] else None,
        f"${found['cost']}" if found["cost"] else "?",
    ]
    parts += [found["job"], f"spec {found['spec_id']}" if found["spec_id"] else None]
    return " · ".join(part for part in parts if part)


def _checks(checks: Sequence[Mapping[str, Any]] | None) -> str:
    return ", ".join(f"{check['code']} {'ok' if check['passed'] else 'FAILED'}" for check in checks or ())


def _shortened(prompt: str | None) -> str:
    if prompt is None or len(prompt) <= PROMPT_LIMIT:
        return prompt or ""
    return f"{prompt[:PROMPT_LIMIT]}… ({len(prompt) - PROMPT_LIMIT} more characters)"


def _number(value: float | str | None) -> str:
    """As a person writes it: without a needless `.0`."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)
