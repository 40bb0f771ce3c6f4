"""A line to type in, whose Enter counts before the next key is looked at."""

from collections.abc import Callable
from typing import Any

from textual.widgets import Input


class Line(Input):
    """`entered` is called at once when Enter is pressed; the message `Submitted` comes later, behind other keys."""

    def __init__(self, text: str, entered: Callable[[Input], None], **options: Any) -> None:
        super().__init__(text, select_on_focus=False, **options)
        self._entered = entered

    async def action_submit(self) -> None:
        """Enter."""
        await super().action_submit()
        self._entered(self)
