"""Where blocks, scenes and specs name ids: the places that `resolver` reads them from, with their spans in the file."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from gallery.vocabulary.places import Kind, ProjectFile
from ontology.normalize import clean
from ontology.spans import Fields, Items, Spanned, Text, documents
from ontology.tags import local_part, split_tag
from ontology.terms import PLAYER, Ontology
from resolver.block_view import NAMESPACE_OF_KEY, with_namespace
from resolver.hearing import camera_short_form
from resolver.request import snake_case

_OVERRIDES = {"location_id": "loc", "hero_id": "npc", "enemy_ids": "npc", "other_character_ids": "npc"}
_OVERRIDDEN_TAGS = frozenset({"required_tags", "preferred_tags", "excluded_tags"})
_PARTS_OF_SCENE = {"location": "loc", "hero": "npc", "enemies": "npc", "others": "npc"}
_TAGS_OF_SPEC = frozenset({"tags", "inputs"})
_NO_TAGS_OF_INPUT = frozenset({"asset", "role", "label", "limit", "max_results", "fill"})


@dataclass(frozen=True, slots=True)
class Mention:
    """One text that names an id. `tag`: what it says, cleaned, its namespace put before it where it was left out.

    `implied`: that namespace, None where it was written out. `only`: the namespace that the place is for, None where
    any will do. `owner`: the id of the block or scene, of a spec its file.
    """

    node: Text
    tag: str
    owner: str
    implied: str | None = None
    only: str | None = None

    def term(self, ontology: Ontology) -> str:
        """The tag, or the camera that it is short for. Aliases are not followed."""
        return self.tag if self.tag in ontology else camera_short_form(self.tag, ontology) or self.tag

    def fits(self, tag: str) -> bool:
        """Whether another tag may stand in this place."""
        return self.only is None or split_tag(tag)[0] == self.only or (self.only == "npc" and tag == PLAYER)

    def written_as(self, tag: str) -> str:
        """How another tag is written in this place: short again, where that says the same."""
        short = local_part(tag)
        return short if self.implied is not None and with_namespace(self.implied, short) == tag else tag


def mentions_in(file: ProjectFile) -> list[Mention] | None:
    """Every mention, in the order of the file; None where it cannot be read."""
    found = documents(file.text) if file.is_text else None
    if found is None:
        return None
    read = _READERS[file.kind]
    return [mention for document in found for mention in read(document, file.name)]


def _of_blocks(root: Spanned, name: str) -> Iterator[Mention]:
    for block in root.nodes if isinstance(root, Items) else (root,):
        if isinstance(block, Fields):
            named = block.get("id")
            yield from _of_block(block, named.value if isinstance(named, Text) else name)


def _of_block(block: Fields, owner: str) -> Iterator[Mention]:
    yield from _of_tags(block.get("tags"), owner)
    yield from _of_reference(block.get("reference_image", "referenceImage"), owner)
    for end in ("from", "to"):
        inner = block.get(end)
        yield from _of_reference(inner, owner)
        if isinstance(inner, Fields):
            yield from _of_reference(inner.get("reference_image", "referenceImage"), owner)


def _of_reference(node: Spanned | None, owner: str) -> Iterator[Mention]:
    if isinstance(node, Fields):
        yield from _texts(node.get("npcId", "npc_id"), owner, "npc")
        yield from _of_tags(node.get("tags"), owner)


def _of_tags(node: Spanned | None, owner: str) -> Iterator[Mention]:
    if not isinstance(node, Fields):
        yield from _texts(node, owner)
        return
    for key, value in node.named():
        name = clean(key.value)
        yield from _texts(value, owner, NAMESPACE_OF_KEY.get(name, name))


def _of_scenes(root: Spanned, _: str) -> Iterator[Mention]:
    scenes = root.get("scenes") if isinstance(root, Fields) else None
    for key, scene in scenes.named() if isinstance(scenes, Fields) else ():
        if isinstance(scene, Fields):
            yield from _of_parts(scene, key.value, _PARTS_OF_SCENE, implied=True)
            yield from _of_wishes(scene, key.value, ("prefer",))
            shots = scene.get("shots")
            for shot in shots.nodes if isinstance(shots, Items) else ():
                if isinstance(shot, Fields):
                    yield from _of_shot(shot, key.value)


def _of_shot(shot: Fields, owner: str) -> Iterator[Mention]:
    for key, value in shot.named():
        if snake_case(key.value) == "camera":
            yield from _texts(value, owner, "camera")
    yield from _of_wishes(shot, owner, ("prefer",))
    overrides = shot.get("overrides")
    if isinstance(overrides, Fields):
        yield from _of_parts(overrides, owner, _OVERRIDES, implied=False)
        yield from _of_wishes(overrides, owner, _OVERRIDDEN_TAGS)


def _of_parts(table: Fields, owner: str, parts: Mapping[str, str], *, implied: bool) -> Iterator[Mention]:
    """Fields that are for one namespace each."""
    for key, value in table.named():
        namespace = parts.get(snake_case(key.value))
        if namespace is not None:
            found = _texts(value, owner, namespace if implied else None)
            yield from (replace(mention, only=namespace) for mention in found)


def _of_wishes(table: Fields, owner: str, names: Collection[str]) -> Iterator[Mention]:
    for key, value in table.named():
        if snake_case(key.value) in names:
            yield from _texts(value, owner)


def _of_specs(root: Spanned, name: str) -> Iterator[Mention]:
    """Whatever stands below `tags` and `inputs`, at any depth."""
    if isinstance(root, Items):
        for node in root.nodes:
            yield from _of_specs(node, name)
    elif isinstance(root, Fields):
        for key, value in root.named():
            if snake_case(key.value) in _TAGS_OF_SPEC:
                yield from _everything(value, name)
            else:
                yield from _of_specs(value, name)


def _everything(node: Spanned, owner: str) -> Iterator[Mention]:
    """All but what names no term: roles, labels and ids of inputs, queries of several words, names in braces."""
    if isinstance(node, Fields):
        for key, value in node.entries:
            if not (isinstance(key, Text) and snake_case(key.value) in _NO_TAGS_OF_INPUT):
                yield from _everything(value, owner)
    elif isinstance(node, Items):
        for inner in node.nodes:
            yield from _everything(inner, owner)
    elif "{{" not in node.value and " " not in node.value.strip():
        yield from _texts(node, owner)


def _texts(node: Spanned | None, owner: str, namespace: str | None = None) -> Iterator[Mention]:
    """One text, several, or `{namespace, name}` tables as other tools write them."""
    for item in node.nodes if isinstance(node, Items) else (node,):
        if isinstance(item, Text):
            yield from _mention(item, owner, namespace)
        elif isinstance(item, Fields):
            name, space = item.get("name", "id"), item.get("namespace")
            if isinstance(name, Text):
                yield from _mention(name, owner, clean(space.value) if isinstance(space, Text) else namespace)


def _mention(node: Text, owner: str, namespace: str | None) -> Iterator[Mention]:
    said = clean(node.value)
    if said:
        tag = said if namespace is None else with_namespace(namespace, said)
        yield Mention(node, tag, owner, namespace if tag != said else None)


_READERS: Mapping[Kind, Callable[[Spanned, str], Iterator[Mention]]] = {
    "block": _of_blocks,
    "scene": _of_scenes,
    "spec": _of_specs,
}
