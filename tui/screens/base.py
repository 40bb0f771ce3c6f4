"""What every screen shares: its name, its commands as keys, its subject, and a line for what runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, cast

from textual import on
from textual.binding import BindingType
from textual.screen import Screen

from ontology.errors import CallsheetError
from tui.commands.gathered import everywhere
from tui.commands.registry import Command, keys_of
from tui.context import Project, TuiContext
from tui.keymap import bindings_of
from tui.shell import Shell
from tui.subject import Subject
from tui.widgets.key_line import KeyLine


class CallsheetScreen(Screen[None]):
    """A screen with a NAME from `tui.entries` and OWN commands, each carried out by `do_<act>`."""

    NAME: ClassVar[str] = ""
    OWN: ClassVar[tuple[Command, ...]] = ()
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (120, "-wide")]  # noqa: RUF012  # as Textual declares it

    def __init_subclass__(cls, **options: Any) -> None:
        cls.BINDINGS = list[BindingType](bindings_of(cls.OWN))
        super().__init_subclass__(**options)

    def __init__(self, subject: Subject | None = None) -> None:
        super().__init__()
        self.subject = subject or Subject()

    @property
    def shell(self) -> Shell:
        """The app."""
        return cast("Shell", self.app)

    @property
    def context(self) -> TuiContext:
        """What the app was handed."""
        return self.shell.context

    @property
    def services(self) -> Project:
        """The open project."""
        return self.shell.context.services

    def thumbnail(self, asset_id: str) -> Path:
        """The file of a thumbnail. The gallery is loaded when it is first asked for, in the thread that asks."""
        return self.services.gallery.thumbnail(asset_id)

    @property
    def kept(self) -> dict[str, Any]:
        """What this screen has remembered; change it with `keep`."""
        return dict(self.shell.state.of(self.NAME))

    def keep(self, **values: Any) -> None:
        """Remember JSON values for the next start."""
        self.shell.state.keep(self.NAME, **values)

    def action_command(self, command_id: str) -> None:
        """Carry out a command of this screen, unless it says why not now."""
        command = next(command for command in self.OWN if command.id == command_id)
        reason = self.why_not(command)
        if reason is not None:
            self.shell.tell(reason, severity="warning")
            return
        with self.telling():
            getattr(self, command.method)(*filter(None, (command.argument,)))

    def why_not(self, command: Command) -> str | None:  # noqa: ARG002  # for screens that know reasons
        """Why a command cannot be done at this moment, with the way out; None when it can."""
        return None

    def subject_for(self, screen: str) -> Subject | None:  # noqa: ARG002  # for screens that hand on what they show
        """What another screen is to be about when it is opened from here."""
        return None

    def take_subject(self, subject: Subject) -> None:
        """Be about something else; asked of the first screen, which is never opened anew."""
        self.subject = subject

    def leave(self) -> bool:
        """Esc: give up the innermost thing that is open on this screen; whether there was one."""
        return False

    def keys(self) -> KeyLine:
        """The line of keys, to be composed last."""
        found = [command for command in (*self.OWN, *everywhere()) if command.footer]
        return KeyLine([(command, keys_of(command, self.context.keys)) for command in found])

    @on(KeyLine.Chosen)
    def _key_clicked(self, message: KeyLine.Chosen) -> None:
        self.shell.carry_out(message.command)

    def on_screen_resume(self) -> None:
        """Say what runs, also here."""
        self.call_after_refresh(self.shell.job_changed)

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Errors of the project become notices."""
        try:
            yield
        except CallsheetError as error:
            self.shell.tell_error(error)
