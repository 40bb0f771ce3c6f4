"""From the JSON of a line or a sidecar to an entry. Pydantic says what is wrong with it; nothing is believed before."""

import os
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from gallery.embedded.facts import GenerationFacts, Lora
from gallery.embedded.reading import without_secrets
from gallery.embedded.sidecar import SOURCE
from gallery.exchange.entries import Entry, Facts
from gallery.journal.editing import MAX_NOTE_LENGTH
from gallery.views import ItemError
from ontology.escaping import visible
from ontology.tags import MAX_TAG_LENGTH, is_free_word

MAX_PATH = 4096
MAX_TEXT = 1_000_000
MOST_SECONDS = 10_000_000
_HALF = 1 << 63
_SHOWN = 80
_SURROGATE = re.compile("[\ud800-\udfff]")


def _storable(text: str) -> str:
    if "\0" in text or _SURROGATE.search(text):
        raise ValueError("it holds bytes that are no text")
    return text


def _name(text: str) -> str:
    if not is_free_word(text) or len(text) > MAX_TAG_LENGTH:
        raise ValueError("it cannot be the name of a collection")
    return text


def _operation(text: str) -> str:
    if not is_free_word(text) or len(text) > MAX_TAG_LENGTH:
        raise ValueError("it cannot be the name of an operation")
    return text


_HIDDEN = ItemError("secret", "a key or password in how it was made was hidden", "the file itself still has it")

AssetId = Annotated[str, Field(pattern=r"^a[0-9a-f]{16}$")]
Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_storable)]
Moment = AwareDatetime
Size = Annotated[int, Field(ge=0, le=2**62)]
Pixels = Annotated[int, Field(ge=1, le=2**31 - 1)]
Texts = Annotated[list[Text], Field(max_length=256)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False)

    def strangers(self) -> list[str]:
        """The names of fields that are not ours."""
        return sorted(self.model_extra or ())


class LoraBody(_Strict):
    """One add-on of a model."""

    name: Text
    weight: float | None = None


class CheckBody(_Strict):
    """What a check of a made picture found."""

    code: Text
    passed: bool
    detail: Text = ""


class GenerationBody(_Strict):
    """How a picture was made; see `gallery.embedded.facts`."""

    tool: Text = "callsheet"
    source: Text = SOURCE
    certainty: Annotated[float, Field(ge=0, le=1)] = 1.0
    reason: Text = "it stands in the sidecar"
    prompt: Text | None = None
    negative_prompt: Text | None = None
    model: Text | None = None
    seed: Annotated[str, Field(pattern=r"^-?[0-9]{1,80}$")] | None = None
    steps: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    cfg: float | None = None
    sampler: Text | None = None
    width: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    height: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    loras: list[LoraBody] = []
    raw: dict[Text, Text] = {}
    provider: Text | None = None
    revised_prompt: Text | None = None
    cost: Annotated[str, Field(pattern=r"^[0-9]{1,7}\.[0-9]{2,6}$")] | None = None
    stand_in: bool = False
    scores: dict[Text, float] | None = None
    checks: list[CheckBody] | None = None
    spec_id: Text | None = None
    job: Text | None = None

    def facts(self) -> GenerationFacts:
        """The same as the gallery keeps it."""
        values = self.model_dump(include=set(GenerationBody.model_fields) - {"loras", "checks"})
        checks = None if self.checks is None else tuple(check.model_dump() for check in self.checks)
        loras = tuple(Lora(item.name, item.weight) for item in self.loras)
        return GenerationFacts(**values, loras=loras, checks=checks)


