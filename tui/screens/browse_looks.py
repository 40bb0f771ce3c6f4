"""The part of Browse that looks closer: details, orders, counts, what could be made of a picture."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from gallery import AssetView
from gallery.statistics.views import Statistics
from ontology.errors import CallsheetError
from tui.details import Told, details_text, read_details
from tui.facets import facet_of
from tui.jobs import Job
from tui.literal import joined, literal
from tui.orders import ORDERS, with_order
from tui.prefilled import in_words
from tui.screens.browse_base import BrowseBase
from tui.screens.chooser import ChooserScreen
from tui.screens.compare import CompareScreen
from tui.screens.keys import TextWindow
from tui.subject import Subject
from tui.widgets.filter_line import FilterLine

SECONDS_TO_REST = 0.15
"""So long the cursor stands still before the details are read."""

_TOP = 12
_PAIR = 2
Operations = Sequence[Mapping[str, Any]]


class BrowseLooks(BrowseBase):
    """Commands that show something and change nothing."""

    _resting: Timer | None = None

    def look_closer(self) -> None:
        """Read the details of the picture below the cursor, once the cursor rests."""
        if self._resting is not None:
            self._resting.stop()
        if not self.has_class("-brief"):
            self._resting = self.set_timer(SECONDS_TO_REST, self._read_details)

    def _read_details(self) -> None:
        current = self.finds.current
        if current is None:
            self.query_one("#details", Static).update("")
            return

        def done(told: Told) -> None:
            if current == self.finds.current:
                blocks = self.services.block_files.blocks
                labels = {name: str(block.get("label") or name) for name, block in blocks.items()}
                self.query_one("#details", Static).update(details_text(told, labels))

        def failed(error: CallsheetError) -> None:
            if current == self.finds.current:
                told = [literal(error.message, "$text-warning"), literal(f"→ {error.hint}" if error.hint else "")]
                self.query_one("#details", Static).update(joined(told))

        self.shell.run_job(
            "", lambda _: read_details(self.services, current), done, group="details", quiet=True, failed=failed
        )

    def do_preview(self) -> None:
        """Show or hide the picture; on a narrow terminal it takes the place of the list."""
        self.toggle_class("-side" if self.has_class("-narrow") else "-alone")
        self.show_tabs()

    def do_open(self) -> None:
        """The picture in the place of the list."""
        self.toggle_class("-side")
        self.show_tabs()

    @abstractmethod
    def show_tabs(self) -> None:
        """Say which of the two tabs is open, where both do not fit."""

    def do_details(self) -> None:
        """Show or hide the details."""
        self.toggle_class("-brief")
        self.look_closer()

    def do_grid(self) -> None:
        """The list, or the grid."""
        at, listing = self.finds.cursor, self.finds.listing
        self.shows_grid = not self.shows_grid
        self.set_class(self.shows_grid, "-grid")
        self.keep(grid=self.shows_grid)
        self.finds.show(listing, at=at)
        self.set_focus(self.finds)

    def do_sort(self) -> None:
        """Choose an order; it becomes a part of the filter."""
        lines = [(literal(title), literal(term or "the order without a word")) for title, term in ORDERS]

        def done(place: int | None) -> None:
            if place is not None:
                filter_line = self.query_one(FilterLine)
                filter_line.set_query(with_order(filter_line.query_text, ORDERS[place][1]))

        self.app.push_screen(ChooserScreen("Order", lines), done)

    def do_counts(self) -> None:
        """How often each tag stands among the finds."""
        query = self.finds.listing.query

        def done(found: Statistics) -> None:
            self.app.push_screen(TextWindow(f"{found.assets:,} found", _counted(found)))

        self.shell.run_job(
            "Counting", lambda _: self.services.gallery.statistics(query, top=_TOP), done, group="counts"
        )

    def do_compare(self) -> None:
        """The two that are selected side by side, or the one that is and the one below the cursor."""
        count, current = self.selected, self.finds.current
        is_one_more = count == 1 and current is not None and current not in self.selection
        if count + is_one_more != _PAIR:
            self.shell.tell(
                "two pictures can be compared\n→ Space selects one; then c on the other", severity="warning"
            )
            return

        def work(job: Job) -> list[AssetView]:
            ids = [*self.chosen(job), *([current] if is_one_more and current is not None else [])]
            views = self.services.gallery.views(ids)
            return [views[one] for one in ids if one in views]

        def done(pair: list[AssetView]) -> None:
            if len(pair) == _PAIR:
                self.app.push_screen(CompareScreen(pair, self.thumbnail))
            else:
                self.shell.tell("one of them is not in the gallery any more", severity="warning")

        self.shell.run_job("Reading both", work, done, group="compare")

    def do_related(self) -> None:
        """What goes with the picture, in Resolve."""
        if self.finds.current is not None:
            self.shell.go("resolve", Subject(about=self.finds.current))

    def do_operations(self) -> None:
        """What could be made of the picture, prefilled; the first uses related background and characters."""
        self._choose_operation("Enter opens the call · Esc", self._open_call)

    def do_generate(self) -> None:
        """The same, made at once, after asking."""
        self._choose_operation("Enter asks what it would cost · Esc", self._generate)

    def _choose_operation(self, subtitle: str, chosen: Callable[[Mapping[str, Any]], None]) -> None:
        current = self.finds.current
        if current is None:
            return

        def work(_: Job) -> tuple[Operations, dict[str, AssetView]]:
            operations = self.services.operations(current)
            ids = {slot["asset_id"] for one in operations for slot in one["prefill"]["slots"]}
            return operations, self.services.gallery.views(ids)

        def propose(found: tuple[Operations, dict[str, AssetView]]) -> None:
            self._propose(*found, subtitle, chosen)

        self.shell.run_job("Looking for what goes with it", work, propose, group="related")

    def _propose(
        self,
        operations: Operations,
        views: Mapping[str, AssetView],
        subtitle: str,
        chosen: Callable[[Mapping[str, Any]], None],
    ) -> None:
        if not operations:
            self.shell.tell("nothing can be made of this one: it needs a role, and somebody or some place to go with")
            return

        def done(place: int | None) -> None:
            if place is not None:
                chosen(operations[place]["prefill"])

        lines = [(literal(str(one["label"])), in_words(one, views)) for one in operations]
        self.app.push_screen(ChooserScreen("Make of it", lines, subtitle=subtitle), done)

    def _open_call(self, prefill: Mapping[str, Any]) -> None:
        from tui.screens.prefill import PrefillScreen  # noqa: PLC0415  # not needed for the first paint

        self.app.push_screen(PrefillScreen(given=prefill))

    def _generate(self, prefill: Mapping[str, Any]) -> None:
        from tui.screens.generating import ask_and_make  # noqa: PLC0415  # the engine; see above

        ask_and_make(self, lambda: [self.services.spec_of(prefill)])


def _counted(found: Statistics) -> Content:
    """A line for each tag, by namespace."""
    lines = []
    for name, ranking in found.facets.items():
        if ranking.top:
            more = f", {ranking.different - len(ranking.top):,} more" if ranking.different > len(ranking.top) else ""
            lines.append(literal(f"{name or 'free words'} on {ranking.assets:,}{more}", "bold"))
            for share in ranking.top:
                tag = str(share.value)
                lines.append(Content.assemble(f"{share.assets:>8,}  ", literal(tag, f"${facet_of(tag).colour}")))
    return joined(lines) if lines else literal("no tags yet")
