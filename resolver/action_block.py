"""Action blocks: what a block says, in either of its spellings, as a request (contract §3, "Action blocks")."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ontology.escaping import visible
from ontology.normalize import clean
from ontology.tags import MAX_TAG_LENGTH
from ontology.terms import PLAYER, Ontology
from resolver.errors import ActionBlockError
from resolver.findings import Notice
from resolver.request import AssetResolutionRequest
from resolver.roles import is_character, is_location

NAMESPACE_OF_KEY = {
    "location": "loc",
    "locations": "loc",
    "place": "loc",
    "character": "npc",
    "characters": "npc",
    "npcs": "npc",
    "hero": "npc",
    "enemy": "npc",
    "enemies": "npc",
    "cameras": "camera",
    "roles": "role",
}
"""Keys of the mapping form that name a namespace by another word. Any other key is itself the namespace."""

Spoken = tuple[str, str]
"""A tag as it was found, and the field of the block where it stood."""


class BlockView:
    """Reads one block, snake_case or camelCase. Raises ActionBlockError where a field has the wrong shape."""

    def __init__(self, block: Mapping[str, Any]) -> None:
        if not isinstance(block, Mapping):
            raise ActionBlockError(
                f"an action block is a mapping, not a {type(block).__name__}",
                hint="give its fields, e.g. {'id': …, 'tags': ['loc:park', 'npc:alex']}",
            )
        self._block = block

    def get(self, snake: str, camel: str | None = None) -> Any:
        """The field by its snake_case or its camelCase name; None where neither is there."""
        found = self._block.get(snake)
        return found if found is not None or camel is None else self._block.get(camel)

    @property
    def id(self) -> str:
        """The block's id, or "(no id)"."""
        return str(self.get("id") or "(no id)")

    @property
    def operation_type(self) -> str | None:
        """`operation_type`, lower case."""
        found = self.get("operation_type", "operationType")
        return clean(found) if isinstance(found, str) else None

    @property
    def prompt(self) -> str | None:
        """The block's prompt."""
        found = self.get("prompt")
        return found if isinstance(found, str) else None

    @property
    def base_image_asset_id(self) -> Any | None:
        """Id of the asset to start from."""
        return self.get("base_image_asset_id", "baseImageAssetId")

    @property
    def generated_asset_id(self) -> Any | None:
        """Id of the asset that was made from this block."""
        return self.get("generated_asset_id", "generatedAssetId")

    @property
    def default_strength(self) -> float | None:
        """How far image_to_image may move from its base, 0–1. Raises ActionBlockError out of range."""
        found = self.get("default_strength", "defaultStrength")
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 1:
            raise ActionBlockError(
                f"block {self.id}: default_strength is {found!r:.40}", hint="give a number from 0 to 1"
            )
        return float(found)

    def spoken_tags(self) -> Iterator[Spoken]:
        """Every tag the block speaks, in order: `tags`, `referenceImage`, then `from` and `to` of a transition."""
        yield from self._of_tags(self.get("tags"), "tags")
        yield from self._of_reference(self.get("reference_image", "referenceImage"), "referenceImage")
        for end in ("from", "to"):
            inner = self.get(end)
            if inner is None or isinstance(inner, str):
                continue  # the id of another block: nothing is said here
            yield from self._of_reference(inner, end)
            shown = inner.get("referenceImage", inner.get("reference_image"))
            yield from self._of_reference(shown, f"{end}.referenceImage")

    def _of_reference(self, reference: Any, where: str) -> Iterator[Spoken]:
        """What a mapping with `tags` and `npcId` says: `referenceImage`, or an end of a transition."""
        if reference is None:
            return
        if not isinstance(reference, Mapping):
            raise ActionBlockError(
                f"block {self.id}: {where} is {reference!r:.60}, not a mapping",
                hint="write it as a mapping with tags or npcId",
            )
        who = reference.get("npcId", reference.get("npc_id"))
        for name in _texts(str(who) if isinstance(who, int) else who, f"{where}.npcId", self.id):
            yield with_namespace("npc", name), f"{where}.npcId"
        yield from self._of_tags(reference.get("tags"), f"{where}.tags")

    def _of_tags(self, tags: Any, where: str) -> Iterator[Spoken]:
        if tags is None:
            return
        if isinstance(tags, Mapping):
            for key, value in tags.items():
                for text in _texts(value, f"{where}.{key}", self.id):
                    yield with_namespace(NAMESPACE_OF_KEY.get(clean(str(key)), clean(str(key))), text), f"{where}.{key}"
            return
        for text in _texts(tags, where, self.id):
            yield text, where


def with_namespace(namespace: str, value: str) -> str:
    """`("loc", "bench_park")` → `loc:bench_park`; a value that has a namespace, and `player`, stay as they are."""
    cleaned = clean(value)
    return cleaned if ":" in cleaned or cleaned == PLAYER else f"{namespace}:{cleaned}"


