"""Small pictures for widgets that show many: read in a thread, what was asked for last first, a few hundred kept."""

from collections.abc import Mapping, Sequence
from functools import partial

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from ontology.errors import CallsheetError
from tui.literal import fitted
from tui.pictures import picture_strips
from tui.widgets.picture import Finder

MOST = 600
_AT_ONCE = 8


class SmallPictures:
    """The pictures of one widget, all of one size. It is drawn anew when some have been read."""

    def __init__(self, owner: Widget, find: Finder) -> None:
        self._owner, self._find = owner, find
        self._size = (0, 0)
        self._known: dict[str, Sequence[Strip]] = {}
        self._wanted: list[str] = []
        self._reading = False

    def strips(self, asset_id: str, width: int, height: int) -> Sequence[Strip]:
        """The lines of a picture in so many columns and rows; none while it is not read yet."""
        if self._size != (width, height):
            self._size = (width, height)
            self._known.clear()
            self._wanted.clear()
        found = self._known.get(asset_id)
        if found is None:
            self._known[asset_id] = found = ()
            self._wanted.append(asset_id)
            if not self._reading:
                self._reading = True
                self._owner.call_after_refresh(self._read_on)
        return found

    def _read_on(self) -> None:
        """Have the next few read, if any are wanted. Only here, in the widget's own thread, reading is said to end."""
        asked = [self._wanted.pop() for _ in range(min(_AT_ONCE, len(self._wanted)))]
        self._reading = bool(asked)
        if asked:
            read = partial(self._read, asked, self._size, colour=not self._owner.app.no_color)
            self._owner.run_worker(read, thread=True, exit_on_error=True)

    def _read(self, asked: Sequence[str], size: tuple[int, int], *, colour: bool) -> None:
        drawn = {asset_id: self._drawn(asset_id, size, colour=colour) for asset_id in asked}
        if self._owner.is_attached and self._owner.app.is_running:
            self._owner.app.call_from_thread(self._show, drawn, size)

    def _drawn(self, asset_id: str, size: tuple[int, int], *, colour: bool) -> Sequence[Strip]:
        width, height = size
        try:
            return picture_strips(self._find(asset_id), width, height, colour=colour)
        except (CallsheetError, OSError, ValueError):
            return [Strip([Segment(fitted("no picture".center(width), width))], width)]

    def _show(self, drawn: Mapping[str, Sequence[Strip]], size: tuple[int, int]) -> None:
        if size == self._size:  # else they were asked for again since
            self._known.update(drawn)
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        self._owner.refresh()
        self._read_on()
