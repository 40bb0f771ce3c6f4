"""What can be done in Doctor."""

from tui.commands.registry import Command

_HERE = ("doctor",)

DOCTOR = (
    Command("doctor.open", "Show the picture in Browse", "enter", _HERE, footer="Show"),
    Command("doctor.again", "Examine again", "e", _HERE, footer="Again"),
    Command("doctor.full", "Examine every file", "f", _HERE, footer="Every file", help="Goes on where it was stopped."),
    Command("doctor.repair", "Repair what is safe", "r", _HERE, footer="Repair", help="No file of yours is touched."),
)
