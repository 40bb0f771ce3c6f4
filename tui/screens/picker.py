"""Picking one tag: what is typed narrows the choice, Enter takes it, Tab takes it and goes on to the next facet."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from ontology.tags import MAX_TAG_LENGTH
from ontology.terms import Ontology
from tui.choices import Choice, choices
from tui.facets import Facet
from tui.literal import literal
from tui.widgets.choice_list import ChoiceList
from tui.window import Typed, Window, text_of


@dataclass(frozen=True, slots=True)
class Picked:
    """`tag` is None where nothing was taken; `onwards`: Tab asked for the next facet."""

    tag: str | None
    onwards: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a picker offers from, see `tui.choices.choices`. `listed`: these tags alone, in their order."""

    ontology: Ontology
    uses: Mapping[str, int]
    recent: Sequence[str] = ()
    has: Collection[str] = ()
    listed: Sequence[str] | None = None


_MOVES = {"down": 1, "ctrl+n": 1, "up": -1, "ctrl+p": -1, "pagedown": 8, "pageup": -8}


class PickerScreen(Window[None]):
    """A line to type in over a list. Esc takes nothing. `done` hears what was picked.

    It takes every key itself and at once: who types faster than screens are drawn must not see a letter carried out as
    a command.
    """

    HELP = "Type a part of an id, a label or an alias. Enter takes it, Tab takes it and goes on, Esc takes nothing."
    DEFAULT_CSS = """
    PickerScreen { align: center middle; background: $background 40%; }
    PickerScreen Vertical {
        width: 76; max-width: 100%; height: 16; max-height: 100%; background: $surface; border: round $primary;
        border-title-color: $text; border-subtitle-color: $text-muted; padding: 0 1;
    }
    PickerScreen #text { height: 1; background: $panel; }
    PickerScreen #about { height: 1; color: $text-muted; }
    """

    def __init__(
        self, facet: Facet, shelf: Shelf, done: Callable[[Picked], None], *, title: str = "", about: str = ""
    ) -> None:
        super().__init__()
        self._facet, self._shelf, self._done = facet, shelf, done
        self._title = title or facet.label
        self._about = about
        self._text = ""
        self._moved = False
        self._list = ChoiceList()
        self._offer("")

    @property
    def facet(self) -> Facet:
        """What is picked for."""
        return self._facet

    def compose(self) -> ComposeResult:
        """What it is about, the line, the choices."""
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = "Enter takes · Tab takes and goes on · Esc"
            if self._about:
                yield Static(literal(self._about), id="about", markup=False)
            yield Static(self._line(), id="text", markup=False)
            yield self._list

    def _line(self) -> Content:
        if not self._text:
            return Content.assemble(("▏", "bold $text-accent"), ("type a part of it", "$foreground-muted"))
        return Content.assemble(literal(self._text), ("▏", "bold $text-accent"))

    def _offer(self, text: str) -> None:
        self._text = text
        self._moved = False
        self._list.show(self._found(text))
        for line in self.query("#text").results(Static) if self.is_mounted else ():
            line.update(self._line())

    def _found(self, text: str) -> list[Choice]:
        shelf = self._shelf
        if shelf.listed is not None:
            return [Choice(tag, uses=shelf.uses.get(tag, 0)) for tag in shelf.listed if text.lower() in tag]
        return choices(text, shelf.ontology, self._facet, uses=shelf.uses, recent=shelf.recent, has=shelf.has)

    def take(self, typed: Typed) -> bool:
        """Do what a key says; whether it was one of ours. What is pasted is typed."""
        key = typed.key if isinstance(typed, events.Key) else ""
        text = text_of(typed).split("\n")[0][:MAX_TAG_LENGTH]
        if key in _MOVES:
            self._moved = True
            self._list.move(_MOVES[key])
        elif key in ("enter", "tab"):
            self._take(onwards=key == "tab")
        elif key == "escape":
            self._leave(Picked(None))
        elif key in ("backspace", "ctrl+h"):
            self._offer(self._text[:-1])
        elif key in ("ctrl+u", "ctrl+w"):
            self._offer("")
        elif text:
            self._offer(self._text + text)
        else:
            return False
        return True

    @on(ChoiceList.Picked)
    def _clicked(self) -> None:
        self._moved = True
        self._take(onwards=False)

    def _take(self, *, onwards: bool) -> None:
        """Take the choice below the cursor. Tab over an untouched picker takes nothing and goes on."""
        current = self._list.current
        if onwards and not self._moved and not self._text.strip():
            self._leave(Picked(None, onwards=True))
        elif current is not None:
            self._leave(Picked(current.tag, onwards=onwards))

    def _leave(self, picked: Picked) -> None:
        self.app.pop_screen()
        self._done(picked)
