"""Screens that are a list, with what is told of the line below the cursor beside or below it."""

from abc import abstractmethod

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.literal import literal
from tui.screens.moving import Moving
from tui.widgets.job_line import JobLine
from tui.widgets.rows import Row, RowList


class ListedScreen(Moving):
    """The screen makes rows and tells of each; on wide terminals that stands beside the list, else below it."""

    EMPTY = ""
    AUTO_FOCUS = "#rows"
    DEFAULT_CSS = """
    ListedScreen #head { height: 1; background: $panel; color: $text; padding: 0 1; }
    ListedScreen #rows { width: 1fr; height: 1fr; }
    ListedScreen #about { width: 44%; max-width: 80; padding: 0 1; border-left: vkey $panel; }
    ListedScreen #details { height: auto; width: 1fr; }
    ListedScreen.-narrow #middle, ListedScreen.-normal #middle { layout: vertical; }
    ListedScreen.-narrow #about, ListedScreen.-normal #about {
        width: 1fr; max-width: 100%; height: auto; max-height: 45%; border-left: none; border-top: hkey $panel;
    }
    """

    def compose(self) -> ComposeResult:
        """Head, list, what is told, status, keys."""
        yield Static("", id="head", markup=False)
        yield from self.compose_tools()
        with Horizontal(id="middle"):
            yield RowList(empty=self.EMPTY)
            with VerticalScroll(id="about", can_focus=False):
                yield from self.compose_beside()
                yield Static("", id="details", markup=False)
        yield Static("", id="status", markup=False)
        yield JobLine()
        yield self.keys()

    def compose_tools(self) -> ComposeResult:
        """What stands between head and list."""
        yield from ()

    def compose_beside(self) -> ComposeResult:
        """What stands above what is told."""
        yield from ()

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.query_one(RowList)

    @abstractmethod
    def told_of(self, row: Row) -> Content:
        """What is told of a row at once."""

    def show_head(self, text: str) -> None:
        """The first line."""
        self.query_one("#head", Static).update(literal(text))

    def show_status(self, text: str) -> None:
        """The line above the keys."""
        self.query_one("#status", Static).update(literal(text))

    def show_details(self, told: Content | str) -> None:
        """What stands beside the list."""
        self.query_one("#details", Static).update(told)
        self.query_one("#about", VerticalScroll).scroll_home(animate=False)

    @on(RowList.Moved)
    def _moved(self, message: RowList.Moved) -> None:
        if message.row is self.rows.current:
            self.show_details("" if message.row is None else self.told_of(message.row))
            self.moved_to(message.row)

    def moved_to(self, row: Row | None) -> None:
        """The cursor has come to a row."""

    @on(RowList.Opened)
    def _opened(self) -> None:
        self.do_open()

    def do_open(self) -> None:
        """Enter, or a double click."""
