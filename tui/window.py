"""Windows above a screen. What is typed while one opens waits for it; what is typed into it acts key by key."""

from typing import TypeVar

from textual import events
from textual.screen import ModalScreen

Answer = TypeVar("Answer")
Typed = events.Key | events.Paste


class Window(ModalScreen[Answer]):
    """Every window of ours. The app carries its keys out one after the other, see `tui.shell.Shell.on_event`."""

    def take(self, typed: Typed) -> bool:  # noqa: ARG002  # for windows that draw what is typed themselves
        """Do what was typed; whether it was taken. What was not goes to the widget that has the focus."""
        return False


def text_of(typed: Typed) -> str:
    """The text that was typed or pasted; empty for a key that writes nothing."""
    if isinstance(typed, events.Paste):
        return typed.text
    return typed.character or "" if typed.is_printable else ""
