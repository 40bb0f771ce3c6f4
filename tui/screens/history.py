"""History: every change, newest first; what each one did; undo and redo of any."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from textual import on
from textual.content import Content
from textual.timer import Timer

from gallery import BatchView, BulkResult
from gallery.journal.batch_changes import AssetChange
from gallery.journal.history import ALL, Filter
from tui.commands.history import HISTORY
from tui.commands.moving import DETAILS, MOVING
from tui.commands.registry import Command
from tui.journal_text import batch_row, batch_text, changes_text
from tui.literal import joined, literal
from tui.messages import GalleryChanged
from tui.screens.chooser import ChooserScreen
from tui.screens.keys import TextWindow
from tui.screens.listed import ListedScreen
from tui.widgets.rows import Row

AT_ONCE = 200
SHOWN_BESIDE, SHOWN_AT_MOST = 12, 500
SECONDS_TO_REST = 0.1
ORIGINS = ("hand", "suggestion", "import", "generation")
KINDS = ("add", "tag", "edit", "trash", "restore", "undo", "redo", "rename", "merge", "import", "link", "missing")
"""Kinds that are offered even before they are seen."""


class HistoryScreen(ListedScreen):
    """Older batches are read when the cursor comes to the end of what is known."""

    NAME: ClassVar[str] = "history"
    OWN: ClassVar[tuple[Command, ...]] = (*HISTORY, *MOVING, *DETAILS)
    EMPTY = "nothing was changed yet"
    HELP = """
