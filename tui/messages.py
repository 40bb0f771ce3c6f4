"""What widgets tell the screens. A message carries values; the screen that gets it decides what they mean."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from generation.events import Event
    from tui.making import Ending


@dataclass
class Highlighted(Message):
    """The cursor of a list or grid stands on another place. `asset_id` is None while it is not known yet."""

    place: int
    asset_id: str | None


@dataclass
class Opened(Message):
    """Enter or a double click on an asset."""

    asset_id: str


@dataclass
class SelectionChanged(Message):
    """Other assets are selected. `count`: how many."""

    count: int


@dataclass
class ViewsWanted(Message):
    """A list shows these places and does not know their assets yet; `first` and `last` inclusive."""

    first: int
    last: int


@dataclass
class GalleryChanged(Message):
    """Somebody, perhaps another process, has changed the gallery: the journal has reached this batch."""

    batch: int
    by_us: bool


@dataclass
class VocabularyChanged(Message):
    """The ontology was read anew."""


@dataclass
class EngineTold(Message):
    """Something that is made here has come a step further. For the app, from a thread of the engine."""

    event: "Event"


@dataclass
class RunEnded(Message):
    """A run is over. For the app, from its thread."""

    ending: "Ending"


@dataclass
class QueueChanged(Message, bubble=False):
    """A job stands elsewhere; None: nobody says which."""

    event: "Event | None" = None
