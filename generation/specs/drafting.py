"""Drafts of specs, as texts with remarks for whoever goes on with them: an empty one, and one for a gap. Pure.

Every face drafts through here, so that a gap becomes the same spec wherever it was met.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from generation.request import InputRole
from generation.specs.model import AssetType
from generation.specs.naming import camel, free, slug
from ontology.errors import InvalidInputError
from ontology.escaping import visible
from ontology.normalize import clean, normalize_tags
from ontology.terms import PLAYER, Ontology
from ontology.writing import quoted, scalar
from resolver.roles import BACKGROUND_ROLE, HERO_ROLE, MONSTER_ROLE, NPC_ROLE, POV_ROLE
from resolver.slots import ROLE_ORDERS, SlotName

DEFAULT_PROVIDERS: Mapping[AssetType, tuple[str, ...]] = {
    "image": ("openai", "local"),
    "audio": ("elevenlabs", "manual"),
    "video": ("local",),
}
"""Whom a draft names: the first, and its fallbacks. Without a key `local` makes stand-ins of pictures."""

_PAGE = "docs/generation.md explains every field; `callsheet specs check` reads it through."


@dataclass(frozen=True, slots=True)
class Gap:
    """A picture that there is not: a slot, whom it shows (None: anybody), and the role that it would have.

    `camera`: the view that is missing, where the gap is a cell of the coverage table; `required_tags`: what else is
    insisted on.
    """

    slot: SlotName
    identity: str | None
    wanted_role: str
    camera: str | None = None
    required_tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, said: "Gap | Mapping[str, Any]", ontology: Ontology) -> "Gap":
        """A gap of a result or of the coverage: `{slot, identity, wanted_role}`; ids become canonical.

        Raises InvalidInputError (`invalid_gap`) for another shape, TagError for ids that are not in the vocabulary.
        """
        if isinstance(said, Gap):
            return said
        slot, identity, role = (said.get(name) for name in ("slot", "identity", "wanted_role"))
        if slot not in ROLE_ORDERS:
            raise _bad_gap(str(slot))
        role = role or (POV_ROLE if (slot, identity) == ("hero", PLAYER) else ROLE_ORDERS[slot][0])
        camera = said.get("camera")
        return cls(
            slot,
            None if identity is None else _checked(str(identity), ontology),
            _checked(str(role), ontology),
            None if camera is None else _checked(str(camera), ontology),
            tuple(_checked(str(tag), ontology) for tag in said.get("required_tags") or ()),
        )

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that fill it."""
        named = (self.identity, self.wanted_role, self.camera, *self.required_tags)
        return tuple(dict.fromkeys(tag for tag in named if tag is not None))


