"""Choosing one of a few things by arrows or a click."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.window import Window

Line = tuple[Content, Content]
"""What stands in the list, and what is told of it below while the cursor is on it."""


class Lines(OptionList):
    """The list. `chosen` is called at once; the message `OptionSelected` comes later, behind other keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]

    def __init__(self, options: Sequence[Option], chosen: Callable[[int], None]) -> None:
        super().__init__(*options)
        self._chosen = chosen

    def action_select(self) -> None:
        """Enter, or a click."""
        if self.highlighted is not None:
            self._chosen(self.highlighted)


class ChooserScreen(Window[int | None]):
    """Answers the place of what was chosen; None for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "Nothing")]
    DEFAULT_CSS = """
    ChooserScreen { align: center middle; background: $background 40%; }
    ChooserScreen Vertical {
        width: 76; max-width: 100%; height: auto; max-height: 90%; background: $surface; border: round $primary;
        border-title-color: $text; border-subtitle-color: $text-muted; padding: 0 1;
    }
    ChooserScreen OptionList { height: auto; max-height: 12; border: none; background: $surface; padding: 0; }
    ChooserScreen OptionList:focus { border: none; }
    ChooserScreen #told { height: auto; color: $text-muted; }
    """

    def __init__(self, title: str, lines: Sequence[Line], *, subtitle: str = "Enter · Esc") -> None:
        super().__init__()
        self._title, self._subtitle, self._lines = title, subtitle, lines

    def compose(self) -> ComposeResult:
        """The list, and what is told of the line below the cursor."""
        with Vertical() as box:
            box.border_title, box.border_subtitle = self._title, self._subtitle
            yield Lines([Option(shown) for shown, _ in self._lines], self._choose)
            yield Static("", id="told", markup=False)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self.query_one("#told", Static).update(self._lines[event.option_index][1])

    def _choose(self, place: int) -> None:
        self.dismiss(place)
