"""Asking for one of the numbers 1 to 9, below which tags are kept."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.literal import joined, literal
from tui.tag_sets import NUMBERS
from tui.window import Window


class NumberScreen(Window[str | None]):
    """Shows what is kept below each number; a digit answers, Esc answers nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss(None)", "Nothing"),
        *(Binding(number, f"dismiss('{number}')", show=False) for number in NUMBERS),
    ]
    DEFAULT_CSS = """
    NumberScreen { align: center middle; background: $background 40%; }
    NumberScreen Vertical {
        width: auto; max-width: 90%; height: auto; background: $surface; border: round $primary; padding: 0 2;
        border-title-color: $text; border-subtitle-color: $text-muted;
    }
    NumberScreen Static { width: auto; }
    """

    def __init__(self, kept: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self._kept = kept

    def compose(self) -> ComposeResult:
        """A line for each number."""
        with Vertical() as box:
            box.border_title = "Save the tags as"
            box.border_subtitle = "1-9 · Esc"
            yield Static(joined(self._line(number) for number in NUMBERS), markup=False)

    def _line(self, number: str) -> Content:
        tags = " ".join(self._kept.get(number, ())) or "–"
        return Content.assemble((f"{number}  ", "bold $text-accent"), literal(tags, limit=60))
