"""Browse: the whole gallery as a list or a grid, a filter, a selection, and the picture below the cursor."""

from array import array
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from gallery import AssetView, Page
from ontology.errors import CallsheetError, InvalidInputError, OntologyError
from tui.blank import EMPTY, unread
from tui.commands.browse import BROWSE
from tui.commands.moving import MOVING
from tui.commands.registry import Command
from tui.commands.tag import PICKING
from tui.finding import all_numbers, first_page
from tui.listing import Listing, Selection
from tui.literal import joined, literal
from tui.messages import GalleryChanged, Highlighted, Opened, SelectionChanged, ViewsWanted
from tui.screens.browse_acts import BrowseActs
from tui.screens.browse_looks import BrowseLooks
from tui.screens.browse_moves import BrowseMoves
from tui.subject import Subject
from tui.widgets.asset_grid import AssetGrid
from tui.widgets.asset_list import AssetList
from tui.widgets.chips import chips
from tui.widgets.filter_line import FilterLine
from tui.widgets.job_line import JobLine
from tui.widgets.picture import Picture
from tui.widgets.tabs import Tabs

SECONDS_UNTIL_TRIED_AGAIN = 1.0
"""What keeps the finds from being read is looked at so often: somebody mends it in an editor."""


class BrowseScreen(BrowseActs, BrowseLooks, BrowseMoves):
    """`subject.query` is the first filter; without one, that of the last time."""

    NAME: ClassVar[str] = "browse"
    OWN: ClassVar[tuple[Command, ...]] = (*BROWSE, *MOVING, *PICKING)
    AUTO_FOCUS: ClassVar[str | None] = None
    DEFAULT_CSS = """
    BrowseScreen #side { width: 40%; max-width: 90; border-left: vkey $panel; }
    BrowseScreen #about { height: auto; max-height: 50%; padding: 0 1; scrollbar-size-vertical: 1; }
    BrowseScreen #tabs { display: none; height: 1; background: $panel; padding: 0 1; }
    BrowseScreen #grid { display: none; }
    BrowseScreen.-grid #grid { display: block; }
    BrowseScreen.-grid #list { display: none; }
    BrowseScreen.-brief #about { display: none; }
    BrowseScreen.-narrow #tabs { display: block; }
    BrowseScreen.-narrow #side { display: none; }
    BrowseScreen.-alone #side { display: none; }
    BrowseScreen.-side #side { display: block; width: 1fr; max-width: 100%; border-left: none; }
    BrowseScreen.-side .finds { display: none; }
    """

    def __init__(self, subject: Subject | None = None) -> None:
        super().__init__(subject)
        self.selection = Selection()
        self.query_now = ""
        self._wanted: str | None = None
        self._unread = False
        self._was_found = False

    def compose(self) -> ComposeResult:
        """Filter, finds, picture, status, keys."""
        self.query_now = self._first_query()
        yield FilterLine(self.query_now, entered=lambda: self.set_focus(self.finds))
        yield Tabs()
        with Horizontal(id="middle"):
            yield AssetList(Listing(), self.selection, id="list", classes="finds")
            yield AssetGrid(Listing(), self.selection, self.thumbnail, id="grid", classes="finds")
            with Vertical(id="side"):
                yield Picture(self.thumbnail, id="picture")
                with VerticalScroll(id="about", can_focus=False):
                    yield Static("", id="details", markup=False)
        yield Static("", id="status", markup=False)
        yield JobLine()
        yield self.keys()

    def _first_query(self) -> str:
        kept = self.kept.get("query")
        if self.subject.query is not None:
            return self.subject.query
        return kept if isinstance(kept, str) else ""

    def on_mount(self) -> None:
        """Find what the filter says, and stand where one stood last."""
        self.shows_grid = self.kept.get("grid") is True
        self.set_class(self.shows_grid, "-grid")
        self.set_focus(self.finds)
        at = self.kept.get("at")
        self._wanted = self.subject.at or (at if isinstance(at, str) and self.subject.query is None else None)
        self.call_after_refresh(self.find, self.query_now)  # the screen is seen before the database is opened

    def take_subject(self, subject: Subject) -> None:
        """Another screen shows pictures here."""
        super().take_subject(subject)
        if subject.query is not None:
            self.remove_class("-side")
            self.query_one(FilterLine).show_query(subject.query)
            self._wanted = subject.at
            self.set_focus(self.finds)
            self.find(subject.query)

    def find(self, query: str) -> None:
        """Show what a query finds; a faulty one says why, and the finds stay."""
        self.shell.run_job(
            "Finding",
            lambda _: first_page(self.services, query),
            lambda page: self._found(query, page),
            group="find",
            quiet=True,
            failed=self._faulty,
        )

    def _faulty(self, error: CallsheetError) -> None:
        """The query is told at its place; what else keeps the finds from being read is told where they would stand."""
        if isinstance(error, InvalidInputError) and not isinstance(error, OntologyError):
            self.query_one(FilterLine).faulty(error)
            return
        self._unread = True
        self.finds.say_instead(unread(error, self.context.root))
        self.set_timer(SECONDS_UNTIL_TRIED_AGAIN, self._try_again)

    def _try_again(self) -> None:
        if self._unread:
            self.find(self.query_one(FilterLine).query_text)

    def _found(self, query: str, page: Page) -> None:
        self.query_one(FilterLine).faulty(None)
        self._was_found = True
        if self._unread:
            self._unread = False
            self.shell.count_uses()
        if query != self.query_now:
            self.selection.clear()
        self.query_now = query
        self.keep(query=query)
        listing = Listing(query, page.total or 0, page.assets)
        self.finds.show(listing, at=self._place_wanted(listing) or 0)
        self.show_status()
        if listing.known < listing.total:
            self.read_ids(listing)

    def _place_wanted(self, listing: Listing) -> int | None:
        place = None if self._wanted is None else listing.place_of(self._wanted)
        if place is not None:
            self._wanted = None
        return place

    def read_ids(self, listing: Listing) -> None:
        """Read the ids of all finds, so that every place can be gone to."""

        def done(numbers: "array[int]") -> None:
            if listing is not self.finds.listing:
                return
            current = self._wanted or self.finds.current
            listing.replace(numbers)
            place = None if current is None else listing.place_of(current)
            self._wanted = None
            self.finds.listing_changed()
            if place is not None:
                self.finds.move_to(place)
            self.show_status()

        self.shell.run_job(
            "", lambda job: all_numbers(self.services, listing.query, job), done, group="ids", quiet=True
        )

    @on(ViewsWanted)
    def _views_wanted(self, message: ViewsWanted) -> None:
        listing = self.finds.listing
        ids = listing.unknown(message.first, message.last)

        def done(views: dict[str, AssetView]) -> None:
            listing.know(views.values())
            self.finds.refresh()
            self.show_current()

        if ids:
            self.shell.run_job("", lambda _: self.services.gallery.views(ids), done, group="views", quiet=True)

    @on(FilterLine.Changed)
    def _filtered(self, message: FilterLine.Changed) -> None:
        self.find(message.query)

    @on(Highlighted)
    def _highlighted(self) -> None:
        if self._wanted is None:
            self.keep(at=self.finds.current)
        self.show_current()
        self.show_status()

    @on(SelectionChanged)
    def _selection_changed(self) -> None:
        self.show_status()

    @on(GalleryChanged)
    def _gallery_changed(self) -> None:
        listing = self.finds.listing
        listing.forget()
        self.finds.listing_changed()
        self.read_ids(listing)

    def show_current(self) -> None:
        """Show the asset below the cursor beside the list."""
        view = self.finds.listing.view_at(self.finds.cursor)
        self.query_one(Picture).show(self.finds.current)
        if view is not None:
            self.query_one("#details", Static).update(joined([literal(view.path, "bold"), chips(view.tags)]))
        self.look_closer()

    def show_status(self) -> None:
        """Where one stands, how many there are, how many are selected."""
        listing, finds = self.finds.listing, self.finds
        if not self._was_found:
            return
        if not listing.total:
            is_empty = not listing.query.strip()
            finds.say_instead(EMPTY if is_empty else ())
            told = "the gallery is empty" if is_empty else self._why_nothing(listing.query)
            self.query_one("#status", Static).update(literal(told))
            return
        selected = self.selection.count(listing)
        told = f"{min(finds.cursor + 1, listing.total):,} of {listing.total:,}"
        told += f" · {selected:,} selected" if selected else ""
        told += " · range" if finds.range_from is not None else ""
        self.query_one("#status", Static).update(literal(told))

    def _why_nothing(self, query: str) -> str:
        """What may be misspelt."""
        return " · ".join(["nothing found", *self.services.gallery.query_slips(query)])

    def show_tabs(self) -> None:
        """Say which of the two tabs is open, where both do not fit."""
        self.query_one(Tabs).show(self.has_class("-side"))

    @on(Tabs.Chosen)
    def _tab_chosen(self, message: Tabs.Chosen) -> None:
        self.set_class(message.picture, "-side")
        self.show_tabs()

    @on(Opened)
    def _opened(self) -> None:
        self.do_open()

    def leave(self) -> bool:
        """Esc: the filter line, then the picture's tab, then a range, then the selection."""
        finds = self.finds
        if self.has_class("-side"):
            self.remove_class("-side")
            self.show_tabs()
            self.set_focus(finds)
        elif not finds.has_focus:
            self.set_focus(finds)
        elif finds.range_from is not None:
            finds.range_from = None
        elif self.selection.count(finds.listing):
            self.selection.clear()
            finds.tell_selection()
        else:
            return False
        self.show_status()
        return True
