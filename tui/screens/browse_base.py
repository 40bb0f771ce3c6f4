"""What the parts of Browse share: what is found, and what of it is selected."""

from tui.finding import selected_ids
from tui.jobs import Job
from tui.listing import Selection
from tui.screens.picking import Picking
from tui.widgets.walking import Walker


class BrowseBase(Picking):
    """A list and a grid over one listing, of which one is shown."""

    selection: Selection
    shows_grid = False

    @property
    def finds(self) -> Walker:
        """The list or the grid, whichever is shown."""
        return self.query_one("#grid" if self.shows_grid else "#list", Walker)

    @property
    def selected(self) -> int:
        """How many are selected."""
        return self.selection.count(self.finds.listing)

    def chosen(self, job: Job) -> list[str]:
        """The ids that an act is about: the selected ones, else the one below the cursor. Called in a thread."""
        finds = self.finds
        if self.selected:
            return selected_ids(self.services, finds.listing.query, self.selection, job)
        return [finds.current] if finds.current is not None else []
