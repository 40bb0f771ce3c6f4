"""What the HTTP face works with. The front door makes it (`callsheet/wiring.py`)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from api.happenings import Happenings
from api.meters import Meters, NoMeters
from gallery.checks.content import Progress
from gallery.checks.findings import Finding
from generation.background import Background
from generation.service import Generation
from generation.services import MakingServices

MEBIBYTE = 1024 * 1024

TokenCheck = Callable[[str], frozenset[str] | None]
"""The scopes of a token; None for one that is unknown or was revoked."""


Examine = Callable[[bool, bool, Progress | None], Iterator[Finding]]
"""The doctor: whether every file is read, whether what can be mended is mended, who is told; what was found."""


@dataclass(frozen=True)
class ApiContext:
    """`uploads`: the folder that uploads go to. `hosts`: the names under which the server may be addressed, lower case.

    `project`: what the pages call the project.
    `origins`: foreign pages that may call. `tokens` checks a token; None lets everybody in, as on loopback.
    `public_url` leads every URL of an asset; empty: they begin with `/v1`. Limits are in bytes. `stopping` is set when
    the server goes down, so that streams end; `leaving` when it is not to wait for calls either that were sent.
    `meters` count what is asked. `background` makes what is ordered, and `happenings` are told of it.
    """

    services: MakingServices
    examine: Examine
    background: Background
    happenings: Happenings
    uploads: Path
    version: str
    project: str = ""
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "::1"})
    origins: tuple[str, ...] = ()
    tokens: TokenCheck | None = None
    public_url: str = ""
    json_limit: int = MEBIBYTE
    upload_limit: int = 64 * MEBIBYTE
    stopping: Event = field(default_factory=Event)
    leaving: Event = field(default_factory=Event)
    meters: Meters = field(default_factory=NoMeters)

    @property
    def generation(self) -> Generation:
        """What makes things, telling whoever follows."""
        return self.services.generation_told(self.happenings.tell)

    def asset_url(self, asset_id: str) -> str:
        """Where the file of an asset is served."""
        return asset_url(self.public_url, asset_id)


def asset_url(public_url: str, asset_id: str) -> str:
    """Where a server of this public address serves the file of an asset."""
    return f"{public_url.rstrip('/')}/v1/assets/{asset_id}/file"
