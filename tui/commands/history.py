"""What can be done in History."""

from tui.commands.registry import Command

_HERE = ("history",)

HISTORY = (
    Command("history.open", "Show every change of the batch", "enter", _HERE, footer="Open"),
    Command("history.take_back", "Undo this batch", "u", _HERE, footer="Undo it"),
    Command("history.do_again", "Redo this batch", "r", _HERE, footer="Redo it"),
    Command("history.kind", "Only one kind of change", "f", _HERE, footer="Kind"),
    Command("history.origin", "Only one origin", "o", _HERE, footer="Origin", help="By hand, suggested, imported, …"),
)
"""`z` and `Z` work here as everywhere: they take the newest."""
