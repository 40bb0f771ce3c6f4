"""What can be done in Tag mode."""

from tui.commands.registry import Command

_HERE = ("tag",)
_BOTH = ("tag", "browse")

PICKING = (
    Command("pick.character", "Pick a character", "n", _BOTH, help="For the picture, or for all that are selected."),
    Command("pick.location", "Pick a location", "l", _BOTH),
    Command("pick.role", "Pick a role", "r", _BOTH),
    Command("pick.camera", "Pick a camera", "m", _BOTH),
    Command("pick.other", "Pick any tag", "t", _BOTH),
    Command("pick.remove", "Take a tag away", "minus", _BOTH),
    *(
        Command(f"pick.set.{n}", f"Apply tag set {n}", str(n), _BOTH, help="S in Tag mode saves one.", argument=str(n))
        for n in range(1, 10)
    ),
    Command("pick.repeat", "Repeat the tags given last", "full_stop", _BOTH),
)

TAG = (
    Command("tag.accept", "Accept what is suggested, next untagged", "a", _HERE, footer="Accept"),
    Command("tag.next", "Next untagged", "space", _HERE, footer="Next"),
    Command("tag.previous", "Back to the picture before", "backspace", _HERE, footer="Back"),
    Command("tag.slot", "Pick for the marked facet", "enter", _HERE, footer="Pick", listed=False),
    Command("tag.next_slot", "Next facet", "tab", _HERE, listed=False),
    Command("tag.previous_slot", "Previous facet", "shift+tab", _HERE, listed=False),
    Command("tag.forward", "Next picture, tagged or not", "right,j,down", _HERE),
    Command("tag.backward", "Previous picture, tagged or not", "left,k,up", _HERE),
    Command("tag.sticky", "Sticky: offer the tags given last", "s", _HERE, footer="Sticky"),
    Command("tag.reject", "Turn the suggestions down", "x", _HERE),
    Command("tag.save_set", "Save the tags as a numbered set", "S", _HERE),
    Command("tag.trash", "Move to the trash, next untagged", "d", _HERE),
    Command("tag.copy_id", "Copy the id", "y", _HERE),
)
