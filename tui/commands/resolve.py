"""What can be done in Resolve, and in the window of a prefilled call."""

from tui.commands.registry import Command

_HERE = ("resolve",)

RESOLVE = (
    Command("resolve.location", "Where", "l", _HERE),
    Command("resolve.hero", "Who", "n", _HERE),
    Command("resolve.enemies", "Against whom", "e", _HERE),
    Command("resolve.others", "Who else", "o", _HERE),
    Command("resolve.prefer", "Prefer a view or another tag", "m", _HERE),
    Command("resolve.block", "Ask an action block", "b", _HERE),
    Command("resolve.scene", "Ask a shot of a scene", "s", _HERE),
    Command("resolve.prompt", "Ask what a prompt names", "t", _HERE),
    Command("resolve.remove", "Take a part of the question away", "minus", _HERE),
    Command("resolve.clear", "Ask anew", "backspace", _HERE),
    Command("resolve.pin", "Pin: make it the first of its slot", "enter", _HERE, footer="Pin"),
    Command("resolve.exclude", "Exclude the picture", "x", _HERE, footer="Exclude"),
    Command("resolve.include", "Allow excluded pictures again", "X", _HERE),
    Command("resolve.why", "Why is this one not the first?", "w", _HERE, footer="Why not"),
    Command("resolve.why_other", "Why not another picture?", "W", _HERE, help="By id or by words."),
    Command("resolve.prefill", "Prefill an operation", "f", _HERE, footer="Prefill"),
    Command("resolve.fill", "More: go on down the tiers", "plus", _HERE),
    Command("resolve.gap", "Draft a spec for the gap of this slot", "G", _HERE, footer="Spec"),
    Command("resolve.copy", "Copy the id", "y", _HERE),
)
