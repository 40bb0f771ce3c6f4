"""Bindings of Textual, made from the commands."""

from collections.abc import Iterable

from textual.binding import Binding

from tui.commands.registry import Command

UNBOUND = "none."
"""Begins the name of a key that no keyboard has: what has no key of its own can still be given one by its id."""


def bindings_of(commands: Iterable[Command]) -> list[Binding]:
    """One for each command that has a key; a key in the settings takes its place by the id."""
    return [
        Binding(
            command.keys or f"{UNBOUND}{command.id}",
            command.action,
            command.footer or command.title,
            show=bool(command.footer),
            id=command.id,
        )
        for command in commands
    ]
