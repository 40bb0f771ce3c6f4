"""The four facets of a picture and its other tags, each on its line, with what is suggested where one is empty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tui.facets import FACETS, OTHER, Facet, of_facet
from tui.literal import literal
from tui.widgets.chips import chip

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tag that may fit an empty slot. `confidence` 0-1, `reason` where it comes from. `sticky`: from the last one."""

    tag: str
    confidence: float
    reason: str
    sticky: bool = False


class SlotLine(Static):
    """One facet."""

    def __init__(self, facet: Facet) -> None:
        super().__init__("", markup=False, id=f"slot-{facet.name}")
        self.facet = facet

    def on_click(self, event: events.Click) -> None:
        """A click asks for a tag of this facet."""
        event.stop()
        self.post_message(Slots.Chosen(self.facet))


class Slots(Widget):
    """Shows tags by facet."""

    @dataclass
    class Chosen(Message):
        """Somebody wants a tag of a facet."""

        facet: Facet

    HELP = """
What the picture has, by facet. The letter in front picks a tag: n who, l where, r what for, m which camera, t any tag.

? npc:alex 92 %   a suggestion; a takes all that are shown and goes on to the next picture, x turns them down
= npc:alex        sticky: what the last picture was given; a takes it, too
"""
    DEFAULT_CSS: ClassVar[str] = """
    Slots { height: auto; padding: 0 1; }
    Slots SlotLine { height: auto; }
    Slots SlotLine.-current { background: $boost; }
    """

    def compose(self) -> Iterable[Widget]:
        """A line for each facet."""
        yield from (SlotLine(facet) for facet in (*FACETS, OTHER))

    def show(
        self,
        tags: Sequence[str],
        proposals: Mapping[str, Proposal],
        *,
        current: str = "",
        thinking: bool = False,
    ) -> None:
        """Show tags; `proposals` by the name of the facet.

        `current` is the name of the facet that Enter picks for. `thinking`: suggestions are still being looked for.
        """
        for line in self.query(SlotLine):
            facet = line.facet
            line.set_class(facet.name == current, "-current")
            head = Content.assemble((f"{facet.letter} ", "bold $text-accent"), f"{facet.label:<11}")
            found = of_facet(tags, facet)
            if found:
                said = Content("  ").join(map(chip, found))
            elif facet.name in proposals:
                said = _proposed(proposals[facet.name])
            else:
                said = literal("…" if thinking and facet is not OTHER else "–", "$foreground-muted")
            line.update(Content.assemble(head, said))


def _proposed(proposal: Proposal) -> Content:
    if proposal.sticky:
        return Content.assemble(("= ", "bold $text-warning"), literal(proposal.tag, "italic"))
    sure = f" {proposal.confidence * _PERCENT:.0f} % "
    reason = literal(proposal.reason, "$foreground-muted")
    return Content.assemble(("? ", "bold $text-warning"), literal(proposal.tag, "italic"), sure, reason)
