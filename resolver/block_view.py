"""Reading the fields of an action block, in either of its spellings (contract §3, "Action blocks")."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ontology.escaping import visible
from ontology.normalize import clean
from ontology.terms import PLAYER
from resolver.casting import ENEMY, HERO
from resolver.errors import ActionBlockError

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

PART_OF_KEY = {"hero": HERO, "enemy": ENEMY, "enemies": ENEMY}
"""Keys of the mapping form that say outright who plays what; they win over the kinds of the vocabulary."""


class Spoken(NamedTuple):
    """A tag as it was found, the field of the block where it stood, and the part that the field gives it.

    `odd` is a number or a boolean that stood where a tag belongs; then `tag` shows it and means nothing.
    """

    tag: str
    field: str
    part: str | None = None
    odd: bool = False


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
            yield Spoken(with_namespace("npc", name), f"{where}.npcId")
        yield from self._of_tags(reference.get("tags"), f"{where}.tags")

    def _of_tags(self, tags: Any, where: str) -> Iterator[Spoken]:
        if tags is None:
            return
        if isinstance(tags, Mapping):
            for key, value in tags.items():
                yield from self._of_key(str(key), value, f"{where}.{key}")
            return
        for text in _texts(tags, where, self.id):
            yield Spoken(text, where)

    def _of_key(self, key: str, value: Any, where: str) -> Iterator[Spoken]:
        """What one entry of the mapping form says. A number or a boolean is no tag, and no reason to give up."""
        name = clean(key)
        for item in _items(value):
            if isinstance(item, bool | int | float):
                yield Spoken(f"{visible(key, limit=40)}: {item!r:.40}", where, odd=True)
                continue
            for text in _texts([item], where, self.id):
                yield Spoken(with_namespace(NAMESPACE_OF_KEY.get(name, name), text), where, PART_OF_KEY.get(name))


def with_namespace(namespace: str, value: str) -> str:
    """`("loc", "bench_park")` → `loc:bench_park`; a value that has a namespace, and `player`, stay as they are."""
    cleaned = clean(value)
    return cleaned if ":" in cleaned or cleaned == PLAYER else f"{namespace}:{cleaned}"


def _items(value: Any) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _texts(value: Any, where: str, block_id: str) -> Iterator[str]:
    """The texts of a tag value: one, a list of them, or `{namespace, name}` objects as other tools write them."""
    for item in _items(value):
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
