"""Keys in the order in which they are typed, however fast that is."""

from collections import deque
from typing import Any

from textual import events
from textual.app import App
from textual.widgets import Input, TextArea

from tui.window import Typed, Window, text_of

SECONDS_TO_OPEN = 0.01
"""So often it is looked whether a screen is there to take what is typed."""


class KeysInOrder(App[None]):
    """An app that carries one key out before it looks at the next."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._typed: deque[Typed] = deque()

    async def on_event(self, event: events.Event) -> None:
        """Carry out keys in the order in which they come, however fast they do.

        Textual hands a key to the widget that has the focus, and the next one before that has acted: behind `/`, a
        letter of the filter would be taken for a command, and behind its Enter a command for a letter; the key that
        takes a text would overtake its last letters. So commands, windows and texts that are edited act here and at
        once, and while a screen or window opens, what is typed waits for it.
        """
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._typed.append(event)
            await self._let_act()
        else:
            await super().on_event(event)

    async def _let_act(self) -> None:
        """Carry out what was typed first; the next one once what this one has called for is done."""
        if not self._typed or not self.screen_stack:
            return
        if not self.screen.is_mounted:
            self.set_timer(SECONDS_TO_OPEN, self._let_act)
            return
        typed = self._typed.popleft()
        if not await self._acts_at_once(typed):
            await super().on_event(typed)
        if self._typed:
            self.call_next(self._let_act)

    async def _acts_at_once(self, typed: Typed) -> bool:
        screen, line = self.screen, self.focused
        if isinstance(screen, Window):
            if screen.take(typed):
                return True
        elif not hasattr(screen, "OWN"):
            return False
        key = typed.key if isinstance(typed, events.Key) else ""
        if isinstance(line, Input) and (text := text_of(typed)):
            line.replace(text.splitlines()[0], *line.selection)
        elif isinstance(line, TextArea) and (text := "\n" if key == "enter" else text_of(typed)):
            line.replace(text, *line.selection, maintain_selection_offset=False)
        else:
            return bool(key) and await self._check_bindings(key)
        return True