Every change of the gallery, newest first, whoever made it. u takes one back, also an old one: what was changed since
stays as it is and is told. r does an undone one again. f and o choose what is listed.
"""
    _resting: Timer | None = None

    def on_mount(self) -> None:
        """Read the newest."""
        self._batches: dict[int, BatchView] = {}
        self._wanted: Filter = ALL
        self._complete = False
        self._changes: dict[int, tuple[AssetChange, ...]] = {}
        self._read()

    def _read(self) -> None:
        """As many as are known, anew: some may have been taken back."""
        limit = max(AT_ONCE, len(self._batches))
        wanted = self._wanted

        def done(found: tuple[BatchView, ...]) -> None:
            self._batches = {batch.seq: batch for batch in found}
            self._complete = len(found) < limit
            self._show()

        gallery = self.services.gallery
        self.shell.run_job(
            "Reading the history", lambda _: gallery.history(limit=limit, wanted=wanted), done, group="history"
        )

    def _read_older(self) -> None:
        wanted = replace(self._wanted, before=min(self._batches))
        gallery = self.services.gallery

        def done(found: tuple[BatchView, ...]) -> None:
            self._batches |= {batch.seq: batch for batch in found}
            self._complete = len(found) < AT_ONCE
            self._show()

        self.shell.run_job(
            "Reading older changes", lambda _: gallery.history(limit=AT_ONCE, wanted=wanted), done, group="history"
        )

    def _show(self) -> None:
        chosen = [f"kind {self._wanted.kind}"] if self._wanted.kind else []
        chosen += [f"origin {self._wanted.origin}"] if self._wanted.origin else []
        self.show_head(" · ".join(["History", *(chosen or ["every change"])]))
        self.rows.show([batch_row(batch) for batch in self._batches.values()])
        more = "" if self._complete else " and older ones"
        self.show_status(f"{len(self._batches):,} batches{more}")

    def told_of(self, row: Row) -> Content:
        """What the batch did, as far as it was read."""
        batch = self._batches[int(str(row.key))]
        known = self._changes.get(batch.seq)
        told = batch_text(batch)
        if known is None:
            return told
        left = batch.assets - len(known[:SHOWN_BESIDE])
        more = [literal(f"… and {left:,} more; Enter shows them", "$foreground-muted")] if left > 0 else []
        return joined([told, literal(""), changes_text(known[:SHOWN_BESIDE]), *more])

    def moved_to(self, row: Row | None) -> None:
        """Read what the batch did once the cursor rests, and older batches at the end."""
        if self._resting is not None:
            self._resting.stop()
        if row is not None and row.key not in self._changes:
            self._resting = self.set_timer(SECONDS_TO_REST, self._read_changes)
        if row is not None and row is self.rows.rows[-1] and not self._complete:
            self._read_older()

    @property
    def chosen(self) -> BatchView | None:
        """The batch below the cursor."""
        row = self.rows.current
        return None if row is None else self._batches.get(int(str(row.key)))

    def _read_changes(self) -> None:
        batch = self.chosen
        if batch is None:
            return

        def done(found: tuple[AssetChange, ...]) -> None:
            self._changes[batch.seq] = found
            row = self.rows.current
            if row is not None and row.key == batch.seq:
                self.show_details(self.told_of(row))

        self.shell.run_job(
            "",
            lambda _: self.services.gallery.batch_changes(batch.seq, limit=SHOWN_BESIDE),
            done,
            group="changes",
            quiet=True,
        )

    def do_open(self) -> None:
        """All that the batch changed, in a window."""
        batch = self.chosen
        if batch is None:
            return

        def done(found: tuple[AssetChange, ...]) -> None:
            left = batch.assets - len(found)
            more = [literal(f"… and {left:,} more: callsheet history --json lists all")] if left > 0 else []
            text = joined([batch_text(batch), literal(""), changes_text(found), *more])
            self.app.push_screen(TextWindow(f"Batch {batch.seq}", text))

        self.shell.run_job(
            "Reading the changes",
            lambda _: self.services.gallery.batch_changes(batch.seq, limit=SHOWN_AT_MOST),
            done,
            group="open",
        )

    def why_not(self, command: Command) -> str | None:
        """What can be undone and redone."""
        batch = self.chosen
        if command.id not in ("history.take_back", "history.do_again"):
            return None
        if batch is None:
            return "there is no batch here"
        if batch.kind in ("undo", "redo"):
            return f"batch {batch.seq} is itself an {batch.kind}\n→ choose batch {batch.reverts}, which it is about"
        if command.id == "history.take_back" and batch.undone_by is not None:
            return f"batch {batch.seq} was undone by batch {batch.undone_by}\n→ r does it again"
        if command.id == "history.do_again" and batch.undone_by is None:
            return f"batch {batch.seq} was not undone\n→ u takes it back"
        return None

    def do_take_back(self) -> None:
        """Undo the batch below the cursor."""
        batch = self.chosen
        if batch is not None:
            self._turn("undo", lambda: self.services.gallery.undo(batch.seq), f"batch {batch.seq} undone")

    def do_do_again(self) -> None:
        """Redo the batch below the cursor."""
        batch = self.chosen
        if batch is not None:
            self._turn("redo", lambda: self.services.gallery.redo(batch.seq), f"batch {batch.seq} done again")

    def _turn(self, title: str, turn: Callable[[], BulkResult], told: str) -> None:
        def done(result: BulkResult) -> None:
            self.services.reload_vocabulary()  # the batch may have been about its files
            changed = sum(item.outcome in ("reverted", "redone") for item in result.results)
            kept = len(result.results) - changed
            self.shell.tell(f"{told}: {changed:,} changed" + (f", {kept:,} stay: changed since" if kept else ""))
            self._changes.clear()
            self._read()

        self.shell.change(title, lambda _: turn(), done)

    def do_kind(self) -> None:
        """Choose a kind."""
        seen = {batch.kind for batch in self._batches.values()}
        kinds = [*KINDS, *sorted(seen - set(KINDS))]
        self._choose("Kind", kinds, "kind")

    def do_origin(self) -> None:
        """Choose an origin."""
        self._choose("Origin", ORIGINS, "origin")

    def _choose(self, title: str, values: tuple[str, ...] | list[str], name: str) -> None:
        def done(place: int | None) -> None:
            if place is not None:
                value = None if place == 0 else values[place - 1]
                changed: dict[str, Any] = {name: value}
                self._wanted = replace(self._wanted, **changed)
                self._batches = {}
                self._read()

        lines = [(literal("every one"), literal("")), *((literal(value), literal("")) for value in values)]
        self.app.push_screen(ChooserScreen(title, lines), done)

    @on(GalleryChanged)
    def _gallery_changed(self) -> None:
        self._read()
