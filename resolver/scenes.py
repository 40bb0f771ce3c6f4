"""Scenes: who, where, against whom, and the shots (the form of `scenes.yaml` is in `docs/resolver.md`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from ontology.terms import Ontology
from resolver.findings import Notice
from resolver.notices import notices_for
from resolver.request import AssetResolutionRequest
from resolver.scene_view import Faults, FieldsView, SceneView, ShotView


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a scene. `prefer`: camera and other wishes; `overrides`: request fields that win, canonical.

    `notices`: what of the shot means nothing; they are among those of the scene.
    """

    id: str
    prefer: tuple[str, ...] = ()
    operation: str | None = None
    prompt: str | None = None
    overrides: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    notices: tuple[Notice, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """Who, where and against whom; ids are canonical. `notices`: what may be wrong; `field` names scene and shot."""

    id: str
    label: str | None = None
    location: str | None = None
    hero: str | None = None
    enemies: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    shots: tuple[Shot, ...] = ()
    notices: tuple[Notice, ...] = field(default=(), compare=False)


def scenes_from_mapping(data: Mapping[str, Any], ontology: Ontology | None = None) -> tuple[Scene, ...]:
    """The scenes of `{"scenes": {id: scene}}`, in their order. Raises SceneError with every fault of all of them."""
    faults = Faults()
    found = FieldsView(data, "the file", ("scenes",), faults).mapping("scenes")
    scenes = [_scene(str(scene_id), scene, ontology, faults) for scene_id, scene in found.items()]
    faults.settle()
    return tuple(scenes)


def scene_from_mapping(scene_id: str, data: Mapping[str, Any], ontology: Ontology | None = None) -> Scene:
    """One scene. Ids may leave out their namespace (`hero: alex`) and cameras their first parts (`camera: pov`).

    Unknown ids and tags that mean nothing are notices. Raises SceneError with every fault of the scene: unknown keys,
    values of the wrong shape, a character where a place belongs, unknown operations, shots with one id, and overrides
    that no request takes.
    """
    faults = Faults()
    scene = _scene(scene_id, data, ontology, faults)
    faults.settle()
    return scene


def requests_of(scene: Scene) -> list[tuple[str, AssetResolutionRequest]]:
    """(shot id, request) of each shot in order; a scene without shots is one request under its own id.

    A shot's wishes come before those of its scene, its overrides before everything. Each request carries the notices
    that concern it, without `unknown_id`, which resolving tells.
    """
    if not scene.shots:
        return [(scene.id, _request(scene, None))]
    return [(shot.id, _request(scene, shot)) for shot in scene.shots]


def _request(scene: Scene, shot: Shot | None) -> AssetResolutionRequest:
    fields: dict[str, Any] = {
        "location_id": scene.location,
        "hero_id": scene.hero,
        "enemy_ids": scene.enemies,
        "other_character_ids": scene.others,
        "preferred_tags": (*(shot.prefer if shot is not None else ()), *scene.prefer),
        "notices": _concerning(scene, shot),
    }
    return AssetResolutionRequest(**fields | dict(shot.overrides if shot is not None else {}))


def _concerning(scene: Scene, shot: Shot | None) -> tuple[Notice, ...]:
    of_shots = [notice for one in scene.shots for notice in one.notices]
    own = [notice for notice in scene.notices if notice.code != "unknown_id" and notice not in of_shots]
    return (*own, *(shot.notices if shot is not None else ()))


def _scene(scene_id: str, data: Any, ontology: Ontology | None, faults: Faults) -> Scene:
    view = SceneView(data, scene_id, ontology, faults)
    shots = tuple(_shot(shot) for shot in view.shots())
    scene = Scene(
        id=scene_id,
        label=view.text("label"),
        location=view.place("location"),
        hero=next(iter(view.characters("hero", single=True)), None),
        enemies=view.characters("enemies"),
        others=view.characters("others"),
        prefer=view.wishes("prefer"),
        shots=shots,
    )
    return replace(scene, notices=(*view.notices, *_unknown_ids(scene, ontology)))


def _shot(view: ShotView) -> Shot:
    wishes = view.wishes("camera", "prefer")
    return Shot(
        id=view.id,
        prefer=wishes,
        operation=view.operation(),
        prompt=view.text("prompt"),
        overrides=MappingProxyType(view.overrides()),
        notices=tuple(view.notices),
    )


def _unknown_ids(scene: Scene, ontology: Ontology | None) -> list[Notice]:
    """One `unknown_id` for each id of the scene and of its shots that the vocabulary does not list."""
    asked = [(f"scene {scene.id}", _request(scene, None))]
    asked += [(f"scene {scene.id}, shot {shot.id}", AssetResolutionRequest(**shot.overrides)) for shot in scene.shots]
    return [
        replace(notice, field=f"{where}, {notice.field}")
        for where, request in asked
        for notice in notices_for(request, ontology)
    ]
