"""What the terminal face works with. The front door makes it (`callsheet/terminal.py`)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from generation.services import MakingServices
from tui.graphics import Drawing

if TYPE_CHECKING:
    from gallery.checks.findings import Finding
    from gallery.vocabulary.service import Vocabulary
    from resolver import Scene

UNTAGGED = "-role:* or (-npc:* -player -loc:*)"
"""Which pictures still need tags: those without a role, or without anybody and any place. The resolver passes over
them."""


class Project(MakingServices, Protocol):
    """An open project, with what a person at a terminal may change in it besides its assets."""

    @property
    def vocabulary(self) -> "Vocabulary":
        """Working on the vocabulary."""
        ...

    @property
    def scenes(self) -> "Mapping[str, Scene]":
        """The scenes by id."""
        ...

    def reload_vocabulary(self) -> None:
        """Read the files of the vocabulary anew when they are next asked for."""
        ...


@dataclass(frozen=True)
class TuiContext:
    """`name`: what the project is called. `root`: its folder. `specs_dir`: where drafts of specs go.

    `state_file`: where filter, position and tag sets are kept. `keys`: id of a command → keys that replace its own.
    `untagged`: the query for what still needs tags. `clock`: seconds that only rise. `plain`: no boxes, no motion.
    `examine`: findings about the whole project as they come, given `full`, `repair` and a `progress`.
    `pictures`: how they are drawn. `notice`: told once the screen is there.
    """

    services: Project
    name: str
    root: Path
    specs_dir: Path
    state_file: Path
    clock: Callable[[], float]
    keys: Mapping[str, str] = field(default_factory=dict)
    theme: str = ""
    untagged: str = UNTAGGED
    plain: bool = False
    pictures: Drawing = "blocks"
    notice: str = ""
    version: str = ""
    examine: "Callable[..., Iterable[Finding]]" = lambda **_: ()