@dataclass(frozen=True, slots=True)
class SpecDraft:
    """A spec that is not written yet. `file_name`: how it would be called below `specs/`."""

    id: str
    file_name: str
    text: str
    tags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As commands and services show it."""
        return {"id": self.id, "file_name": self.file_name, "text": self.text, "tags": list(self.tags)}


@dataclass(frozen=True, slots=True)
class _Picture:
    """What a draft asks for of one role.

    `name`: the role in ids; `nobody`: who is shown where no identity is asked for; `words`: how the prompt goes on;
    `size`: in pixels; `folder`: below `images/`; `input_role`: what another picture of the same would be in the call.
    """

    name: str
    nobody: str
    words: str
    size: str
    folder: str
    input_role: InputRole = "character"


_PLAIN = "plain light background"
_FIGURE = f"full figure, facing the viewer, {_PLAIN}"
_PLACE = "a background without people or text, wide view"
_EYES = "seen through the eyes of the player, first person"
_PICTURES: Mapping[str, _Picture] = {
    BACKGROUND_ROLE: _Picture("background", "A place", _PLACE, "1536x1024", "backgrounds", "background"),
    HERO_ROLE: _Picture("hero", "A hero", _FIGURE, "1024x1536", "characters"),
    NPC_ROLE: _Picture("npc", "A person", _FIGURE, "1024x1536", "characters"),
    MONSTER_ROLE: _Picture("monster", "A monster", _FIGURE, "1024x1536", "monsters"),
    POV_ROLE: _Picture("pov", "A place", _EYES, "1536x1024", "pov", "background"),
}


def parse_gap(text: str, ontology: Ontology) -> Gap:
    """A gap as it is written on a command line: `hero:npc:alex`, `background:loc:gate`, or a slot alone.

    Raises InvalidInputError (`invalid_gap`) and TagError.
    """
    slot, _, identity = text.strip().partition(":")
    if slot not in ROLE_ORDERS:
        raise _bad_gap(text)
    return Gap.of({"slot": slot, "identity": identity or None}, ontology)


def draft_of_gap(
    gap: Gap | Mapping[str, Any],
    ontology: Ontology,
    *,
    taken: Container[str] = (),
    providers: tuple[str, ...] = DEFAULT_PROVIDERS["image"],
) -> SpecDraft:
    """A spec for the picture that is missing: its tags, and a prompt made of labels and keywords.

    `taken`: ids of the specs that there are. Raises InvalidInputError (`invalid_gap`) and TagError.
    """
    wanted = Gap.of(gap, ontology)
    picture = _picture(wanted.wanted_role)
    shown = [wanted.identity] if wanted.identity else []
    name = " ".join([*map(_local, shown), picture.name, *([_local(wanted.camera)] if wanted.camera else [])])
    spec_id = free(slug(name), taken)
    who = picture.nobody if wanted.identity is None else _described(wanted.identity, ontology)
    words = _PLAIN if wanted.camera and picture.words == _FIGURE else picture.words  # the view says how much of whom
    also = [tag for tag in (wanted.camera, *wanted.required_tags) if tag not in (None, *shown, wanted.wanted_role)]
    prompt = ", ".join([who, words, *(_label(str(tag), ontology).lower() for tag in also)])
    lines = [
        f"# {_title(wanted, picture, ontology)}: there is no such picture yet.",
        f"# {_PAGE}",
        'version: "1.0"',
        f"id: {scalar(spec_id)}",
        f"tags: [{', '.join(map(scalar, wanted.tags))}]",
        "",
        *_generation("image", providers),
        "",
        "prompt:",
        f"  base: {quoted(prompt + '.')}",
        "  # style: how all pictures of this project look",
        "  parameters:",
        f"    size: {picture.size}",
        "",
        *_references(wanted.identity or wanted.wanted_role, picture.input_role),
        "integration:",
        f"  manifest_key: {scalar(camel(name))}",
        f"  manifest_path: {scalar(f'images/{picture.folder}/{spec_id}.png')}",
    ]
    return SpecDraft(spec_id, f"{spec_id}.yaml", "\n".join(lines) + "\n", wanted.tags)


def starter(name: str, asset_type: AssetType = "image", *, taken: Container[str] = ()) -> SpecDraft:
    """A spec to begin with, its fields explained."""
    spec_id = free(slug(name), taken)
    title = " ".join(spec_id.replace("-", " ").split())
    lines = [
        f"# {_PAGE}",
        'version: "1.0"',
        f"id: {scalar(spec_id)}",
        "# Tags of the result: who (npc:…), where (loc:…), what for (role:…), seen how (camera:…), and free words.",
        "tags: []",
        "",
        *_generation(asset_type, DEFAULT_PROVIDERS[asset_type]),
        "",
        "prompt:",
        f"  base: {quoted(title)}",
        *_DETAILS[asset_type],
        "",
        *(_FRAMES if asset_type == "video" else _references("role:char:hero", "character")),
        "integration:",
        f"  manifest_key: {scalar(camel(title))}",
        f"  manifest_path: {scalar(_FILES[asset_type].format(spec_id))}",
        "",
        "observability:",
        "  track_quality: true   # keep scores of sharpness and passed checks on the asset",
    ]
    return SpecDraft(spec_id, f"{spec_id}.yaml", "\n".join(lines) + "\n")


_FRAMES = [
    "# The pictures at both ends, by id, by query, or as they are resolved.",
    "inputs:",
    '  - {query: "role:bg", role: first}',
    '  - {query: "role:char:hero", role: last}',
    "",
]
_FILES = {"image": "images/{}.png", "audio": "audio/{}.mp3", "video": "video/{}.webp"}
_DETAILS: Mapping[AssetType, tuple[str, ...]] = {
    "image": (
        "  # style: flat stylized 2D art",
        "  # negative: text, watermark",
        "  parameters:",
        "    size: 1024x1024",
        "    quality: medium      # low, medium, high; what it costs: callsheet generate --dry-run",
        "    n_variations: 1",
        "    # background: transparent",
        "    # seed: 7",
        "",
        "# What is done with the picture, in turn.",
        "# post_processing:",
        "#   - {action: resize, dimensions: 512x512}",
        "#   - {action: validate, checks: [dimensions_match, file_size_reasonable]}",
    ),
    "audio": ("  parameters:", "    duration: 0.5        # seconds", "    # voice: a voice makes it speech"),
    "video": ("  parameters:", "    duration: 4          # seconds"),
}


def _generation(asset_type: AssetType, providers: tuple[str, ...]) -> list[str]:
    """Who makes it, and what it may cost."""
    first, *others = providers
    lines = ["generation:", f"  type: {asset_type}", f"  provider: {scalar(first)}"]
    lines += [f"  fallback: [{', '.join(map(scalar, others))}]"] if others else ["  # fallback: manual"]
    return [*lines, '  # max_cost: "0.10"   # US dollars; what would cost more is refused']


def _references(query: str, role: InputRole) -> list[str]:
    """How other pictures go into the call, as a remark."""
    return [
        "# Pictures that go into the call, by id, by query, or as they are resolved:",
        "# inputs:",
        f"#   - {{query: {quoted(query)}, role: {role}}}",
        "",
    ]


def _picture(role: str) -> _Picture:
    """What is asked for; of a role that the project has declared itself, a plain picture."""
    return _PICTURES.get(role) or _Picture(_local(role), "A picture", "plain background", "1024x1024", "pictures")


def _title(gap: Gap, picture: _Picture, ontology: Ontology) -> str:
    who = picture.nobody if gap.identity is None else _label(gap.identity, ontology)
    return f"{visible(who)} as {picture.name} ({', '.join(gap.tags)})"


def _described(identity: str, ontology: Ontology) -> str:
    """Label and keywords of somebody or of a place, and what the place is part of."""
    term = ontology.term(identity)
    keywords = f" ({', '.join(term.keywords)})" if term is not None and term.keywords else ""
    wider = [_label(tag, ontology) for tag in (term.broader if term is not None else ())]
    return _label(identity, ontology) + keywords + (f", part of {' and '.join(wider)}" if wider else "")


def _label(tag: str, ontology: Ontology) -> str:
    term = ontology.term(tag)
    return term.label if term is not None and term.label else _local(tag).replace("_", " ")


def _local(tag: str) -> str:
    """What a tag is called in names: `role:char:hero` → `hero`, `npc:boss_01` → `boss_01`."""
    return tag.rpartition(":")[2]


def _checked(tag: str, ontology: Ontology) -> str:
    return normalize_tags([tag], ontology, policy="open")[0]


def _bad_gap(text: str) -> InvalidInputError:
    shown = visible(clean(text), limit=60)
    return InvalidInputError(
        f"`{shown}` is not a gap",
        hint="write SLOT:WHO, for example hero:npc:alex or background:loc:gate; `callsheet coverage --gaps` lists them",
        code="invalid_gap",
    )