class AssetBody(_Strict):
    """What a line of a library, a row of a sheet or a sidecar says of one asset; each field may be left out."""

    id: AssetId | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    path: Text | None = None
    paths: Annotated[list[Text], Field(max_length=10_000)] = []
    media_type: Literal["image", "video", "audio"] | None = None
    format: Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}$")] | None = None
    bytes: Size | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    duration: Annotated[float, Field(ge=0, le=MOST_SECONDS, allow_inf_nan=False)] | None = None
    sample_rate: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    channels: Annotated[int, Field(ge=1, le=1024)] | None = None
    dhash: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] | None = None
    created_at: Moment | None = None
    added_at: Moment | None = None
    edited_at: Moment | None = None
    trashed_at: Moment | None = None
    tags: list[Text] = []
    rejected: Texts = []
    rating: Annotated[int, Field(ge=0, le=5)] | None = None
    note: Annotated[Text, Field(max_length=MAX_NOTE_LENGTH)] | None = None
    parents: Annotated[list[AssetId], Field(max_length=256)] = []
    operation: Annotated[Text, AfterValidator(_operation)] | None = None
    generation: GenerationBody | None = None

    def entry(self, where: str) -> Entry:
        """The entry; paths that cannot be a place in a project are told of and left out."""
        said = None if self.generation is None else self.generation.facts()
        making = None if said is None else without_secrets(said)
        hidden = (_HIDDEN,) if making != said else ()
        given = list(dict.fromkeys([*([self.path] if self.path else []), *self.paths]))
        names = ("tags", "rejected", "rating", "note", "parents", "operation")
        return Entry(
            where,
            sha256=self.sha256,
            id=self.id,
            path=self.path if self.path and is_place(self.path) else None,
            paths=tuple(path for path in dict.fromkeys(self.paths) if is_place(path)),
            said={name: getattr(self, name) for name in names if name in self.model_fields_set},
            facts=self._facts(),
            generation=making,
            problems=(*_stranger_problems(self), *hidden, *(_no_place(path) for path in given if not is_place(path))),
        )

    def _facts(self) -> Facts | None:
        if not (self.id and self.sha256 and self.media_type and self.format and self.created_at):
            return None
        if self.bytes is None:
            return None
        likeness = None if self.dhash is None else int(self.dhash, 16)
        return Facts(
            self.id,
            self.sha256,
            self.media_type,
            self.format,
            self.bytes,
            self.width,
            self.height,
            self.created_at,
            self.added_at,
            self.edited_at,
            self.trashed_at,
            likeness if likeness is None or likeness < _HALF else likeness - 2 * _HALF,
            *(self.duration, self.sample_rate, self.channels),
        )


class CollectionBody(_Strict):
    """A collection, or (without a label) more members of the one of that name."""

    name: Annotated[Text, AfterValidator(_name)]
    label: Annotated[Text, Field(max_length=MAX_PATH)] | None = None
    created_at: Moment | None = None
    assets: Annotated[list[AssetId], Field(max_length=100_000)] = []


class SearchBody(_Strict):
    """A saved search."""

    name: Annotated[Text, Field(min_length=1, max_length=MAX_TAG_LENGTH)]
    query: Annotated[Text, Field(max_length=MAX_PATH)]
    saved_at: datetime


Body = TypeVar("Body", bound=BaseModel)


def parsed(model: type[Body], text: bytes | str | Mapping[str, Any]) -> Body | ItemError:
    """The body, from JSON text or from the cells of a row (where numbers are text); or what is wrong with it."""
    try:
        if isinstance(text, Mapping):
            return model.model_validate(text, strict=False)
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        found = visible(repr(first["input"]), limit=_SHOWN)
        named = f"`{visible(place, limit=_SHOWN)}`: " if place else ""
        message = f"{named}{first['msg']}; found {found}"
        return ItemError("invalid", message, "mend it, or export it again")


def is_place(path: str) -> bool:
    """Whether the text can stand in the database as the place of a file: clean, without a way up."""
    parts = path.split("/")
    inner = parts[1:] if path.startswith("/") else parts
    clean = all(part not in ("", ".", "..") for part in inner) and len(path) <= MAX_PATH
    return clean and (path.startswith("/") or not os.path.isabs(path))  # noqa: PTH117  # a text, not yet a path


def _no_place(path: str) -> ItemError:
    shown = visible(path, limit=_SHOWN)
    return ItemError("path", f"the path `{shown}` leads nowhere in a project", "the rest was taken; add the file again")


def _stranger_problems(body: _Strict) -> list[ItemError]:
    names = [visible(name, limit=_SHOWN) for name in body.strangers() if name not in ("type", "version")]
    if not names:
        return []
    return [ItemError("unknown_field", f"nothing here can hold {', '.join(names[:5])}", "a newer version may")]
