"""Every command there is. A screen with commands of its own adds its module's tuple here."""

from tui.commands.browse import BROWSE
from tui.commands.coverage import COVERAGE
from tui.commands.doctor import DOCTOR
from tui.commands.everywhere import EVERYWHERE
from tui.commands.history import HISTORY
from tui.commands.moving import DETAILS, MOVING
from tui.commands.ontology import ONTOLOGY
from tui.commands.prefill import PREFILL
from tui.commands.queue import QUEUE
from tui.commands.registry import Command
from tui.commands.resolve import RESOLVE
from tui.commands.tag import PICKING, TAG
from tui.entries import SCREENS

GOING = tuple(
    Command(f"app.go.{entry.name}", f"Go to {entry.title}", entry.keys, footer=entry.footer, help=entry.help)
    for entry in SCREENS
    if not entry.within
)
"""One for each screen: the app opens it."""

COMMANDS: tuple[Command, ...] = (
    *EVERYWHERE,
    *GOING,
    *BROWSE,
    *PICKING,
    *TAG,
    *RESOLVE,
    *PREFILL,
    *COVERAGE,
    *QUEUE,
    *HISTORY,
    *ONTOLOGY,
    *DOCTOR,
    *MOVING,
    *DETAILS,
)


def commands_of(screen: str) -> tuple[Command, ...]:
    """What can be done on a screen, its own commands first."""
    found = [command for command in COMMANDS if command.works_on(screen)]
    return tuple(sorted(found, key=lambda command: not command.screens))


def everywhere() -> tuple[Command, ...]:
    """What can be done on every screen."""
    return tuple(command for command in COMMANDS if not command.screens)
