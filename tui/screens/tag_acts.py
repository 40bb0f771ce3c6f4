"""The part of Tag mode that does something with the picture, and goes from one to the next."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gallery import AssetView, BulkResult
from tui.facets import FACETS, OTHER, of_facet
from tui.jobs import Job
from tui.queue import Pace, TagQueue
from tui.screens.number import NumberScreen
from tui.screens.picking import Picking
from tui.subject import Subject
from tui.widgets.slots import Proposal

_SLOTS = (*FACETS, OTHER)


@dataclass(frozen=True, slots=True)
class Tagged:
    """What became of a change, the picture after it, and whether it still needs tags."""

    result: BulkResult
    view: AssetView | None
    untagged: bool

    @property
    def batch(self) -> int | None:
        """The batch that was written."""
        return self.result.batch


class TagActs(Picking):
    """Commands over the picture that the queue stands on."""

    queue: TagQueue
    pace: Pace
    view: AssetView | None = None
    suggested: list[Proposal] | None = None
    accept_when_known = False
    is_sticky = False
    slot = -1

    def __init__(self, subject: Subject | None = None) -> None:
        super().__init__(subject)
        self.proposals: dict[str, Proposal] = {}
        self.pending: list[str] = []
        self._been: list[str] = []
        self._given: dict[str, list[str]] = {}

    @abstractmethod
    def load(self) -> None:
        """Show the picture that the queue stands on."""

    @abstractmethod
    def show_tags(self) -> None:
        """Show its tags."""

    @abstractmethod
    def show_status(self) -> None:
        """Show how it goes."""

    def tags_there(self) -> tuple[str, ...]:
        """The tags of the picture that is shown."""
        return () if self.view is None else self.view.tags

    def change_tags(self, asset_id: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Add and take away tags of one picture; what does not go together with an added tag gives way."""
        gallery = self.services.gallery

        def work(_: Job) -> Tagged:
            return self._outcome(asset_id, gallery.tag(asset_id, add=add, remove=remove, replace=True))

        given = [*self._given.get(asset_id, ()), *add]
        self._given = {asset_id: [tag for tag in dict.fromkeys(given) if tag not in remove]}
        self.shell.tag_sets.last = self._given[asset_id]
        self._change("Tagging", asset_id, work)

    def _change(self, title: str, asset_id: str, work: Callable[[Job], Tagged]) -> None:
        def undone() -> None:
            self.pending.remove(asset_id)
            self.queue.settle(asset_id, untagged=True)
            self.show_status()

        self.pending.append(asset_id)
        self.shell.change(title, work, lambda tagged: self._tagged(asset_id, tagged), undone=undone)

    def _outcome(self, asset_id: str, result: BulkResult) -> Tagged:
        gallery = self.services.gallery
        view = gallery.views([asset_id]).get(asset_id)
        return Tagged(result, view, gallery.count(f"id:{asset_id} ({self.context.untagged})") > 0)

    def _tagged(self, asset_id: str, tagged: Tagged) -> None:
        self.tell_failures(tagged.result)
        self.pending.remove(asset_id)
        self.queue.settle(asset_id, untagged=tagged.untagged)
        if tagged.batch is not None:
            self.pace.tagged(asset_id, self.context.clock())
        if asset_id == self.queue.current:
            self.view = tagged.view
            self.show_tags()
        self.show_status()

    def do_accept(self) -> None:
        """Take what is shown as suggested, and go on to the next that needs tags."""
        current = self.queue.current
        if current is None:
            return
        if self.suggested is None:
            self.accept_when_known = True
            return
        sticky = [one.tag for one in self.proposals.values() if one.sticky]
        offered = [one.tag for one in self.proposals.values() if not one.sticky]
        if sticky:
            self.change_tags(current, sticky)
        if offered:
            gallery = self.services.gallery
            self._change(
                "Accepting", current, lambda _: self._outcome(current, gallery.accept(current, offered).result)
            )
            self.shell.tag_sets.used(offered)
        if offered or sticky:
            self.queue.settle(current, untagged=False)
        self.do_next()

    def do_reject(self) -> None:
        """Turn what is suggested down: it is not suggested again for this picture."""
        current = self.queue.current
        tags = [one.tag for one in self.proposals.values() if not one.sticky]
        if current is None or not tags:
            self.shell.tell("nothing is suggested", severity="warning")
            return

        def done(result: BulkResult) -> None:
            self.tell_failures(result)
            if current == self.queue.current:
                self.look_for_suggestions(current)

        self.shell.change("Turning down", lambda _: self.services.gallery.reject(current, tags), done)

    @abstractmethod
    def look_for_suggestions(self, asset_id: str) -> None:
        """Ask the gallery what may fit."""

    def do_next(self) -> None:
        """The next that needs tags."""
        here = self.queue.current
        if self.queue.next_untagged():
            self._left(here)
        elif here is not None and not self.queue.remaining:
            self.shell.tell("everything here is tagged")
            self.show_tags()
            self.show_status()
        else:
            self.shell.tell("this is the last one that needs tags")

    def do_forward(self) -> None:
        """The next in order."""
        self._step(1)

    def do_backward(self) -> None:
        """The one before in order."""
        self._step(-1)

    def _step(self, by: int) -> None:
        here = self.queue.current
        if self.queue.step(by):
            self._left(here)

    def _left(self, asset_id: str | None) -> None:
        if asset_id is not None:
            self._been.append(asset_id)
        self.load()

    def do_previous(self) -> None:
        """Back to where one was."""
        while self._been:
            if self.queue.go_to(self._been.pop()):
                self.load()
                return
        self.shell.tell("this is where you began")

    def do_next_slot(self) -> None:
        """Mark the next facet."""
        self.slot = (self.slot + 1) % len(_SLOTS)
        self.show_tags()

    def do_previous_slot(self) -> None:
        """Mark the facet before."""
        self.slot = (self.slot - 1) % len(_SLOTS)
        self.show_tags()

    def do_slot(self) -> None:
        """Pick for the marked facet, else for the first that is empty."""
        empty = next((facet for facet in FACETS if not of_facet(self.tags_there(), facet)), OTHER)
        self.pick(_SLOTS[self.slot] if self.slot >= 0 else empty)

    def do_sticky(self) -> None:
        """Offer the tags given last for every picture, or no longer."""
        self.is_sticky = not self.is_sticky
        self.show_tags()
        self.show_status()

    def do_save_set(self) -> None:
        """Save the tags of the picture under a number."""
        tags = self.tags_there()
        if not tags:
            self.shell.tell("this picture has no tags to save", severity="warning")
            return

        def done(number: str | None) -> None:
            if number is not None:
                self.shell.tag_sets.save(number, tags)
                self.show_tags()
                self.shell.tell(f"{number} now gives {' '.join(tags)}")

        self.app.push_screen(NumberScreen(self.shell.tag_sets.sets), done)

    def do_trash(self) -> None:
        """Move the picture to the trash and go on."""
        current = self.queue.current
        if current is None:
            return

        def done(result: BulkResult) -> None:
            self.tell_failures(result)
            self.shell.tell("in the trash; z takes it back")

        self.shell.change("Moving to the trash", lambda _: self.services.gallery.trash(current), done)
        self.queue.settle(current, untagged=False)
        self.do_next()

    def do_copy_id(self) -> None:
        """Copy the id."""
        if self.queue.current is not None:
            self.shell.copy_to_clipboard(self.queue.current)
            self.shell.tell(f"copied {self.queue.current}")
