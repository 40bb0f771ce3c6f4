"""Asking for texts: one line, several lines of a form, or a long text; and asking whether to go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from tui.widgets.line import Line
from tui.window import Window

_BOX = """
    align: center middle; background: $background 40%;
"""


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form. `hint` stands in the empty line."""

    name: str
    label: str
    value: str = ""
    hint: str = ""


class FormScreen(Window[dict[str, str] | None]):
    """Answers the texts by name; None for Esc. Enter in the last line, or Ctrl+S, takes them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Nothing"),
        Binding("ctrl+s", "take", "Take"),
    ]
    DEFAULT_CSS = f"""
    FormScreen {{ {_BOX} }}
    FormScreen Vertical {{
        width: 76; max-width: 100%; height: auto; max-height: 100%; background: $surface; border: round $primary;
        border-title-color: $text; border-subtitle-color: $text-muted; padding: 0 1;
    }}
    FormScreen Static {{ height: 1; color: $text-muted; }}
    FormScreen Input {{ height: 1; border: none; padding: 0; background: $panel; }}
    FormScreen Input:focus {{ border: none; background: $boost; }}
    """

    def __init__(self, title: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self._title, self._fields = title, fields

    def compose(self) -> ComposeResult:
        """A label and a line for each field."""
        with Vertical() as box:
            box.border_title, box.border_subtitle = Content(self._title), "Enter takes · Tab next · Esc"
            for field in self._fields:
                yield Static(field.label, markup=False)
                yield Line(field.value, self._entered, placeholder=field.hint, id=f"field-{field.name}")

    def action_take(self) -> None:
        """Answer."""
        self.dismiss({field.name: self.query_one(f"#field-{field.name}", Input).value for field in self._fields})

    def _entered(self, line: Input) -> None:
        if line.id == f"field-{self._fields[-1].name}":
            self.action_take()
        else:
            self.focus_next()


class TextScreen(Window[str | None]):
    """Answers a text of any number of lines; None for Esc. Ctrl+S takes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Nothing"),
        Binding("ctrl+s,f2", "take", "Take"),
    ]
    DEFAULT_CSS = f"""
    TextScreen {{ {_BOX} }}
    TextScreen Vertical {{
        width: 90; max-width: 100%; height: 60%; background: $surface; border: round $primary;
        border-title-color: $text; border-subtitle-color: $text-muted; padding: 0 1;
    }}
    TextScreen TextArea {{ border: none; height: 1fr; }}
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """The text."""
        with Vertical() as box:
            box.border_title, box.border_subtitle = Content(self._title), "Ctrl+S takes · Esc"
            yield TextArea(self._text, soft_wrap=True)

    def action_take(self) -> None:
        """Answer."""
        self.dismiss(self.query_one(TextArea).text)


class ConfirmScreen(Window[bool]):
    """Shows what would happen. Enter or y does it, Esc does nothing; `by_enter` False: y alone does it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "Do it"),
        Binding("y", "dismiss(True)", "Do it"),
        Binding("escape,n,q", "dismiss(False)", "Nothing"),
    ]
    DEFAULT_CSS = f"""
    ConfirmScreen {{ {_BOX} }}
    ConfirmScreen VerticalScroll {{
        width: 86; max-width: 90%; height: auto; max-height: 90%; background: $surface;
        border: round $warning; border-title-color: $text; border-subtitle-color: $text-muted; padding: 0 2;
    }}
    ConfirmScreen Static {{ width: 1fr; height: auto; }}
    """

    def __init__(self, title: str, text: Content, *, by_enter: bool = True) -> None:
        super().__init__()
        self._title, self._text, self._by_enter = title, text, by_enter

    def compose(self) -> ComposeResult:
        """What would happen."""
        with VerticalScroll() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = "Enter does it · Esc" if self._by_enter else "y does it · Esc"
            yield Static(self._text, markup=False)

    def action_enter(self) -> None:
        """Do it, unless that is asked for on purpose."""
        if self._by_enter:
            self.dismiss(True)  # the answer

    def on_click(self) -> None:
        """Clicks outside of the box do nothing: what is asked must be answered."""
