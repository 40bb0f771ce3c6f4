"""Picking one tag: what is typed narrows the choice, Enter takes it, Tab takes it and goes on to the next facet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from ontology.terms import Ontology
from tui.choices import Choice, choices
from tui.facets import Facet
from tui.literal import literal
from tui.widgets.choice_list import ChoiceList


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


class PickerScreen(ModalScreen[Picked]):
    """A line to type in over a list. Esc takes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Nothing"),
        Binding("tab", "take(True)", "Take, next facet"),
        Binding("down,ctrl+n", "move(1)", "Next"),
        Binding("up", "move(-1)", "Previous"),
        Binding("pagedown", "move(8)", "Further"),
        Binding("pageup", "move(-8)", "Back"),
    ]
    HELP = "Type a part of an id, a label or an alias. Enter takes it, Tab takes it and goes on, Esc takes nothing."
    DEFAULT_CSS = """
    PickerScreen { align: center middle; background: $background 40%; }
    PickerScreen Vertical {
        width: 76; max-width: 100%; height: 16; max-height: 100%; background: $surface; border: round $primary;
        border-title-color: $text; border-subtitle-color: $text-muted; padding: 0 1;
    }
    PickerScreen Input { height: 1; border: none; padding: 0; background: $panel; }
    PickerScreen Input:focus { border: none; }
    PickerScreen #about { height: 1; color: $text-muted; }
    """

    def __init__(self, facet: Facet, shelf: Shelf, *, title: str = "", about: str = "") -> None:
        super().__init__()
        self._facet, self._shelf = facet, shelf
        self._title = title or facet.label
        self._about = about
        self._moved = False

    def compose(self) -> ComposeResult:
        """What it is about, the line, the choices."""
        with Vertical() as box:
            box.border_title = self._title
            box.border_subtitle = "Enter takes · Tab takes and goes on · Esc"
            if self._about:
                yield Static(literal(self._about), id="about", markup=False)
            yield Input(placeholder="type a part of it", id="text")
            yield ChoiceList()

    def on_mount(self) -> None:
        """Offer everything."""
        self.query_one(Input).focus()
        self._offer("")

    def _offer(self, text: str) -> None:
        self._moved = False
        self.query_one(ChoiceList).show(self._found(text))

    def _found(self, text: str) -> list[Choice]:
        shelf = self._shelf
        if shelf.listed is not None:
            return [Choice(tag, uses=shelf.uses.get(tag, 0)) for tag in shelf.listed if text.lower() in tag]
        return choices(text, shelf.ontology, self._facet, uses=shelf.uses, recent=shelf.recent, has=shelf.has)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._offer(event.value)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_take()

    @on(ChoiceList.Picked)
    def _clicked(self) -> None:
        self._moved = True
        self.action_take()

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self._moved = True
        self.query_one(ChoiceList).move(by)

    def action_take(self, onwards: bool = False) -> None:
        """Take the choice below the cursor. Tab over an untouched picker takes nothing and goes on."""
        current = self.query_one(ChoiceList).current
        untouched = not self._moved and not self.query_one(Input).value.strip()
        if onwards and untouched:
            self.dismiss(Picked(None, onwards=True))
        elif current is not None:
            self.dismiss(Picked(current.tag, onwards=onwards))

    def action_leave(self) -> None:
        """Take nothing."""
        self.dismiss(Picked(None))
