"""The question of Resolve, part by part; a click on one chooses it."""

from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from resolver import AssetResolutionRequest
from tui.literal import joined, literal
from tui.question import Question
from tui.widgets.chips import chip

_PARTS = (
    ("location", "l", "Where"),
    ("hero", "n", "Who"),
    ("enemies", "e", "Against"),
    ("others", "o", "Others"),
    ("prefer", "m", "Prefer"),
    ("source", "b", "Or a"),
)
_FIELDS = {
    "location": "location_id",
    "hero": "hero_id",
    "enemies": "enemy_ids",
    "others": "other_character_ids",
    "prefer": "preferred_tags",
}
_SOURCES = {"block": "block", "scene": "shot", "prompt": "prompt", "about": "picture"}


class Part(Static):
    """One part of the question."""

    def __init__(self, name: str) -> None:
        super().__init__("", id=f"part-{name}", markup=False)
        self.part = name

    def on_click(self, event: events.Click) -> None:
        """Choose it."""
        event.stop()
        self.post_message(QuestionBar.Chosen(self.part))


class QuestionBar(Grid):
    """Shows a question. Three parts side by side, two on narrow terminals."""

    @dataclass
    class Chosen(Message):
        """A part was clicked: location, hero, enemies, others, prefer or source."""

        part: str

    DEFAULT_CSS = """
    QuestionBar { grid-size: 3; height: auto; grid-rows: 1; grid-gutter: 0 1; background: $panel; padding: 0 1; }
    QuestionBar Static { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    CallsheetScreen.-narrow QuestionBar { grid-size: 2; }
    """

    def compose(self) -> ComposeResult:
        """A line for each part."""
        for name, _, _ in _PARTS:
            yield Part(name)

    def show(self, question: Question, request: AssetResolutionRequest | None = None) -> None:
        """Another question. `request`: what it came to, where a block, shot, prompt or picture asks."""
        for name, letter, label in _PARTS:
            value = _source(question) if name == "source" else _part(question, request, name)
            head = Content.assemble((f"{letter} ", "bold $text-accent"), f"{label:<8}")
            self.query_one(f"#part-{name}", Static).update(Content.assemble(head, value))


def _part(question: Question, request: AssetResolutionRequest | None, name: str) -> Content:
    chosen = getattr(question, name)
    if chosen or request is None:
        return _tags(chosen)
    return _tags(getattr(request, _FIELDS[name]))


def _tags(value: str | tuple[str, ...] | None) -> Content:
    tags = (value,) if isinstance(value, str) else value or ()
    return joined(map(chip, tags), " ") if tags else literal("–", "$foreground-muted")


def _source(question: Question) -> Content:
    for name, label in _SOURCES.items():
        value = getattr(question, name)
        if value:
            return Content.assemble((f"{label} ", "$foreground-muted"), literal(value, limit=80))
    return literal("block, s shot, t prompt", "$foreground-muted")
