"""What a workspace makes: specs, jobs, costs. Methods of `Workspace`, in a module of their own for their number."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any

from callsheet.project import Project
from callsheet.settings import LoadedSettings, Settings
from generation.money import usd
from ontology.terms import Ontology
from resolver import AssetResolutionRequest, AssetResolutionResult

if TYPE_CHECKING:
    from gallery.service import Gallery
    from generation.events import Hook
    from generation.ledger.reports import CostReport
    from generation.ledger.views import JobView
    from generation.service import Generation
    from generation.specs.model import Spec
    from generation.specs.service import ProjectSpecs


class MakingMethods(ABC):
    """The part of `Workspace` that makes assets, and what it needs of the rest."""

    project: Project
    loaded_settings: LoadedSettings
    _lock: RLock
    _generation: "Generation | None" = None

    @property
    @abstractmethod
    def settings(self) -> Settings:
        """The effective settings."""

    @property
    @abstractmethod
    def ontology(self) -> Ontology:
        """The project's vocabulary."""

    @property
    @abstractmethod
    def gallery(self) -> "Gallery":
        """The project's assets."""

    @abstractmethod
    def request(self, **fields: Any) -> AssetResolutionRequest:
        """A request with the project's defaults."""

    @abstractmethod
    def resolve(self, request: AssetResolutionRequest | None = None, **fields: Any) -> AssetResolutionResult:
        """References among the live assets."""

    @property
    def generation(self) -> "Generation":
        """What makes assets: `generate`, `queue`, `resolve`, `costs`, `health`."""
        from callsheet.wiring import build_generation  # noqa: PLC0415  # see above

        with self._lock:
            if self._generation is None or self._generation.context.gallery is not self.gallery:
                self._generation = build_generation(
                    self.project, self.loaded_settings, self.gallery, self._resolve_fields
                )
            return self._generation

    def generation_told(self, hook: "Hook") -> "Generation":
        """The same, telling this listener what happens, beside the log."""
        from generation.events import all_of  # noqa: PLC0415  # see above

        context = self.generation.context
        return type(self.generation)(replace(context, hook=all_of(context.hook, hook)))

    def _resolve_fields(self, fields: Mapping[str, Any]) -> AssetResolutionResult:
        return self.resolve(self.request(**fields))

    def spec_of(self, wanted: "Mapping[str, Any] | Spec") -> "Spec":
        """What is to be made: a spec as it is, or that of a prefilled call."""
        return self.generation.spec_of(wanted) if isinstance(wanted, Mapping) else wanted

    def generate(
        self,
        wanted: "Mapping[str, Any] | Spec",
        *,
        max_cost: str | float | Decimal | None = None,
        force: bool = False,
        providers: Sequence[str] = (),
        preview: bool = False,
    ) -> "JobView":
        """Make what a prefilled call or a spec says; the job when it has ended, or has to wait.

        `max_cost` is in US dollars. `preview`: of the cheapest size and quality, see `promote`. Raises BudgetError
        where a limit would be exceeded, and the error of what could not be begun; how a call failed is told by the job.
        """
        most = None if max_cost is None else usd(max_cost, what="max_cost")
        terms: dict[str, Any] = {"max_cost": most, "force": force, "providers": providers, "preview": preview}
        return self.generation.generate([self.spec_of(wanted)], **terms).only()

    def promote(self, preview: str, *, max_cost: str | float | Decimal | None = None) -> "JobView":
        """Make the final picture of a preview, named by its asset or its job; the job as `generate` has it.

        Raises as `generate`, and InvalidInputError for what is no preview.
        """
        most = None if max_cost is None else usd(max_cost, what="max_cost")
        return self.generation.promote([preview], max_cost=most).only()

    def costs(self, month: str | None = None) -> "CostReport":
        """What was spent in a UTC month (`2026-11`; None: this one), on what, and how it went."""
        return self.generation.costs(month)

    @cached_property
    def specs(self) -> "ProjectSpecs":
        """What is to be generated: `ws.specs["sprite-coin"]`, templates, drafts, imports. See `docs/generation.md`."""
        from callsheet.wiring import build_specs  # noqa: PLC0415  # loads what reads files

        return build_specs(self.project, self.settings, self.ontology)

    def draft_spec(self, gap: Mapping[str, Any]) -> dict[str, Any]:
        """A spec for a missing picture, `{id, file_name, text, tags}`; nothing is written.

        `gap` as `coverage` and results have it: `{slot, identity, wanted_role}`. Raises InvalidInputError and TagError.
        """
        return self.specs.draft(gap).to_json()

    def draft_call(self, prefill: Mapping[str, Any]) -> dict[str, Any]:
        """A spec of a prefilled call, its pictures by id, `{id, file_name, text, tags}`; nothing is written."""
        return self.specs.draft_call(prefill).to_json()

    def save_spec(self, file_name: str, text: str, *, force: bool = False) -> dict[str, Any]:
        """Write specs into a file below `specs/`, `{id, outcome, path, error}`.

        Raises SpecError with every fault of the text, InvalidInputError for the name, ConflictError for a file that is
        there.
        """
        return self.specs.save(file_name, text, force=force).to_json()

    def _close_generation(self) -> None:
        if self._generation is not None:
            self._generation.close()
            self._generation = None
