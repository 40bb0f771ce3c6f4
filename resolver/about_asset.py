"""The question that a picture asks by its tags: what goes with it."""

from typing import Any

from ontology.terms import Ontology
from resolver.casting import cast_characters
from resolver.request import AssetResolutionRequest
from resolver.roles import get_asset_characters, get_asset_locations


def request_about(asset: Any, *, ontology: Ontology | None = None, **fields: Any) -> AssetResolutionRequest:
    """Background, hero and everybody else that a picture shows, strangers where it shows nobody; also from videos.

    Its first location is the place; its characters are cast as those of an action block. `fields` win.
    """
    follow = (lambda tag: tag) if ontology is None else ontology.canonical
    people = list(dict.fromkeys(map(follow, get_asset_characters(asset))))
    hero, enemies, rest = cast_characters(people, ontology)
    asked: dict[str, Any] = {
        "location_id": next(map(follow, get_asset_locations(asset)), None),
        "hero_id": hero,
        "enemy_ids": enemies,
        "other_character_ids": rest,
        "need_background": True,
        "need_hero": True,
        "media_types": ("image", "video"),
    }
    return AssetResolutionRequest(**asked | fields)
