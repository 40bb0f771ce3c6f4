"""The lines of a picker: a few choices, one of them below the cursor."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.choices import Choice
from tui.facets import facet_of
from tui.literal import Piece, fitted, strip_of

_KIND_WIDTH = 8
_USES_WIDTH = 9


class ChoiceList(ScrollView, inherit_bindings=False):
    """Shows choices; the picker moves the cursor."""

    class Picked(Message):
        """A choice was clicked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choice--cursor", "choice--dim", "choice--mark",
        "choice--character", "choice--location", "choice--role", "choice--camera", "choice--free",
    }  # fmt: skip
    DEFAULT_CSS = """
    ChoiceList { height: 1fr; background: $surface; overflow-x: hidden; scrollbar-size-vertical: 1; }
    ChoiceList .choice--cursor { background: $primary-muted; color: $text; text-style: bold; }
    ChoiceList .choice--dim { color: $text-muted; }
    ChoiceList .choice--mark { color: $text-success; }
    ChoiceList .choice--character { color: $text-primary; }
    ChoiceList .choice--location { color: $text-success; }
    ChoiceList .choice--role { color: $text-warning; }
    ChoiceList .choice--camera { color: $text-accent; }
    ChoiceList .choice--free { color: $text; }
    """
    can_focus = False

    def __init__(self) -> None:
        super().__init__(id="choices")
        self._choices: Sequence[Choice] = ()
        self.cursor = 0

    @property
    def current(self) -> Choice | None:
        """The choice below the cursor."""
        return self._choices[self.cursor] if 0 <= self.cursor < len(self._choices) else None

    def show(self, found: Sequence[Choice]) -> None:
        """Other choices, with the cursor on the first."""
        self._choices, self.cursor = found, 0
        if self.is_mounted:
            self._lay_out()

    def on_mount(self) -> None:
        """Show what was given before."""
        self._lay_out()

    def _lay_out(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._choices))
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def move(self, by: int) -> None:
        """Move the cursor, round the ends."""
        if self._choices:
            self.cursor = (self.cursor + by) % len(self._choices)
        if self._choices and self.is_mounted:
            top, height = round(self.scroll_y), max(1, self.size.height)
            if not top <= self.cursor < top + height:
                self.scroll_to(y=max(0, self.cursor - height + 1 if self.cursor > top else self.cursor), animate=False)
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click picks."""
        place = event.y + round(self.scroll_y)
        if 0 <= place < len(self._choices):
            self.cursor = place
            self.refresh()
            self.post_message(self.Picked())

    def render_line(self, y: int) -> Strip:
        """One choice."""
        place, width = y + round(self.scroll_offset.y), self.scrollable_content_region.width
        if place >= len(self._choices):
            if y == 0:
                return strip_of([(" nothing fits; the ontology declares new ids", self._look("dim"))], width)
            return Strip.blank(width, self.rich_style)
        ground = self.rich_style + (self._look("cursor") if place == self.cursor else Style())
        return strip_of(self._pieces(self._choices[place], width), width, ground)

    def _pieces(self, choice: Choice, width: int) -> Iterator[Piece]:
        tag_width = max(14, width * 2 // 5)
        yield ("✓ " if choice.has else "  "), self._look("mark")
        yield fitted(choice.tag, tag_width) + " ", self._look("dim" if choice.has else facet_of(choice.tag).name)
        if choice.is_new:
            yield "a new word", self._look("dim")
            return
        rest = width - tag_width - 3 - _USES_WIDTH
        named = f"{choice.label}{f' ({choice.kind})' if choice.kind else ''}{f' · {choice.via}' if choice.via else ''}"
        yield fitted(named, rest), None
        yield f"{choice.uses:>{_USES_WIDTH - 1},} " if choice.uses else " " * _USES_WIDTH, self._look("dim")

    def _look(self, name: str) -> Style:
        return self.get_component_rich_style(f"choice--{name}", partial=True)
