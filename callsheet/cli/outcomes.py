"""How the outcome of a change to many things is shown, and which exit code it makes."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from callsheet.cli import output
from callsheet.exit_codes import ExitCode, exit_code_of_code

if TYPE_CHECKING:
    from callsheet.workspace import Workspace

SKIPPED_TOLD = 3
"""So many files that were skipped for one reason are named."""


class Failure(Protocol):
    """Why one item was not done."""

    @property
    def code(self) -> str:
        """Stable, for programs."""
        ...

    @property
    def message(self) -> str:
        """What went wrong, with the thing and the place."""
        ...

    @property
    def hint(self) -> str | None:
        """The way out."""
        ...


class Item(Protocol):
    """One item of a bulk change."""

    @property
    def outcome(self) -> str:
        """What became of it; `failed` comes with an error."""
        ...

    @property
    def error(self) -> Failure | None:
        """Why it failed."""
        ...


def counted(items: Sequence[Item], order: Sequence[str] = ()) -> str:
    """`3 added, 1 failed`: how often each outcome came, in the order given first."""
    counts = Counter(item.outcome for item in items)
    known = [name for name in order if name in counts]
    return ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in known + sorted(set(counts) - set(known)))


def show_failures(items: Sequence[Item]) -> None:
    """Every failure on stderr, with its way out."""
    for item in items:
        if item.error is not None and item.outcome == "failed":
            what = str(getattr(item, "path", None) or getattr(item, "id", ""))
            said = item.error.message if what in item.error.message else f"{what}: {item.error.message}"
            output.note(f"failed: {said}" + (f" ({item.error.hint})" if item.error.hint else ""))


def show_notices(items: Sequence[Item]) -> None:
    """What is to be said on stderr of things that went well all the same: their `notice`, where they have one."""
    for item in items:
        notice: Failure | None = getattr(item, "notice", None)
        if notice is not None:
            what = getattr(item, "path", None) or getattr(item, "id", "")
            output.note(f"note: {what}: {notice.message}" + (f" ({notice.hint})" if notice.hint else ""))


def show_slips(ws: "Workspace", tags: Sequence[str]) -> None:
    """Tags that are taken as they are but look like a slip, on stderr."""
    from ontology.normalize import check_tags  # noqa: PLC0415  # each command loads what it needs

    for notice in check_tags(tags, ws.ontology, policy=ws.settings.tags.policy).notices:
        output.note(f"{notice.severity}: {notice.message}" + (f" ({notice.hint})" if notice.hint else ""))


def show_skipped(items: Sequence[Item]) -> None:
    """What was passed over, on stderr: a line for each reason, with the first names."""
    names: dict[str, list[str]] = {}
    for item in items:
        if item.outcome == "skipped":
            reason = item.error.message if item.error is not None else "passed over"
            names.setdefault(reason, []).append(str(getattr(item, "path", None) or getattr(item, "id", "")))
    for reason, found in names.items():
        more = f" and {len(found) - SKIPPED_TOLD} more" if len(found) > SKIPPED_TOLD else ""
        output.note(f"skipped: {', '.join(found[:SKIPPED_TOLD])}{more}: {reason}")


def way_back(batches: Sequence[int], *, undoable: bool = True) -> str:
    """`; batch 3, …`: under which numbers it stands in the journal, and how it is taken back. Empty for none."""
    if not batches:
        return ""
    numbers = f"batch {batches[0]}" if len(batches) == 1 else f"batches {batches[0]} to {batches[-1]}"
    return f"; {numbers}" + (", `callsheet undo` takes it back" if undoable else "")


def exit_code(items: Sequence[Item]) -> ExitCode:
    """0 when all went well, 3 when a part failed, the failure's own code when nothing but failures is there."""
    failures = [item.error for item in items if item.outcome == "failed"]
    if not failures:
        return ExitCode.OK
    if len(failures) < len(items) or failures[0] is None:
        return ExitCode.PARTLY
    codes = {exit_code_of_code(failure.code) for failure in failures if failure is not None}
    return codes.pop() if len(codes) == 1 else ExitCode.PARTLY
