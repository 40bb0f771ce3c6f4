"""Two pictures side by side, and in which tags they differ."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from gallery import AssetView
from tui.literal import joined, literal
from tui.widgets.chips import chips
from tui.widgets.picture import Finder, Picture
from tui.window import Window


class CompareScreen(Window[None]):
    """Shows two assets. Esc, Enter, q or c closes it."""

    HELP = "Two pictures; below each the tags that it alone has, below both the tags that they share."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,c", "dismiss(None)", "Close")]
    DEFAULT_CSS = """
    CompareScreen { align: center middle; background: $background 40%; }
    CompareScreen #compared {
        width: 96%; height: 96%; background: $surface; border: round $primary;
        border-title-color: $text; border-subtitle-color: $text-muted;
    }
    CompareScreen #sides { height: 1fr; }
    CompareScreen .side { width: 1fr; padding: 0 1; }
    CompareScreen .side Static { height: auto; max-height: 50%; }
    CompareScreen #shared { height: auto; max-height: 30%; padding: 0 1; background: $panel; }
    """

    def __init__(self, pair: Sequence[AssetView], find: Finder) -> None:
        super().__init__()
        self._pair, self._find = pair, find

    def compose(self) -> ComposeResult:
        """Both sides, then what they share."""
        left, right = self._pair
        with Vertical(id="compared") as box:
            box.border_title, box.border_subtitle = "Compare", "Esc"
            with Horizontal(id="sides"):
                for view, other in ((left, right), (right, left)):
                    with Vertical(classes="side"):
                        yield Picture(self._find)
                        yield Static(side_text(view, other), markup=False)
            with VerticalScroll(id="shared", can_focus=False):
                yield Static(shared_text(left, right), markup=False)

    def on_mount(self) -> None:
        """Draw them."""
        for picture, view in zip(self.query(Picture), self._pair, strict=True):
            picture.show(view.id)


def side_text(view: AssetView, other: AssetView) -> Content:
    """The name, the facts, and the tags that the other one lacks."""
    alone = [tag for tag in view.tags if tag not in other.tags]
    size = [f"{view.width}×{view.height}"] if view.width else []
    rating = [] if view.rating is None else [f"★{view.rating}"]
    facts = " · ".join([*size, *rating, f"{view.created_at:%Y-%m-%d}"])
    told = chips(alone) if alone else literal("nothing that the other one lacks", "$foreground-muted")
    return joined([literal(view.path, "bold"), literal(facts, "$foreground-muted"), told])


def shared_text(left: AssetView, right: AssetView) -> Content:
    """The tags that both have."""
    both = [tag for tag in left.tags if tag in right.tags]
    if not both:
        return literal("no tag in common", "$foreground-muted")
    return Content.assemble(literal("both  ", "bold"), chips(both))
