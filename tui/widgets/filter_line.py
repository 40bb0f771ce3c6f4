"""The line where the filter is typed, and below it what is wrong with it, at its place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from ontology.errors import CallsheetError
from tui.literal import joined, literal
from tui.widgets.line import Line

SECONDS_TO_WAIT = 0.15
"""So long nothing is typed before the filter is tried."""

_BEFORE_TEXT = 2


class FilterLine(Vertical):
    """A query, tried while it is typed. Enter goes to the finds, Esc gives the change up."""

    HELP = """
The filter. It is tried while you type; Enter goes to the pictures.

npc:alex loc:gate    both                npc:alex or npc:ruby   one of them
-role:bg             not a background    role:*                 any role
"red scarf"          words anywhere      rating:>=4             rated
sort:-rating         another order       @night                 a saved search

docs/query.md describes the whole language.
"""

    @dataclass
    class Changed(Message):
        """Another query stands there. `final`: Enter was pressed."""

        query: str
        final: bool

    DEFAULT_CSS: ClassVar[str] = """
    FilterLine { height: auto; background: $panel; }
    FilterLine Horizontal { height: 1; }
    FilterLine #sign { width: 2; color: $text-accent; text-style: bold; }
    FilterLine Input { height: 1; border: none; padding: 0; background: $panel; width: 1fr; }
    FilterLine Input:focus { border: none; background: $surface; }
    FilterLine #fault { height: auto; max-height: 4; display: none; color: $text-error; background: $panel; }
    FilterLine.-faulty #fault { display: block; }
    """

    def __init__(self, query: str = "", *, entered: Callable[[], None] = lambda: None) -> None:
        super().__init__(id="filter")
        self._first, self._entered_at_once = query, entered
        self._waiting: Timer | None = None
        self._last = query

    def compose(self) -> ComposeResult:
        """The sign, the line, and the place for a fault."""
        with Horizontal():
            yield Static("/ ", id="sign", markup=False)
            hint = "everything; press / to filter"
            yield Line(self._first, lambda _: self._entered_at_once(), placeholder=hint, id="query")
        yield Static("", id="fault", markup=False)

    @property
    def query_text(self) -> str:
        """What stands there."""
        return self.query_one("#query", Input).value

    def edit(self) -> None:
        """Begin to type."""
        self.screen.set_focus(self.query_one("#query", Input))  # at once: the next key is a letter of the filter

    def set_query(self, text: str) -> None:
        """Put a query there, as if it had been typed."""
        self.query_one("#query", Input).value = text

    def show_query(self, text: str) -> None:
        """Put a query there whose finds are on their way already."""
        self._last = text
        self.set_query(text)

    def faulty(self, error: CallsheetError | None) -> None:
        """Show what is wrong with the query, with a caret below its place; None: nothing is."""
        self.set_class(error is not None, "-faulty")
        if error is not None:
            self.query_one("#fault", Static).update(self._told(error))

    def _told(self, error: CallsheetError) -> Content:
        message, *lines = error.message.split("\n")
        told = [literal(message)]
        if lines and lines[-1].strip() == "^":
            column = len(lines[-1]) - 3 - round(self.query_one("#query", Input).scroll_offset.x)
            told.insert(0, Content(" " * (_BEFORE_TEXT + max(0, column)) + "^"))
        if error.hint:
            told.append(literal(f"→ {error.hint}"))
        return joined(told)

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(SECONDS_TO_WAIT, lambda: self._tell(final=False))

    @on(Input.Submitted, "#query")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self._waiting is not None:
            self._waiting.stop()
        self._tell(final=True)

    def _tell(self, *, final: bool) -> None:
        text = self.query_text
        if final or text != self._last:
            self._last = text
            self.post_message(self.Changed(text, final))
