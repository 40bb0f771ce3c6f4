"""What generation is handed: the gallery, the ledger, providers, limits, storage. It reads no settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from generation.engine.gates import Gates
from generation.engine.owners import Owner
from generation.engine.routing import Route
from generation.events import Event, Hook
from generation.ledger.book import Book
from generation.manifest.integrating import ManifestPlan
from generation.providers.base import Provider
from generation.storage.base import Storage
from generation.storage.folder import FolderStorage

if TYPE_CHECKING:
    from gallery import Gallery
    from resolver import AssetResolutionResult


def _nobody(event: Event) -> None:
    del event


@dataclass(frozen=True)
class GenerationContext:
    """`results` keeps what was bought, as it came; `assets` is the project's `assets/`, where it goes in the end.

    `route` reads one name of a chain. `month_budget` and those of `provider_budgets` are in dollars for each UTC month.
    `stand_ins`: whether `local` serves where all that lacks is a key. `call_seconds`: what one call may take, polls
    included. `resolve` answers an input's request. `monotonic` tells seconds, `chance` gives a number from 0 to 1.
    `style` is added to the prompt of every picture. `manifest`: where entries go and what follows; `reports` keeps
    those of runs; None for none.
    """

    gallery: "Gallery"
    book: Book
    owner: Owner
    providers: Mapping[str, Provider]
    route: Callable[[str, str], Route]
    results: Storage
    assets: FolderStorage
    gates: Gates
    monotonic: Callable[[], float]
    chance: Callable[[], float]
    resolve: "Callable[[Mapping[str, Any]], AssetResolutionResult]"
    month_budget: Decimal
    provider_budgets: Mapping[str, Decimal] = field(default_factory=dict)
    default_chain: tuple[str, ...] = ("local",)
    workers: int = 4
    stand_ins: bool = True
    style: str = ""
    call_seconds: float = 600.0
    hook: Hook = _nobody
    manifest: ManifestPlan | None = None
    reports: Storage | None = None

    @property
    def call_time(self) -> timedelta:
        """What one call may take."""
        return timedelta(seconds=self.call_seconds)
