"""The commands of `tui.commands.moving`, for whatever has the cursor of a screen."""

from abc import abstractmethod
from typing import Protocol

from tui.screens.base import CallsheetScreen


class Walked(Protocol):
    """Something with a cursor."""

    @property
    def page(self) -> int:
        """How many rows are seen at once."""
        ...

    def move(self, rows: int = 0, columns: int = 0) -> None:
        """Move the cursor, as far as there is something."""
        ...

    def to_end(self, *, last: bool) -> None:
        """Move the cursor to the first or the last place."""
        ...


class CursorScreen(CallsheetScreen):
    """A screen with one cursor at a time."""

    @property
    @abstractmethod
    def walked(self) -> Walked:
        """What has the cursor."""

    def do_down(self) -> None:
        """One row down."""
        self.walked.move(rows=1)

    def do_up(self) -> None:
        """One row up."""
        self.walked.move(rows=-1)

    def do_right(self) -> None:
        """One to the right."""
        self.walked.move(columns=1)

    def do_left(self) -> None:
        """One to the left."""
        self.walked.move(columns=-1)

    def do_page_down(self) -> None:
        """As many rows down as are seen."""
        self.walked.move(rows=self.walked.page)

    def do_page_up(self) -> None:
        """As many rows up as are seen."""
        self.walked.move(rows=-self.walked.page)

    def do_first(self) -> None:
        """The first place."""
        self.walked.to_end(last=False)

    def do_last(self) -> None:
        """The last place."""
        self.walked.to_end(last=True)
