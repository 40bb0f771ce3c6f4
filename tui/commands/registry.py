"""One act, one command: its id, title, keys and screens. Bindings, palette, `?` and the docs are made from these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from ontology.errors import InvalidInputError
from ontology.escaping import visible


@dataclass(frozen=True, slots=True)
class Command:
    """`id` names it in settings, as `screen.act`. `keys` in Textual's names, separated by commas; "" has none.

    `screens`: where it works, () everywhere. `footer`: its word in the footer, "" keeps it out. `listed`: whether the
    palette offers it. The screen (or the app, for `app.*`) carries it out in its
    method `do_<act>`, which is given the `argument` where there is one (it ends the id then).
    """

    id: str
    title: str
    keys: str = ""
    screens: tuple[str, ...] = ()
    footer: str = ""
    help: str = ""
    listed: bool = True
    argument: str = ""

    @property
    def method(self) -> str:
        """The name of the method that carries it out."""
        return "do_" + self.id.partition(".")[2].removesuffix(f".{self.argument}").replace(".", "_")

    @property
    def action(self) -> str:
        """The same as an action of Textual."""
        return f"{'app.' if self.id.startswith('app.') else 'screen.'}command({self.id!r})"

    def works_on(self, screen: str) -> bool:
        """Whether it belongs to a screen."""
        return not self.screens or screen in self.screens


def keys_of(command: Command, remapped: Mapping[str, str]) -> tuple[str, ...]:
    """Its keys, after what the settings say."""
    return tuple(key.strip() for key in remapped.get(command.id, command.keys).split(",") if key.strip())


def checked_keymap(remapped: Mapping[str, str], commands: Iterable[Command]) -> dict[str, str]:
    """The keys that settings give to commands. Raises `InvalidInputError` for an id that there is not."""
    known = {command.id for command in commands}
    for command_id in remapped:
        if command_id not in known:
            near = get_close_matches(command_id, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "docs/tui.md lists the ids of all commands"
            shown = visible(command_id, limit=60)
            raise InvalidInputError(
                f"setting tui.keys: there is no command {shown}", hint=hint, code="invalid_settings"
            )
    return dict(remapped)


_SHOWN = {
    "slash": "/", "question_mark": "?", "full_stop": ".", "minus": "-", "asterisk": "*", "left_square_bracket": "[",
    "right_square_bracket": "]", "plus": "+", "comma": ",", "space": "Space", "enter": "Enter", "escape": "Esc",
    "backspace": "Backspace", "tab": "Tab", "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp",
    "pagedown": "PgDn", "home": "Home", "end": "End", "delete": "Del", "equals_sign": "=", "colon": ":",
    "less_than_sign": "<", "greater_than_sign": ">", "number_sign": "#",
}  # fmt: skip


def shown_key(key: str) -> str:
    """A key as people read it: `ctrl+p` → `Ctrl+P`, `slash` → `/`."""
    *modifiers, name = key.split("+")
    shown = _SHOWN.get(name, name if len(name) == 1 else name.upper() if name[:1] == "f" else name.capitalize())
    if modifiers and len(shown) == 1:
        shown = shown.upper()
    return "+".join([*(modifier.capitalize() for modifier in modifiers), shown])


def shown_keys(keys: Iterable[str]) -> str:
    """Several keys as people read them."""
    return " ".join(map(shown_key, keys))
