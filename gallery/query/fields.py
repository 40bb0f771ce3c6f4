"""The fields of the query language: their names, what may stand behind them, and the node that each makes."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from gallery.query import amounts, dates
from gallery.query.faults import ValueFault, one_of, shown
from gallery.query.globbing import WILD
from gallery.query.tree import (
    ChildOf,
    Choice,
    ChoiceField,
    Everything,
    Fact,
    Glob,
    Has,
    Id,
    Member,
    MomentField,
    Node,
    Not,
    Number,
    NumberField,
    ParentOf,
    Span,
    Text,
    TextField,
    Under,
)
from gallery.store.folding import folded

MAX_RATING = 5
MAX_WILD = 8

MEDIA = frozenset({"image", "video", "audio"})
FORMATS = frozenset({"avif", "bmp", "gif", "heif", "jpeg", "png", "svg", "tiff", "webp"})
FORMATS |= {"m4a", "mkv", "mov", "mp4", "webm", "flac", "mp3", "ogg", "opus", "wav"}
_ALSO_FORMATS = {"jpg": "jpeg", "tif": "tiff", "heic": "heif"}

IS: Mapping[str, tuple[Fact, bool]] = {
    "untagged": ("tags", False),
    "tagged": ("tags", True),
    "rated": ("rating", True),
    "unrated": ("rating", False),
    "edited": ("edited", True),
    "generated": ("generation", True),
    "trashed": ("trashed", True),
    "missing": ("missing", True),
}
"""What may stand behind `is:`, but for `orphan`: the fact, and whether it must hold."""

HAS: Mapping[str, Fact] = {
    "tags": "tags",
    "rating": "rating",
    "note": "note",
    "generation": "generation",
    "prompt": "prompt",
    "negative": "negative",
    "model": "model",
    "seed": "seed",
    "steps": "steps",
    "sampler": "sampler",
    "lora": "lora",
    "parents": "parents",
    "children": "children",
    "duration": "duration",
}
"""What may stand behind `has:`, but for namespaces."""

_ID = re.compile(r"a[0-9a-f]{0,64}")
_SEED = re.compile(r"-?[0-9]{1,40}")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a query may refer to. `collections` None: any name is taken. `searches`: name → text, of saved ones."""

    now: datetime
    collections: AbstractSet[str] | None = None
    searches: Mapping[str, str] = field(default_factory=dict)


Maker = Callable[[str, Surroundings], Node]
"""From what stands behind the colon to a node. Raises `ValueFault`."""


def _number(name: NumberField, units: Mapping[str, int], fact: Fact | None = None, most: int | None = None) -> Maker:
    def make(value: str, _: Surroundings) -> Node:
        if fact is not None and value.lower() in {"none", "any"}:
            return Has(fact) if value.lower() == "any" else Not(Has(fact))
        low, high = amounts.whole_bounds(value, units)
        if most is not None and max(low or 0, high or 0) > most + 1:
            raise ValueFault(f"{shown(value)} is beyond {most}", f"a {name} is 0 to {most}, or none")
        return Number(name, low, high)

    return make


def _moment(name: MomentField, fact: Fact | None = None) -> Maker:
    def make(value: str, around: Surroundings) -> Node:
        if fact is not None and value.lower() in {"none", "any"}:
            return Has(fact) if value.lower() == "any" else Not(Has(fact))
        return Span(name, *dates.span(value, around.now))

    return make


def _text(name: TextField) -> Maker:
    def make(value: str, _: Surroundings) -> Node:
        # Any part of a text is found anyhow: `ink*` asks for no more than `ink`.
        words = tuple(word for word in (part.strip("*") for part in folded(value).split()) if word)
        if not (words and value.removeprefix("=").strip()):
            raise ValueFault(f"no words stand behind `{name}:`", f'e.g. {name}:"old gate"; has:{name} is any')
        return Text(name, (folded(value[1:].strip()),), whole=True) if value.startswith("=") else Text(name, words)

    return make


def _choice(name: ChoiceField, known: AbstractSet[str], also: Mapping[str, str]) -> Maker:
    def make(value: str, _: Surroundings) -> Node:
        word = also.get(value.lower(), value.lower())
        if word not in known:
            raise one_of(value, known, name)
        return Choice(name, word)

    return make


def _seed(value: str, _: Surroundings) -> Node:
    if not _SEED.fullmatch(value):
        raise ValueFault(f"{shown(value)} is no seed", "a seed is a whole number, e.g. seed:42")
    return Choice("seed", value)


def _of_id(node: Callable[[str], Node]) -> Maker:
    def make(value: str, _: Surroundings) -> Node:
        if not _ID.fullmatch(value.lower()):
            raise ValueFault(f"{shown(value)} is no id", "an id is `a` and hex digits, or the beginning of one")
        return node(value.lower())

    return make


def _path(value: str, _: Surroundings) -> Node:
    wanted = folded(value)
    if not any(char in wanted for char in WILD):
        folder = wanted.removeprefix("./").rstrip("/")
        return Under(folder) if folder not in {"", "."} else Everything() if wanted != "/" else Glob("/*")
    if wanted.count("*") > MAX_WILD:
        raise ValueFault(f"more than {MAX_WILD} `*` in a pattern", "one `*` passes over folders too")
    return Glob(wanted)


def _collection(value: str, around: Surroundings) -> Node:
    if around.collections is not None and value not in around.collections:
        raise one_of(value, around.collections, "collection")
    return Member(value)


FIELDS: Mapping[str, Maker] = {
    "rating": _number("rating", {}, "rating", MAX_RATING),
    "width": _number("width", {}, "width"),
    "height": _number("height", {}, "height"),
    "pixels": _number("pixels", amounts.PIXELS),
    "size": _number("bytes", amounts.BYTES),
    "bytes": _number("bytes", amounts.BYTES),
    "steps": _number("steps", {}, "steps"),
    "tags": _number("tags", {}),
    "duration": _number("duration", amounts.MILLISECONDS, "duration"),
    "ratio": lambda value, _: amounts.ratio(value),
    "created": _moment("created"),
    "added": _moment("added"),
    "edited": _moment("edited", "edited"),
    "media": _choice("media", MEDIA, {}),
    "format": _choice("format", FORMATS, _ALSO_FORMATS),
    "seed": _seed,
    "id": _of_id(Id),
    "child": _of_id(ParentOf),
    "parent": _of_id(ChildOf),
    "path": _path,
    "collection": _collection,
    **{name: _text(name) for name in get_args(TextField) if name != "path"},
}
"""Every field that makes a node of its value alone; `is`, `has`, `sort` and `search` need more than their value."""

NAMES = frozenset({*FIELDS, "is", "has", "sort", "search"})
"""Everything that is a field when it stands before a colon."""

SORTS = {
    name: name
    for name in ("created", "added", "rating", "path", "width", "height", "pixels", "bytes", "duration", "collection")
} | {"size": "bytes", "name": "path"}
"""What may stand behind `sort:`, and the field it means."""


def is_fact(value: str) -> Node | None:
    """The node of `is:VALUE`; None for one that it does not know."""
    fact = IS.get(value)
    if fact is None:
        return None
    return Has(fact[0]) if fact[1] else Not(Has(fact[0]))


def anywhere(words: tuple[str, ...]) -> list[Node]:
    """The texts in which free words are looked for: one of them must hold all the words."""
    return [Text("path", words), Text("note", words), Text("prompt", words)]
