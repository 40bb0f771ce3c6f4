"""The terminal UI itself: it opens screens by name, knows every command, and speaks for all of them."""

from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import ClassVar, cast

from textual.app import SystemCommand
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen

from gallery import BulkResult
from ontology.errors import CallsheetError
from tui.commands.gathered import COMMANDS, commands_of
from tui.commands.registry import Command, checked_keymap, keys_of, shown_keys
from tui.context import TuiContext
from tui.entries import SCREENS
from tui.keymap import bindings_of
from tui.literal import literal_lines
from tui.screens.base import CallsheetScreen
from tui.screens.entry import ConfirmScreen
from tui.screens.keys import TextWindow, keys_text
from tui.shell import Shell
from tui.subject import Subject
from tui.themes import DARK, THEMES

HOME = "browse"

_WHAT_QUITTING_DOES = (
    "A call that was sent is waited for after the screen is closed, so that what it costs is not lost."
    " What was not sent stays in the queue."
)


class CallsheetApp(Shell):
    """`subject` is what the first screen is about."""

    CSS_PATH = "callsheet.tcss"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings_of(c for c in COMMANDS if c.id.startswith("app.")))
    COMMAND_PALETTE_BINDING: ClassVar[str] = "none.palette"

    def __init__(self, context: TuiContext, subject: Subject | None = None) -> None:
        super().__init__(context)
        self.title = context.name
        self._first = subject or Subject()
        self.set_keymap(checked_keymap(context.keys, COMMANDS))
        for theme in THEMES:
            self.register_theme(theme)
        self._choose_theme()
        if context.plain:
            self.animation_level = "none"
            self.add_class("-plain")

    def on_mount(self) -> None:
        """Open the first screen."""
        self.go(HOME, self._first)
        self.theme_changed_signal.subscribe(self, lambda theme: self.state.keep("app", theme=theme.name))

    def go(self, screen: str, subject: Subject | None = None) -> None:
        """Open a screen. The first one stays below all others; going to it closes them, and it takes the subject."""
        was_home = len(self.screen_stack) == 2  # noqa: PLR2004  # see below
        while len(self.screen_stack) > 2:  # noqa: PLR2004  # Textual's own empty screen, and the first of ours
            self.pop_screen()
        current = self.screen
        if isinstance(current, CallsheetScreen) and screen == HOME and current.NAME == HOME:
            if subject is not None and not was_home:
                current.take_subject(subject)
            return
        entry = next(entry for entry in SCREENS if entry.name == screen)
        module, _, name = entry.home.partition(":")
        made = getattr(import_module(module), name)(subject)
        self.push_screen(cast("CallsheetScreen", made))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every command that works here."""
        for command in commands_of(screen.NAME if isinstance(screen, CallsheetScreen) else ""):
            if command.listed and command.id != "app.palette":
                keys = shown_keys(keys_of(command, self.context.keys))
                title = f"{command.title}  ({keys})" if keys else command.title
                yield SystemCommand(title, command.help or command.id, partial(self.carry_out, command))

    def action_command(self, command_id: str) -> None:
        """Carry out a command of the app."""
        self.carry_out(next(command for command in COMMANDS if command.id == command_id))

    def _choose_theme(self) -> None:
        """The one chosen last, else that of the settings; one that is gone is passed over."""
        for name in (self.state.of("app").get("theme"), self.context.theme, DARK.name):
            if isinstance(name, str) and name in self.available_themes:
                self.theme = name
                return

    def carry_out(self, command: Command) -> None:
        """Do what a command says, on the screen that is shown or in the app."""
        if not command.id.startswith("app."):
            cast("CallsheetScreen", self.screen).action_command(command.id)
        elif command.id.startswith("app.go."):
            self._go(command.id.removeprefix("app.go."))
        else:
            getattr(self, command.method)()

    def _go(self, name: str) -> None:
        screen = self.screen
        subject = screen.subject_for(name) if isinstance(screen, CallsheetScreen) else None
        try:
            self.go(name, subject)
        except CallsheetError as error:
            self.tell_error(error)

    def do_palette(self) -> None:
        """Every command by name."""
        self.action_command_palette()

    def do_keys(self) -> None:
        """The keys of this screen."""
        if isinstance(self.screen, CallsheetScreen):
            name = next(entry.title for entry in SCREENS if entry.name == self.screen.NAME)
            text = keys_text(commands_of(self.screen.NAME), self.context.keys)
            self.push_screen(TextWindow(f"Keys of {name}", text))

    def do_help(self) -> None:
        """What the focused widget is for: its HELP, a text of ours."""
        if isinstance(self.screen, CallsheetScreen):
            around = self.screen.ancestors_with_self if self.focused is None else self.focused.ancestors_with_self
            found = next((node.HELP for node in around if getattr(node, "HELP", None)), "? shows the keys.")
            self.push_screen(TextWindow("Help", Content(str(found).strip())))

    def do_leave(self) -> None:
        """Esc leaves the innermost thing: what the screen has open, then what runs, then the screen."""
        screen = self.screen
        if isinstance(screen, CallsheetScreen) and screen.leave():
            return
        if self.stop_jobs():
            return
        if isinstance(screen, CallsheetScreen) and screen.NAME != HOME:
            self.pop_screen()

    def do_stop(self) -> None:
        """End what runs."""
        if not self.stop_jobs():
            self.tell("nothing is running")

    def do_undo(self) -> None:
        """Take back the newest batch."""
        self._turn_back("undo", self.context.services.gallery.undo, "undone")

    def do_redo(self) -> None:
        """Do again what was taken back last."""
        self._turn_back("redo", self.context.services.gallery.redo, "done again")

    def do_theme(self) -> None:
        """Choose a theme; it is remembered."""
        self.search_themes()

    def do_quit(self) -> None:
        """Leave the program; what is being made is told first."""

        def decided(yes: bool | None) -> None:
            if yes:
                self.exit()

        if self.making.is_running:
            self.push_screen(
                ConfirmScreen("Quit while something is made?", literal_lines(_WHAT_QUITTING_DOES)), decided
            )
        else:
            self.exit()

    def _turn_back(self, title: str, turn: Callable[[], BulkResult], told: str) -> None:
        def done(result: BulkResult) -> None:
            services = self.context.services
            services.reload_vocabulary()  # the batch may have been about its files
            changed = len(result.results) - len(result.failed)
            self.tell(f"{told}: {changed:,} {'change' if changed == 1 else 'changes'}")
            for item in result.failed[:1]:
                self.tell(f"{item.id}: {item.error.message if item.error else 'failed'}", severity="warning")

        self.change(title, lambda _: turn(), done)
