"""`Workspace`: the library's front door (contract §4). Synchronous, thread-safe, usable from an async server."""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from callsheet.asking import Asked, ask
from callsheet.block_files import BlockFiles
from callsheet.held_files import HeldFiles
from callsheet.planning import PlanningMethods, SceneRequest
from callsheet.project import Project, find_project
from callsheet.settings import LoadedSettings, Settings, load_settings
from gallery.project_files import FileFault, Refreshed
from ontology.errors import NotFoundError
from ontology.terms import Ontology
from resolver import (
    AssetResolutionRequest,
    AssetResolutionResult,
    Scene,
    coverage,
    coverage_views,
    explain_asset,
    prefill_operation,
    request_about,
    request_from_action_block,
    request_from_prompt,
    requests_of,
    resolve_assets_for_action,
    suggest_operations,
)

if TYPE_CHECKING:
    from gallery.drawing.heat_map import HeatMap
    from gallery.index.live_index import LiveIndex
    from gallery.service import Gallery
    from gallery.setup import Setup
    from gallery.views import AssetView
    from gallery.vocabulary.service import Vocabulary


class Workspace(PlanningMethods):
    """One open project. Parts are loaded when first asked for; `close` it, or use it in a `with` statement.

    `asset_url` makes the URL of an asset that is resolved, of its id; None: the URI of its file.
    """

    def __init__(
        self, project: Project, loaded: LoadedSettings, *, asset_url: Callable[[str], str] | None = None
    ) -> None:
        self.project = project
        self.asset_url = asset_url
        self.loaded_settings = loaded
        self._lock = threading.RLock()
        self._files = HeldFiles(project)
        self._gallery: Gallery | None = None

    @classmethod
    def open(cls, path: str | Path = ".", **flags: Any) -> Self:
        """Open the project that `path` lies in: the nearest `callsheet.toml` upwards. Creates nothing.

        What a killed program left half-written is finished or taken back, see `gallery.store.drafts`.
        `flags` are settings that win over every file and variable. Raises NotFoundError (`no_project`) and
        InvalidInputError (`invalid_settings`).
        """
        project = find_project(Path(path))
        opened = cls(project, load_settings(project, flags))
        if project.drafts_file.exists():
            from callsheet.wiring import finish_drafts  # noqa: PLC0415  # seldom needed

            finish_drafts(project)
        return opened

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database. The workspace can be used again afterwards."""
        with self._lock:
            if self._gallery is not None:
                self._gallery.context.database.close()
                self._gallery = None
            self._close_generation()
            if "live_index" in self.__dict__:
                self.live_index.close()

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.project.root

    @property
    def settings(self) -> Settings:
        """The effective settings."""
        return self.loaded_settings.values

    @property
    def ontology(self) -> Ontology:
        """The project's vocabulary over the built-in one. Raises OntologyError with every fault of the load."""
        return self._files.ontology

    @property
    def gallery(self) -> "Gallery":
        """The project's assets: `add`, `tag`, `search`, `undo` and the rest."""
        from callsheet.wiring import build_gallery_context  # noqa: PLC0415  # loads the database library
        from gallery.service import Gallery  # noqa: PLC0415  # see above

        with self._lock:
            if self._gallery is None:
                context = build_gallery_context(self.project, self.settings, self.ontology, self.live_index)
                self._gallery = Gallery(context)
            return self._gallery

    @property
    def vocabulary(self) -> "Vocabulary":
        """Working on the vocabulary: `rename`, `merge`, `deprecate`, `add`, `usage`, `orphans`."""
        from callsheet.wiring import build_vocabulary  # noqa: PLC0415  # see above

        return build_vocabulary(self.project, self.gallery.context, self.reload_vocabulary)

    def setup(self) -> "Setup":
        """The settings in effect with their sources, places, versions, tokens by name, followed folders; no secrets."""
        from callsheet.describing import describe  # noqa: PLC0415  # see above

        return describe(self.project, self.loaded_settings, self.gallery.context)

    def reload_vocabulary(self) -> None:
        """Read the files of the vocabulary, blocks, scenes and specs anew when they are next asked for.

        `vocabulary` does so after its own changes; call it, or `refresh`, when they changed otherwise, by an undo among
        others. Raises OntologyError where the vocabulary cannot be used.
        """
        self._files.forget()
        self._renew_gallery()

    def refresh(self) -> Refreshed:
        """Look at the files of vocabulary, blocks, scenes and specs; take in what anybody changed since they were read.

        What cannot be used after a change leaves what was read before in use, and stands in `file_faults` until it is
        mended. Costs a look at the time and size of each file: a program that stays open calls it about every second.
        """
        found = self._files.refresh()
        if "ontology" in found.taken:
            self._renew_gallery()
        elif "specs" in self.__dict__:
            self.specs.refresh()
        return found

    @property
    def file_faults(self) -> tuple[FileFault, ...]:
        """What is wrong with files that were changed since they were read. See `refresh`."""
        return self._files.faults

    def _renew_gallery(self) -> None:
        with self._lock:
            self.__dict__.pop("specs", None)
            if self._gallery is not None:
                self._gallery = type(self._gallery)(replace(self._gallery.context, ontology=self.ontology))

    @cached_property
    def live_index(self) -> "LiveIndex":
        """The resolver's index of the live assets, in step with whatever any process changes."""
        from callsheet.wiring import build_live_index  # noqa: PLC0415  # see above

        return build_live_index(self.project, self.asset_url)

    @property
    def block_files(self) -> BlockFiles:
        """The action blocks as they lie in `blocks/`, with every fault of the files."""
        return self._files.blocks

    @property
    def blocks(self) -> Mapping[str, Mapping[str, Any]]:
        """The project's action blocks by id; those that cannot be read are left out (see `block_files`)."""
        return self.block_files.blocks

    def block(self, block_id: str) -> Mapping[str, Any]:
        """One action block. Raises NotFoundError naming the nearest ids."""
        return self.blocks[block_id]

    def request(self, **fields: Any) -> AssetResolutionRequest:
        """A request with the project's defaults."""
        return AssetResolutionRequest(**{"max_results": self.settings.resolve.max_results} | fields)

    def request_from_block(self, block: str | Mapping[str, Any], **fields: Any) -> AssetResolutionRequest:
        """The request behind an action block, given by id or as a mapping, with the project's defaults."""
        found = self.block(block) if isinstance(block, str) else block
        defaults = {"max_results": self.settings.resolve.max_results}
        return request_from_action_block(found, ontology=self.ontology, **defaults | fields)

    @property
    def scenes(self) -> Mapping[str, Scene]:
        """The project's scenes by id. Raises SceneFileError and SceneError with every fault of the file."""
        return self._files.scenes

    def request_about(self, asset_id: str) -> AssetResolutionRequest:
        """What goes with a picture, by its tags. See `resolver.request_about`. Raises NotFoundError."""
        return request_about(
            self.live_asset(asset_id), ontology=self.ontology, max_results=self.settings.resolve.max_results
        )

    def scene_requests(self, name: str) -> list[SceneRequest]:
        """Each shot of a scene, or the one shot that `SCENE/SHOT` names. Raises NotFoundError."""
        scene_id, _, shot_id = (name, "", "") if name in self.scenes else name.rpartition("/")
        scene_id = scene_id or name
        if scene_id not in self.scenes:
            raise _unknown("scene", scene_id, list(self.scenes), "write it into scenes.yaml")
        shots = self.requests_of_scene(self.scenes[scene_id])
        chosen = [one for one in shots if shot_id in ("", one.shot)]
        if not chosen:
            raise _unknown("shot", shot_id, [one.shot for one in shots], f"scene {scene_id} has other shots")
        return chosen

    def requests_of_scene(self, scene: Scene) -> list[SceneRequest]:
        """Each shot of a scene, which need not be one of the project's, with the project's defaults."""
        prompts = {shot.id: shot.prompt for shot in scene.shots}
        written = {shot.id: shot.overrides for shot in scene.shots}
        return [
            SceneRequest(shot, self._with_defaults(request, written.get(shot, ())), prompts.get(shot))
            for shot, request in requests_of(scene)
        ]

    def request_from_prompt(self, text: str, **fields: Any) -> AssetResolutionRequest:
        """The request that is written in a prompt, with the project's defaults."""
        defaults = {"max_results": self.settings.resolve.max_results}
        return request_from_prompt(text, self.ontology, **defaults | fields)

    def _with_defaults(self, request: AssetResolutionRequest, written: Collection[str]) -> AssetResolutionRequest:
        """The project's number of results where the scene says none."""
        if "max_results" in written:
            return request
        return replace(request, max_results=self.settings.resolve.max_results)

    def live_asset(self, asset_id: str) -> "AssetView":
        """The asset, which the resolver must be able to see. Raises NotFoundError for a trashed or a missing one."""
        found = self.gallery.get(asset_id)
        if found.trashed is not None:
            raise NotFoundError(f"{found.asset.id} is in the trash", hint=f"callsheet restore {found.asset.id}")
        if found.missing is not None:
            raise NotFoundError(f"the files of {found.asset.id} are gone", hint="add the folder where they are now")
        return found.asset if self.asset_url is None else replace(found.asset, url=self.asset_url(found.asset.id))

    def ask(
        self,
        fields: Mapping[str, Any],
        *,
        block: str | Mapping[str, Any] | None = None,
        scene: str | None = None,
        prompt: str | None = None,
        may_be_empty: bool = False,
    ) -> list[Asked]:
        """The questions behind what somebody gave. See `callsheet.asking.ask`."""
        return ask(self, fields, block=block, scene=scene, prompt=prompt, may_be_empty=may_be_empty)

    def coverage(self) -> dict[str, Any]:
        """How many pictures each character and place has, and what is missing. See `resolver.coverage`."""
        with self.live_index.current() as index:
            return coverage(index, self.ontology)

    def coverage_map(self) -> "HeatMap":
        """The same as a picture in numbers, with every role of everybody in every view. See `gallery.drawing`."""
        from gallery.drawing.coverage_map import coverage_map  # noqa: PLC0415  # only where it is drawn

        with self.live_index.current() as index:
            found, views = coverage(index, self.ontology), coverage_views(index, self.ontology)
        labels = {term.id: term.label for term in self.ontology.terms.values()}
        return coverage_map(found, views, labels, title=self.settings.name)

    def explain(self, request: AssetResolutionRequest, asset_id: str) -> list[dict[str, Any]]:
        """Why an asset is not the answer, slot by slot. See `resolver.explain_asset`. Raises NotFoundError."""
        asset = self.live_asset(asset_id)
        with self.live_index.current() as index:
            return explain_asset(request, asset, index, ontology=self.ontology)

    def operations(self, asset_id: str) -> list[dict[str, Any]]:
        """What could be made of an asset, prefilled. See `resolver.suggest_operations`. Raises NotFoundError."""
        asset = self.live_asset(asset_id)
        with self.live_index.current() as index:
            return suggest_operations(asset, index, blocks=self.blocks, ontology=self.ontology)

    def resolve(self, request: AssetResolutionRequest | None = None, **fields: Any) -> AssetResolutionResult:
        """Find references for an action among the project's live assets, from their index.

        Give a request, or its fields: `ws.resolve(location_id="loc:gate", hero_id="npc:alex")`. Raises RequestError.
        """
        asked = self.request(**fields) if request is None else replace(request, **fields) if fields else request
        with self.live_index.current() as index:
            return resolve_assets_for_action(asked, index, ontology=self.ontology)

    def prefill(
        self,
        operation: str,
        result: AssetResolutionResult,
        *,
        prompt: str | None = None,
        source_asset: Any | None = None,
        action_block: str | Mapping[str, Any] | None = None,
        max_inputs: int | None = None,
    ) -> dict[str, Any]:
        """The parameters of a generation call; nothing is executed. See `resolver.prefill_operation`.

        `source_asset` is an asset or its id; a block's base image is looked up in the gallery for its URL.
        """
        block = self.block(action_block) if isinstance(action_block, str) else action_block
        source = self.live_asset(source_asset) if isinstance(source_asset, str) else source_asset
        if source is None and block is not None:
            source = self._base_image(block)
        return prefill_operation(
            operation, result, prompt=prompt, source_asset=source, action_block=block, max_inputs=max_inputs
        )

    def _base_image(self, block: Mapping[str, Any]) -> Any | None:
        """The asset that a block starts from; None where it names none, or one that this gallery does not hold."""
        base = block.get("base_image_asset_id", block.get("baseImageAssetId"))
        if not isinstance(base, str):
            return None
        try:
            return self.live_asset(base)
        except NotFoundError:
            return None


def _unknown(kind: str, name: str, known: Sequence[str], otherwise: str) -> NotFoundError:
    near = get_close_matches(name, list(known), n=3)
    hint = f"did you mean {', '.join(near)}?" if near else otherwise
    return NotFoundError(f"this project has no {kind} {name!r:.60}", hint=hint)
