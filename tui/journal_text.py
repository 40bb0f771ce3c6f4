"""Batches of the journal and what they changed, in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from textual.content import Content

from gallery import BatchView
from gallery.journal.batch_changes import AssetChange
from tui.literal import joined, literal
from tui.widgets.chips import chip
from tui.widgets.rows import Row

_LONGEST = 60


def batch_row(batch: BatchView) -> Row:
    """Number, time, kind, how much, who, and what became of it."""
    gone = batch.undone_by is not None
    return Row(
        batch.seq,
        (
            (f"{batch.seq:>6} ", "dim"),
            (f"{batch.at.astimezone():%Y-%m-%d %H:%M}  ", "dim"),
            (f"{batch.kind:<9} ", "dim" if gone else "head"),
            (f"{batch.size:>6,}  ", "dim" if gone else "text"),
            (f"{fate_of(batch):<16} ", "mark"),
            (f"{batch.actor} ", "dim"),
            ("" if batch.origin == "hand" else batch.origin, "dim"),
        ),
    )


def fate_of(batch: BatchView) -> str:
    """Whether it was taken back, or takes back another."""
    if batch.undone_by is not None:
        return f"undone by {batch.undone_by}"
    return f"of {batch.reverts}" if batch.reverts is not None else ""


def batch_text(batch: BatchView) -> Content:
    """What the journal's line says, in full."""
    by = f" by {batch.actor}" if batch.actor else ""
    lines = [
        literal(f"{batch.kind} {batch.seq}", "bold"),
        literal(f"{batch.at.astimezone():%Y-%m-%d %H:%M:%S}{by}, {batch.origin}"),
    ]
    if batch.reverts is not None:
        lines.append(literal(f"takes back batch {batch.reverts}"))
    if batch.undone_by is not None:
        lines.append(literal(f"undone by batch {batch.undone_by}; r does it again", "$text-warning"))
    if batch.run is not None:
        lines.append(literal(f"one run with batch {batch.run}: they are taken back together", "$foreground-muted"))
    lines += [literal(f"{record.kind} {record.name}: {record.change}") for record in batch.records]
    return joined(lines)


def changes_text(changes: tuple[AssetChange, ...]) -> Content:
    """A few lines for each asset."""
    return joined(line for change in changes for line in _change_lines(change))


def _change_lines(change: AssetChange) -> Iterator[Content]:
    yield literal(change.path, "bold")
    before, after = change.before, change.after
    if after.get("added"):
        yield literal("  taken in", "$text-success")
    for name in after:
        if name == "tags":
            yield _tags(before.get("tags") or (), after["tags"] or ())
        elif name not in ("added", "sha256", "path"):
            yield literal(f"  {_field(name, before, after)}")


def _tags(before: Sequence[str], after: Sequence[str]) -> Content:
    come = [Content.assemble("+", chip(tag)) for tag in after if tag not in before]
    gone = [Content.assemble("-", chip(tag)) for tag in before if tag not in after]
    if not (come or gone):
        return literal("  no tags" if not after else "  the order of the tags", "$foreground-muted")
    return Content.assemble("  ", joined([*come, *gone], "  "))


def _field(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if name == "trashed_at":
        return "into the trash" if after[name] else "out of the trash"
    if name == "missing_since":
        return "its file is gone" if after[name] else "its file is back"
    return f"{name}: {_shown(before.get(name))} → {_shown(after[name])}"


def _shown(value: Any) -> str:
    text = "–" if value in (None, "", []) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
