"""Two tabs on one line, for terminals that are too narrow for list and picture side by side."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

_LIST, _PICTURE = " List ", " Picture "


class Tabs(Static):
    """A click, or the screen, opens the one or the other."""

    @dataclass
    class Chosen(Message):
        """`picture`: the second one was clicked."""

        picture: bool

    def __init__(self) -> None:
        super().__init__("", id="tabs", markup=False)

    def on_mount(self) -> None:
        """The list is open."""
        self.show(False)

    def show(self, picture: bool) -> None:
        """Mark the one that is open: colour alone would not say it."""
        styles = ("$foreground-muted", "reverse bold") if picture else ("reverse bold", "$foreground-muted")
        self.update(
            Content.assemble((_LIST, styles[0]), " ", (_PICTURE, styles[1]), ("  p changes", "$foreground-muted"))
        )

    def on_click(self, event: events.Click) -> None:
        """Open what was clicked."""
        self.post_message(self.Chosen(event.x > len(_LIST)))
