"""What was understood of a block, a prompt or a scene so far: tags sorted into place, characters and wishes."""

from dataclasses import dataclass, field
from typing import Any

from ontology.escaping import visible
from ontology.normalize import clean
from ontology.tags import MAX_TAG_LENGTH
from ontology.terms import Ontology
from resolver.casting import ENEMY, HERO, cast_characters
from resolver.findings import Notice
from resolver.request import AssetResolutionRequest
from resolver.roles import is_character, is_location


@dataclass(slots=True)
class Heard:
    """Collects tags in the order in which they are heard. `heroes`, `enemies`: those whose part was said outright."""

    ontology: Ontology | None
    locations: dict[str, None] = field(default_factory=dict)
    characters: dict[str, None] = field(default_factory=dict)
    heroes: dict[str, None] = field(default_factory=dict)
    enemies: dict[str, None] = field(default_factory=dict)
    preferred: dict[str, None] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def hear(self, spoken: str, where: str, part: str | None = None) -> None:
        """Sort one tag in; `where` names the field it came from, `part` (HERO or ENEMY) casts a character."""
        tag = clean(spoken)
        if self.ontology is not None:
            tag = self.ontology.canonical(tag)
        if is_location(tag):
            self._hear_place(tag, where)
        elif is_character(tag):
            self.characters[tag] = None
            if part == HERO:
                self.heroes[tag] = None
            elif part == ENEMY:
                self.enemies[tag] = None
        elif self._is_known(tag):
            self.preferred[tag] = None
        elif (listed := camera_short_form(tag, self.ontology)) is not None:
            self.preferred[listed] = None
        else:
            self.notices.append(self._not_understood(tag, where))

    def hear_odd(self, shown: str, where: str) -> None:
        """Note a number or a boolean that stood where a tag belongs; `shown` is harmless text."""
        hint = "a tag is a text; put quotes around it if it is meant as one"
        self.notices.append(Notice("not_understood", f"{shown} is not a tag", hint, where))

    def request(self, **values: Any) -> AssetResolutionRequest:
        """The request for what was heard; `values` are further fields and win. Raises RequestError for bad ones."""
        hero, enemies, others = cast_characters(
            tuple(self.characters), self.ontology, heroes=tuple(self.heroes), enemies=self.enemies
        )
        heard: dict[str, Any] = {
            "location_id": next(iter(self.locations), None),
            "hero_id": hero,
            "enemy_ids": enemies,
            "other_character_ids": others,
            "preferred_tags": tuple(self.preferred),
            "notices": tuple(self.notices),
        }
        return AssetResolutionRequest(**heard | values)

    def _hear_place(self, tag: str, where: str) -> None:
        if self.locations and tag not in self.locations:
            message = f"{_shown(tag)} is a second location; {_shown(next(iter(self.locations)))} is used"
            self.notices.append(Notice("second_location", message, "name one location", where))
        self.locations[tag] = None

    def _is_known(self, tag: str) -> bool:
        """Listed, or in a namespace where anything goes. Without an ontology every tag with a namespace is taken."""
        if self.ontology is None:
            return ":" in tag
        space = self.ontology.namespaces.get(tag.partition(":")[0]) if ":" in tag else None
        return tag in self.ontology or (space is not None and not space.closed)

    def _not_understood(self, tag: str, where: str) -> Notice:
        hint = nearest_hint(tag, self.ontology) or "tags are ids such as loc:park, npc:alex or camera:view:pov"
        message = f"{_shown(tag) or 'an empty tag'} is not an id this project knows"
        return Notice("not_understood", message, hint, where)


def camera_short_form(tag: str, ontology: Ontology | None) -> str | None:
    """The one camera term that ends in a short value: the mapping form `{camera: pov}` means camera:view:pov."""
    name, _, value = tag.partition(":")
    if ontology is None or name != "camera":
        return None
    found = [term for term in ontology.terms if term.startswith("camera:") and term.endswith(f":{value}")]
    return found[0] if len(found) == 1 else None


def nearest_hint(text: str, ontology: Ontology | None, *, limit: int = 1) -> str | None:
    """A hint with the nearest known ids, best first: "did you mean …?"; None where none is near."""
    if ontology is None or not text:
        return None
    # rapidfuzz takes 15 ms to import and a text without a mistake never needs it.
    from ontology.suggest import did_you_mean  # noqa: PLC0415

    near = did_you_mean(text, ontology, limit=limit)
    return f"did you mean {', '.join(found.id for found in near)}?" if near else None


def _shown(tag: str) -> str:
    return visible(tag, limit=MAX_TAG_LENGTH)
