"""What can be done in Browse."""

from tui.commands.registry import Command

_HERE = ("browse",)

BROWSE = (
    Command("browse.filter", "Filter", "slash", _HERE, footer="Filter"),
    Command("browse.select", "Select and step on", "space", _HERE, footer="Select"),
    Command("browse.range", "Begin or end a range", "v", _HERE),
    Command("browse.extend_down", "Select downwards", "shift+down,J", _HERE, listed=False),
    Command("browse.extend_up", "Select upwards", "shift+up,K", _HERE, listed=False),
    Command("browse.everything", "Select all that match", "asterisk", _HERE),
    Command("browse.sort", "Another order", "o", _HERE),
    Command("browse.grid", "List or grid", "x", _HERE, footer="Grid"),
    Command("browse.counts", "Count the tags of what is found", "number_sign", _HERE),
    Command("browse.open", "Look at the picture", "enter", _HERE, help="Large, with all that is known of it."),
    Command(
        "browse.compare", "Compare two pictures", "c", _HERE, help="The two selected, or the selected and this one."
    ),
    Command("browse.details", "Show or hide the details", "i", _HERE),
    Command(
        "browse.related",
        "Use related background and characters",
        "u",
        _HERE,
        help="In Resolve, filled in with what the picture shows.",
    ),
    Command("browse.operations", "What can be made of it", "M", _HERE, help="Operations and blocks, prefilled."),
    Command("browse.generate", "Generate from it", "G", _HERE, help="One of the same; asks what it would cost."),
    Command("browse.preview", "Show or hide the picture", "p", _HERE, footer="Picture"),
    Command("browse.copy_id", "Copy the id", "y", _HERE, help="Of the picture, or of all that are selected."),
    Command("browse.copy_prompt", "Copy the prompt", "Y", _HERE),
    Command("browse.trash", "Move to the trash", "d", _HERE, help="The file stays. z takes it back."),
)
