"""The last line: six keys of the screen, which can be clicked. Drawn once; Textual's own footer is built anew often."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.commands.registry import Command, shown_key

Entry = tuple[Command, tuple[str, ...]]
"""A command and its keys as they are now."""


class KeyLine(Static):
    """Shows the first key of each command and the word for it."""

    @dataclass
    class Chosen(Message):
        """A key was clicked."""

        command: Command

    DEFAULT_CSS = """
    KeyLine { height: 1; background: $panel; color: $text; padding: 0 1; }
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__(markup=False)
        self._entries = entries
        self._ends: list[tuple[int, Command]] = []

    def on_resize(self) -> None:
        """Show what there is room for. The last one always is: it shows all the others."""
        pieces = [
            Content.assemble((shown_key(keys[0]) if keys else "–", "bold $text-accent"), f" {command.footer}  ")
            for command, keys in self._entries
        ]
        end, shown, self._ends = 0, [], []
        kept = pieces[-1].cell_length if pieces else 0
        for place, ((command, _), piece) in enumerate(zip(self._entries, pieces, strict=True)):
            is_last = place == len(pieces) - 1
            if is_last or end + piece.cell_length + kept - 2 <= self.content_size.width:
                end += piece.cell_length
                self._ends.append((end, command))
                shown.append(piece)
        self.update(Content("").join(shown))

    def on_click(self, event: events.Click) -> None:
        """Do what was clicked."""
        place = event.x - 1
        command = next((command for end, command in self._ends if place < end), None)
        if command is not None:
            self.post_message(self.Chosen(command))