def _texts(value: Any, where: str, block_id: str) -> Iterator[str]:
    """The texts of a tag value: one, a list of them, or `{namespace, name}` objects as other tools write them."""
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping) and isinstance(item.get("name", item.get("id")), str):
            name = item.get("name", item.get("id"))
            space = item.get("namespace")
            yield with_namespace(clean(space), name) if isinstance(space, str) else name
        elif item is not None:
            raise ActionBlockError(
                f"block {block_id}: {where} holds {item!r:.60}, which is no tag", hint="tags are texts such as npc:alex"
            )


def _shown(tag: str) -> str:
    return visible(tag, limit=MAX_TAG_LENGTH)


@dataclass(slots=True)
class _Heard:
    """What was understood of a block so far."""

    ontology: Ontology | None
    locations: dict[str, None] = field(default_factory=dict)
    characters: dict[str, None] = field(default_factory=dict)
    preferred: dict[str, None] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def hear(self, spoken: str, where: str) -> None:
        tag = clean(spoken)
        if self.ontology is not None:
            tag = self.ontology.canonical(tag)
        if is_location(tag):
            if self.locations and tag not in self.locations:
                message = f"{_shown(tag)} is a second location; {_shown(next(iter(self.locations)))} is used"
                self.notices.append(Notice("second_location", message, "name one location", where))
            self.locations[tag] = None
        elif is_character(tag):
            self.characters[tag] = None
        elif self._is_known(tag):
            self.preferred[tag] = None
        elif (listed := self._camera_short_form(tag)) is not None:
            self.preferred[listed] = None
        else:
            self.notices.append(self._not_understood(tag, where))

    def _is_known(self, tag: str) -> bool:
        """Listed, or in a namespace where anything goes. Without an ontology every tag with a namespace is taken."""
        if self.ontology is None:
            return ":" in tag
        space = self.ontology.namespaces.get(tag.partition(":")[0]) if ":" in tag else None
        return tag in self.ontology or (space is not None and not space.closed)

    def _camera_short_form(self, tag: str) -> str | None:
        """The one camera term that ends in a short value: the mapping form `{camera: pov}` means camera:view:pov."""
        name, _, value = tag.partition(":")
        if self.ontology is None or name != "camera":
            return None
        found = [term for term in self.ontology.terms if term.startswith("camera:") and term.endswith(f":{value}")]
        return found[0] if len(found) == 1 else None

    def _not_understood(self, tag: str, where: str) -> Notice:
        hint = "tags of a block are ids such as loc:park, npc:alex or camera:view:pov"
        if self.ontology is not None and tag:
            # rapidfuzz takes 15 ms to import and a block without a mistake never needs it.
            from ontology.suggest import did_you_mean  # noqa: PLC0415

            near = did_you_mean(tag, self.ontology, limit=1)
            if near:
                hint = f"did you mean {near[0].id}?"
        message = f"{_shown(tag) or 'an empty tag'} is not an id this project knows"
        return Notice("not_understood", message, hint, where)


def request_from_action_block(
    block: Mapping[str, Any], *, ontology: Ontology | None = None, **overrides: Any
) -> AssetResolutionRequest:
    """The request behind an action block; what is not understood stands in its `notices`.

    The hero is the first character of `kind: hero`, else `player`, else the first not of `kind: monster`, else none;
    monsters are enemies, the rest others. Without an ontology the first character is the hero and every later one an
    enemy. Other known tags are preferred. `fusion` asks for a background and a hero even where none is named.
    `overrides` are request fields, e.g. `max_results`.

    Raises ActionBlockError where the block has the wrong shape, RequestError for bad overrides.
    """
    view = BlockView(block)
    heard = _Heard(ontology)
    for spoken, where in view.spoken_tags():
        heard.hear(spoken, where)
    hero, enemies, others = cast_characters(tuple(heard.characters), ontology)
    fused = True if view.operation_type == "fusion" else None
    values: dict[str, Any] = {
        "location_id": next(iter(heard.locations), None),
        "hero_id": hero,
        "enemy_ids": enemies,
        "other_character_ids": others,
        "need_background": fused,
        "need_hero": fused,
        "preferred_tags": tuple(heard.preferred),
        "notices": tuple(heard.notices),
    }
    return AssetResolutionRequest(**values | overrides)


def cast_characters(
    characters: Sequence[str], ontology: Ontology | None
) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """(hero, enemies, others) among characters in their order; the rule of `request_from_action_block`."""
    if ontology is None:
        return next(iter(characters), None), tuple(characters[1:]), ()
    kinds = {who: ontology.kind(who) for who in characters}
    hero = next((who for who in characters if kinds[who] == "hero"), None)
    if hero is None and PLAYER in characters:
        hero = PLAYER
    if hero is None:
        hero = next((who for who in characters if kinds[who] != "monster"), None)
    enemies = tuple(who for who in characters if kinds[who] == "monster")
    others = tuple(who for who in characters if who != hero and kinds[who] != "monster")
    return hero, enemies, others
