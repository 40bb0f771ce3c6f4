"""The gallery as a list: one line for each asset, drawn when it is seen."""

from collections.abc import Iterator

from textual.strip import Strip

from gallery import AssetView
from tui.facets import FACETS, OTHER, facet_of
from tui.literal import Piece, fitted, strip_of
from tui.widgets.walking import Walker

_ID_WIDTH = 9
_NAME_SHARE = 0.34
_NAME_LEAST, _NAME_MOST = 14, 40


class AssetList(Walker):
    """Mark, id, name, rating and tags of each asset."""

    HELP = """
The list of what the filter finds.

↑ ↓ PgUp PgDn Home End   move
Space        select and step on          v   begin a range, Shift+↑↓ extend one
*            select all that matches     Esc let the selection go
Enter        look at the picture         /   filter

● is selected, ★ the rating. Tags show their namespace: npc:… who, loc:… where, role:… what for, camera:… how.
"""

    def render_line(self, y: int) -> Strip:
        """One line of what is seen."""
        place = y + round(self.scroll_offset.y)
        width = self.scrollable_content_region.width
        if place >= self.listing.total:
            return self.empty_line(y)
        view = self.listing.view_at(place)
        if view is None:
            self.ask_for(place)
            pieces: Iterator[Piece] = iter([("  ", None), (self.listing.id_at(place) or "…", self.look("dim"))])
        else:
            pieces = self._pieces(view, width)
        return strip_of(pieces, width, self.ground(place))

    def _pieces(self, view: AssetView, width: int) -> Iterator[Piece]:
        yield ("● " if view.id in self.selection else "  "), self.look("mark")
        name_width = min(_NAME_MOST, max(_NAME_LEAST, int(width * _NAME_SHARE)))
        if width >= 100:  # noqa: PLR2004  # where there is room for an id
            yield f"{view.id[: _ID_WIDTH - 1]} ", self.look("dim")
        yield fitted(view.path.rpartition("/")[2], name_width - 1) + " ", self.look("head")
        yield (f"★{view.rating} " if view.rating else "   "), self.look("mark")
        yield from tag_pieces(self, view.tags)


def tag_pieces(walker: Walker, tags: tuple[str, ...]) -> Iterator[Piece]:
    """The tags, those of the four facets first, each in the colour of its facet."""
    order = {facet.name: place for place, facet in enumerate((*FACETS, OTHER))}
    for tag in sorted(tags, key=lambda one: order[facet_of(one).name]):
        yield f"{tag}  ", walker.look(facet_of(tag).name)
    if not tags:
        yield "no tags yet", walker.look("dim")
