"""`[{key, kind, prompt}]` to specs: style by kind, folder by key, then by kind. The map between them is data. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from generation.specs import fields
from generation.specs.document import Line, Part, Size, Text
from generation.specs.faults import add_faults
from generation.specs.naming import camel, slug
from generation.specs.writing import to_yaml
from ontology.errors import InvalidInputError
from ontology.escaping import visible
from ontology.nodes import Findings, Listing, Node, Place, Table
from ontology.plain_data import plain_data

Folder = Annotated[str, BeforeValidator(fields.manifest_path)]


class ShotPart(Part):
    """One shot as older tools write it. What a spec has no place for is left out, with a notice."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    key: Line
    kind: Line
    prompt: Text
    size: Size = None
    quality: Line | None = None
    negative: Text | None = None
    description: Text | None = None
    tags: list[Line] = Field(default_factory=list)


class _Kind(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    prefixes: list[str] = []
    style: str | None = None
    folder: Folder | None = None
    like: str | None = None


class _MapFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Annotated[str, BeforeValidator(fields.provider)] | None = None
    keys: dict[str, Folder] = {}
    kinds: dict[str, _Kind] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of shot gets. `prefixes`: what may stand before the key of its shots."""

    prefixes: tuple[str, ...] = ()
    style: str | None = None
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class ShotMap:
    """How shots become specs: `keys`: name of a shot → folder below `assets/`; `kinds`: kind → what it gets."""

    provider: str
    keys: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShotSpec:
    """A shot as a spec. `file_name`: how it is called; `document`: what stands in it."""

    key: str
    id: str
    file_name: str
    document: Mapping[str, Any]
    text: str


def shot_map_of(layers: Sequence[tuple[str, Mapping[str, Any]]]) -> ShotMap:
    """The map of several files, each over the one before it. Raises InvalidInputError (`invalid_shot_map`)."""
    provider = ""
    keys: dict[str, str] = {}
    kinds: dict[str, Kind] = {}
    for file, content in layers:
        try:
            said = _MapFile.model_validate(content)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            message = f"{visible(file)}: {'.'.join(map(str, first['loc']))}: {first['msg']}"
            hint = "docs/generation.md shows the form of a map"
            raise InvalidInputError(message, hint=hint, code="invalid_shot_map") from None
        provider = said.provider or provider
        keys |= {slug(key): folder for key, folder in said.keys.items()}
        for name, kind in said.kinds.items():
            kinds[name] = _kind(kind, kinds.get(name) or kinds.get(kind.like or "") or Kind())
    return ShotMap(provider, keys, kinds)


def _kind(said: _Kind, base: Kind) -> Kind:
    return Kind(tuple(said.prefixes) or base.prefixes, said.style or base.style, said.folder or base.folder)


def read_shots(root: Node | None, findings: Findings) -> Iterator[ShotPart]:
    """The shots of a file, a list or `{shots: […]}`. Faults go to `findings`, and the reading goes on."""
    node = root
    if isinstance(node, Table):
        node = next((value for key, value in node.entries if key.text == "shots"), node)
    if not isinstance(node, Listing):
        at = node or Place(1, 1)
        findings.add("not_shots", at, "this is not a list of shots", "write [{key, kind, prompt}, …]")
        return
    seen: dict[str, int] = {}
    for item in node.items:
        content = plain_data(item, findings)
        try:
            shot = ShotPart.model_validate(content)
        except ValidationError as error:
            add_faults(
                error, ShotPart, item, findings, str(content.get("key", "")) if isinstance(content, dict) else ""
            )
            continue
        if shot.key in seen:
            message = f"the shot `{visible(shot.key)}` stands there a second time, first in line {seen[shot.key]}"
            findings.add("duplicate_shot", item, message, "rename one of the two", id=shot.key)
            continue
        seen[shot.key] = item.line
        foreign = [name for name in content if name not in ShotPart.model_fields]
        if foreign:
            message = f"`{', '.join(map(fields.shown, foreign))}` is not taken over"
            findings.add("field_left_out", item, message, "write it into the spec", id=shot.key, severity="notice")
        yield shot


def spec_of_shot(shot: ShotPart, shot_map: ShotMap, *, provider: str | None = None) -> ShotSpec:
    """The spec of a shot: `sprite_coin` → id `sprite-coin`, manifest key `coin`, in the folder of coins."""
    kind = shot_map.kinds.get(shot.kind.lower(), Kind())
    name = _without_kind(shot.key, (shot.kind, *kind.prefixes))
    folder = shot_map.keys.get(slug(name)) or kind.folder or f"images/{slug(shot.kind)}"
    prompt: dict[str, Any] = {"base": shot.prompt}
    prompt |= {"style": kind.style} if kind.style else {}
    prompt |= {"negative": shot.negative} if shot.negative else {}
    parameters = {"size": shot.size, "quality": shot.quality}
    prompt |= (
        {"parameters": {key: value for key, value in parameters.items() if value}} if any(parameters.values()) else {}
    )
    integration = {"manifest_key": camel(name), "manifest_path": f"{folder}/{slug(name)}.png"}
    integration |= {"description": shot.description} if shot.description else {}
    document: dict[str, Any] = {"version": "1.0", "id": slug(shot.key)}
    document |= {"tags": list(shot.tags)} if shot.tags else {}
    document |= {"generation": {"type": "image", "provider": provider or shot_map.provider}}
    document |= {"prompt": prompt, "integration": integration}
    return ShotSpec(shot.key, document["id"], f"{slug(name)}.yaml", document, to_yaml(document))


def _without_kind(key: str, prefixes: Sequence[str]) -> str:
    """`sprite_coin` → `coin`: the key without the word of its kind, as long as something is left."""
    for prefix in prefixes:
        for sign in "_-. ":
            start = f"{prefix}{sign}".lower()
            if key.lower().startswith(start) and len(key) > len(start):
                return key[len(start) :]
    return key
