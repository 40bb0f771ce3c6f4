"""What a change of many pictures would do, before it is done: "+npc:alex on 42, already on 7"."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from gallery import BulkResult
from tui.literal import joined, literal
from tui.widgets.chips import chip
from tui.window import Window

Decision = Literal["apply", "replace", "nothing"]


@dataclass(frozen=True, slots=True)
class Plan:
    """The tags that come and go, and what a dry run said of each picture."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    outcome: BulkResult

    def counts(self) -> Counter[str]:
        """How many pictures would change, have it already, or cannot."""
        return Counter(item.outcome for item in self.outcome.results)

    @property
    def clashes(self) -> int:
        """How many cannot have a tag because of another one."""
        return sum(item.error is not None and item.error.code == "clashing_tags" for item in self.outcome.results)


def plan_text(plan: Plan) -> Content:
    """The change in words."""
    counts = plan.counts()
    signs = [Content.assemble(sign, chip(tag)) for sign, tags in (("+", plan.add), ("-", plan.remove)) for tag in tags]
    head = Content.assemble(Content(" ").join(signs), f" on {counts['changed']:,}")
    lines = [head, *_others(plan, counts)]
    return joined(lines)


def _others(plan: Plan, counts: Counter[str]) -> Iterable[Content]:
    if counts["unchanged"]:
        yield literal(f"{'already on' if plan.add else 'not on'} {counts['unchanged']:,}", "$foreground-muted")
    if counts["failed"]:
        reasons: Sequence[str] = [item.error.message for item in plan.outcome.failed if item.error is not None]
        most, _ = Counter(reasons).most_common(1)[0]
        yield literal(f"{counts['failed']:,} cannot: {most}", "$text-error")


class BulkScreen(Window[Decision]):
    """Asks once. Enter does it, Esc does nothing, r also where other tags must give way."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "decide('apply')", "Do it"),
        Binding("r", "decide('replace')", "Do it, replacing"),
        Binding("escape,n,q", "decide('nothing')", "Nothing"),
    ]
    DEFAULT_CSS = """
    BulkScreen { align: center middle; background: $background 40%; }
    BulkScreen Vertical {
        width: auto; min-width: 48; max-width: 90%; height: auto; background: $surface; border: round $warning;
        padding: 0 2;
        border-title-color: $text; border-subtitle-color: $text-muted;
    }
    BulkScreen Static { width: auto; max-width: 70; }
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan

    def compose(self) -> ComposeResult:
        """The plan, and what may be done."""
        with Vertical() as box:
            box.border_title = f"Change {len(self._plan.outcome.results):,} assets?"
            replacing = f" · r replaces on {self._plan.clashes:,}" if self._plan.clashes else ""
            box.border_subtitle = f"Enter does it{replacing} · Esc"
            yield Static(plan_text(self._plan), markup=False)

    def action_decide(self, decision: Decision) -> None:
        """Answer. Where nothing would change and nothing clashes, there is nothing to do."""
        self.dismiss(decision)
