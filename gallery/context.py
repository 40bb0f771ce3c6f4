"""What the gallery is handed: where things are, the vocabulary, who acts and what time it is. It reads no settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gallery.store.database import Database
from ontology.normalize import Policy
from ontology.terms import Ontology

if TYPE_CHECKING:
    from gallery.index.live_index import LiveIndex


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class GalleryContext:
    """`root`: the project's folder. `data_dir`: its `.callsheet/`. `actor`: who stands in the journal for changes.

    `now` answers an aware datetime. `search_seconds`: how long one search may take. `live_index`: the resolver's index
    of this gallery, for what counts tags; without one they are counted from the assets.
    """

    root: Path
    data_dir: Path
    database: Database
    ontology: Ontology
    tag_policy: Policy = "warn"
    actor: str = ""
    now: Callable[[], datetime] = _now
    search_seconds: float = 5.0
    live_index: "LiveIndex | None" = None
