"""Moving a cursor, alike on all screens that have one."""

from tui.commands.registry import Command

_HERE = ("browse", "resolve", "prefill", "coverage", "queue", "history", "doctor", "ontology")

MOVING = (
    Command("move.down", "Next line", "j,down", _HERE, listed=False),
    Command("move.up", "Previous line", "k,up", _HERE, listed=False),
    Command("move.right", "To the right", "right", _HERE, listed=False),
    Command("move.left", "To the left", "left", _HERE, listed=False),
    Command("move.page_down", "Page down", "pagedown,ctrl+f", _HERE, listed=False),
    Command("move.page_up", "Page up", "pageup,ctrl+b", _HERE, listed=False),
    Command("move.first", "First", "home,g", _HERE, listed=False),
    Command("move.last", "Last", "end", _HERE, listed=False),
)

DETAILS = (
    Command(
        "details.large",
        "Show what is told of the line alone",
        "i",
        ("resolve", "prefill", "queue", "history", "doctor", "ontology"),
        help="For small terminals; the cursor still moves.",
    ),
)
