"""Small pictures for widgets that show many: read in a thread, what was asked for last first, a few hundred kept."""

from collections.abc import Callable, Sequence
from functools import partial

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from ontology.errors import CallsheetError
from tui.literal import fitted
from tui.pictures import picture_strips
from tui.widgets.picture import Finder

MOST = 400
_AT_ONCE = 6


class SmallPictures:
    """The pictures of one widget, which is drawn anew when some have been read."""

    def __init__(self, owner: Widget, find: Finder) -> None:
        self._owner, self._find = owner, find
        self._known: dict[tuple[str, int, int], Sequence[Strip]] = {}
        self._wanted: list[tuple[str, int, int]] = []
        self._reading = False

    def strips(self, asset_id: str, width: int, height: int) -> Sequence[Strip]:
        """The lines of a picture; none while it is not read yet."""
        key = (asset_id, width, height)
        found = self._known.get(key)
        if found is None:
            self._known[key] = found = ()
            self._wanted.append(key)
            if not self._reading:
                self._reading = True
                self._owner.call_after_refresh(self._begin)
        return found

    def _begin(self) -> None:
        read: Callable[[], None] = partial(self._read, colour=not self._owner.app.no_color)
        self._owner.run_worker(read, thread=True, exit_on_error=True)

    def _read(self, *, colour: bool) -> None:
        while self._wanted:
            keys = [self._wanted.pop() for _ in range(min(_AT_ONCE, len(self._wanted)))]
            drawn = {key: self._drawn(*key, colour=colour) for key in keys}
            if not (self._owner.is_attached and self._owner.app.is_running):
                return
            self._owner.app.call_from_thread(self._show, drawn)
        self._reading = False

    def _drawn(self, asset_id: str, width: int, height: int, *, colour: bool) -> Sequence[Strip]:
        try:
            return picture_strips(self._find(asset_id), width, height, colour=colour)
        except (CallsheetError, OSError, ValueError):
            return [Strip([Segment(fitted("no picture".center(width), width))], width)]

    def _show(self, drawn: dict[tuple[str, int, int], Sequence[Strip]]) -> None:
        self._known.update(drawn)
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        self._owner.refresh()
