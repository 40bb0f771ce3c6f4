"""What a face needs of a project in which things are made, beyond the gallery."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from gallery.services import Services

if TYPE_CHECKING:  # a protocol needs no more than the names
    from generation.events import Hook
    from generation.service import Generation
    from generation.specs.model import Spec
    from generation.specs.service import ProjectSpecs


class MakingServices(Services, Protocol):
    """An open project in which things are made; safe to use from many threads."""

    @property
    def specs(self) -> "ProjectSpecs":
        """What is to be made, templates, and the reading of specs that somebody sends."""
        ...

    @property
    def generation(self) -> "Generation":
        """Jobs, costs, health."""
        ...

    def generation_told(self, hook: "Hook") -> "Generation":
        """The same, telling this listener what happens."""
        ...

    def spec_of(self, wanted: "Mapping[str, Any] | Spec") -> "Spec":
        """What a prefilled call makes."""
        ...
