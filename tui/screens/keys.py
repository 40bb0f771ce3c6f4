"""The keys of a screen, and the help of a widget, each in a window of its own."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.commands.registry import Command, keys_of, shown_keys
from tui.window import Window


class TextWindow(Window[None]):
    """A text in a window that any of Esc, Enter, q and ? closes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter,question_mark,f1", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    TextWindow { align: center middle; }
    TextWindow > VerticalScroll {
        width: auto; max-width: 90%; height: auto; max-height: 90%; padding: 0 2;
        background: $surface; border: round $primary; border-title-color: $text;
    }
    TextWindow Static { width: auto; }
    """

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """The text, which scrolls where it is too long."""
        with VerticalScroll() as box:
            box.border_title = self._title
            yield Static(self._text, markup=False)


def keys_text(commands: Iterable[Command], remapped: Mapping[str, str]) -> Content:
    """A line for each command that has a key: the keys, then what they do."""
    rows = [(shown_keys(keys_of(one, remapped)), one.title) for one in commands if keys_of(one, remapped)]
    width = max((len(keys) for keys, _ in rows), default=0)
    lines = [Content.assemble((f"{keys:>{width}}", "bold $text-accent"), "  ", title) for keys, title in rows]
    return Content("\n").join(lines)
