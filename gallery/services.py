"""What a face needs of the project it shows. The front door hands in whatever has these methods."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:  # a protocol needs no more than the names
    from gallery.drawing.heat_map import HeatMap
    from gallery.index.live_index import LiveIndex
    from gallery.project_files import FileFault, Refreshed
    from gallery.service import Gallery
    from gallery.setup import Setup
    from gallery.views import AssetView
    from gallery.vocabulary.service import Vocabulary
    from ontology.diagnostics import Diagnostic
    from ontology.terms import Ontology
    from resolver import AssetResolutionRequest, AssetResolutionResult, Scene


class Asked(Protocol):
    """One question: a request, the action block it came from, and the shot of a scene that it is."""

    @property
    def request(self) -> "AssetResolutionRequest":
        """What is asked for."""
        ...

    @property
    def block(self) -> Mapping[str, Any] | None:
        """The action block, or what a shot says in its place."""
        ...

    @property
    def shot(self) -> str | None:
        """The id of the shot."""
        ...


class BlockSource(Protocol):
    """The project's action blocks."""

    @property
    def blocks(self) -> Mapping[str, Mapping[str, Any]]:
        """By id."""
        ...

    @property
    def diagnostics(self) -> "Sequence[Diagnostic]":
        """Every fault of their files."""
        ...


class SpecPlace(Protocol):
    """Where a spec stands."""

    @property
    def file(self) -> str:
        """Relative to the project where it lies in it."""
        ...


class SpecView(Protocol):
    """What a face needs of a spec."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def tags(self) -> Sequence[str]:
        """What its result will be tagged with."""
        ...

    @property
    def place(self) -> SpecPlace | None:
        """Where it stands; None for one of no file."""
        ...


class Services(Protocol):
    """An open project; safe to use from many threads."""

    @property
    def gallery(self) -> "Gallery":
        """Its assets."""
        ...

    @property
    def ontology(self) -> "Ontology":
        """Its vocabulary."""
        ...

    @property
    def vocabulary(self) -> "Vocabulary":
        """Working on the vocabulary: each change is a batch, and a dry run tells what it would touch."""
        ...

    @property
    def live_index(self) -> "LiveIndex":
        """The resolver's index of its live assets."""
        ...

    @property
    def block_files(self) -> BlockSource:
        """Its action blocks."""
        ...

    @property
    def scenes(self) -> "Mapping[str, Scene]":
        """Its scenes by id. Raises `InvalidInputError` with every fault of their file."""
        ...

    def setup(self) -> "Setup":
        """How the project is set up, without a secret."""
        ...

    def refresh(self) -> "Refreshed":
        """Take in what anybody changed in the files of vocabulary, blocks and scenes; a face calls it every second."""
        ...

    @property
    def file_faults(self) -> "Sequence[FileFault]":
        """Changed files that cannot be used; what they said before is in use."""
        ...

    def ask(
        self,
        fields: Mapping[str, Any],
        *,
        block: str | Mapping[str, Any] | None = None,
        scene: str | None = None,
        prompt: str | None = None,
        may_be_empty: bool = False,
    ) -> Sequence[Asked]:
        """One request, or one for each shot of a scene; `fields` win over what a block, scene or prompt says."""
        ...

    def live_asset(self, asset_id: str) -> "AssetView":
        """The asset, which the resolver must be able to see."""
        ...

    def resolve(self, request: "AssetResolutionRequest") -> "AssetResolutionResult":
        """The answer among the live assets."""
        ...

    def prefill(
        self,
        operation: str,
        result: "AssetResolutionResult",
        *,
        prompt: str | None = None,
        source_asset: Any | None = None,
        action_block: str | Mapping[str, Any] | None = None,
        max_inputs: int | None = None,
    ) -> dict[str, Any]:
        """The parameters of a generation call."""
        ...

    def coverage(self) -> dict[str, Any]:
        """How many pictures everybody and every place has."""
        ...

    def coverage_map(self) -> "HeatMap":
        """The same as tables of numbers: every role of everybody in every view."""
        ...

    @property
    def specs(self) -> Mapping[str, SpecView]:
        """What is to be made, by id: the specs that are sound."""
        ...

    def draft_spec(self, gap: Mapping[str, Any]) -> Mapping[str, Any]:
        """A generation spec for a missing picture, `{id, file_name, text, tags}`; nothing is written.

        `gap`: `{slot, identity, wanted_role}` as `coverage` and results have it, and `camera` where a view is missing.
        """
        ...

    def draft_call(self, prefill: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same of a prefilled call: its operation, prompt and pictures."""
        ...

    def request_about(self, asset_id: str) -> "AssetResolutionRequest":
        """What goes with a picture, by its tags."""
        ...

    def save_spec(self, file_name: str, text: str, *, force: bool = False) -> Mapping[str, Any]:
        """Write specs into a file below `specs/`, `{id, outcome, path, error}`. Faults of the text are raised."""
        ...

    def explain(self, request: "AssetResolutionRequest", asset_id: str) -> list[dict[str, Any]]:
        """Why an asset is not the answer."""
        ...

    def operations(self, asset_id: str) -> list[dict[str, Any]]:
        """What could be made of an asset."""
        ...
