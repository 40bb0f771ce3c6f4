"""What a workspace plans: what the shots of scenes have, what is missing, what would make it, and for how much.

Methods of `Workspace`, in a module of their own for their number.
"""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from callsheet.making import MakingMethods
from callsheet.scene_files import load_scenes
from ontology.errors import CallsheetError, NotFoundError
from ontology.escaping import visible
from resolver import AssetResolutionRequest, AssetResolutionResult, Scene, plan_scenes, resolve_assets_for_action
from resolver.scene_plan import Cell, Question

if TYPE_CHECKING:
    from gallery.drawing.row_sheets import RowCell
    from gallery.index.live_index import LiveIndex
    from generation.scene_plan import ScenePlan
    from generation.specs.saving import SavedSpec


class SceneRequest(NamedTuple):
    """One shot of a scene: its id (the scene's, where it has no shots), what it asks, and the prompt of its call."""

    shot: str
    request: AssetResolutionRequest
    prompt: str | None


class PlanningMethods(MakingMethods):
    """The part of `Workspace` that plans scenes, and what it needs of the rest."""

    @property
    @abstractmethod
    def live_index(self) -> "LiveIndex":
        """The resolver's index of the live assets."""

    @property
    @abstractmethod
    def scenes(self) -> Mapping[str, Scene]:
        """The project's scenes by id."""

    @abstractmethod
    def requests_of_scene(self, scene: Scene) -> Sequence[SceneRequest]:
        """Each shot of a scene."""

    def plan(self, scenes: "str | Path | Mapping[str, Scene] | None" = None) -> "ScenePlan":
        """What the shots of scenes have, what is missing, and what it may cost. Writes nothing, asks no provider.

        `scenes`: a file, or scenes by id; None: the project's. All shots are answered from one state of the gallery.
        Raises NotFoundError, and SceneFileError or SceneError with every fault of the file.
        """
        from generation.scene_plan import priced_plan  # noqa: PLC0415  # only where it is planned

        chosen = self._chosen(scenes)
        with self.live_index.current() as index:

            def resolve(request: AssetResolutionRequest) -> AssetResolutionResult:
                return resolve_assets_for_action(request, index, ontology=self.ontology)

            found = plan_scenes(self._questions(chosen), resolve)
        return priced_plan(found, self.specs.of_references(found.missing), self.generation.price)

    def write_specs(self, plan: "ScenePlan", *, force: bool = False, dry_run: bool = False) -> "list[SavedSpec]":
        """Write the drafts of a plan below `specs/`; one that cannot be written does not keep the others from it."""
        from gallery import ItemError  # noqa: PLC0415  # only where something is written
        from generation.specs.saving import SavedSpec  # noqa: PLC0415  # see above

        results: list[SavedSpec] = []
        for draft in plan.drafts:
            try:
                results.append(self.specs.save(draft.file_name, draft.text, force=force, dry_run=dry_run))
            except CallsheetError as error:
                path = f"{self.specs.folder.name}/{draft.file_name}"
                results.append(SavedSpec(draft.id, "failed", path, error=ItemError.of(error)))
        return results

    def draw_plan(
        self, plan: "ScenePlan", path: Path | str, *, force: bool = False, dry_run: bool = False
    ) -> tuple[Path, ...]:
        """A contact sheet with a row for each shot; the files. Raises as `gallery.drawing.row_sheets.row_sheet`."""
        from gallery.drawing.row_sheets import row_sheet  # noqa: PLC0415  # Pillow, only to draw

        title = f"Plan of {self.settings.name}" if self.settings.name else "Plan"
        return row_sheet(self.gallery.context, path, _rows(plan), title=title, force=force, dry_run=dry_run)

    def _chosen(self, said: "str | Path | Mapping[str, Scene] | None") -> Mapping[str, Scene]:
        if isinstance(said, Mapping):
            return said
        if said is None:
            if not self.project.scenes_file.exists():
                raise NotFoundError("this project has no scenes", hint="write scenes.yaml: docs/resolver.md shows how")
            return self.scenes
        path = next((each for each in (Path(said), self.project.root / said) if each.exists()), None)
        if path is None:
            raise NotFoundError(f"there is no file {visible(str(said))}", hint="check the path")
        return load_scenes(path, self.ontology)

    def _questions(self, scenes: Mapping[str, Scene]) -> Iterator[Question]:
        for scene in scenes.values():
            for shot in self.requests_of_scene(scene):
                yield scene.id, shot.shot, shot.request


def _rows(plan: "ScenePlan") -> "list[list[RowCell]]":
    """A row of pictures for each shot that asks for any."""
    from gallery.drawing.row_sheets import RowCell  # noqa: PLC0415  # see above
    from generation.scene_plan import is_preview, is_stand_in  # noqa: PLC0415  # see above

    def cell_of(name: str, cell: Cell) -> RowCell:
        who = " ".join(part for part in (cell.slot, cell.identity) if part)
        how = "" if cell.wanted_role is None else f"for now: {cell.tier}" if cell.tier else "missing"
        how = how or ("stand-in" if is_stand_in(cell) else "")
        how += " (preview)" if is_preview(cell) else ""
        return RowCell(None if cell.asset_id is None else str(cell.asset_id), (name, who, how))

    return [[cell_of(row.name, cell) for cell in row.cells] for row in plan.plan.rows if row.cells]
