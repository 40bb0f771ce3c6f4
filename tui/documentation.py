"""`python -m tui.documentation docs/tui.md` rewrites the table of keys in that file from the commands."""

import sys
from collections.abc import Iterator
from pathlib import Path

from gallery.store.files import write_whole
from tui.commands.gathered import COMMANDS
from tui.commands.registry import Command, keys_of, shown_key
from tui.entries import SCREENS

BEGIN, END = "<!-- keys: begin -->", "<!-- keys: end -->"


def tables() -> str:
    """A table for what works everywhere, then one for each screen."""
    parts = [_table("Everywhere", [command for command in COMMANDS if not command.screens])]
    for entry in SCREENS:
        own = [command for command in COMMANDS if entry.name in command.screens]
        if own:
            parts.append(_table(entry.title, own))
    return "\n\n".join(parts)


def _table(title: str, commands: list[Command]) -> str:
    return "\n".join([f"### {title}", "", "| Keys | What | Id |", "|---|---|---|", *_rows(commands)])


def _rows(commands: list[Command]) -> Iterator[str]:
    for command in commands:
        keys = " ".join(f"`{shown_key(key)}`" for key in keys_of(command, {})) or "–"
        said = command.title + (f". {command.help}" if command.help else "")
        yield f"| {keys} | {said} | `{command.id}` |".replace("`|`", "`\\|`")


def rewritten(text: str) -> str:
    """The page with its tables anew. Raises ValueError where it has no place for them."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page lacks {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    write_whole(page, rewritten(page.read_text(encoding="utf-8")))
