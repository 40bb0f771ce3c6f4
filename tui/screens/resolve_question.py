"""The part of Resolve that puts the question together."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace

from textual import on

from tui.facets import FACETS, OTHER, Facet
from tui.literal import literal
from tui.question import SOURCES, Question
from tui.screens.chooser import ChooserScreen, Line
from tui.screens.entry import TextScreen
from tui.screens.moving import Moving
from tui.screens.picker import Picked, PickerScreen, Shelf
from tui.widgets.question_bar import QuestionBar

_CHARACTER, _LOCATION = FACETS[0], FACETS[1]


class Asking(Moving):
    """Each command changes one part of the question, and asks again."""

    question: Question = Question()

    @abstractmethod
    def ask(self, question: Question) -> None:
        """Ask another question."""

    def _pick(self, facet: Facet, title: str, has: tuple[str, ...], done: Callable[[str], None]) -> None:
        shelf = Shelf(self.services.ontology, self.shell.uses, self.shell.tag_sets.recent, has)

        def picked(found: Picked) -> None:
            if found.tag is not None:
                self.shell.tag_sets.used([found.tag])
                done(found.tag)

        self.app.push_screen(PickerScreen(facet, shelf, picked, title=title))

    def do_location(self) -> None:
        """Where."""
        there = (self.question.location,) if self.question.location else ()
        self._pick(_LOCATION, "Where", there, lambda tag: self.ask(replace(self.question, location=tag)))

    def do_hero(self) -> None:
        """Who."""
        there = (self.question.hero,) if self.question.hero else ()
        self._pick(_CHARACTER, "Who", there, lambda tag: self.ask(replace(self.question, hero=tag)))

    def do_enemies(self) -> None:
        """Against whom; picking somebody again takes him out."""
        self._pick_list("enemies", _CHARACTER, "Against whom")

    def do_others(self) -> None:
        """Who else; picking somebody again takes him out."""
        self._pick_list("others", _CHARACTER, "Who else")

    def do_prefer(self) -> None:
        """A tag that is preferred; picking it again takes it out."""
        self._pick_list("prefer", OTHER, "Prefer a view, a style, any tag")

    def _pick_list(self, name: str, facet: Facet, title: str) -> None:
        there = getattr(self.question, name)
        self._pick(facet, title, there, lambda tag: self.ask(self.question.toggled(name, tag)))

    def do_block(self) -> None:
        """Ask an action block."""
        blocks = self.services.block_files.blocks
        labels = {name: str(block.get("label") or "") for name, block in blocks.items()}
        lines = [(name, (literal(name), literal(labels[name]))) for name in blocks]
        self._choose_source("block", "Action blocks", lines, "this project has no action block: blocks/*.yaml")

    def do_scene(self) -> None:
        """Ask a shot of a scene."""
        lines: list[tuple[str, Line]] = []
        for name, scene in self.services.scenes.items():
            shots = [(f"{name}/{shot.id}", shot.prompt or "") for shot in scene.shots] or [(name, "")]
            lines += [(shot, (literal(shot), literal(words))) for shot, words in shots]
        self._choose_source("scene", "Shots", lines, "this project has no scene: scenes.yaml")

    def _choose_source(self, source: str, title: str, lines: list[tuple[str, Line]], otherwise: str) -> None:
        if not lines:
            self.shell.tell(otherwise, severity="warning")
            return

        def done(place: int | None) -> None:
            if place is not None:
                self.ask(self.question.with_source(source, lines[place][0]))

        self.app.push_screen(ChooserScreen(title, [line for _, line in lines]), done)

    def do_prompt(self) -> None:
        """Ask what a prompt names."""

        def done(text: str | None) -> None:
            if text is not None and text.strip():
                self.ask(self.question.with_source("prompt", text.strip()))

        self.app.push_screen(TextScreen("A prompt that names who and where", self.question.prompt or ""), done)

    def do_remove(self) -> None:
        """Take one part of the question away."""
        question = self.question
        parts = [(name, getattr(question, name)) for name in ("location", "hero", *SOURCES) if getattr(question, name)]
        parts += [(name, tag) for name in ("enemies", "others", "prefer") for tag in getattr(question, name)]
        if not parts:
            self.shell.tell("nothing is asked yet", severity="warning")
            return

        def done(place: int | None) -> None:
            if place is None:
                return
            name, value = parts[place]
            in_list = isinstance(getattr(question, name), tuple)
            self.ask(question.toggled(name, value) if in_list else question.without(name))

        lines = [(literal(value, limit=70), literal(name)) for name, value in parts]
        self.app.push_screen(ChooserScreen("Take away", lines), done)

    def do_clear(self) -> None:
        """Ask anew."""
        self.ask(Question())

    @on(QuestionBar.Chosen)
    def _part_clicked(self, message: QuestionBar.Chosen) -> None:
        act = "block" if message.part == "source" else message.part
        self.action_command(f"resolve.{act}")
