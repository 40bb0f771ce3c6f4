"""What can be done with a prefilled call."""

from tui.commands.registry import Command

_HERE = ("prefill",)

PREFILL = (
    Command("prefill.edit", "Edit the line", "enter", _HERE, footer="Edit", help="The prompt, or a picture's type."),
    Command("prefill.prompt", "Edit the prompt", "e", _HERE),
    Command("prefill.operation", "Another operation", "o", _HERE, footer="Operation"),
    Command("prefill.type", "Another fusion type", "t", _HERE),
    Command("prefill.forward", "Later in the order", "J,shift+down", _HERE),
    Command("prefill.backward", "Earlier in the order", "K,shift+up", _HERE),
    Command("prefill.layer_up", "A layer to the front", "plus", _HERE),
    Command("prefill.layer_down", "A layer to the back", "minus", _HERE),
    Command("prefill.drop", "Leave the picture out", "d", _HERE),
    Command("prefill.copy", "Copy as JSON", "y", _HERE, footer="Copy", help="callsheet generate - takes it."),
    Command("prefill.generate", "Generate it", "G", _HERE, footer="Generate", help="Asks what it would cost."),
    Command("prefill.show", "Show what was made", "v", _HERE, help="In Browse."),
    Command("prefill.save", "Save as a spec", "S", _HERE, footer="Save spec"),
)
