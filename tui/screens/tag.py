"""Tag mode: one picture after the other, four facets, suggestions, and keys that do much."""

from array import array
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from gallery import AssetView
from tui.commands.registry import Command
from tui.commands.tag import PICKING, TAG
from tui.facets import FACETS, OTHER, Facet, of_facet
from tui.finding import all_numbers
from tui.jobs import Job
from tui.listing import number_of
from tui.literal import literal
from tui.messages import GalleryChanged
from tui.proposals import proposals_for
from tui.queue import Pace, TagQueue
from tui.screens.picker import Picked
from tui.screens.tag_acts import TagActs
from tui.subject import Subject
from tui.widgets.job_line import JobLine
from tui.widgets.picture import Picture
from tui.widgets.slots import Proposal, Slots

_SUGGESTED = 40
_SLOTS = (*FACETS, OTHER)


class TagScreen(TagActs):
    """`subject.ids` in their order, else what `subject.query` finds; it begins at `subject.at`."""

    NAME: ClassVar[str] = "tag"
    OWN: ClassVar[tuple[Command, ...]] = (*TAG, *PICKING)
    HELP = Slots.HELP
    DEFAULT_CSS = """
    TagScreen #picture { width: 1fr; }
    TagScreen #sheet { width: 58; max-width: 60%; }
    TagScreen #name { height: auto; max-height: 3; padding: 0 1; text-style: bold; }
    TagScreen #note { height: auto; padding: 1 1 0 1; color: $text-muted; }
    TagScreen.-narrow #middle { layout: vertical; }
    TagScreen.-narrow #sheet { width: 1fr; max-width: 100%; height: auto; }
    TagScreen.-narrow #note { display: none; }
    """

    def __init__(self, subject: Subject | None = None) -> None:
        super().__init__(subject)
        self.queue = TagQueue(array("Q"), ())
        self.pace = Pace()

    def compose(self) -> ComposeResult:
        """Picture, slots, how it goes, keys."""
        with Horizontal(id="middle"):
            yield Picture(self.thumbnail, id="picture")
            with Vertical(id="sheet"):
                yield Static("", id="name", markup=False)
                yield Slots()
                yield Static("", id="note", markup=False)
        yield Static("", id="status", markup=False)
        yield JobLine()
        yield self.keys()

    def on_mount(self) -> None:
        """Read the order, and which of it needs tags."""
        self.shell.run_job("Reading what needs tags", self._read_queue, self._begin, group="queue")

    def _read_queue(self, job: Job) -> TagQueue:
        order = array("Q", map(number_of, self.subject.ids))
        if not self.subject.ids:
            order = all_numbers(self.services, self.subject.query or "", job)
        return TagQueue(order, self._read_untagged(job))

    def _read_untagged(self, job: Job) -> Iterable[int]:
        untagged, query = self.context.untagged, self.subject.query or ""
        if self.subject.ids:
            wanted = set(map(number_of, self.subject.ids))
            return wanted.intersection(all_numbers(self.services, untagged, job))
        return all_numbers(self.services, f"({query}) ({untagged})" if query.strip() else untagged, job)

    def _begin(self, queue: TagQueue) -> None:
        self.queue = queue
        if self.subject.at is None or not queue.go_to(self.subject.at):
            queue.next_untagged(from_here=True)
        self.load()

    def load(self) -> None:
        """Show the picture that the queue stands on, then what is suggested for it."""
        current = self.queue.current
        self.suggested = None
        self.accept_when_known = False
        self.slot = -1
        self.query_one(Picture).show(current)
        if current is None:
            self.view = None
            self.query_one("#name", Static).update(literal("there is no picture here; Esc leaves"))
            return
        self.shell.run_job("", lambda _: self.services.gallery.views([current]), self._seen, group="view", quiet=True)
        self.look_for_suggestions(current)
        self.show_status()

    def _seen(self, views: dict[str, AssetView]) -> None:
        current = self.queue.current
        self.view = views.get(current) if current is not None else None
        self.show_tags()

    def look_for_suggestions(self, asset_id: str) -> None:
        """Ask the gallery what may fit."""

        def work(_: Job) -> list[Proposal]:
            found = self.services.gallery.suggest([asset_id], limit=_SUGGESTED).assets
            return [
                Proposal(one.tag, one.confidence, one.sources[0].reason if one.sources else "")
                for item in found
                for one in item.suggestions
            ]

        def done(found: list[Proposal]) -> None:
            if asset_id == self.queue.current:
                self.suggested = found
                self.show_tags()
                if self.accept_when_known:
                    self.do_accept()

        self.shell.run_job("", work, done, group="suggest", quiet=True)

    def show_tags(self) -> None:
        """Show tags and suggestions of the picture."""
        view = self.view
        tags = () if view is None else view.tags
        self.proposals = proposals_for(tags, self.suggested or (), self.shell.tag_sets.last if self.is_sticky else ())
        current = _SLOTS[self.slot].name if self.slot >= 0 else ""
        self.query_one(Slots).show(tags, self.proposals, current=current, thinking=self.suggested is None)
        self.query_one("#name", Static).update(literal("" if view is None else view.path))
        self.query_one("#note", Static).update(self._note())

    def _note(self) -> str:
        sets = self.shell.tag_sets.sets
        return "\n".join(literal(f"{number}  {' '.join(tags)}", limit=200).plain for number, tags in sets.items())

    def show_status(self) -> None:
        """How many are left, and how fast it goes."""
        rate = self.pace.per_minute(self.context.clock())
        parts = [
            f"{self.queue.remaining:,} untagged of {len(self.queue):,}",
            *([f"{rate:.0f} a minute"] if rate is not None else []),
            *(["sticky"] if self.is_sticky else []),
        ]
        self.query_one("#status", Static).update(literal(" · ".join(parts)))

    @on(Slots.Chosen)
    def _slot_clicked(self, message: Slots.Chosen) -> None:
        self.pick(message.facet)

    @on(GalleryChanged)
    def _gallery_changed(self) -> None:
        current = self.queue.current
        if current is not None:
            self.shell.run_job(
                "", lambda _: self.services.gallery.views([current]), self._seen, group="view", quiet=True
            )
        self.shell.run_job("", self._read_untagged, self._counted, group="untagged", quiet=True)

    def _counted(self, untagged: Iterable[int]) -> None:
        self.queue.settle_all(untagged, but=self.pending)
        self.show_status()

    def after(self, facet: Facet, picked: Picked) -> None:
        """Tab: the next facet that is still empty."""
        tags = (*self.tags_there(), *([picked.tag] if picked.tag else []))
        order = FACETS[FACETS.index(facet) + 1 :] if facet in FACETS else ()
        following = next((one for one in order if not of_facet(tags, one)), None)
        if following is not None:
            self.pick(following)

    def retag(self, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Change the tags of the picture that is shown."""
        if self.queue.current is not None:
            self.change_tags(self.queue.current, add, remove)
