"""Giving tags to pictures: the part that Browse and Tag mode share."""

from abc import abstractmethod
from collections.abc import Sequence

from gallery import BulkResult
from tui.facets import FACETS, OTHER, Facet
from tui.screens.base import CallsheetScreen
from tui.screens.picker import Picked, PickerScreen, Shelf

_BY_NAME = {facet.name: facet for facet in (*FACETS, OTHER)}


class Picking(CallsheetScreen):
    """The screen says which tags are there, and changes them in `retag`."""

    @abstractmethod
    def retag(self, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Add and take away tags of what the screen is about."""

    @abstractmethod
    def tags_there(self) -> tuple[str, ...]:
        """The tags of the picture that is shown."""

    def about_what(self) -> str:
        """A line for the picker: which pictures it is about."""
        return ""

    def pick(self, facet: Facet) -> None:
        """Ask for a tag of a facet; Tab goes on to the next facet that is empty."""
        shelf = Shelf(self.services.ontology, self.shell.uses, self.shell.tag_sets.recent, self.tags_there())

        def done(picked: Picked) -> None:
            if picked.tag is not None:
                self.shell.tag_sets.used([picked.tag])
                self.retag(add=[picked.tag])
            if picked.onwards:
                self.after(facet, picked)

        self.app.push_screen(PickerScreen(facet, shelf, done, about=self.about_what()))

    def after(self, facet: Facet, picked: Picked) -> None:  # noqa: ARG002  # Tag mode skips what was just filled
        """Tab was pressed in a picker: go on with the facet behind it."""
        order = (*FACETS, OTHER)
        place = order.index(facet) + 1
        if place < len(order):
            self.pick(order[place])

    def do_character(self) -> None:
        """Who is on it."""
        self.pick(_BY_NAME["character"])

    def do_location(self) -> None:
        """Where it is."""
        self.pick(_BY_NAME["location"])

    def do_role(self) -> None:
        """What it is for."""
        self.pick(_BY_NAME["role"])

    def do_camera(self) -> None:
        """How it is seen."""
        self.pick(_BY_NAME["camera"])

    def do_other(self) -> None:
        """Any tag."""
        self.pick(OTHER)

    def do_remove(self) -> None:
        """Take a tag away that the picture has."""
        there = self.tags_there()
        if not there:
            self.shell.tell("there is no tag to take away", severity="warning")
            return
        shelf = Shelf(self.services.ontology, self.shell.uses, listed=there)

        def done(picked: Picked) -> None:
            if picked.tag is not None:
                self.retag(remove=[picked.tag])

        self.app.push_screen(PickerScreen(OTHER, shelf, done, title="Take away", about=self.about_what()))

    def do_set(self, number: str) -> None:
        """Apply a saved set of tags."""
        tags = self.shell.tag_sets.sets.get(number)
        if tags:
            self.retag(add=tags)
        else:
            self.shell.tell(f"set {number} is empty\n→ S in Tag mode saves the tags of a picture", severity="warning")

    def do_repeat(self) -> None:
        """Give the tags that the last picture was given."""
        last = self.shell.tag_sets.last
        if last:
            self.retag(add=last)
        else:
            self.shell.tell("no tags were given yet", severity="warning")

    def tell_failures(self, result: BulkResult) -> None:
        """Say why some could not be changed."""
        failed = result.failed
        if failed:
            first = failed[0].error
            more = f" (and {len(failed) - 1:,} more)" if len(failed) > 1 else ""
            why = "" if first is None else f"{first.message}" + (f"\n→ {first.hint}" if first.hint else "")
            self.shell.tell(f"{failed[0].id}{more}: {why}", title="Not done", severity="error")
